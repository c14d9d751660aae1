package org.scanbridge.imaging.filter;

import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Separable Gaussian smoothing, the kernel cut at four standard deviations and renormalized, the image mirrored at its
 * faces ({@code d c b a | a b c d | d c b a}), sums in double precision: the definition of
 * {@code scipy.ndimage.gaussian_filter} with its defaults. The result does not depend on the number of workers.
 */
public final class GaussianBlur {

    private final double[][] m_kernels;

    /**
     * @param sigma standard deviations along i, j, k in voxels; 0 leaves an axis alone
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public GaussianBlur(final double... sigma) {
        if (sigma.length != 3) {
            throw new IllegalArgumentException("sigma needs 3 numbers, has " + sigma.length);
        }
        m_kernels = new double[3][];
        for (int a = 0; a < 3; a++) {
            if (!(sigma[a] >= 0) || Double.isInfinite(sigma[a])) {
                throw new IllegalArgumentException("sigma " + sigma[a] + " voxels must be finite and not negative");
            }
            m_kernels[a] = LineBlur.halfKernel(sigma[a]);
        }
    }

    /** Smooths a volume; sigma is in voxels of its grid. */
    public Volume apply(final Volume volume, final TaskExecutor workers) {
        return volume.withVoxels(apply(volume.voxels(), volume.geometry().size(), workers));
    }

    /**
     * @param voxels values, i fastest; not changed
     * @param size numbers of voxels along i, j, k
     * @param workers what lines are shared out to
     * @return the smoothed values in a new array
     */
    public float[] apply(final float[] voxels, final int[] size, final TaskExecutor workers) {
        final float[] result = new float[voxels.length];
        smooth(voxels, result, size, workers);
        return result;
    }

    /**
     * Smooths into another array, without further memory.
     *
     * @param voxels values, i fastest
     * @param target where to; may be {@code voxels} itself
     * @param size numbers of voxels along i, j, k
     * @param workers what lines are shared out to
     */
    public void smooth(final float[] voxels, final float[] target, final int[] size, final TaskExecutor workers) {
        final boolean within = m_kernels[0].length > 1 || m_kernels[1].length > 1;
        if (within) {
            workers.forEach(IntStream.range(0, size[2]).boxed().toList(), k -> slice(voxels, target, size, k));
        } else if (voxels != target) {
            System.arraycopy(voxels, 0, target, 0, voxels.length);
        }
        if (m_kernels[2].length > 1) {
            workers.forEach(IntStream.range(0, size[1]).boxed().toList(), j -> {
                final double[][] rows = new double[size[2]][size[0]];
                final int stride = size[0] * size[1];
                for (int k = 0; k < size[2]; k++) {
                    read(target, k * stride + j * size[0], 1, rows[k]);
                }
                RowBlur.apply(rows, m_kernels[2], (k, row) -> write(row, target, k * stride + j * size[0]));
            });
        }
    }

    /** Along i, then along j, while the slice is in the processor's cache. */
    private void slice(final float[] voxels, final float[] target, final int[] size, final int k) {
        final int start = k * size[0] * size[1];
        final double[][] rows = new double[size[1]][size[0]];
        if (m_kernels[0].length > 1) {
            final double[][] columns = new double[size[0]][size[1]];
            for (int i = 0; i < size[0]; i++) {
                read(voxels, start + i, size[0], columns[i]);
            }
            RowBlur.apply(columns, m_kernels[0], (i, column) -> {
                for (int j = 0; j < column.length; j++) {
                    rows[j][i] = (float)column[j];
                }
            });
        } else {
            for (int j = 0; j < size[1]; j++) {
                read(voxels, start + j * size[0], 1, rows[j]);
            }
        }
        RowBlur.apply(rows, m_kernels[1], (j, row) -> write(row, target, start + j * size[0]));
    }

    private static void read(final float[] from, final int start, final int stride, final double[] to) {
        for (int n = 0, v = start; n < to.length; n++, v += stride) {
            to[n] = from[v];
        }
    }

    private static void write(final double[] from, final float[] to, final int start) {
        for (int n = 0; n < from.length; n++) {
            to[start + n] = (float)from[n];
        }
    }
}
