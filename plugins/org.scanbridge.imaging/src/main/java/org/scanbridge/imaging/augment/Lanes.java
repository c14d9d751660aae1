package org.scanbridge.imaging.augment;

import java.util.Arrays;

import org.scanbridge.imaging.parallel.Chunks;

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

    /** Twice multiplied by this, the smallest float above 0 is above 1. */
    private static final float HUGE = 1e38f;

    private final float[] m_x = new float[COUNT];

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
        for (int v = from; v < to; v += COUNT) {
            load(voxels, v, to);
            all(m_x, m_sum, m_min, m_max);
        }
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int l = 0; l < COUNT; l++) {
            least = Math.min(least, m_min[l]);
            most = Math.max(most, m_max[l]);
        }
        return least > 0 || most < 0 ? withoutZeros(voxels, from, to, least, most) : besideZeros(voxels, from, to);
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

    private double[] withoutZeros(final float[] voxels, final int from, final int to, final double min, final double max) {
        final double count = to - from;
        final float shift = (float)(sum(m_sum) / count);
        start(m_sum, 0);
        start(m_max, 0);
        for (int v = from; v < to; v += COUNT) {
            load(voxels, v, to);
            if (to - v < COUNT) {
                Arrays.fill(m_x, to - v, COUNT, shift);
            }
            squares(m_x, shift, m_sum, m_max);
        }
        final double off = sum(m_sum) / count;
        return new double[]{count, shift + off, Math.max(0, sum(m_max) - count * off * off), min, max};
    }

    private double[] besideZeros(final float[] voxels, final int from, final int to) {
        start(m_count, 0);
        start(m_sum, 0);
        start(m_min, Float.MAX_VALUE);
        start(m_max, -Float.MAX_VALUE);
        for (int v = from; v < to; v += COUNT) {
            load(voxels, v, to);
            first(m_x, m_count, m_sum, m_min, m_max);
        }
        final double count = sum(m_count);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int l = 0; l < COUNT; l++) {
            low = Math.min(low, m_min[l]);
            high = Math.max(high, m_max[l]);
        }
        // The sum may not be finite though there is no voxel that counts.
        final double rough = sum(m_sum) / Math.max(1, count);
        final float shift = (float)rough;
        start(m_sum, 0);
        start(m_max, 0);
        for (int v = from; v < to; v += COUNT) {
            load(voxels, v, to);
            second(m_x, shift, m_sum, m_max);
        }
        final double off = sum(m_sum) / Math.max(1, count);
        return new double[]{count, shift + off, Math.max(0, sum(m_max) - count * off * off),
            count == 0 ? Double.POSITIVE_INFINITY : low, count == 0 ? Double.NEGATIVE_INFINITY : high};
    }

    /** The next voxels, and zeros after the last one. */
    private void load(final float[] voxels, final int v, final int to) {
        final int n = Math.min(COUNT, to - v);
        System.arraycopy(voxels, v, m_x, 0, n);
        for (int l = n; l < COUNT; l++) {
            m_x[l] = 0;
        }
    }

    private static void start(final float[] a, final float value) {
        Arrays.fill(a, value);
    }

    private static void all(final float[] x, final float[] sum, final float[] min, final float[] max) {
        for (int l = 0; l < COUNT; l++) {
            sum[l] += x[l];
            min[l] = Math.min(min[l], x[l]);
            max[l] = Math.max(max[l], x[l]);
        }
    }

    private static void squares(final float[] x, final float shift, final float[] sum, final float[] squares) {
        for (int l = 0; l < COUNT; l++) {
            final float d = x[l] - shift;
            sum[l] += d;
            squares[l] += d * d;
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

    private static void second(final float[] x, final float shift, final float[] sum, final float[] squares) {
        for (int l = 0; l < COUNT; l++) {
            final float d = (x[l] - shift) * foreground(x[l]);
            sum[l] += d;
            squares[l] += d * d;
        }
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
     * Adds multiples of other numbers to the foreground.
     *
     * @param z as many numbers as there are voxels, or more; overwritten
     */
    void add(final float[] voxels, final float factor, final float[] z, final int from, final int to,
        final float[] target) {
        for (int v = from; v < to; v += COUNT) {
            load(voxels, v, to);
            System.arraycopy(z, v - from, m_sum, 0, Math.min(COUNT, to - v));
            add(m_x, factor, m_sum);
            System.arraycopy(m_x, 0, target, v, Math.min(COUNT, to - v));
        }
    }

    private static void add(final float[] x, final float factor, final float[] z) {
        for (int l = 0; l < COUNT; l++) {
            x[l] = (x[l] + factor * z[l]) * foreground(x[l]) + 0f;
        }
    }
}
