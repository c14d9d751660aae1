package org.scanbridge.imaging.register;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

/** The intensities between which a histogram for registration has its bins. */
final class IntensityRange {

    private IntensityRange() {
    }

    /**
     * Percentiles 0.1 and 99.9, so that a few very bright voxels do not leave all others in one bin; minimum and maximum
     * where those are equal.
     */
    static double[] of(final Volume image, final String role) {
        final int notFinite = NonFiniteVoxels.count(image);
        if (notFinite > 0) {
            throw new ImagingException("The " + role + " image of subject \"" + image.info().subject() + "\" has " + notFinite
                + " voxels that are no finite numbers. Replace them with the node Volume Normalizer before registration.");
        }
        final double[] range = Percentiles.of(image.voxels(), 0.1, 99.9);
        if (range[0] < range[1]) {
            return range;
        }
        final double[] all = Percentiles.of(image.voxels(), 0, 100);
        if (all[0] < all[1]) {
            return all;
        }
        throw new ImagingException("The " + role + " image of subject \"" + image.info().subject() + "\" has the value "
            + (float)all[0] + " everywhere: there is nothing to align. Choose another image, or leave out the row.");
    }
}
