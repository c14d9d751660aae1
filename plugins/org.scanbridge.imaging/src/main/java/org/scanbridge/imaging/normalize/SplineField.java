package org.scanbridge.imaging.normalize;

import java.util.Arrays;

/**
 * A smooth function on a grid: a lattice of control points of uniform cubic B-splines, with 2^level spans along each axis
 * between the outermost voxel centers. Values at scattered voxels are approximated as by Lee, Wolberg and Shin (IEEE TVCG
 * 3, 1997). Not thread safe.
 */
final class SplineField {

    private static final int TAPS = 4;

    private final int[] m_size;

    private int m_spans = 1;

    /** i fastest. */
    private double[] m_points;

    /** Starts as 0 with one span. */
    SplineField(final int[] size) {
        m_size = size.clone();
        m_points = new double[TAPS * TAPS * TAPS];
    }

    private int points() {
        return m_spans + TAPS - 1;
    }

    /** The first control point of a voxel along an axis. */
    private int first(final int axis, final int index) {
        return Math.min(m_spans - 1, (int)place(axis, index));
    }

    private double place(final int axis, final int index) {
        return m_size[axis] == 1 ? 0 : (double)index * m_spans / (m_size[axis] - 1);
    }

    private void weights(final int axis, final int index, final double[] weights) {
        final double t = place(axis, index) - first(axis, index);
        final double s = 1 - t;
        weights[0] = s * s * s / 6;
        weights[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        weights[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
        weights[3] = t * t * t / 6;
    }

    /** Halves the spans; the function stays. */
    void refine() {
        int[] shape = {points(), points(), points()};
        final int fine = 2 * m_spans + TAPS - 1;
        for (int axis = 0; axis < 3; axis++) {
            final int[] to = shape.clone();
            to[axis] = fine;
            m_points = refined(m_points, shape, to, axis);
            shape = to;
        }
        m_spans *= 2;
    }

    private static double[] refined(final double[] from, final int[] shape, final int[] to, final int axis) {
        final double[] result = new double[to[0] * to[1] * to[2]];
        final int stride = axis == 0 ? 1 : axis == 1 ? shape[0] : shape[0] * shape[1];
        int n = 0;
        for (int k = 0; k < to[2]; k++) {
            for (int j = 0; j < to[1]; j++) {
                for (int i = 0; i < to[0]; i++, n++) {
                    final int[] at = {i, j, k};
                    final int fine = at[axis];
                    at[axis] = fine / 2;
                    final int c = (at[2] * shape[1] + at[1]) * shape[0] + at[0];
                    result[n] = fine % 2 == 0 ? (from[c] + from[c + stride]) / 2
                        : (from[c] + 6 * from[c + stride] + from[c + 2 * stride]) / 8;
                }
            }
        }
        return result;
    }

    /**
     * Adds the approximation of values.
     *
     * @param index indices of the voxels along i, j, k, three for each value, by k, then j
     * @param values what is to be approximated
     */
    void add(final int[] index, final double[] values) {
        final int n = points();
        final double[] delta = new double[n * n * n];
        final double[] omega = new double[n * n * n];
        final double[][] w = new double[3][TAPS];
        final double[] rowDelta = new double[n];
        final double[] rowOmega = new double[n];
        int v = 0;
        while (v < values.length) {
            // Along a row only the weights of i differ.
            final int j = index[3 * v + 1];
            final int k = index[3 * v + 2];
            weights(1, j, w[1]);
            weights(2, k, w[2]);
            Arrays.fill(rowDelta, 0);
            Arrays.fill(rowOmega, 0);
            for (; v < values.length && index[3 * v + 1] == j && index[3 * v + 2] == k; v++) {
                weights(0, index[3 * v], w[0]);
                final double share = values[v] / squares(w[0]);
                final int c = first(0, index[3 * v]);
                for (int t = 0; t < TAPS; t++) {
                    final double square = w[0][t] * w[0][t];
                    rowOmega[c + t] += square;
                    rowDelta[c + t] += square * w[0][t] * share;
                }
            }
            spread(rowDelta, rowOmega, first(1, j), first(2, k), w, delta, omega);
        }
        for (int c = 0; c < delta.length; c++) {
            m_points[c] += omega[c] == 0 ? 0 : delta[c] / omega[c];
        }
    }

    private void spread(final double[] rowDelta, final double[] rowOmega, final int firstJ, final int firstK,
        final double[][] w, final double[] delta, final double[] omega) {
        final int n = points();
        final double sum = squares(w[1]) * squares(w[2]);
        for (int b = 0; b < TAPS; b++) {
            for (int a = 0; a < TAPS; a++) {
                final double weight = w[1][a] * w[2][b];
                final double square = weight * weight;
                final double cube = square * weight / sum;
                final int row = ((firstK + b) * n + firstJ + a) * n;
                for (int c = 0; c < n; c++) {
                    omega[row + c] += square * rowOmega[c];
                    delta[row + c] += cube * rowDelta[c];
                }
            }
        }
    }

    private static double squares(final double[] w) {
        return w[0] * w[0] + w[1] * w[1] + w[2] * w[2] + w[3] * w[3];
    }

    /** The function along the row (j, k), at every voxel i. */
    void row(final int j, final int k, final double[] to) {
        final int n = points();
        final double[] line = new double[n];
        final double[] wj = new double[TAPS];
        final double[] wk = new double[TAPS];
        weights(1, j, wj);
        weights(2, k, wk);
        for (int b = 0; b < TAPS; b++) {
            for (int a = 0; a < TAPS; a++) {
                final int start = ((first(2, k) + b) * n + first(1, j) + a) * n;
                for (int c = 0; c < n; c++) {
                    line[c] += wj[a] * wk[b] * m_points[start + c];
                }
            }
        }
        final double[] wi = new double[TAPS];
        for (int i = 0; i < m_size[0]; i++) {
            weights(0, i, wi);
            final int c = first(0, i);
            to[i] = wi[0] * line[c] + wi[1] * line[c + 1] + wi[2] * line[c + 2] + wi[3] * line[c + 3];
        }
    }

    /** The function at voxels, given as in {@link #add}. */
    double[] at(final int[] index) {
        final double[] values = new double[index.length / 3];
        final double[] row = new double[m_size[0]];
        for (int v = 0; v < values.length; v++) {
            if (v == 0 || index[3 * v + 1] != index[3 * v - 2] || index[3 * v + 2] != index[3 * v - 1]) {
                row(index[3 * v + 1], index[3 * v + 2], row);
            }
            values[v] = row[index[3 * v]];
        }
        return values;
    }
}
