package org.scanbridge.learning.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis of a drawing: maps [min, max] to [from, to] in pixels.
 *
 * @param min value at {@code from}
 * @param max value at {@code to}; greater than {@code min}
 * @param from pixel of the minimum
 * @param to pixel of the maximum
 */
record Axis(double min, double max, double from, double to) {

    /** An axis over these values; a single value gets some room around it. */
    static Axis over(final double min, final double max, final double from, final double to) {
        if (!(max > min)) {
            final double room = min == 0 ? 1 : Math.abs(min) * 0.1;
            return new Axis(min - room, min + room, from, to);
        }
        return new Axis(min, max, from, to);
    }

    double at(final double value) {
        return from + (value - min) / (max - min) * (to - from);
    }

    /** About {@code count} round numbers within [min, max]. */
    List<Double> ticks(final int count) {
        final double raw = (max - min) / count;
        final double power = Math.pow(10, Math.floor(Math.log10(raw)));
        final double step = power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
        final List<Double> ticks = new ArrayList<>();
        for (long i = (long)Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Decimals that tell two neighboring ticks apart. */
    int tickDecimals(final int count) {
        final List<Double> ticks = ticks(count);
        if (ticks.size() < 2) {
            return 2;
        }
        return (int)Math.max(0, Math.min(6, Math.ceil(-Math.log10(ticks.get(1) - ticks.get(0)) - 1e-9)));
    }
}
