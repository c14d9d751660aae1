package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.stats.Percentiles;

/**
 * Clips to two percentiles of the foreground and maps them linearly to [a, b]. Of one image they are exact.
 * Over several images they are those of the pooled voxels, of which an image with more than
 * {@value #MAX_VALUES_PER_IMAGE} contributes every m-th, in voxel order. Percentiles as in {@link Percentiles}. A
 * foreground with equal percentiles becomes a; so does the background, by default.
 *
 * @param lower percentile that becomes {@code a}, in [0, 100]
 * @param upper percentile that becomes {@code b}, above {@code lower}
 * @param a lower end of the output
 * @param b upper end of the output
 */
public record PercentileScaling(double lower, double upper, double a, double b) implements IntensityMethod {

    /** How many values one image adds to pooled percentiles at most. */
    public static final int MAX_VALUES_PER_IMAGE = 1 << 18;

    /** 0.5 and 99.5 to [0, 1]. */
    public static final PercentileScaling DEFAULT = new PercentileScaling(0.5, 99.5, 0, 1);

    /** @throws IllegalArgumentException if a range is empty or out of bounds */
    public PercentileScaling {
        requirePercentiles(lower, upper);
        MinMax.requireRange(a, b);
    }

    static void requirePercentiles(final double lower, final double upper) {
        if (!(lower >= 0 && lower < upper && upper <= 100)) {
            throw new IllegalArgumentException(
                "percentiles " + lower + " and " + upper + " must be increasing within 0..100");
        }
    }

    @Override
    public IntensityStatistics statistics() {
        return new PooledValues(MAX_VALUES_PER_IMAGE, values -> {
            final double[] q = Percentiles.of(values, lower, upper);
            return MinMax.map(q[0], q[1], a, b);
        });
    }

    @Override
    public float backgroundValue() {
        return (float)a;
    }
}
