package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.parallel.Chunks;

/**
 * (x - μ)/σ with mean and population standard deviation over the foreground (nnU-Net's
 * definition). Several images pool their voxels. A constant foreground (σ at most 1e-8) becomes 0; so does the
 * background, by default.
 * <p>
 * Of 1, 2, 3, 4: μ = 2.5, σ = √1.25, z = -1.3416, -0.4472, 0.4472, 1.3416.
 */
public record ZScore() implements IntensityMethod {

    private static final double MIN_SD = 1e-8;

    @Override
    public IntensityStatistics statistics() {
        return new Moments();
    }

    @Override
    public float backgroundValue() {
        return 0;
    }

    /** 1/σ, or 0 where the values are constant: rounding leaves those a deviation of some ulps of their mean. */
    static double scale(final double mean, final double sd) {
        return sd <= Math.max(MIN_SD, 1e-12 * Math.abs(mean)) ? 0 : 1 / sd;
    }

    /** Pooled mean and variance by Chan, Golub and LeVeque's pairwise update: exact enough for any offset. */
    private static final class Moments implements IntensityStatistics {

        private long m_count;

        private double m_mean;

        private double m_squares;

        @Override
        public void add(final float[] values) {
            final double mean = Chunks.sum(values.length, (from, to) -> sum(values, from, to)) / values.length;
            final double squares = Chunks.sum(values.length, (from, to) -> squares(values, mean, from, to));
            final double delta = mean - m_mean;
            final long count = m_count + values.length;
            m_mean += delta * values.length / count;
            m_squares += squares + delta * delta * m_count * values.length / count;
            m_count = count;
        }

        private static double sum(final float[] values, final int from, final int to) {
            double sum = 0;
            for (int v = from; v < to; v++) {
                sum += values[v];
            }
            return sum;
        }

        private static double squares(final float[] values, final double mean, final int from, final int to) {
            double squares = 0;
            for (int v = from; v < to; v++) {
                squares += (values[v] - mean) * (values[v] - mean);
            }
            return squares;
        }

        @Override
        public IntensityMap map() {
            if (m_count == 0) {
                throw new IllegalStateException("no values to take mean and standard deviation of");
            }
            final double sd = Math.sqrt(m_squares / m_count);
            return new IntensityMap(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, m_mean, scale(m_mean, sd), 0);
        }
    }
}
