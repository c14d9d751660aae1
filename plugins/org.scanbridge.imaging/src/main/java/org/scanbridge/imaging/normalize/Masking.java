package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/** Removes what a segmentation calls background, as skull stripping by a brain mask does. */
public final class Masking {

    private Masking() {
    }

    /**
     * @param image the image
     * @param mask labels on its grid
     * @param fill value of voxels whose label is 0
     * @return the image with its voxels kept where the label is not 0
     * @throws ImagingException if the grids differ
     */
    public static Volume apply(final Volume image, final LabelVolume mask, final float fill) {
        Sample.of(image, mask);
        final float[] y = image.voxels().clone();
        for (int v = 0; v < y.length; v++) {
            if (mask.voxels()[v] == 0) {
                y[v] = fill;
            }
        }
        return image.withVoxels(y);
    }
}
