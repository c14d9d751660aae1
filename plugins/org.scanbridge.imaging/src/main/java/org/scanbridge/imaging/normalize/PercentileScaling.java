package org.scanbridge.imaging.normalize;

import java.util.ArrayList;
import java.util.List;

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
        if (!(lower >= 0 && lower < upper && upper <= 100)) {
            throw new IllegalArgumentException(
                "percentiles " + lower + " and " + upper + " must be increasing within 0..100");
        }
        MinMax.requireRange(a, b);
    }

    @Override
    public IntensityStatistics statistics() {
        return new Pool(this);
    }

    @Override
    public float backgroundValue() {
        return (float)a;
    }

    private static final class Pool implements IntensityStatistics {

        private final PercentileScaling m_method;

        private final List<float[]> m_parts = new ArrayList<>();

        /** Percentiles of the first image, exact. */
        private double[] m_ofFirst;

        Pool(final PercentileScaling method) {
            m_method = method;
        }

        @Override
        public void add(final float[] values) {
            if (m_parts.isEmpty()) {
                m_ofFirst = Percentiles.of(values, m_method.lower, m_method.upper);
            }
            final int step = (values.length - 1) / MAX_VALUES_PER_IMAGE + 1;
            final float[] part = new float[(values.length - 1) / step + 1];
            for (int v = 0; v < part.length; v++) {
                part[v] = values[v * step];
            }
            m_parts.add(part);
        }

        @Override
        public IntensityMap map() {
            if (m_parts.isEmpty()) {
                throw new IllegalStateException("no values to take percentiles of");
            }
            final double[] q = m_parts.size() == 1 ? m_ofFirst : pooled();
            return MinMax.map(q[0], q[1], m_method.a, m_method.b);
        }

        private double[] pooled() {
            final float[] all = new float[Math.toIntExact(m_parts.stream().mapToLong(p -> p.length).sum())];
            int n = 0;
            for (final float[] part : m_parts) {
                System.arraycopy(part, 0, all, n, part.length);
                n += part.length;
            }
            return Percentiles.of(all, m_method.lower, m_method.upper);
        }
    }
}
