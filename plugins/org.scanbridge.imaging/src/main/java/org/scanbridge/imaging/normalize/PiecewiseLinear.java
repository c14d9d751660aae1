package org.scanbridge.imaging.normalize;

import java.util.Arrays;

/**
 * An increasing curve of straight pieces through points (xₙ, yₙ), continued beyond its ends by the first and last piece
 * or held constant. Points with (nearly) equal x become one point with their mean y.
 */
final class PiecewiseLinear {

    /** Points closer than this share of the curve's extent have no usable slope between them. */
    private static final double MIN_GAP = 1e-7;

    private final double[] m_x;

    private final double[] m_y;

    private final boolean m_extrapolate;

    /**
     * @param x not decreasing, at least two different values
     * @param y as many values, not decreasing
     * @param extrapolate whether the end pieces continue; else the end values are held
     */
    PiecewiseLinear(final double[] x, final double[] y, final boolean extrapolate) {
        final double gap = MIN_GAP * (x[x.length - 1] - x[0]);
        final double[] mergedX = new double[x.length];
        final double[] mergedY = new double[x.length];
        int n = 0;
        for (int p = 0; p < x.length;) {
            int q = p;
            double sum = 0;
            while (q < x.length && x[q] - x[p] <= gap) {
                sum += y[q++];
            }
            mergedX[n] = x[p];
            mergedY[n++] = sum / (q - p);
            p = q;
        }
        m_x = Arrays.copyOf(mergedX, n);
        m_y = Arrays.copyOf(mergedY, n);
        m_extrapolate = extrapolate;
    }

    double at(final double x) {
        final int last = m_x.length - 1;
        if (!m_extrapolate && x <= m_x[0]) {
            return m_y[0];
        }
        if (!m_extrapolate && x >= m_x[last]) {
            return m_y[last];
        }
        int low = 0;
        int high = last;
        while (high - low > 1) {
            final int middle = low + high >>> 1;
            if (x < m_x[middle]) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return m_y[low] + (x - m_x[low]) * (m_y[high] - m_y[low]) / (m_x[high] - m_x[low]);
    }
}
