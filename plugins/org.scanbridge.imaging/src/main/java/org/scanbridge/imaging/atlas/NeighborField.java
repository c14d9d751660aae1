package org.scanbridge.imaging.atlas;

import java.util.stream.IntStream;

import org.hipparchus.util.FastMath;
import org.scanbridge.imaging.Progress;

import net.imglib2.parallel.TaskExecutor;

/**
 * A Markov random field by the mean-field approximation (Zhang, IEEE Trans. Signal Process. 1992; Van Leemput 1999):
 * q_i(c) ∝ p_i(c) exp(β Σ_j s_ij q_j(c)) over the six neighbors j of voxel i, with s_ij the least spacing over the spacing
 * along the neighbor's axis. All voxels at once from the last sweep, so that order does not matter.
 */
final class NeighborField {

    private NeighborField() {
    }

    /**
     * @param p probabilities without neighbors, [class][voxel], i fastest; overwritten by those with
     * @param size voxels along i, j, k
     * @param spacing in mm
     * @param beta strength; 0 leaves everything as it is
     * @param sweeps how often
     */
    static void smooth(final float[][] p, final int[] size, final double[] spacing, final double beta, final int sweeps,
        final TaskExecutor workers, final Progress progress) {
        if (beta == 0) {
            return;
        }
        final int classes = p.length;
        final double least = Math.min(spacing[0], Math.min(spacing[1], spacing[2]));
        final int[] stride = {1, size[0], size[0] * size[1]};
        float[][] from = new float[classes][];
        float[][] to = new float[classes][p[0].length];
        for (int c = 0; c < classes; c++) {
            from[c] = p[c].clone();
        }
        for (int sweep = 0; sweep < sweeps; sweep++) {
            progress.report((double)sweep / sweeps, "Segmenting: neighbors");
            final float[][] q = from;
            final float[][] r = to;
            workers.forEach(IntStream.range(0, size[2]).boxed().toList(), k -> {
                final double[] w = new double[classes];
                int v = k * stride[2];
                for (int j = 0; j < size[1]; j++) {
                    for (int i = 0; i < size[0]; i++, v++) {
                        final int[] index = {i, j, k};
                        double sum = 0;
                        for (int c = 0; c < classes; c++) {
                            double pull = 0;
                            for (int a = 0; a < 3; a++) {
                                final double s = least / spacing[a];
                                pull += index[a] > 0 ? s * q[c][v - stride[a]] : 0;
                                pull += index[a] < size[a] - 1 ? s * q[c][v + stride[a]] : 0;
                            }
                            w[c] = p[c][v] * FastMath.exp(beta * pull);
                            sum += w[c];
                        }
                        for (int c = 0; c < classes; c++) {
                            r[c][v] = sum > 0 ? (float)(w[c] / sum) : 0;
                        }
                    }
                }
            });
            from = r;
            to = q;
        }
        for (int c = 0; c < classes; c++) {
            System.arraycopy(from[c], 0, p[c], 0, p[c].length);
        }
    }
}
