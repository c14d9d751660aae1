package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.filter.ExponentialRow;
import org.scanbridge.imaging.volume.Geometry;

/** A polynomial of the grid's coordinates, each from -1 to 1, without a constant term, fitted by least squares. Not thread safe. */
final class LogPolynomial {

    private final int[] m_size;

    private final int m_order;

    private final int m_terms;

    private final double[] m_basis;

    private double[] m_coefficients;

    /** Starts as 0. */
    LogPolynomial(final Geometry grid, final int order) {
        m_size = grid.size();
        m_order = order;
        m_terms = (order + 1) * (order + 2) * (order + 3) / 6;
        m_basis = new double[m_terms];
        m_coefficients = new double[m_terms];
    }

    /** Value at a voxel. */
    double at(final int voxel) {
        basis(voxel, m_basis);
        double sum = 0;
        for (int t = 0; t < m_terms; t++) {
            sum += m_coefficients[t] * m_basis[t];
        }
        return sum;
    }

    /**
     * exp(level - polynomial) along a row of voxels.
     *
     * @param row one number per voxel of row (j, k); overwritten
     */
    void correction(final int j, final int k, final double level, final double[] row) {
        final double y = coordinate(j, m_size[1]);
        final double z = coordinate(k, m_size[2]);
        final double[] inX = new double[m_order + 1];
        int t = 0;
        for (int a = 0; a <= m_order; a++) {
            double py = 1;
            for (int b = 0; a + b <= m_order; b++, py *= y) {
                double pz = py;
                for (int c = 0; a + b + c <= m_order; c++, pz *= z) {
                    inX[a] -= m_coefficients[t++] * pz;
                }
            }
        }
        inX[0] += level;
        ExponentialRow.fill(inX, coordinate(0, m_size[0]), m_size[0] == 1 ? 0 : 2.0 / (m_size[0] - 1), row);
    }

    /**
     * Fits the polynomial and a constant, and drops the constant.
     *
     * @param voxels where
     * @param values what, in the same order
     */
    void fit(final int[] voxels, final double[] values) {
        final double[][] normal = new double[m_terms][m_terms + 1];
        final double[] basis = m_basis;
        for (int n = 0; n < voxels.length; n++) {
            basis(voxels[n], basis);
            basis[0] = 1;
            for (int r = 0; r < m_terms; r++) {
                for (int c = r; c < m_terms; c++) {
                    normal[r][c] += basis[r] * basis[c];
                }
                normal[r][m_terms] += basis[r] * values[n];
            }
        }
        for (int r = 0; r < m_terms; r++) {
            for (int c = 0; c < r; c++) {
                normal[r][c] = normal[c][r];
            }
            // A little ridge keeps axes of depth 1, whose terms vanish, from making the system singular.
            normal[r][r] += 1e-9 * voxels.length;
        }
        m_coefficients = solve(normal);
        m_coefficients[0] = 0;
    }

    /** Monomials by increasing powers of x, then y, then z; the constant one, first, is 0. */
    private void basis(final int voxel, final double[] basis) {
        final double x = coordinate(voxel % m_size[0], m_size[0]);
        final double y = coordinate(voxel / m_size[0] % m_size[1], m_size[1]);
        final double z = coordinate(voxel / m_size[0] / m_size[1], m_size[2]);
        int t = 0;
        double px = 1;
        for (int a = 0; a <= m_order; a++, px *= x) {
            double py = px;
            for (int b = 0; a + b <= m_order; b++, py *= y) {
                double pz = py;
                for (int c = 0; a + b + c <= m_order; c++, pz *= z) {
                    basis[t++] = pz;
                }
            }
        }
        basis[0] = 0;
    }

    private static double coordinate(final int index, final int size) {
        return size == 1 ? 0 : 2.0 * index / (size - 1) - 1;
    }

    /** Gauss's elimination of a symmetric positive definite system with its right side in the last column. */
    private static double[] solve(final double[][] m) {
        final int n = m.length;
        for (int p = 0; p < n; p++) {
            if (!(m[p][p] > 0)) {
                throw new ImagingException("The foreground has too few voxels to fit a bias field of this order. "
                    + "Choose a lower order or another foreground.");
            }
            for (int r = p + 1; r < n; r++) {
                final double f = m[r][p] / m[p][p];
                for (int c = p; c <= n; c++) {
                    m[r][c] -= f * m[p][c];
                }
            }
        }
        final double[] x = new double[n];
        for (int r = n - 1; r >= 0; r--) {
            double sum = m[r][n];
            for (int c = r + 1; c < n; c++) {
                sum -= m[r][c] * x[c];
            }
            x[r] = sum / m[r][r];
        }
        return x;
    }
}
