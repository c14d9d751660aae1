package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;

import org.junit.jupiter.api.Test;

class PowerCurveTest {

    /** What is left of a power of two below the smallest normal number, half a unit of it, times m^γ, below 2^γ. */
    private static double underflow(final double gamma) {
        return Double.MIN_VALUE * StrictMath.pow(2, gamma);
    }

    /** The stated bound, against the correctly rounded power of the JDK within its unit in the last place. */
    @Property(tries = 5000)
    void isThePowerWithinItsBound(@ForAll @Scale(12) @DoubleRange(min = 0.01, max = 100) final double gamma,
        @ForAll @Scale(12) @DoubleRange(min = 0, max = 1) final double t) {
        final double expected = StrictMath.pow(t, gamma);
        assertEquals(expected, new PowerCurve(gamma).at(t), 3e-9 * expected + underflow(gamma));
    }

    @Property(tries = 5000)
    void isExacterForUsualExponents(@ForAll @Scale(12) @DoubleRange(min = 0.1, max = 10) final double gamma,
        @ForAll @Scale(12) @DoubleRange(min = 0, max = 1) final double t) {
        final double expected = StrictMath.pow(t, gamma);
        // e·γ is rounded to a double before 2 is raised to it: half a unit in its last place, times ln 2.
        final double exponentRounding = -Math.getExponent(t) * gamma * Math.log(2) * 0x1p-53;
        assertEquals(expected, new PowerCurve(gamma).at(t), (2e-14 + exponentRounding) * expected + underflow(gamma));
    }

    @Test
    void wholeExponentsAreProducts() {
        for (double t = 0.001; t < 1; t += 0.00137) {
            final double cube = new BigDecimal(t).pow(3, MathContext.DECIMAL64).doubleValue();
            assertEquals(cube, new PowerCurve(3).at(t), 1e-14 * cube);
        }
    }

    /** The smallest number above 0 is 2^-1074; what a float image can give is above 2^-300. */
    @Test
    void bothEndsAndTinyNumbers() {
        for (final double gamma : new double[]{0.01, 0.5, 1, 2.2, 100}) {
            final PowerCurve curve = new PowerCurve(gamma);
            assertEquals(0, curve.at(0));
            assertEquals(1, curve.at(1), 3e-9);
            assertEquals(1, curve.at(Math.nextUp(1.0)), 3e-9);
            assertEquals(StrictMath.pow(0x1p-300, gamma), curve.at(0x1p-300), 3e-9 * StrictMath.pow(0x1p-300, gamma));
        }
    }

    /** At floats' resolution; neighbors of doubles may change places at the seams of the table. */
    @Property(tries = 2000)
    void brightStaysBrighter(@ForAll @Scale(12) @DoubleRange(min = 0.1, max = 10) final double gamma,
        @ForAll @Scale(12) @DoubleRange(min = 1e-6, max = 1) final double t) {
        final PowerCurve curve = new PowerCurve(gamma);
        assertTrue(curve.at(t) <= curve.at(t * (1 + 1e-7)));
    }
}
