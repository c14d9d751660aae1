package org.scanbridge.imaging.resample;

/** Which voxel center is nearest to a place, and what to do where two are equally near. */
final class Nearest {

    /** Nearer than this to the middle of two voxel centers, in voxels, both are equally near: headers round positions. */
    private static final double TIE = 1e-4;

    private Nearest() {
    }

    /**
     * The index of the nearest voxel center in [0, size-1], or the middle between two if they are equally near. Not
     * always the lower or always the upper of them: the result would depend on the direction in which the axis runs.
     *
     * @param place a continuous index
     * @param size number of voxels along the axis
     */
    static double orBetween(final double place, final int size) {
        final double below = Math.floor(place);
        final double between = Math.abs(place - below - 0.5) < TIE ? below + 0.5 : Math.rint(place);
        return Math.max(0, Math.min(size - 1, between));
    }

    /** The larger of two values, of which one may be no number. */
    static float larger(final float a, final float b) {
        return a >= b || Float.isNaN(b) ? a : b;
    }

    /** As {@link #larger(float, float)}. */
    static double larger(final double a, final double b) {
        return a >= b || Double.isNaN(b) ? a : b;
    }
}
