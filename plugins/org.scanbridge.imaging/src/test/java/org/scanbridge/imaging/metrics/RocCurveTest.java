package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RocCurveTest {

    @Test
    void tiesCountHalf() {
        assertEquals(0.875, RocCurve.area(new double[]{0.8, 0.4, 0.4, 0.1}, new boolean[]{true, true, false, false})
            .orElseThrow(), 1e-12);
        assertEquals(0.5, RocCurve.area(new double[]{0.0, -0.0}, new boolean[]{true, false}).orElseThrow(), 1e-12);
    }

    /** Compares with the definition over all pairs. */
    @Property(tries = 100)
    void isTheShareOfOrderedPairs(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 40) final int n) {
        final Random random = new Random(seed);
        final double[] scores = new double[n];
        final boolean[] positive = new boolean[n];
        for (int c = 0; c < n; c++) {
            scores[c] = random.nextInt(8);
            positive[c] = random.nextBoolean();
        }
        double ordered = 0;
        int pairs = 0;
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                if (positive[p] && !positive[q]) {
                    pairs++;
                    ordered += scores[p] > scores[q] ? 1 : scores[p] == scores[q] ? 0.5 : 0;
                }
            }
        }
        final OptionalDouble area = RocCurve.area(scores, positive);
        assertEquals(pairs > 0, area.isPresent());
        if (pairs > 0) {
            assertEquals(ordered / pairs, area.getAsDouble(), 1e-12);
        }
    }

    @Test
    void refusesWhatCannotBeRanked() {
        assertThrows(IllegalArgumentException.class, () -> RocCurve.area(new double[2], new boolean[3]));
        assertThrows(IllegalArgumentException.class,
            () -> RocCurve.area(new double[]{Double.NaN, 1}, new boolean[]{true, false}));
    }
}
