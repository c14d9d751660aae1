package org.scanbridge.imaging.filter;

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
        float[] source = voxels;
        for (int a = 0; a < 3; a++) {
            if (m_kernels[a].length > 1) {
                final double[] kernel = m_kernels[a];
                final int length = size[a];
                Lines.map(source, target, size, a, length, workers,
                    () -> (from, to, lanes) -> LineBlur.apply(from, to, length, lanes, kernel));
                source = target;
            }
        }
        if (source != target) {
            System.arraycopy(voxels, 0, target, 0, voxels.length);
        }
    }
}
