package org.scanbridge.imaging.filter;

/** {@link GaussianBlur} along the lines of a block of {@link Lines}. */
public final class LineBlur {

    /** Where the kernel is cut, in standard deviations. */
    private static final double TRUNCATE = 4;

    private LineBlur() {
    }

    /**
     * @param sigma standard deviation in voxels, not negative
     * @return the kernel from its center outwards; length 1 where nothing is smoothed
     */
    public static double[] halfKernel(final double sigma) {
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

    /**
     * @param from {@code length} values of each line
     * @param to as many smoothed ones; another array
     * @param length number of voxels of a line
     * @param lanes number of lines of the block
     * @param kernel from its center outwards
     */
    public static void apply(final double[] from, final double[] to, final int length, final int lanes,
        final double[] kernel) {
        for (int x = 0; x < length; x++) {
            final int at = x * lanes;
            for (int l = 0; l < lanes; l++) {
                to[at + l] = kernel[0] * from[at + l];
            }
            for (int r = 1; r < kernel.length; r++) {
                final double weight = kernel[r];
                final int below = mirror(x - r, length) * lanes;
                final int above = mirror(x + r, length) * lanes;
                for (int l = 0; l < lanes; l++) {
                    to[at + l] += weight * (from[below + l] + from[above + l]);
                }
            }
        }
    }

    static int mirror(final int x, final int n) {
        if (x >= 0 && x < n) {
            return x;
        }
        final int m = Math.floorMod(x, 2 * n);
        return m < n ? m : 2 * n - 1 - m;
    }
}
