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

    /** This range, if all of it is above 0. */
    Range aboveZero(final String what) {
        if (!(min > 0)) {
            throw new IllegalArgumentException(what + " [" + min + ", " + max + "] must be above 0");
        }
        return this;
    }

    /** This range, if it lies within [low, high]. */
    Range within(final double low, final double high, final String what) {
        if (min < low || max > high) {
            throw new IllegalArgumentException(what + " [" + min + ", " + max + "] must "
                + (high == Double.MAX_VALUE ? "be at least " + low : "lie within [" + low + ", " + high + "]"));
        }
        return this;
    }
}
