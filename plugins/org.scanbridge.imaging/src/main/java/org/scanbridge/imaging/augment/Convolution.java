package org.scanbridge.imaging.augment;

import java.util.Arrays;
import java.util.stream.IntStream;

import net.imglib2.parallel.TaskExecutor;

/**
 * A layer of a convolutional network on whole images, with zeros around them: the cross-correlation of neural networks,
 * as {@code torch.nn.functional.conv3d} with padding {@code size/2}.
 *
 * @param from number of channels it gets
 * @param to number of channels it makes
 * @param size 1 or 3 voxels along each axis
 * @param weights [to, from, k, j, i]
 * @param shifts added to each channel
 */
record Convolution(int from, int to, int size, float[] weights, float[] shifts) {

    private static final float SLOPE = 0.01f;

    /**
     * @param in voxels of each channel, i fastest
     * @param grid numbers of voxels along i, j, k
     * @param leaky whether negative results are multiplied by 0.01
     * @param out where to
     * @param workers what slices are shared out to; the result does not depend on them
     */
    void apply(final float[][] in, final int[] grid, final boolean leaky, final float[][] out, final TaskExecutor workers) {
        workers.forEach(IntStream.range(0, grid[2]).boxed().toList(), k -> {
            final float[][] sums = new float[to][grid[0]];
            final float[][] shifted = new float[size][grid[0]];
            for (int j = 0; j < grid[1]; j++) {
                row(in, grid, j, k, shifted, sums);
                for (int c = 0; c < to; c++) {
                    if (leaky) {
                        leak(sums[c]);
                    }
                    System.arraycopy(sums[c], 0, out[c], (k * grid[1] + j) * grid[0], grid[0]);
                }
            }
        });
    }

    private void row(final float[][] in, final int[] grid, final int j, final int k, final float[][] shifted,
        final float[][] sums) {
        final int half = size / 2;
        for (int c = 0; c < to; c++) {
            Arrays.fill(sums[c], shifts[c]);
        }
        for (int f = 0; f < from; f++) {
            for (int z = Math.max(0, half - k); z < Math.min(size, grid[2] - k + half); z++) {
                for (int y = Math.max(0, half - j); y < Math.min(size, grid[1] - j + half); y++) {
                    final int start = ((k + z - half) * grid[1] + j + y - half) * grid[0];
                    for (int x = 0; x < size; x++) {
                        shift(in[f], start, grid[0], x - half, shifted[x]);
                    }
                    for (int c = 0; c < to; c++) {
                        final int w = (((c * from + f) * size + z) * size + y) * size;
                        if (size == 1) {
                            add(sums[c], shifted[0], weights[w]);
                        } else {
                            add(sums[c], shifted[0], weights[w], shifted[1], weights[w + 1], shifted[2], weights[w + 2]);
                        }
                    }
                }
            }
        }
    }

    /** Copies a row so that place i gets what is at i + by; a row of its own index makes the sums vectors. */
    private static void shift(final float[] in, final int start, final int n, final int by, final float[] to) {
        if (by < 0) {
            to[0] = 0;
            System.arraycopy(in, start, to, 1, n - 1);
        } else if (by > 0) {
            System.arraycopy(in, start + 1, to, 0, n - 1);
            to[n - 1] = 0;
        } else {
            System.arraycopy(in, start, to, 0, n);
        }
    }

    private static void add(final float[] sum, final float[] a, final float wa) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += wa * a[i];
        }
    }

    private static void add(final float[] sum, final float[] a, final float wa, final float[] b, final float wb,
        final float[] c, final float wc) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] + wa * a[i] + wb * b[i] + wc * c[i];
        }
    }

    private static void leak(final float[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.max(x[i], SLOPE * x[i]);
        }
    }
}
