package org.scanbridge.imaging.distance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import net.imglib2.parallel.TaskExecutor;

/**
 * The exact Euclidean distance from every voxel center to the nearest voxel center of a set, in linear time and with
 * any voxel spacing: lower envelopes of parabolas, one axis after the other (Felzenszwalb and Huttenlocher, Distance
 * transforms of sampled functions, Theory of Computing 8, 2012). The result does not depend on the number of workers.
 */
public final class EuclideanDistanceTransform {

    private final double[] m_spacing;

    private final TaskExecutor m_workers;

    /**
     * @param spacing distance of voxel centers along i, j, k in mm, positive
     * @param workers what lines are shared out to
     */
    public EuclideanDistanceTransform(final double[] spacing, final TaskExecutor workers) {
        if (spacing.length != 3 || Arrays.stream(spacing).anyMatch(s -> !(s > 0) || Double.isInfinite(s))) {
            throw new IllegalArgumentException("spacing " + Arrays.toString(spacing) + " mm: needs 3 positive numbers");
        }
        m_spacing = spacing.clone();
        m_workers = Objects.requireNonNull(workers, "workers");
    }

    /**
     * @param set whether each voxel belongs to the set, i fastest
     * @param size numbers of voxels along i, j, k
     * @return squared distances in mm², 0 within the set; infinite everywhere if the set is empty. Single precision:
     *         exact for whole squares up to 2^24, else within 6e-8 of the value
     */
    public float[] squaredDistances(final boolean[] set, final int[] size) {
        if (set.length != size[0] * size[1] * size[2]) {
            throw new IllegalArgumentException(set.length + " values for a grid of " + Arrays.toString(size));
        }
        final float[] squares = new float[set.length];
        m_workers.forEach(range(size[2]), k -> {
            for (int j = 0; j < size[1]; j++) {
                alongRow(set, squares, (k * size[1] + j) * size[0], size[0], m_spacing[0]);
            }
            if (size[1] > 1) {
                final Envelope envelope = new Envelope(size[1], m_spacing[1]);
                for (int i = 0; i < size[0]; i++) {
                    envelope.replace(squares, k * size[1] * size[0] + i, size[0]);
                }
            }
        });
        if (size[2] > 1) {
            m_workers.forEach(range(size[1]), j -> {
                final Envelope envelope = new Envelope(size[2], m_spacing[2]);
                for (int i = 0; i < size[0]; i++) {
                    envelope.replace(squares, j * size[0] + i, size[0] * size[1]);
                }
            });
        }
        return squares;
    }

    private static List<Integer> range(final int n) {
        final List<Integer> list = new ArrayList<>(n);
        for (int x = 0; x < n; x++) {
            list.add(x);
        }
        return list;
    }

    /** Squared distance to the nearest member of the same row, by one scan each way. */
    private static void alongRow(final boolean[] set, final float[] squares, final int start, final int n,
        final double spacing) {
        int last = -1;
        for (int x = 0; x < n; x++) {
            last = set[start + x] ? x : last;
            squares[start + x] = last < 0 ? Float.POSITIVE_INFINITY : square((x - last) * spacing);
        }
        last = -1;
        for (int x = n - 1; x >= 0; x--) {
            last = set[start + x] ? x : last;
            if (last >= 0) {
                squares[start + x] = Math.min(squares[start + x], square((last - x) * spacing));
            }
        }
    }

    private static float square(final double x) {
        return (float)(x * x);
    }

    /** The lower envelope of the parabolas f(q) + (s(x - q))² over one line. */
    private static final class Envelope {

        private final double m_spacing2;

        private final double[] m_f;

        /** Where the parabolas of the envelope have their vertices. */
        private final int[] m_vertex;

        /** From where on each of them is the lowest. */
        private final double[] m_from;

        Envelope(final int n, final double spacing) {
            m_spacing2 = spacing * spacing;
            m_f = new double[n];
            m_vertex = new int[n];
            m_from = new double[n];
        }

        void replace(final float[] values, final int start, final int stride) {
            final int n = m_f.length;
            int last = -1;
            for (int q = 0; q < n; q++) {
                m_f[q] = values[start + q * stride];
                if (m_f[q] < Double.POSITIVE_INFINITY) {
                    double from = Double.NEGATIVE_INFINITY;
                    while (last >= 0) {
                        from = crossing(m_vertex[last], q);
                        if (from > m_from[last]) {
                            break;
                        }
                        last--;
                        from = Double.NEGATIVE_INFINITY;
                    }
                    last++;
                    m_vertex[last] = q;
                    m_from[last] = from;
                }
            }
            if (last < 0) {
                return;
            }
            int p = 0;
            for (int x = 0; x < n; x++) {
                while (p < last && m_from[p + 1] < x) {
                    p++;
                }
                final double d = x - m_vertex[p];
                values[start + x * stride] = (float)(m_spacing2 * d * d + m_f[m_vertex[p]]);
            }
        }

        /** Where the parabola of {@code q} gets below that of {@code p} &lt; {@code q}. */
        private double crossing(final int p, final int q) {
            return ((m_f[q] - m_f[p]) / m_spacing2 + (double)q * q - (double)p * p) / (2.0 * (q - p));
        }
    }
}
