package org.scanbridge.imaging.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MedianFilterTest {

    private static final int[] SIZE = {5, 4, 3};

    private static final int[] VALUES = {38, 58, 13, 15, 51, 27, 10, 19, 12, 86, 49, 67, 84, 60, 25, 43, 89, 83, 37, 66, 66, 78, 95,
        11, 67, 54, 31, 45, 82, 36, 24, 5, 94, 2, 51, 67, 54, 53, 61, 96, 28, 88, 85, 43, 67, 6, 65, 3, 62, 34, 53, 20, 44, 3,
        62, 18, 22, 27, 57, 45};

    private static boolean[] all(final int n) {
        final boolean[] all = new boolean[n];
        Arrays.fill(all, true);
        return all;
    }

    private static float[] floats(final int... values) {
        final float[] floats = new float[values.length];
        for (int v = 0; v < floats.length; v++) {
            floats[v] = values[v];
        }
        return floats;
    }

    @Test
    void rowOfTheJavadoc() {
        assertArrayEquals(floats(9, 2, 2, 3, 3),
            new MedianFilter(1, 0, 0).apply(floats(9, 1, 2, 8, 3), new int[]{5, 1, 1}, all(5)));
    }

    /** scipy.ndimage.median_filter(v, size=(3, 3, 3), mode='nearest') of SciPy 1.17. */
    @Test
    void cubeAsInSciPy() {
        assertArrayEquals(floats(38, 38, 15, 19, 51, 38, 45, 31, 45, 51, 43, 49, 54, 60, 60, 49, 67, 61, 61, 61, 38, 54, 45, 45, 51,
            38, 45, 44, 45, 51, 43, 44, 45, 51, 51, 43, 53, 54, 57, 57, 54, 66, 65, 62, 62, 31, 45, 44, 45, 51, 24, 27, 44, 45, 51,
            22, 27, 27, 51, 57), new MedianFilter(1, 1, 1).apply(floats(VALUES), SIZE, all(60)));
    }

    /** scipy.ndimage.median_filter(v, size=(1, 3, 5), mode='nearest'): 5 along i, 3 along j. */
    @Test
    void boxAsInSciPy() {
        assertArrayEquals(floats(38, 27, 27, 51, 51, 38, 38, 38, 51, 51, 43, 43, 49, 66, 66, 49, 49, 66, 66, 66, 66, 66, 66, 67, 67,
            54, 54, 51, 51, 51, 54, 54, 53, 51, 51, 54, 54, 54, 54, 61, 28, 43, 62, 67, 67, 28, 43, 44, 62, 62, 20, 22, 34, 44, 45,
            22, 22, 27, 45, 45), new MedianFilter(2, 1, 0).apply(floats(VALUES), SIZE, all(60)));
    }

    @Test
    void elsewhereIsZeroButSeen() {
        final boolean[] where = new boolean[5];
        where[1] = true;
        assertArrayEquals(floats(0, 2, 0, 0, 0),
            new MedianFilter(1, 0, 0).apply(floats(9, 1, 2, 8, 3), new int[]{5, 1, 1}, where));
    }

    /** A law of medians: they commute with monotone functions, here 3 - 2x. */
    @Property(tries = 20)
    void commutesWithMonotoneFunctions(@ForAll final long seed, @ForAll @IntRange(max = 2) final int i,
        @ForAll @IntRange(max = 1) final int j) {
        final Random random = new Random(seed);
        final float[] x = new float[60];
        final float[] y = new float[60];
        for (int v = 0; v < 60; v++) {
            x[v] = random.nextInt(1000);
            y[v] = 3 - 2 * x[v];
        }
        final MedianFilter filter = new MedianFilter(i, j, 1);
        final float[] ofX = filter.apply(x, SIZE, all(60));
        final float[] ofY = filter.apply(y, SIZE, all(60));
        for (int v = 0; v < 60; v++) {
            assertEquals(3 - 2 * ofX[v], ofY[v]);
        }
    }

    @Test
    void badRadiiAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new MedianFilter(1, 1));
        assertThrows(IllegalArgumentException.class, () -> new MedianFilter(1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new MedianFilter(60, 60, 60));
    }
}
