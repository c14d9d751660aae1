package org.scanbridge.imaging.resample;

import org.scanbridge.imaging.filter.LineBlur;
import org.scanbridge.imaging.filter.Lines;

/**
 * Resampling of lines along one axis: smoothed, looked up at equally spaced places, beyond the outermost voxel centers
 * held at the edge value. Places that are voxel centers take their values as they are.
 */
final class AxisResampling {

    private final int m_size;

    private final int m_newSize;

    private final double[] m_kernel;

    private final boolean m_spline;

    private final boolean m_nearest;

    private final int m_taps;

    /** By new voxel and tap. */
    private final int[] m_index;

    private final double[] m_weight;

    private final boolean[] m_outside;

    private final boolean m_identity;

    /**
     * @param size number of voxels
     * @param newSize number of new voxels
     * @param offset place of the first new voxel, in voxels
     * @param step distance of new voxels, in voxels; negative to turn the axis around
     * @param sigma standard deviation of the smoothing in voxels, 0 for none
     * @param interpolation between voxel centers
     */
    AxisResampling(final int size, final int newSize, final double offset, final double step, final double sigma,
        final Interpolation interpolation) {
        m_size = size;
        m_newSize = newSize;
        m_kernel = LineBlur.halfKernel(size > 1 ? sigma : 0);
        final boolean atCenters = offset == Math.rint(offset) && step == Math.rint(step);
        m_identity = m_kernel.length == 1 && size == newSize && offset == 0 && step == 1;
        m_spline = interpolation == Interpolation.CUBIC && !atCenters && size > 1;
        m_nearest = interpolation == Interpolation.NEAREST;
        m_taps = m_spline ? 4 : atCenters ? 1 : 2;
        m_index = new int[newSize * m_taps];
        m_weight = new double[newSize * m_taps];
        m_outside = new boolean[newSize];
        for (int x = 0; x < newSize; x++) {
            final double asked = IndexMap.snapped(offset + x * step);
            m_outside[x] = asked < -0.5 || asked > size - 0.5;
            final double held = Math.max(0, Math.min(size - 1, asked));
            if (m_taps == 1) {
                m_index[x] = (int)Math.rint(held);
                m_weight[x] = 1;
            } else {
                // Where two voxels are equally near, both are taps of the nearest interpolation, else one of them twice.
                final double place = m_nearest ? Nearest.orBetween(held, size) : held;
                final int below = (int)place;
                final double t = place - below;
                for (int tap = 0; tap < m_taps; tap++) {
                    final int e = x * m_taps + tap;
                    m_index[e] = m_spline ? LineSpline.mirror(below - 1 + tap, size) : Math.min(below + tap, size - 1);
                    m_weight[e] = m_spline ? LineSpline.weight(tap, t) : tap == 0 ? 1 - t : t;
                }
            }
        }
    }

    int size() {
        return m_size;
    }

    int newSize() {
        return m_newSize;
    }

    /** Whether all lines stay as they are. */
    boolean isIdentity() {
        return m_identity;
    }

    /** Whether a new voxel's center lies more than half a voxel beyond the outermost ones. */
    boolean isOutside(final int x) {
        return m_outside[x];
    }

    /** Whether any new voxel's does. */
    boolean reachesOutside() {
        return m_newSize > 0 && (m_outside[0] || m_outside[m_newSize - 1]);
    }

    /** An operation with scratch memory of its own. */
    Lines.Operation operation() {
        final double[][] scratch = new double[1][];
        return (from, to, lanes) -> {
            double[] values = from;
            if (m_kernel.length > 1) {
                scratch[0] = scratch[0] == null ? new double[from.length] : scratch[0];
                values = scratch[0];
                LineBlur.apply(from, values, m_size, lanes, m_kernel);
            }
            if (m_spline) {
                LineSpline.filter(values, m_size, lanes);
            }
            for (int x = 0; x < m_newSize; x++) {
                look(values, to, x, lanes);
            }
        };
    }

    private void look(final double[] values, final double[] to, final int x, final int lanes) {
        final int at = x * lanes;
        final int first = m_index[x * m_taps] * lanes;
        if (m_taps == 1) {
            System.arraycopy(values, first, to, at, lanes);
        } else if (m_taps == 2) {
            final double t = m_weight[x * 2 + 1];
            final int second = m_index[x * 2 + 1] * lanes;
            if (t == 0) {
                // An unneeded neighbor is left alone, so that a NaN there does not spread.
                System.arraycopy(values, first, to, at, lanes);
                return;
            }
            if (m_nearest) {
                for (int l = 0; l < lanes; l++) {
                    to[at + l] = Nearest.larger(values[first + l], values[second + l]);
                }
                return;
            }
            for (int l = 0; l < lanes; l++) {
                to[at + l] = values[first + l] + t * (values[second + l] - values[first + l]);
            }
        } else {
            final int e = x * 4;
            final int b = m_index[e + 1] * lanes;
            final int c = m_index[e + 2] * lanes;
            final int d = m_index[e + 3] * lanes;
            for (int l = 0; l < lanes; l++) {
                to[at + l] = m_weight[e] * values[first + l] + m_weight[e + 1] * values[b + l]
                    + m_weight[e + 2] * values[c + l] + m_weight[e + 3] * values[d + l];
            }
        }
    }
}
