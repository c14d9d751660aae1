package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IsotonicCurveTest {

    /** The three heights of {@code sklearn.isotonic.IsotonicRegression} (0.15, 0.6, 0.8) for these points. */
    @Test
    void hasTheBlocksOfScikitLearn() {
        final IsotonicCurve curve = IsotonicCurve.fit(new double[]{.1, .4, .2, .9, .6, .7, .4},
            new double[]{.2, .5, .1, .8, .9, .3, .7});
        assertArrayEquals(new double[]{0.15, 0.6, 0.8}, curve.y(), 1e-12);
        assertArrayEquals(new double[]{0.15, 0.525, 0.9}, curve.x(), 1e-12);
        assertEquals(0.375, curve.at((0.15 + 0.525) / 2), 1e-12);
        assertEquals(0.15, curve.at(-1), 1e-12);
        assertEquals(0.8, curve.at(2), 1e-12);
        assertEquals(0.075, curve.fromOrigin().at(0.075), 1e-12);
        assertEquals(0, curve.fromOrigin().at(-1), 1e-12);
    }

    @Property(tries = 200)
    void neverFallsAndKeepsTheMean(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 40) final int count) {
        final Random random = new Random(seed);
        final double[] x = random.doubles(count).map(d -> Math.round(d * 20) / 20.0).toArray();
        final double[] y = random.doubles(count).toArray();
        final IsotonicCurve curve = IsotonicCurve.fit(x, y);
        double before = Double.NEGATIVE_INFINITY;
        for (double at = -0.1; at < 1.1; at += 0.01) {
            assertTrue(curve.at(at) >= before - 1e-12);
            before = curve.at(at);
        }
        double min = 1;
        double max = 0;
        for (final double each : y) {
            min = Math.min(min, each);
            max = Math.max(max, each);
        }
        assertTrue(curve.at(-1) >= min - 1e-12 && curve.at(2) <= max + 1e-12);
    }
}
