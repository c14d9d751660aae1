package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class IntensityCurveTest {

    private static final String KIND = "intensity curve (0 rises, 1 falls, 2 both)";

    private static final float[] RAMP = ramp();

    private static float[] ramp() {
        final float[] x = new float[1001];
        for (int v = 0; v < x.length; v++) {
            x[v] = v - 300.5f;
        }
        return x;
    }

    private static float[] applied(final IntensityCurve curve, final long seed) {
        return curve.draw(new SeededRandom(seed)).apply(Images.row(RAMP)).image().voxels();
    }

    /** Expected values from numpy 2.4: numpy.interp over 100 001 points of each curve, as Models Genesis does it. */
    @Test
    void isTheBezierCurveOfModelsGenesis() {
        final double[][][] curves = {
            {{0, 0.9, 0.2, 1}, {0, 0.1, 0.3, 1},
                {0.005861973111403136, 0.03868875170531104, 0.1741368806235989, 0.8024349658757604, 0.9733552007228129}},
            {{0, 0.3, 0.4, 1}, {1, 0.8, 0.1, 0},
                {0.9606582200801811, 0.6896047855205358, 0.306425062849069, 0.062080932735626704, 0.005579824358487003}},
            {{0, 0.2, 0.7, 1}, {0.3, 1, 0, 0.8},
                {0.4305736279051025, 0.5654507417690007, 0.5003424927395469, 0.508, 0.7272905341931113}}};
        final double[] places = {0.05, 0.25, 0.5, 0.8, 0.97};
        for (final double[][] c : curves) {
            final double[] heights = IntensityCurve.heights(c[0], c[1]);
            for (int p = 0; p < places.length; p++) {
                assertEquals(c[2][p], IntensityCurve.at(heights, places[p]), 2e-5);
            }
        }
    }

    /** With P = (0, 0), (1/3, 1/3), (2/3, 2/3), (1, 1) the curve is the diagonal. */
    @Test
    void evenlySpreadPointsChangeNothing() {
        final double[] even = {0, 1 / 3.0, 2 / 3.0, 1};
        final double[] heights = IntensityCurve.heights(even, even);
        for (double x = 0; x <= 1; x += 0.01) {
            assertEquals(x, IntensityCurve.at(heights, x), 1e-12);
        }
    }

    @Property(tries = 200)
    void risingCurvesKeepTheOrderAndTheEnds(@ForAll final long seed) {
        final float[] y = applied(new IntensityCurve(0, 0), seed);
        for (int v = 1; v < y.length; v++) {
            assertTrue(y[v] >= y[v - 1]);
        }
        assertEquals(RAMP[0], y[0], 1e-3f);
        assertEquals(RAMP[1000], y[1000], 1e-3f);
    }

    @Property(tries = 200)
    void fallingCurvesTurnTheOrderAround(@ForAll final long seed) {
        final float[] y = applied(new IntensityCurve(1, 0), seed);
        for (int v = 1; v < y.length; v++) {
            assertTrue(y[v] <= y[v - 1]);
        }
        assertEquals(RAMP[1000], y[0], 1e-3f);
        assertEquals(RAMP[0], y[1000], 1e-3f);
    }

    @Property(tries = 200)
    void allCurvesKeepTheRange(@ForAll final long seed) {
        for (final float y : applied(IntensityCurve.DEFAULT, seed)) {
            assertTrue(y >= RAMP[0] - 1e-3 && y <= RAMP[1000] + 1e-3);
        }
        assertArrayEquals(applied(IntensityCurve.DEFAULT, seed), applied(IntensityCurve.DEFAULT, seed));
    }

    @Test
    void kindsComeInTheirSharesAndWindingCurvesRiseAndFall() {
        final int[] kinds = new int[3];
        int winding = 0;
        for (int seed = 0; seed < 4000; seed++) {
            kinds[IntensityCurve.DEFAULT.draw(new SeededRandom(seed)).parameters().get(KIND).intValue()]++;
        }
        assertEquals(2000, kinds[0], 5 * Math.sqrt(1000));
        assertEquals(1000, kinds[1], 5 * Math.sqrt(750));
        for (int seed = 0; seed < 200; seed++) {
            final float[] y = applied(new IntensityCurve(0, 1), seed);
            boolean up = false;
            boolean down = false;
            for (int v = 1; v < y.length; v++) {
                up |= y[v] > y[v - 1];
                down |= y[v] < y[v - 1];
            }
            winding += up && down ? 1 : 0;
        }
        // Four heights drawn alike are in rising or falling order in 2 of 24 cases; more of the curves are monotone.
        assertTrue(winding > 60 && winding < 190, winding + " of 200 wind");
    }

    @Test
    void refusesBadShares() {
        assertThrows(IllegalArgumentException.class, () -> new IntensityCurve(0.6, 0.5));
        assertThrows(IllegalArgumentException.class, () -> new IntensityCurve(-0.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new IntensityCurve(Double.NaN, 0));
    }
}
