package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SplitConformalTest {

    /** ⌈(n + 1)·0.9⌉: 9 of 9, 10 of 10, 18 of 19, 19 of 20; with 8 nothing can be promised. */
    @Test
    void takesTheRankOfThePaper() {
        final int[][] ranks = {{9, 9}, {10, 10}, {19, 18}, {20, 19}, {99, 90}};
        for (final int[] rank : ranks) {
            assertEquals(rank[1], SplitConformal.radius(errors(rank[0]), 0.9));
        }
        assertEquals(Double.POSITIVE_INFINITY, SplitConformal.radius(errors(8), 0.9));
        assertThrows(IllegalArgumentException.class, () -> SplitConformal.radius(errors(8), 1));
    }

    private static double[] errors(final int count) {
        return IntStream.iterate(count, n -> n > 0, n -> n - 1).asDoubleStream().toArray();
    }

    /** Of exchangeable errors, a new one is within the radius with the probability ⌈(n + 1)c⌉ / (n + 1). */
    @Property(tries = 20)
    void coversAsPromised(@ForAll final long seed, @ForAll @IntRange(min = 9, max = 60) final int count) {
        final Random random = new Random(seed);
        final int runs = 4000;
        int covered = 0;
        for (int run = 0; run < runs; run++) {
            final double[] errors = IntStream.range(0, count).mapToDouble(n -> Math.abs(random.nextGaussian())).toArray();
            covered += Math.abs(random.nextGaussian()) <= SplitConformal.radius(errors, 0.9) ? 1 : 0;
        }
        final double exact = Math.ceil((count + 1) * 0.9 - 1e-9) / (count + 1);
        // five standard deviations of a share of 4000
        assertEquals(exact, (double)covered / runs, 5 * Math.sqrt(0.09 / runs));
        assertTrue(exact >= 0.9);
    }
}
