package org.scanbridge.imaging.augment;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * What a parameter is drawn from, uniformly.
 *
 * @param min lower end
 * @param max upper end, at least {@code min}
 */
public record Range(double min, double max) {

    /** @throws IllegalArgumentException if the range is reversed or not finite */
    public Range {
        if (!(min <= max) || !Double.isFinite(min) || !Double.isFinite(max)) {
            throw new IllegalArgumentException("range [" + min + ", " + max + "] must be finite and not reversed");
        }
    }

    /** [-most, most]. */
    public static Range symmetric(final double most) {
        return new Range(-most, most);
    }

    double draw(final SeededRandom random) {
        return random.uniform(min, max);
    }

    /** This range, if it lies within [low, high]. */
    Range within(final double low, final double high, final String what) {
        if (min < low || max > high) {
            throw new IllegalArgumentException(
                what + " [" + min + ", " + max + "] must lie within [" + low + ", " + high + "]");
        }
        return this;
    }
}
