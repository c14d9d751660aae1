package org.scanbridge.imaging.resample;

import org.scanbridge.imaging.filter.Lines;

import net.imglib2.parallel.TaskExecutor;

/**
 * The cubic B-spline through all voxel values, the image mirrored at its outermost voxel centers (see
 * {@link LineSpline}): within the image what {@code scipy.ndimage.map_coordinates(order=3, mode="mirror")} gives. Beyond
 * the outermost centers the edge values continue.
 */
final class CubicSpline {

    private final float[] m_coefficients;

    private final int[] m_size;

    /**
     * @param voxels values, i fastest; not changed
     * @param size numbers of voxels along i, j, k
     * @param workers what lines are shared out to
     */
    CubicSpline(final float[] voxels, final int[] size, final TaskExecutor workers) {
        this(voxels, new float[voxels.length], size, workers);
    }

    /** @param coefficients where the coefficients are kept; may be {@code voxels} itself, which then is changed */
    CubicSpline(final float[] voxels, final float[] coefficients, final int[] size, final TaskExecutor workers) {
        m_coefficients = coefficients;
        m_size = size.clone();
        float[] source = voxels;
        for (int a = 0; a < 3; a++) {
            if (size[a] > 1) {
                final int n = size[a];
                Lines.map(source, coefficients, size, a, n, workers, () -> (from, to, lanes) -> {
                    LineSpline.filter(from, n, lanes);
                    System.arraycopy(from, 0, to, 0, n * lanes);
                });
                source = coefficients;
            }
        }
        if (source != coefficients) {
            System.arraycopy(voxels, 0, coefficients, 0, voxels.length);
        }
    }

    /** The value at a continuous index. */
    float at(final double x, final double y, final double z) {
        final double cx = held(x, m_size[0]);
        final double cy = held(y, m_size[1]);
        final double cz = held(z, m_size[2]);
        final int i = (int)cx;
        final int j = (int)cy;
        final int k = (int)cz;
        final double tx = cx - i;
        final double w0 = LineSpline.weight(0, tx);
        final double w1 = LineSpline.weight(1, tx);
        final double w2 = LineSpline.weight(2, tx);
        final double w3 = LineSpline.weight(3, tx);
        final int i0 = LineSpline.mirror(i - 1, m_size[0]);
        final int i2 = LineSpline.mirror(i + 1, m_size[0]);
        final int i3 = LineSpline.mirror(i + 2, m_size[0]);
        double sum = 0;
        for (int c = 0; c < 4; c++) {
            final int plane = LineSpline.mirror(k - 1 + c, m_size[2]) * m_size[1];
            double inPlane = 0;
            for (int b = 0; b < 4; b++) {
                final int row = (plane + LineSpline.mirror(j - 1 + b, m_size[1])) * m_size[0];
                inPlane += LineSpline.weight(b, cy - j) * (w0 * m_coefficients[row + i0] + w1 * m_coefficients[row + i]
                    + w2 * m_coefficients[row + i2] + w3 * m_coefficients[row + i3]);
            }
            sum += LineSpline.weight(c, cz - k) * inPlane;
        }
        return (float)sum;
    }

    private static double held(final double x, final int size) {
        return Math.max(0, Math.min(size - 1, x));
    }
}
