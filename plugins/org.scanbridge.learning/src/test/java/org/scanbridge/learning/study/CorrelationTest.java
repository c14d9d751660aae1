package org.scanbridge.learning.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CorrelationTest {

    private static Correlation of(final double... pairs) {
        final Correlation correlation = new Correlation();
        for (int n = 0; n < pairs.length; n += 2) {
            correlation.add(pairs[n], pairs[n + 1]);
        }
        return correlation;
    }

    /** Pairs (1, 2), (2, 1), (3, 3): covariance 1/3, variances 2/3, so ½; squared errors 1, 1, 0. */
    @Test
    void byHand() {
        assertEquals(0.5, of(1, 2, 2, 1, 3, 3).coefficient(), 1e-12);
        assertEquals(2.0 / 3, of(1, 2, 2, 1, 3, 3).meanSquaredError(), 1e-12);
    }

    @Test
    void aLineHasOne() {
        assertEquals(1, of(1, 5, 2, 7, 4, 11).coefficient(), 1e-12);
        assertEquals(-1, of(1, -5, 2, -7, 4, -11).coefficient(), 1e-12);
    }

    @Test
    void constantOrNothingHasNone() {
        assertTrue(Double.isNaN(of(1, 1, 1, 2).coefficient()));
        assertTrue(Double.isNaN(of().coefficient()));
        assertTrue(Double.isNaN(of().meanSquaredError()));
    }
}
