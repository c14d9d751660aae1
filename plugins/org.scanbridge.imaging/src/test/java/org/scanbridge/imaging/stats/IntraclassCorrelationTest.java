package org.scanbridge.imaging.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;

class IntraclassCorrelationTest {

    /** Table 2 of Shrout and Fleiss (1979). */
    private static final double[][] SHROUT_FLEISS =
        {{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};

    @Test
    void reproducesShroutAndFleiss() {
        final IntraclassCorrelation icc = new IntraclassCorrelation(SHROUT_FLEISS);
        assertEquals(0.165742, icc.oneWay().orElseThrow(), 5e-7);
        assertEquals(0.289764, icc.agreement().orElseThrow(), 5e-7);
        assertEquals(0.714841, icc.consistency().orElseThrow(), 5e-7);
    }

    @Test
    void agreementIsOneForEqualRatingsAndConsistencyIgnoresAnOffset() {
        final IntraclassCorrelation equal = new IntraclassCorrelation(new double[][]{{1, 1}, {2, 2}, {5, 5}});
        assertEquals(1, equal.agreement().orElseThrow(), 1e-12);
        final IntraclassCorrelation shifted = new IntraclassCorrelation(new double[][]{{1, 3}, {2, 4}, {5, 7}});
        assertEquals(1, shifted.consistency().orElseThrow(), 1e-12);
        assertTrue(shifted.agreement().orElseThrow() < 1);
        assertTrue(new IntraclassCorrelation(new double[][]{{1, 2}, {2, 1}}).oneWay().orElseThrow() < 0);
    }

    @Test
    void nothingThatVariesIsMissing() {
        final IntraclassCorrelation constant = new IntraclassCorrelation(new double[][]{{3, 3}, {3, 3}});
        assertEquals(OptionalDouble.empty(), constant.oneWay());
        assertEquals(OptionalDouble.empty(), constant.agreement());
        assertEquals(OptionalDouble.empty(), constant.consistency());
    }

    @Test
    void refusesWhatIsNoTable() {
        assertThrows(IllegalArgumentException.class, () -> new IntraclassCorrelation(new double[][]{{1, 2}}));
        assertThrows(IllegalArgumentException.class, () -> new IntraclassCorrelation(new double[][]{{1}, {2}}));
        assertThrows(IllegalArgumentException.class, () -> new IntraclassCorrelation(new double[][]{{1, 2}, {2}}));
        assertThrows(IllegalArgumentException.class,
            () -> new IntraclassCorrelation(new double[][]{{1, 2}, {2, Double.NaN}}));
    }
}
