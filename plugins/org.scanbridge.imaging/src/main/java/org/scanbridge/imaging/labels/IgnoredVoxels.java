package org.scanbridge.imaging.labels;

import java.util.Set;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Voxels of a reference that are not annotated: nobody knows what they are, so what a model says there is neither right nor
 * wrong. Scores of masks leave them out by taking them out of both masks, as if the image ended there: what a model and the
 * reference share at the border of such a part they share after it, too.
 */
public final class IgnoredVoxels {

    private IgnoredVoxels() {
    }

    /**
     * A label map with background where the reference is not annotated.
     *
     * @param labels a prediction, or the reference itself
     * @param reference tells what is not annotated; on the same grid
     * @param ignored label values of the reference that mean that a voxel is not annotated
     * @return the label map itself if there is no such value
     * @throws ImagingException if the grids differ
     */
    public static LabelVolume without(final LabelVolume labels, final LabelVolume reference, final Set<Integer> ignored) {
        if (ignored.isEmpty()) {
            return labels;
        }
        if (!labels.geometry().sameGrid(reference.geometry())) {
            throw new ImagingException("segmentation and reference are on different grids: " + labels.geometry() + " and "
                + reference.geometry().beside(labels.geometry()));
        }
        final boolean[] skipped = skipped(ignored);
        final byte[] voxels = labels.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            if (skipped[reference.voxels()[v] & 0xff]) {
                voxels[v] = 0;
            }
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), labels.labels());
    }

    /** By label value, whether it is ignored. */
    public static boolean[] skipped(final Set<Integer> ignored) {
        final boolean[] skipped = new boolean[256];
        ignored.forEach(value -> skipped[value] = true);
        return skipped;
    }
}
