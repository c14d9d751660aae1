package org.scanbridge.imaging.resample;

import org.scanbridge.imaging.volume.Geometry;

/** The affine map from indices of a target grid to continuous indices of a source grid. */
final class IndexMap {

    /**
     * Closer than this to a whole number, a coefficient is taken to be that number, so that equal grids map exactly.
     */
    private static final double SNAP = 1e-9;

    /**
     * As near as this, in voxels and over the whole target, to a map to whole indices, a map is taken to be that one.
     * Direction cosines with six decimals are off by less, so that cropped and turned grids lead back exactly.
     */
    private static final double WHOLE = 0.01;

    private final double[] m_offset;

    private final double[][] m_step = new double[3][];

    IndexMap(final Geometry source, final Geometry target) {
        m_offset = source.index(target.position(0, 0, 0));
        for (int b = 0; b < 3; b++) {
            m_step[b] = source.index(target.position(b == 0 ? 1 : 0, b == 1 ? 1 : 0, b == 2 ? 1 : 0));
            for (int a = 0; a < 3; a++) {
                m_step[b][a] = snapped(m_step[b][a] - m_offset[a]);
            }
        }
        for (int a = 0; a < 3; a++) {
            m_offset[a] = snapped(m_offset[a]);
        }
        if (isNearlyWhole(target)) {
            for (int a = 0; a < 3; a++) {
                m_offset[a] = Math.rint(m_offset[a]);
                for (int b = 0; b < 3; b++) {
                    m_step[b][a] = Math.rint(m_step[b][a]);
                }
            }
        }
    }

    private boolean isNearlyWhole(final Geometry target) {
        for (int a = 0; a < 3; a++) {
            double deviation = Math.abs(m_offset[a] - Math.rint(m_offset[a]));
            for (int b = 0; b < 3; b++) {
                deviation += Math.abs(m_step[b][a] - Math.rint(m_step[b][a])) * (target.size(b) - 1);
            }
            if (!(deviation < WHOLE)) {
                return false;
            }
        }
        return true;
    }

    /** Whether every target voxel's center is the center of a source voxel, within the source or beyond. */
    boolean isWhole() {
        for (int a = 0; a < 3; a++) {
            boolean whole = m_offset[a] == Math.rint(m_offset[a]);
            for (int b = 0; b < 3; b++) {
                whole &= m_step[b][a] == Math.rint(m_step[b][a]);
            }
            if (!whole) {
                return false;
            }
        }
        return true;
    }

    /** The nearest whole number if it is that but for rounding. */
    static double snapped(final double x) {
        final double whole = Math.rint(x);
        return Math.abs(x - whole) < SNAP ? whole : x;
    }

    /** The source index along axis {@code a} of target index (i, j, k). */
    double source(final int a, final int i, final int j, final int k) {
        return m_offset[a] + i * m_step[0][a] + j * m_step[1][a] + k * m_step[2][a];
    }

    /** Length of one target voxel's diagonal projected to source axis {@code a}, in source voxels. */
    double extent(final int a) {
        return Math.sqrt(m_step[0][a] * m_step[0][a] + m_step[1][a] * m_step[1][a] + m_step[2][a] * m_step[2][a]);
    }

    /** Length of the shadow of one target voxel on source axis {@code a}, in source voxels. */
    double reach(final int a) {
        return Math.abs(m_step[0][a]) + Math.abs(m_step[1][a]) + Math.abs(m_step[2][a]);
    }

    /** Whether each target axis runs along the source axis of the same number, so that axes can be resampled in turn. */
    boolean isAligned() {
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                if (a != b && m_step[b][a] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The source index along axis {@code a} of target index (0, 0, 0). */
    double offset(final int a) {
        return m_offset[a];
    }

    /** How much it grows from one target voxel to the next along the same axis. */
    double step(final int a) {
        return m_step[a][a];
    }
}
