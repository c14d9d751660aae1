package org.scanbridge.imaging.atlas;

import java.util.stream.IntStream;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

import net.imglib2.parallel.TaskExecutor;

/**
 * A smooth additive field: products of Legendre polynomials P_a(x) P_b(y) P_c(z) with 1 ≤ a + b + c ≤ order over a box whose
 * coordinates run from -1 to 1, without a constant. Beyond the box it keeps the value of the nearest face. Immutable.
 */
final class SmoothField {

    private static final int BLOCK = 4096;

    private final int m_order;

    private final double[] m_coefficients;

    private SmoothField(final int order, final double[] coefficients) {
        m_order = order;
        m_coefficients = coefficients;
    }

    /** The field that is 0 everywhere. */
    static SmoothField zero(final int order) {
        return new SmoothField(order, new double[(order + 1) * (order + 2) * (order + 3) / 6 - 1]);
    }

    /** Value at a place in box coordinates. */
    double at(final double x, final double y, final double z) {
        if (m_coefficients.length == 0) {
            return 0;
        }
        final double[] basis = new double[m_coefficients.length];
        basis(m_order, x, y, z, basis);
        double sum = 0;
        for (int t = 0; t < basis.length; t++) {
            sum += m_coefficients[t] * basis[t];
        }
        return sum;
    }

    /**
     * The field of weighted least squares; together with a constant, which is dropped.
     *
     * @param places box coordinates, x y z of each place one after the other
     * @param values to be fitted
     * @param weights of the values, not negative
     * @param ridge added to the diagonal, as a share of the sum of weights: what keeps unneeded terms at 0
     */
    SmoothField fit(final float[] places, final float[] values, final float[] weights, final double ridge,
        final TaskExecutor workers) {
        final int terms = m_coefficients.length + 1;
        final int blocks = (values.length + BLOCK - 1) / BLOCK;
        final double[][][] sums = new double[blocks][][];
        workers.forEach(IntStream.range(0, blocks).boxed().toList(), b -> {
            final double[][] m = new double[terms][terms + 1];
            final double[] basis = new double[terms - 1];
            final double[] row = new double[terms];
            row[terms - 1] = 1;
            for (int s = b * BLOCK; s < Math.min(values.length, (b + 1) * BLOCK); s++) {
                if (weights[s] > 0) {
                    basis(m_order, places[3 * s], places[3 * s + 1], places[3 * s + 2], basis);
                    System.arraycopy(basis, 0, row, 0, terms - 1);
                    for (int r = 0; r < terms; r++) {
                        final double w = weights[s] * row[r];
                        for (int c = r; c < terms; c++) {
                            m[r][c] += w * row[c];
                        }
                        m[r][terms] += w * values[s];
                    }
                }
            }
            sums[b] = m;
        });
        final double[][] normal = new double[terms][terms];
        final double[] right = new double[terms];
        for (final double[][] m : sums) {
            for (int r = 0; r < terms; r++) {
                for (int c = r; c < terms; c++) {
                    normal[r][c] += m[r][c];
                }
                right[r] += m[r][terms];
            }
        }
        final double all = normal[terms - 1][terms - 1];
        if (!(all > 0)) {
            return zero(m_order);
        }
        for (int r = 0; r < terms; r++) {
            for (int c = 0; c < r; c++) {
                normal[r][c] = normal[c][r];
            }
            normal[r][r] += all * (r == terms - 1 ? 1e-9 : ridge);
        }
        final double[] x = new CholeskyDecomposition(new Array2DRowRealMatrix(normal, false), 1e-6 * all, 0).getSolver()
            .solve(new ArrayRealVector(right, false)).toArray();
        final double[] coefficients = new double[terms - 1];
        System.arraycopy(x, 0, coefficients, 0, terms - 1);
        return new SmoothField(m_order, coefficients);
    }

    private static void basis(final int order, final double x, final double y, final double z, final double[] basis) {
        final double[] px = legendre(order, x);
        final double[] py = legendre(order, y);
        final double[] pz = legendre(order, z);
        int t = 0;
        for (int a = 0; a <= order; a++) {
            for (int b = 0; a + b <= order; b++) {
                for (int c = a + b == 0 ? 1 : 0; a + b + c <= order; c++) {
                    basis[t++] = px[a] * py[b] * pz[c];
                }
            }
        }
    }

    private static double[] legendre(final int order, final double at) {
        final double x = Math.max(-1, Math.min(1, at));
        final double[] p = new double[order + 1];
        p[0] = 1;
        if (order > 0) {
            p[1] = x;
        }
        for (int n = 2; n <= order; n++) {
            p[n] = ((2 * n - 1) * x * p[n - 1] - (n - 1) * p[n - 2]) / n;
        }
        return p;
    }
}
