package org.scanbridge.imaging.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

class SeededRandomTest {

    @Test
    void isSplitMix64() {
        // Published test vector of SplitMix64 for seed 1234567.
        final SeededRandom random = new SeededRandom(1234567);
        for (final String expected : new String[]{"6457827717110365317", "3203168211198807973", "9817491932198370423",
            "4593380528125082431", "16408922859458223821"}) {
            assertEquals(expected, Long.toUnsignedString(random.nextLong()));
        }
        final SplittableRandom jdk = new SplittableRandom(-42);
        final SeededRandom ours = new SeededRandom(-42);
        for (int n = 0; n < 1000; n++) {
            assertEquals(jdk.nextLong(), ours.nextLong());
        }
    }

    @Test
    void gaussiansHaveTheMomentsOfANormal() {
        final SeededRandom random = new SeededRandom(1);
        final int n = 200_000;
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        int beyond196 = 0;
        for (int s = 0; s < n; s++) {
            final double x = random.nextGaussian();
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
            beyond196 += Math.abs(x) > 1.959964 ? 1 : 0;
        }
        // Tolerances of five standard errors.
        assertEquals(0, sum / n, 5 / Math.sqrt(n));
        assertEquals(1, squares / n, 5 * Math.sqrt(2.0 / n));
        assertEquals(3, fourth / n, 5 * Math.sqrt(96.0 / n));
        assertEquals(0.05, (double)beyond196 / n, 5 * Math.sqrt(0.05 * 0.95 / n));
    }

    @Test
    void boundedNumbersAreUniformAndInRange() {
        final SeededRandom random = new SeededRandom(2);
        final int[] counts = new int[7];
        for (int n = 0; n < 70_000; n++) {
            counts[random.nextInt(7)]++;
        }
        for (final int count : counts) {
            assertEquals(10_000, count, 5 * Math.sqrt(10_000 * 6 / 7.0));
        }
        assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
        for (int n = 0; n < 1000; n++) {
            final double u = random.uniform(-2, 3);
            assertTrue(u >= -2 && u < 3);
        }
        assertEquals(5, random.uniform(5, 5));
    }

    @Test
    void keysMakeStreamsOfTheirOwn() {
        assertEquals(SeededRandom.of(1, 2, 3).nextLong(), SeededRandom.of(1, 2, 3).nextLong());
        final long[] firsts = new long[4000];
        int n = 0;
        for (int seed = 0; seed < 10; seed++) {
            for (int a = 0; a < 20; a++) {
                for (int b = 0; b < 20; b++) {
                    firsts[n++] = SeededRandom.of(seed, a, b).nextLong();
                }
            }
        }
        assertEquals(4000, Arrays.stream(firsts).distinct().count());
        assertNotEquals(SeededRandom.of(1).nextLong(), SeededRandom.of(1, 0).nextLong());
    }

    @Test
    void shuffleKeepsTheElements() {
        final int[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        new SeededRandom(3).shuffle(values);
        assertTrue(!Arrays.equals(values, new int[]{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
        Arrays.sort(values);
        assertEquals("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", Arrays.toString(values));
    }
}
