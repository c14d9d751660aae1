package org.scanbridge.imaging.components;

import java.util.Collection;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Removes what does not hang together with the largest part of an object: a segmentation of an organ that comes in one
 * piece has no business elsewhere. Of parts of the same size the one with the first voxel (i fastest) stays.
 */
public final class LargestComponent {

    private LargestComponent() {
    }

    /**
     * Keeps the largest part of each of some classes.
     *
     * @param labels a segmentation
     * @param classes label values in [1, 255]; other classes stay as they are
     * @param connectivity what hangs together
     * @return a new segmentation in which the other parts are background (0)
     */
    public static LabelVolume ofEachClass(final LabelVolume labels, final Collection<Integer> classes,
        final Connectivity connectivity) {
        final byte[] kept = labels.voxels().clone();
        for (final int label : classes) {
            clear(kept, ConnectedComponents.of(labels, label, connectivity));
        }
        return new LabelVolume(kept, labels.geometry(), labels.info(), labels.labels());
    }

    /**
     * Keeps the largest part of all classes together.
     *
     * @param labels a segmentation
     * @param connectivity what hangs together
     * @return a new segmentation in which the other parts are background (0)
     */
    public static LabelVolume ofForeground(final LabelVolume labels, final Connectivity connectivity) {
        final byte[] foreground = new byte[labels.voxels().length];
        for (int v = 0; v < foreground.length; v++) {
            foreground[v] = (byte)(labels.voxels()[v] == 0 ? 0 : 1);
        }
        final byte[] kept = labels.voxels().clone();
        clear(kept, ConnectedComponents.of(
            new LabelVolume(foreground, labels.geometry(), labels.info(), LabelSet.of()), 1, connectivity));
        return new LabelVolume(kept, labels.geometry(), labels.info(), labels.labels());
    }

    private static void clear(final byte[] voxels, final ConnectedComponents components) {
        int largest = 0;
        for (int c = 1; c <= components.count(); c++) {
            if (largest == 0 || components.size(c) > components.size(largest)) {
                largest = c;
            }
        }
        for (int v = 0; v < voxels.length; v++) {
            if (components.at(v) != 0 && components.at(v) != largest) {
                voxels[v] = 0;
            }
        }
    }
}
