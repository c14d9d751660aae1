package org.scanbridge.imaging.augment;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;

/**
 * A smooth random displacement: a uniform cubic B-spline over a grid, with control points spread evenly from the first
 * to the last voxel of each axis. The outermost {@value #LOCKED} layers of control points do not move, and neither does
 * anything beyond; nothing moves out of a single slice. No displacement is longer along an axis than the longest
 * control-point displacement.
 */
final class ElasticField {

    private static final int LOCKED = 2;

    private final int m_points;

    /** By component, then control point, i fastest; in mm. */
    private final float[][] m_coefficients;

    private ElasticField(final int points, final float[][] coefficients) {
        m_points = points;
        m_coefficients = coefficients;
    }

    /**
     * @param random where from
     * @param points number of control points per axis, at least 5
     * @param max largest displacement along each axis in mm
     */
    static ElasticField draw(final SeededRandom random, final int points, final double max) {
        final float[][] c = new float[3][points * points * points];
        for (int k = LOCKED; k < points - LOCKED; k++) {
            for (int j = LOCKED; j < points - LOCKED; j++) {
                for (int i = LOCKED; i < points - LOCKED; i++) {
                    for (int a = 0; a < 3; a++) {
                        c[a][(k * points + j) * points + i] = (float)random.uniform(-max, max);
                    }
                }
            }
        }
        return new ElasticField(points, c);
    }

    /** This field on a grid; shared by all rows. */
    Rows on(final Geometry grid) {
        return new Rows(grid);
    }

    /** The displacements of the voxels of a grid, row by row. */
    final class Rows {

        /** By axis, then voxel: the first of four control points. */
        private final int[][] m_first = new int[3][];

        /** By axis, then voxel: the weights of the four. */
        private final double[][][] m_weights = new double[3][][];

        private final boolean[] m_single = new boolean[3];

        private Rows(final Geometry grid) {
            for (int a = 0; a < 3; a++) {
                final int size = grid.size(a);
                m_single[a] = size == 1;
                m_first[a] = new int[size];
                m_weights[a] = new double[size][4];
                for (int x = 0; x < size; x++) {
                    m_first[a][x] = weights(x, size, m_weights[a][x]);
                }
            }
        }

        /**
         * The displacements of one row of voxels along the index axes, in mm.
         *
         * @param displacement by component, then i; overwritten
         */
        void row(final int j, final int k, final double[][] displacement) {
            for (int a = 0; a < 3; a++) {
                if (!m_single[a]) {
                    component(m_coefficients[a], j, k, displacement[a]);
                }
            }
        }

        private void component(final float[] coefficients, final int j, final int k, final double[] displacement) {
            // Contract j and k first; what is left is a one-dimensional spline with a margin of one point.
            final double[] line = new double[m_points + 3];
            for (int c = 0; c < 4; c++) {
                for (int b = 0; b < 4; b++) {
                    final int pj = m_first[1][j] + b;
                    final int pk = m_first[2][k] + c;
                    if (pj >= 0 && pj < m_points && pk >= 0 && pk < m_points) {
                        final double w = m_weights[1][j][b] * m_weights[2][k][c];
                        final int start = (pk * m_points + pj) * m_points;
                        for (int i = 0; i < m_points; i++) {
                            line[i + 1] += w * coefficients[start + i];
                        }
                    }
                }
            }
            for (int i = 0; i < displacement.length; i++) {
                final double[] w = m_weights[0][i];
                final int first = m_first[0][i] + 1;
                displacement[i] =
                    w[0] * line[first] + w[1] * line[first + 1] + w[2] * line[first + 2] + w[3] * line[first + 3];
            }
        }
    }

    /** The four cubic B-spline weights of a voxel, and the first control point they belong to. */
    private int weights(final int index, final int size, final double[] w) {
        // A single slice lies in the middle of the control grid.
        final double u = size == 1 ? (m_points - 1) / 2.0 : (double)index * (m_points - 1) / (size - 1);
        final int floor = (int)u;
        final double t = u - floor;
        w[0] = (1 - t) * (1 - t) * (1 - t) / 6;
        w[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        w[2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
        w[3] = t * t * t / 6;
        return floor - 1;
    }
}
