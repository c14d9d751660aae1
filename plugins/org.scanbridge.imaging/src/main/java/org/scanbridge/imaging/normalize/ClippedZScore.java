package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.stats.Percentiles;

/**
 * Clips to two percentiles of the foreground, then subtracts the mean of what lies between them and divides by its
 * population standard deviation: over the data set nnU-Net's normalization of CT (percentiles 0.5 and 99.5), per image
 * the z-score with cut-off statistics of DeepMedic (5 and 95). Mean and deviation are those of the clipped values.
 * Pooled over several images like {@link PercentileScaling}. A foreground that is constant between the percentiles
 * becomes 0; so does the background, by default.
 * <p>
 * Of 0, 1, …, 10 between the percentiles 10 and 90: clipped to 1, 1, 2, …, 9, 9; mean 5, deviation √(92/11) = 2.8920.
 *
 * @param lower lower percentile in [0, 100]
 * @param upper upper percentile, above {@code lower}
 */
public record ClippedZScore(double lower, double upper) implements IntensityMethod {

    /** Between the percentiles 0.5 and 99.5. */
    public static final ClippedZScore DEFAULT = new ClippedZScore(0.5, 99.5);

    /** @throws IllegalArgumentException if the percentiles are out of order or out of range */
    public ClippedZScore {
        PercentileScaling.requirePercentiles(lower, upper);
    }

    @Override
    public IntensityStatistics statistics() {
        return new PooledValues(PercentileScaling.MAX_VALUES_PER_IMAGE, this::map);
    }

    private IntensityMap map(final float[] values) {
        final double[] q = Percentiles.of(values, lower, upper);
        final double mean = Chunks.sum(values.length, (from, to) -> sum(values, q, from, to)) / values.length;
        final double squares = Chunks.sum(values.length, (from, to) -> squares(values, q, mean, from, to));
        final double sd = Math.sqrt(squares / values.length);
        return new IntensityMap(q[0], q[1], mean, ZScore.scale(mean, sd), 0);
    }

    @Override
    public float backgroundValue() {
        return 0;
    }

    private static double sum(final float[] values, final double[] q, final int from, final int to) {
        double sum = 0;
        for (int v = from; v < to; v++) {
            sum += Math.min(Math.max(values[v], q[0]), q[1]);
        }
        return sum;
    }

    private static double squares(final float[] values, final double[] q, final double mean, final int from, final int to) {
        double squares = 0;
        for (int v = from; v < to; v++) {
            final double d = Math.min(Math.max(values[v], q[0]), q[1]) - mean;
            squares += d * d;
        }
        return squares;
    }
}
