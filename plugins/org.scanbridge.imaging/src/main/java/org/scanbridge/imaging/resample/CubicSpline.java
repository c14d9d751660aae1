package org.scanbridge.imaging.resample;

import java.util.stream.IntStream;

import net.imglib2.parallel.TaskExecutor;

/**
 * The cubic B-spline through all voxel values (Unser, Splines: a perfect fit for signal and image processing, IEEE
 * Signal Processing Magazine 16, 1999), the image mirrored at its outermost voxel centers (c b | a b c d | c b):
 * within the image what {@code scipy.ndimage.map_coordinates(order=3, mode="mirror")} gives. Beyond the
 * outermost centers the edge values continue.
 */
final class CubicSpline {

    private static final double POLE = Math.sqrt(3) - 2;

    private static final double GAIN = 6;

    private final float[] m_coefficients;

    private final int[] m_size;

    /**
     * @param voxels values, i fastest; not changed
     * @param size numbers of voxels along i, j, k
     * @param workers what lines are shared out to
     */
    CubicSpline(final float[] voxels, final int[] size, final TaskExecutor workers) {
        m_coefficients = voxels.clone();
        m_size = size.clone();
        final int[] stride = {1, size[0], size[0] * size[1]};
        for (int a = 0; a < 3; a++) {
            if (size[a] > 1) {
                final int axis = a;
                final int inner = a == 2 ? 1 : 2;
                final int outer = a == 0 ? 1 : 0;
                workers.forEach(IntStream.range(0, size[inner]).boxed().toList(), p -> {
                    final double[] line = new double[size[axis]];
                    for (int q = 0; q < size[outer]; q++) {
                        filterLine(p * stride[inner] + q * stride[outer], stride[axis], line);
                    }
                });
            }
        }
    }

    /** Replaces the values of a line by the coefficients of the spline through them. */
    private void filterLine(final int start, final int stride, final double[] line) {
        final int n = line.length;
        for (int x = 0; x < n; x++) {
            line[x] = GAIN * m_coefficients[start + x * stride];
        }
        // The causal filter's start over the mirrored line, summed until the pole's powers vanish.
        double first = line[0];
        double power = POLE;
        for (int x = 1; Math.abs(power) > 1e-17; x++, power *= POLE) {
            first += power * line[mirror(x, n)];
        }
        line[0] = first;
        for (int x = 1; x < n; x++) {
            line[x] += POLE * line[x - 1];
        }
        line[n - 1] = POLE / (POLE * POLE - 1) * (line[n - 1] + POLE * line[n - 2]);
        for (int x = n - 2; x >= 0; x--) {
            line[x] = POLE * (line[x + 1] - line[x]);
        }
        for (int x = 0; x < n; x++) {
            m_coefficients[start + x * stride] = (float)line[x];
        }
    }

    /** The index of a voxel mirrored at the outermost centers; {@code n} at least 2. */
    private static int mirror(final int x, final int n) {
        final int m = Math.floorMod(x, 2 * (n - 1));
        return m < n ? m : 2 * (n - 1) - m;
    }

    /** The value at a continuous index. */
    float at(final double x, final double y, final double z) {
        final double[] wi = new double[4];
        final double[] wj = new double[4];
        final double[] wk = new double[4];
        final int i = weights(x, m_size[0], wi);
        final int j = weights(y, m_size[1], wj);
        final int k = weights(z, m_size[2], wk);
        double sum = 0;
        for (int c = 0; c < 4; c++) {
            final int plane = index(k + c, m_size[2]) * m_size[1];
            for (int b = 0; b < 4; b++) {
                final int row = (plane + index(j + b, m_size[1])) * m_size[0];
                double line = 0;
                for (int a = 0; a < 4; a++) {
                    line += wi[a] * m_coefficients[row + index(i + a, m_size[0])];
                }
                sum += wk[c] * wj[b] * line;
            }
        }
        return (float)sum;
    }

    private static int index(final int x, final int n) {
        if (x >= 0 && x < n) {
            return x;
        }
        return n == 1 ? 0 : mirror(x, n);
    }

    /** The weights of the four coefficients around a coordinate, and the index of the first. */
    private static int weights(final double x, final int size, final double[] w) {
        final double clamped = Math.max(0, Math.min(size - 1, x));
        final int floor = (int)clamped;
        final double t = clamped - floor;
        w[0] = (1 - t) * (1 - t) * (1 - t) / 6;
        w[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        w[2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
        w[3] = t * t * t / 6;
        return floor - 1;
    }
}
