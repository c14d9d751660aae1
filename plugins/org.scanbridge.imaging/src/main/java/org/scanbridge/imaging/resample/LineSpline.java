package org.scanbridge.imaging.resample;

/**
 * The cubic B-spline through the values of a line, mirrored at its outermost voxel centers (c b | a b c d | c b): its
 * coefficients by two recursive filters (Unser, Splines: a perfect fit for signal and image processing, IEEE Signal
 * Processing Magazine 16, 1999), and its weights.
 */
final class LineSpline {

    private static final double POLE = Math.sqrt(3) - 2;

    private static final double GAIN = 6;

    /** Powers of the pole below this no longer matter. */
    private static final double NEGLIGIBLE = 1e-17;

    private LineSpline() {
    }

    /**
     * Replaces the values of the lines of a block by the coefficients of the splines through them.
     *
     * @param block position x of line l at {@code x * lanes + l}
     * @param n number of voxels of a line; one voxel is its own coefficient
     * @param lanes number of lines
     */
    static void filter(final double[] block, final int n, final int lanes) {
        if (n == 1) {
            return;
        }
        for (int e = 0; e < n * lanes; e++) {
            block[e] *= GAIN;
        }
        // The causal filter's start over the mirrored line, summed until the pole's powers vanish.
        final double[] first = new double[lanes];
        System.arraycopy(block, 0, first, 0, lanes);
        double power = POLE;
        for (int x = 1; Math.abs(power) > NEGLIGIBLE; x++, power *= POLE) {
            final int at = mirror(x, n) * lanes;
            for (int l = 0; l < lanes; l++) {
                first[l] += power * block[at + l];
            }
        }
        System.arraycopy(first, 0, block, 0, lanes);
        for (int e = lanes; e < n * lanes; e++) {
            block[e] += POLE * block[e - lanes];
        }
        final int last = (n - 1) * lanes;
        for (int e = last; e < last + lanes; e++) {
            block[e] = POLE / (POLE * POLE - 1) * (block[e] + POLE * block[e - lanes]);
        }
        for (int e = last - 1; e >= 0; e--) {
            block[e] = POLE * (block[e + lanes] - block[e]);
        }
    }

    /** The index of a voxel mirrored at the outermost centers. */
    static int mirror(final int x, final int n) {
        if (x >= 0 && x < n) {
            return x;
        }
        if (n == 1) {
            return 0;
        }
        final int m = Math.floorMod(x, 2 * (n - 1));
        return m < n ? m : 2 * (n - 1) - m;
    }

    /**
     * The weight of one of the four coefficients around a place.
     *
     * @param tap 0 … 3, from the coefficient before the one at or below the place
     * @param t how far the place is above that one, in [0, 1)
     */
    static double weight(final int tap, final double t) {
        return switch (tap) {
            case 0 -> (1 - t) * (1 - t) * (1 - t) / 6;
            case 1 -> (3 * t * t * t - 6 * t * t + 4) / 6;
            case 2 -> (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
            default -> t * t * t / 6;
        };
    }
}
