package org.scanbridge.imaging.normalize;

/**
 * A clipped straight line: y = scale·(min(max(x, lower), upper) - shift) + offset, computed in double precision.
 *
 * @param lower values below are raised to it; may be -∞
 * @param upper values above are lowered to it; may be +∞, at least {@code lower}
 * @param shift subtracted before scaling
 * @param scale factor; 0 maps everything to {@code offset}
 * @param offset added after scaling
 */
public record IntensityMap(double lower, double upper, double shift, double scale, double offset) {

    /** @throws IllegalArgumentException if the bounds are reversed or a number is NaN */
    public IntensityMap {
        if (!(lower <= upper) || !Double.isFinite(shift) || !Double.isFinite(scale) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("no intensity map: lower " + lower + ", upper " + upper + ", shift "
                + shift + ", scale " + scale + ", offset " + offset);
        }
    }

    /** The value at {@code x}; finite for finite {@code x}. */
    public double apply(final double x) {
        return scale * (Math.min(Math.max(x, lower), upper) - shift) + offset;
    }
}
