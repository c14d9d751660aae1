package org.scanbridge.imaging.filter;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Separable Gaussian smoothing, the kernel cut at four standard deviations and renormalized, the image mirrored at its
 * faces ({@code d c b a | a b c d | d c b a}), sums in double precision: the definition of
 * {@code scipy.ndimage.gaussian_filter} with its defaults. The result does not depend on the number of workers.
 */
public final class GaussianBlur {

    private static final double TRUNCATE = 4;

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
            m_kernels[a] = halfKernel(sigma[a]);
        }
    }

    /** The kernel from its center outwards; length 1 where nothing is smoothed. */
    private static double[] halfKernel(final double sigma) {
        final int radius = (int)(TRUNCATE * sigma + 0.5);
        final double[] kernel = new double[radius + 1];
        double sum = 0;
        for (int r = 0; r <= radius; r++) {
            kernel[r] = r == 0 ? 1 : StrictMath.exp(-0.5 * r * r / (sigma * sigma));
            sum += r == 0 ? kernel[r] : 2 * kernel[r];
        }
        for (int r = 0; r <= radius; r++) {
            kernel[r] /= sum;
        }
        return kernel;
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
        final float[] result = voxels.clone();
        for (int a = 0; a < 3; a++) {
            if (m_kernels[a].length > 1) {
                alongAxis(result, size, a, workers);
            }
        }
        return result;
    }

    private void alongAxis(final float[] voxels, final int[] size, final int axis, final TaskExecutor workers) {
        final int inner = axis == 2 ? 1 : 2;
        final int outer = axis == 0 ? 1 : 0;
        final int[] stride = {1, size[0], size[0] * size[1]};
        final List<Integer> planes = new ArrayList<>();
        for (int p = 0; p < size[inner]; p++) {
            planes.add(p);
        }
        workers.forEach(planes, p -> {
            final double[] line = new double[size[axis]];
            for (int q = 0; q < size[outer]; q++) {
                smoothLine(voxels, p * stride[inner] + q * stride[outer], stride[axis], line, m_kernels[axis]);
            }
        });
    }

    private static void smoothLine(final float[] voxels, final int start, final int stride, final double[] line,
        final double[] kernel) {
        final int n = line.length;
        for (int x = 0; x < n; x++) {
            line[x] = voxels[start + x * stride];
        }
        for (int x = 0; x < n; x++) {
            double sum = kernel[0] * line[x];
            for (int r = 1; r < kernel.length; r++) {
                sum += kernel[r] * (line[mirror(x - r, n)] + line[mirror(x + r, n)]);
            }
            voxels[start + x * stride] = (float)sum;
        }
    }

    private static int mirror(final int x, final int n) {
        if (x >= 0 && x < n) {
            return x;
        }
        final int m = Math.floorMod(x, 2 * n);
        return m < n ? m : 2 * n - 1 - m;
    }
}
