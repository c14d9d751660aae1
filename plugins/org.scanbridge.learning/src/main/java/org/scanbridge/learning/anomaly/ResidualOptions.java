package org.scanbridge.learning.anomaly;

import java.util.Objects;

/**
 * What becomes of the difference x - x̂ of an image and its reconstruction: the post-processing of Baur et al. (MedIA 2021,
 * section 3.4): residuals of one sign only where lesions are known to be bright, a median filter, and no residuals at the
 * edge of the brain, where the slightest blur makes large ones.
 *
 * @param side which differences count
 * @param smoothing what is done to them
 * @param radius in mm: half the edge of the median's box without the voxel itself (rounded to voxels, at least 1 where it is
 *            not 0), or the standard deviation of the Gaussian; 0 to 50
 * @param edge thickness of the rim of the brain that is left out, in mm; 0 to 50
 */
public record ResidualOptions(Side side, Smoothing smoothing, double radius, double edge) {

    /** Which differences count. */
    public enum Side {
        /** |x - x̂|. */
        BOTH,
        /** max(x - x̂, 0): what is brighter than expected. */
        BRIGHTER,
        /** max(x̂ - x, 0): what is darker than expected. */
        DARKER
    }

    /** How neighboring residuals are put together. */
    public enum Smoothing {
        /** Not at all. */
        NONE,
        /** Median of a box. */
        MEDIAN,
        /** Gaussian mean. */
        GAUSSIAN
    }

    /** @throws IllegalArgumentException if a component is outside the range given above; in the words of the dialog */
    public ResidualOptions {
        Objects.requireNonNull(side, "side");
        Objects.requireNonNull(smoothing, "smoothing");
        if (!(radius >= 0 && radius <= 50)) {
            throw new IllegalArgumentException("Smoothing radius " + radius + " mm: 0 to 50.");
        }
        if (!(edge >= 0 && edge <= 50)) {
            throw new IllegalArgumentException("Edge left out " + edge + " mm: 0 to 50.");
        }
    }

    /** Differences of both signs, the median of 3×3×3 voxels of 1 mm, and 1 mm of edge left out. */
    public static ResidualOptions defaults() {
        return new ResidualOptions(Side.BOTH, Smoothing.MEDIAN, 1, 1);
    }
}
