package org.scanbridge.imaging.augment;

import java.util.Arrays;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.GaussianField;

/**
 * Loops over stretches of voxels that a virtual machine turns into vector instructions: without branches, in float, and
 * with the same index in all arrays. A voxel's being foreground, which is not exactly 0, becomes a factor of 1 or 0.
 * <p>
 * Sums are of {@value #COUNT} columns side by side, each of at most {@value #ROUNDS} numbers in float, then in double: their
 * relative error is at most 1e-6, usually 1e-8.
 */
final class Lanes {

    /** Columns. */
    static final int COUNT = 512;

    private static final int ROUNDS = Chunks.LENGTH / COUNT;

    /** Rows that are worked on at once, so that what the columns have so far is loaded and stored for several voxels. */
    private static final int HEIGHT = 4;

    private static final int BLOCK = HEIGHT * COUNT;

    /** Twice multiplied by this, the smallest float above 0 is above 1. */
    private static final float HUGE = 1e38f;

    /** Rows of voxels, one under the other; beyond the last voxel, zeros. */
    private final float[][] m_rows = new float[HEIGHT][COUNT];

    private final float[] m_count = new float[COUNT];

    private final float[] m_sum = new float[COUNT];

    private final float[] m_min = new float[COUNT];

    private final float[] m_max = new float[COUNT];

    private static float foreground(final float x) {
        return Math.min(1, Math.abs(x) * HUGE * HUGE);
    }

    /**
     * Statistics of the foreground of at most {@link Chunks#LENGTH} voxels.
     *
     * @return count, mean, sum of squared distances from the mean, minimum, maximum; minimum and maximum are infinite where
     *         there is no foreground
     */
    double[] statistics(final float[] voxels, final int from, final int to) {
        start(m_sum, 0);
        start(m_min, Float.MAX_VALUE);
        start(m_max, -Float.MAX_VALUE);
        for (int v = from; v < to; v += BLOCK) {
            load(voxels, v, to);
            all(m_rows[0], m_rows[1], m_rows[2], m_rows[3], m_sum, m_min, m_max);
        }
        final float least = least(m_min);
        final float most = most(m_max);
        return least > 0 || most < 0 ? withoutZeros(voxels, from, to, least, most) : besideZeros(voxels, from, to);
    }

    /**
     * Count, mean and sum of squared distances from the mean of the foreground of at most {@link Chunks#LENGTH} voxels, the same
     * as those of {@link #statistics}; minima and maxima take as long as these.
     */
    double[] moments(final float[] voxels, final int from, final int to) {
        start(m_count, 0);
        start(m_sum, 0);
        for (int v = from; v < to; v += BLOCK) {
            load(voxels, v, to);
            count(m_rows[0], m_rows[1], m_rows[2], m_rows[3], m_count, m_sum);
        }
        return moments(voxels, from, to, sum(m_count), sum(m_sum));
    }

    /** The same one by one, for numbers whose sums of squares are beyond float. */
    static double[] inDouble(final float[] voxels, final int from, final int to) {
        final double[] s = {0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int v = from; v < to; v++) {
            if (voxels[v] != 0) {
                s[0]++;
                s[1] += voxels[v];
                s[3] = Math.min(s[3], voxels[v]);
                s[4] = Math.max(s[4], voxels[v]);
            }
        }
        s[1] /= Math.max(1, s[0]);
        for (int v = from; v < to; v++) {
            s[2] += voxels[v] == 0 ? 0 : (voxels[v] - s[1]) * (voxels[v] - s[1]);
        }
        return s;
    }

    private double[] withoutZeros(final float[] voxels, final int from, final int to, final float min, final float max) {
        final double[] m = moments(voxels, from, to, to - from, sum(m_sum));
        return new double[]{m[0], m[1], m[2], min, max};
    }

    private double[] besideZeros(final float[] voxels, final int from, final int to) {
        start(m_count, 0);
        start(m_sum, 0);
        start(m_min, Float.MAX_VALUE);
        start(m_max, -Float.MAX_VALUE);
        for (int v = from; v < to; v += BLOCK) {
            load(voxels, v, to);
            for (final float[] row : m_rows) {
                first(row, m_count, m_sum, m_min, m_max);
            }
        }
        final double count = sum(m_count);
        final double low = count == 0 ? Double.POSITIVE_INFINITY : least(m_min);
        final double high = count == 0 ? Double.NEGATIVE_INFINITY : most(m_max);
        final double[] m = moments(voxels, from, to, count, sum(m_sum));
        return new double[]{m[0], m[1], m[2], low, high};
    }

    /** The sum may not be finite though there is no voxel that counts. */
    private double[] moments(final float[] voxels, final int from, final int to, final double count, final double sum) {
        final float shift = (float)(sum / Math.max(1, count));
        final boolean isFull = count == to - from && (to - from) % BLOCK == 0;
        start(m_sum, 0);
        start(m_max, 0);
        for (int v = from; v < to; v += BLOCK) {
            load(voxels, v, to);
            if (isFull) {
                squares(m_rows[0], m_rows[1], m_rows[2], m_rows[3], shift, m_sum, m_max);
            } else {
                squaresBesideZeros(m_rows[0], m_rows[1], m_rows[2], m_rows[3], shift, m_sum, m_max);
            }
        }
        final double off = sum(m_sum) / Math.max(1, count);
        return new double[]{count, shift + off, Math.max(0, sum(m_max) - count * off * off)};
    }

