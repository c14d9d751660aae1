package org.scanbridge.imaging.augment;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;

/**
 * A smooth random displacement: a uniform cubic B-spline over a grid, with control points spread evenly from the first to
 * the last voxel of each axis. The outermost {@value #LOCKED} layers of control points do not move, and neither does
 * anything beyond; nothing moves out of a single slice. No displacement is longer along an axis than the longest control-point displacement.
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

    /**
     * The displacements of one row of voxels along the index axes, in mm.
     *
     * @param displacement by component, then i; overwritten
     */
    void row(final Geometry grid, final int j, final int k, final double[][] displacement) {
        final double[] wj = new double[4];
        final double[] wk = new double[4];
        final int firstJ = weights(j, grid.size(1), wj);
        final int firstK = weights(k, grid.size(2), wk);
        // Contract j and k first; what is left is a one-dimensional spline.
        final double[][] line = new double[3][m_points];
        for (int c = 0; c < 4; c++) {
            for (int b = 0; b < 4; b++) {
                final int pj = firstJ + b;
                final int pk = firstK + c;
                if (pj >= 0 && pj < m_points && pk >= 0 && pk < m_points) {
                    final double w = wj[b] * wk[c];
                    for (int a = 0; a < 3; a++) {
                        for (int i = 0; i < m_points; i++) {
                            line[a][i] += w * m_coefficients[a][(pk * m_points + pj) * m_points + i];
                        }
                    }
                }
            }
        }
        final double[] wi = new double[4];
        for (int i = 0; i < grid.size(0); i++) {
            final int first = weights(i, grid.size(0), wi);
            for (int a = 0; a < 3; a++) {
                double sum = 0;
                for (int b = 0; b < 4; b++) {
                    final int p = first + b;
                    sum += p >= 0 && p < m_points ? wi[b] * line[a][p] : 0;
                }
                displacement[a][i] = grid.size(a) == 1 ? 0 : sum;
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
