package org.scanbridge.imaging.register;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class AffineTransformTest {

    @Property(tries = 100)
    void inverseLeadsBack(@ForAll @DoubleRange(min = -40, max = 40) final double a,
        @ForAll @DoubleRange(min = -40, max = 40) final double b,
        @ForAll @DoubleRange(min = -20, max = 20) final double c) {
        final AffineTransform t =
            new Motion(new double[]{a, c, b}, 90).transform(new double[]{a, b, c, b, c, a, c, a, b, a, c, b});
        assertArrayEquals(new double[]{10, -20, 30}, t.inverse().apply(t.apply(10, -20, 30)), 1e-9);
        assertArrayEquals(new double[]{10, -20, 30}, t.after(t.inverse()).apply(10, -20, 30), 1e-9);
    }

    @Test
    void quarterTurnAboutSuperiorTakesLeftToPosterior() {
        final AffineTransform t = new Motion(new double[]{10, 0, 0}, 1).transform(new double[]{0, 0, 5, 0, 0, Math.PI / 2});
        assertArrayEquals(new double[]{10, 1, 5}, t.apply(11, 0, 0), 1e-12);
    }

    @Test
    void refusesMapWithoutInverse() {
        assertThrows(IllegalArgumentException.class, () -> new AffineTransform(new double[9], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> new AffineTransform(new double[8], new double[3]));
    }
}
