package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;

import org.junit.jupiter.api.Test;

class BendTest {

    private static float bent(final double gamma, final float low, final float high, final float x) {
        final float[] to = new float[1];
        new Bend(gamma, low, high - low).apply(new float[]{x}, to, 0, 1);
        return to[0];
    }

    /** Against the power of the JDK; a float between low and high resolves 1.2e-7 of the larger of both. */
    @Property(tries = 3000)
    void isThePowerWithinWhatAFloatResolves(@ForAll @Scale(6) @DoubleRange(min = 0.01, max = 100) final double gamma,
        @ForAll @Scale(9) @DoubleRange(min = 0, max = 1) final double t) {
        for (final float[] ends : new float[][]{{100, 900}, {-3, 5}, {1e-3f, 1}}) {
            final float x = (float)(ends[0] + t * (ends[1] - ends[0]));
            if (x != 0) {
                final double exact = ((double)x - ends[0]) / ((double)ends[1] - ends[0]);
                final double y = ends[0] + ((double)ends[1] - ends[0]) * StrictMath.pow(exact, gamma);
                // A float that stands for t is itself off by 1.2e-7, which the slope of the power multiplies.
                final double slope = exact > 0 ? Math.min(1e6, gamma * StrictMath.pow(exact, gamma)) : 0;
                assertEquals(y, bent(gamma, ends[0], ends[1], x),
                    (4e-7 + 2.4e-7 * slope) * (ends[1] - ends[0]) + 1.2e-7 * Math.abs(ends[0]));
            }
        }
    }

    @Test
    void theForegroundStaysForegroundAndTheBackgroundBackground() {
        // -1 + 4·((1 + 1)/4)² = 0, which is no background.
        final float[] to = new float[4];
        new Bend(2, -1, 4).apply(new float[]{0, -1, 1, 3}, to, 0, 4);
        assertEquals(0, to[0]);
        assertEquals(-1, to[1]);
        assertTrue(to[2] != 0 && Math.abs(to[2]) < 1e-6);
        assertEquals(3, to[3], 1e-6);
    }
}
