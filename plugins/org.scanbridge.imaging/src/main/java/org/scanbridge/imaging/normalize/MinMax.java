package org.scanbridge.imaging.normalize;

/**
 * (x - min)/(max - min)·(b - a) + a over the foreground; what lies outside [min, max] when applied elsewhere is
 * clipped. Several images pool their extremes. A constant foreground becomes a; so does the background, by default.
 *
 * @param a what the minimum becomes
 * @param b what the maximum becomes, above {@code a}
 */
public record MinMax(double a, double b) implements IntensityMethod {

    /** To [0, 1]. */
    public static final MinMax UNIT = new MinMax(0, 1);

    /** @throws IllegalArgumentException if the range is empty or not finite */
    public MinMax {
        requireRange(a, b);
    }

    static void requireRange(final double a, final double b) {
        if (!(a < b) || !Double.isFinite(b - a)) {
            throw new IllegalArgumentException("output range [" + a + ", " + b + "] must be finite and increasing");
        }
    }

    /** The map of [min, max] to [a, b], clipped; to a if both are equal. */
    static IntensityMap map(final double min, final double max, final double a, final double b) {
        return new IntensityMap(min, max, min, max > min ? (b - a) / (max - min) : 0, a);
    }

    @Override
    public IntensityStatistics statistics() {
        return new Extremes(a, b);
    }

    @Override
    public float backgroundValue() {
        return (float)a;
    }

    private static final class Extremes implements IntensityStatistics {

        private final double m_a;

        private final double m_b;

        private float m_min = Float.POSITIVE_INFINITY;

        private float m_max = Float.NEGATIVE_INFINITY;

        Extremes(final double a, final double b) {
            m_a = a;
            m_b = b;
        }

        @Override
        public void add(final float[] values) {
            for (final float v : values) {
                m_min = Math.min(m_min, v);
                m_max = Math.max(m_max, v);
            }
        }

        @Override
        public IntensityMap map() {
            if (m_min > m_max) {
                throw new IllegalStateException("no values to take minimum and maximum of");
            }
            return MinMax.map(m_min, m_max, m_a, m_b);
        }
    }
}