    /** The next rows of voxels, and zeros after the last voxel. */
    private void load(final float[] voxels, final int from, final int to) {
        int v = from;
        for (final float[] row : m_rows) {
            load(voxels, v, to, row);
            v += COUNT;
        }
    }

    /** The next row of voxels, and zeros after the last voxel. */
    private static void load(final float[] voxels, final int v, final int to, final float[] row) {
        final int n = Math.max(0, Math.min(COUNT, to - v));
        System.arraycopy(voxels, Math.min(v, to), row, 0, n);
        Arrays.fill(row, n, COUNT, 0);
    }

    private static void start(final float[] a, final float value) {
        Arrays.fill(a, value);
    }

    private static void all(final float[] a, final float[] b, final float[] c, final float[] d, final float[] sum,
        final float[] min, final float[] max) {
        for (int l = 0; l < COUNT; l++) {
            sum[l] = sum[l] + a[l] + b[l] + c[l] + d[l];
            min[l] = Math.min(Math.min(Math.min(min[l], a[l]), Math.min(b[l], c[l])), d[l]);
            max[l] = Math.max(Math.max(Math.max(max[l], a[l]), Math.max(b[l], c[l])), d[l]);
        }
    }

    private static void squares(final float[] a, final float[] b, final float[] c, final float[] d, final float shift,
        final float[] sum, final float[] squares) {
        for (int l = 0; l < COUNT; l++) {
            final float x = a[l] - shift;
            final float y = b[l] - shift;
            final float z = c[l] - shift;
            final float w = d[l] - shift;
            sum[l] = sum[l] + x + y + z + w;
            squares[l] = squares[l] + x * x + y * y + z * z + w * w;
        }
    }

    private static void first(final float[] x, final float[] count, final float[] sum, final float[] min,
        final float[] max) {
        for (int l = 0; l < COUNT; l++) {
            final float one = foreground(x[l]);
            final float away = (1 - one) * Float.MAX_VALUE;
            count[l] += one;
            sum[l] += x[l];
            min[l] = Math.min(min[l], x[l] + away);
            max[l] = Math.max(max[l], x[l] - away);
        }
    }

    private static void squaresBesideZeros(final float[] a, final float[] b, final float[] c, final float[] d, final float shift,
        final float[] sum, final float[] squares) {
        for (int l = 0; l < COUNT; l++) {
            final float x = (a[l] - shift) * foreground(a[l]);
            final float y = (b[l] - shift) * foreground(b[l]);
            final float z = (c[l] - shift) * foreground(c[l]);
            final float w = (d[l] - shift) * foreground(d[l]);
            sum[l] = sum[l] + x + y + z + w;
            squares[l] = squares[l] + x * x + y * y + z * z + w * w;
        }
    }

    private static void count(final float[] a, final float[] b, final float[] c, final float[] d, final float[] count,
        final float[] sum) {
        for (int l = 0; l < COUNT; l++) {
            count[l] = count[l] + foreground(a[l]) + foreground(b[l]) + foreground(c[l]) + foreground(d[l]);
            sum[l] = sum[l] + a[l] + b[l] + c[l] + d[l];
        }
    }

    /** In four chains, since each minimum has to wait for the one before. */
    private static float least(final float[] a) {
        float m0 = a[0];
        float m1 = a[1];
        float m2 = a[2];
        float m3 = a[3];
        for (int l = 4; l < COUNT; l += 4) {
            m0 = Math.min(m0, a[l]);
            m1 = Math.min(m1, a[l + 1]);
            m2 = Math.min(m2, a[l + 2]);
            m3 = Math.min(m3, a[l + 3]);
        }
        return Math.min(Math.min(m0, m1), Math.min(m2, m3));
    }

    private static float most(final float[] a) {
        float m0 = a[0];
        float m1 = a[1];
        float m2 = a[2];
        float m3 = a[3];
        for (int l = 4; l < COUNT; l += 4) {
            m0 = Math.max(m0, a[l]);
            m1 = Math.max(m1, a[l + 1]);
            m2 = Math.max(m2, a[l + 2]);
            m3 = Math.max(m3, a[l + 3]);
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }

    private static double sum(final float[] a) {
        double s0 = 0;
        double s1 = 0;
        for (int l = 0; l < COUNT; l += 2) {
            s0 += a[l];
            s1 += a[l + 1];
        }
        return s0 + s1;
    }

    /** Makes y·factor + offset of the foreground, and 0 of the background. */
    static void scale(final float[] y, final float factor, final float offset, final int from, final int to) {
        for (int v = from; v < to; v++) {
            y[v] = (y[v] * factor + offset) * foreground(y[v]) + 0f;
        }
    }

    /**
     * Adds multiples of the numbers of a field to the foreground.
     *
     * @param target where to; may be the voxels' own array
     */
    void add(final float[] voxels, final float factor, final GaussianField.Filler field, final int from, final int to,
        final float[] target) {
        final float[] x = m_rows[0];
        final float[] z = m_rows[1];
        for (int v = from; v < to; v += COUNT) {
            load(voxels, v, to, x);
            field.fill(v, z);
            add(x, factor, z);
            System.arraycopy(x, 0, target, v, Math.min(COUNT, to - v));
        }
    }

    private static void add(final float[] x, final float factor, final float[] z) {
        for (int l = 0; l < COUNT; l++) {
            x[l] = (x[l] + factor * z[l]) * foreground(x[l]) + 0f;
        }
    }
}
