package org.scanbridge.imaging.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PercentilesTest {

    /** Expected values from numpy.percentile. */
    @Test
    void agreesWithNumpy() {
        assertArrayEquals(new double[]{1, 1.75, 2.5, 3.85, 4},
            Percentiles.of(new float[]{4, 2, 1, 3}, 0, 25, 50, 95, 100), 1e-12);
        assertArrayEquals(new double[]{1, 8.895, 2.31},
            Percentiles.of(new float[]{3, 1, 4, 1, 5, 9, 2, 6}, 0.5, 99.5, 33), 1e-12);
        assertEquals(3.85, Percentiles.ofSorted(new double[]{1, 2, 3, 4}, 95), 1e-12);
    }

    @Test
    void oneValueIsEveryPercentile() {
        assertArrayEquals(new double[]{7, 7, 7}, Percentiles.of(new float[]{7}, 0, 50, 100));
    }

    @Test
    void refusesNoValuesAndBadPercentages() {
        assertThrows(IllegalArgumentException.class, () -> Percentiles.of(new float[0], 50));
        assertThrows(IllegalArgumentException.class, () -> Percentiles.of(new float[]{1}, 101));
        assertThrows(IllegalArgumentException.class, () -> Percentiles.of(new float[]{1}, Double.NaN));
    }
}
