package org.scanbridge.imaging.components;

import java.util.Collection;

import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Removes the small parts of classes that come in many, such as lesions: what is no larger than noise makes. The rule of
 * the MS-SEG challenge (Commowick et al., Scientific Reports 8, 2018) leaves out lesions of at most 3 mm³.
 */
public final class SmallComponents {

    private SmallComponents() {
    }

    /**
     * Removes parts up to a volume.
     *
     * @param labels a segmentation
     * @param classes label values in [1, 255]; other classes stay as they are
     * @param mm3 parts of at most this volume are removed, in mm³, at least 0
     * @param connectivity what hangs together
     * @return a new segmentation in which the removed parts are background (0)
     * @throws IllegalArgumentException if the volume is negative or not a number
     */
    public static LabelVolume remove(final LabelVolume labels, final Collection<Integer> classes, final double mm3,
        final Connectivity connectivity) {
        if (!(mm3 >= 0)) {
            throw new IllegalArgumentException("volume " + mm3 + " mm³ must not be negative");
        }
        final double voxel = labels.geometry().voxelVolume();
        final byte[] kept = labels.voxels().clone();
        for (final int label : classes) {
            final ConnectedComponents components = ConnectedComponents.of(labels, label, connectivity);
            for (int v = 0; v < kept.length; v++) {
                if (components.at(v) != 0 && components.size(components.at(v)) * voxel <= mm3) {
                    kept[v] = 0;
                }
            }
        }
        return new LabelVolume(kept, labels.geometry(), labels.info(), labels.labels());
    }
}
