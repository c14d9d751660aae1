package org.scanbridge.imaging.normalize;

import java.util.Arrays;

/**
 * An increasing curve of straight pieces through points (xₙ, yₙ), continued beyond its ends by the first and last piece
 * or held constant. Points with (nearly) equal x become one point with their mean y.
 */
final class PiecewiseLinear {

    /** Points closer than this share of the curve's extent have no usable slope between them. */
    private static final double MIN_GAP = 1e-7;

    private static final int MIN_CELLS = 2048;

    private final double[] m_x;

    private final double[] m_y;

    /** Of the piece that begins at each point. */
    private final double[] m_slope;

    private final boolean m_extrapolate;

    /** By cell of equal width between the first and last x: the piece in which the cell begins. */
    private final int[] m_pieceOfCell;

    private final double m_cellsPerX;

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
        m_slope = new double[n - 1];
        for (int p = 0; p < n - 1; p++) {
            m_slope[p] = (m_y[p + 1] - m_y[p]) / (m_x[p + 1] - m_x[p]);
        }
        m_extrapolate = extrapolate;
        m_pieceOfCell = new int[Math.max(MIN_CELLS, 4 * n)];
        m_cellsPerX = m_pieceOfCell.length / (m_x[n - 1] - m_x[0]);
        int piece = 0;
        for (int c = 0; c < m_pieceOfCell.length; c++) {
            while (piece < n - 2 && m_x[piece + 1] <= m_x[0] + c / m_cellsPerX) {
                piece++;
            }
            m_pieceOfCell[c] = piece;
        }
    }

    double at(final double x) {
        final int last = m_x.length - 1;
        if (!m_extrapolate && x <= m_x[0]) {
            return m_y[0];
        }
        if (!m_extrapolate && x >= m_x[last]) {
            return m_y[last];
        }
        final int cell = (int)Math.max(0, Math.min(m_pieceOfCell.length - 1, (x - m_x[0]) * m_cellsPerX));
        int p = m_pieceOfCell[cell];
        // Rounding may put a value one cell too far.
        while (p > 0 && x < m_x[p]) {
            p--;
        }
        while (p < last - 1 && x >= m_x[p + 1]) {
            p++;
        }
        return m_y[p] + (x - m_x[p]) * m_slope[p];
    }
}
