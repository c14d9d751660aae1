package org.scanbridge.imaging.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ExponentialRowTest {

    /** Compares with the exponential of the polynomial, place by place. */
    @Property(tries = 100)
    void isTheExponentialOfThePolynomial(@ForAll final long seed,
        @ForAll @IntRange(min = 0, max = 5) final int degree, @ForAll @IntRange(min = 1, max = 600) final int length) {
        final Random random = new Random(seed);
        final double[] c = random.doubles(degree + 1, -2, 2).toArray();
        final double step = length == 1 ? 0 : 2.0 / (length - 1);
        final double[] row = new double[length];
        ExponentialRow.fill(c, -1, step, row);
        for (int i = 0; i < length; i++) {
            double exponent = 0;
            for (int d = degree; d >= 0; d--) {
                exponent = exponent * (-1 + i * step) + c[d];
            }
            assertEquals(1, row[i] / Math.exp(exponent), 1e-8);
        }
    }
}
