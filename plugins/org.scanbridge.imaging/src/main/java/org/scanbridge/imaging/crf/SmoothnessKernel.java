package org.scanbridge.imaging.crf;

import org.scanbridge.imaging.filter.Lines;
import org.scanbridge.imaging.volume.Geometry;

import net.imglib2.parallel.TaskExecutors;

/**
 * The smoothness kernel exp(−½ |p<sub>i</sub> − p<sub>j</sub>|² / θ<sub>γ</sub>²) over all pairs of voxels of a grid, scaled to
 * D<sup>−½</sup> K D<sup>−½</sup> with the row sums D. Voxel axes are at right angles, so it falls apart into one filter per
 * axis; nothing lies outside the grid. Weights below e<sup>−12.5</sup>, beyond five standard deviations, are left out.
 */
final class SmoothnessKernel {

    private static final double CUT = 5;

    private final int[] m_size;

    private final double[][] m_kernels = new double[3][];

    /** D<sup>−½</sup> of each place along each axis. */
    private final float[][] m_norms = new float[3][];

    /**
     * @param grid the voxels
     * @param sigma θ<sub>γ</sub> in mm
     */
    SmoothnessKernel(final Geometry grid, final double sigma) {
        m_size = grid.size();
        for (int a = 0; a < 3; a++) {
            final int radius = (int)Math.min(m_size[a] - 1, Math.floor(CUT * sigma / grid.spacing(a)));
            m_kernels[a] = new double[radius + 1];
            for (int r = 0; r <= radius; r++) {
                final double distance = r * grid.spacing(a) / sigma;
                m_kernels[a][r] = StrictMath.exp(-0.5 * distance * distance);
            }
            m_norms[a] = norms(m_kernels[a], m_size[a]);
        }
    }

    private static float[] norms(final double[] kernel, final int length) {
        final float[] norms = new float[length];
        for (int x = 0; x < length; x++) {
            double sum = kernel[0];
            for (int r = 1; r < kernel.length; r++) {
                sum += (x - r >= 0 ? kernel[r] : 0) + (x + r < length ? kernel[r] : 0);
            }
            norms[x] = (float)(1 / Math.sqrt(sum));
        }
        return norms;
    }

    /**
     * @param values one per voxel, i fastest
     * @param result where to; another array
     */
    void apply(final float[] values, final float[] result) {
        scale(values, result);
        for (int a = 0; a < 3; a++) {
            final double[] kernel = m_kernels[a];
            final int length = m_size[a];
            if (kernel.length > 1) {
                Lines.map(result, result, m_size, a, length, TaskExecutors.singleThreaded(),
                    () -> (from, to, lanes) -> sum(from, to, lanes, length, kernel));
            }
        }
        scale(result, result);
    }

    private void scale(final float[] from, final float[] to) {
        int v = 0;
        for (int k = 0; k < m_size[2]; k++) {
            for (int j = 0; j < m_size[1]; j++) {
                final float line = m_norms[2][k] * m_norms[1][j];
                for (int i = 0; i < m_size[0]; i++, v++) {
                    to[v] = from[v] * line * m_norms[0][i];
                }
            }
        }
    }

    private static void sum(final double[] from, final double[] to, final int lanes, final int length,
        final double[] kernel) {
        for (int x = 0; x < length; x++) {
            final int at = x * lanes;
            for (int l = 0; l < lanes; l++) {
                to[at + l] = kernel[0] * from[at + l];
            }
            for (int r = 1; r < kernel.length; r++) {
                if (x - r >= 0) {
                    add(to, at, kernel[r], from, at - r * lanes, lanes);
                }
                if (x + r < length) {
                    add(to, at, kernel[r], from, at + r * lanes, lanes);
                }
            }
        }
    }

    private static void add(final double[] to, final int at, final double weight, final double[] from, final int start,
        final int lanes) {
        for (int l = 0; l < lanes; l++) {
            to[at + l] += weight * from[start + l];
        }
    }
}
