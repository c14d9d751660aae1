package org.scanbridge.imaging.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BlandAltmanTest {

    /** The peak flow rates (first readings) and results printed in Bland and Altman, Lancet 1986. */
    @Test
    void reproducesTheArticle() {
        final double[] wright = {494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427};
        final double[] mini = {512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451};
        final BlandAltman agreement = BlandAltman.of(wright, mini);
        assertEquals(17, agreement.count());
        assertEquals(-2.1, agreement.meanDifference(), 0.05);
        assertEquals(38.8, agreement.standardDeviation(), 0.05);
        assertEquals(-36 / 17.0 - 1.96 * agreement.standardDeviation(), agreement.lower(), 1e-9);
        assertEquals(-36 / 17.0 + 1.96 * agreement.standardDeviation(), agreement.upper(), 1e-9);
    }

    @Test
    void aConstantOffsetHasNoSpread() {
        final BlandAltman agreement = BlandAltman.of(new double[]{3, 4, 7}, new double[]{1, 2, 5});
        assertEquals(new BlandAltman(3, 2, 0), agreement);
        assertEquals(2, agreement.lower());
        assertEquals(2, agreement.upper());
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertThrows(IllegalArgumentException.class, () -> BlandAltman.of(new double[]{1}, new double[]{1}));
        assertThrows(IllegalArgumentException.class, () -> BlandAltman.of(new double[]{1, 2}, new double[]{1}));
        assertThrows(IllegalArgumentException.class,
            () -> BlandAltman.of(new double[]{1, Double.NaN}, new double[]{1, 2}));
    }
}
