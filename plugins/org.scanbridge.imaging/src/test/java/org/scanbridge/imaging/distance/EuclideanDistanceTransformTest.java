package org.scanbridge.imaging.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import org.junit.jupiter.api.Test;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class EuclideanDistanceTransformTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    /** Compares with the definition: the minimum over all members. */
    @Property(tries = 150)
    void isTheMinimumOverAllMembers(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 9) final int ni,
        @ForAll @IntRange(min = 1, max = 8) final int nj, @ForAll @IntRange(min = 1, max = 7) final int nk,
        @ForAll @DoubleRange(min = 0.1, max = 5) final double si, @ForAll @DoubleRange(min = 0.1, max = 5) final double sk) {
        final Random random = new Random(seed);
        final double density = random.nextDouble() * random.nextDouble();
        final boolean[] set = new boolean[ni * nj * nk];
        for (int v = 0; v < set.length; v++) {
            set[v] = random.nextDouble() < density;
        }
        final float[] squares = new EuclideanDistanceTransform(new double[]{si, 1, sk}, ALONE)
            .squaredDistances(set, new int[]{ni, nj, nk});
        for (int v = 0; v < set.length; v++) {
            double min = Double.POSITIVE_INFINITY;
            for (int w = 0; w < set.length; w++) {
                if (set[w]) {
                    final double x = si * (v % ni - w % ni);
                    final double y = v / ni % nj - w / ni % nj;
                    final double z = sk * (v / ni / nj - w / ni / nj);
                    min = Math.min(min, x * x + y * y + z * z);
                }
            }
            assertEquals(min, squares[v], Double.isInfinite(min) ? 0 : 1e-6 * (1 + min));
        }
    }

    @Test
    void wholeSquaresAreExactWhateverTheWorkers() {
        final int[] size = {60, 50, 40};
        final boolean[] set = new boolean[60 * 50 * 40];
        set[(7 * 50 + 9) * 60 + 11] = true;
        final float[] one = new EuclideanDistanceTransform(new double[]{1, 2, 3}, ALONE).squaredDistances(set, size);
        assertEquals(48 * 48 + 80 * 80 + 96 * 96, one[(39 * 50 + 49) * 60 + 59]);
        try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
            assertArrayEquals(one,
                new EuclideanDistanceTransform(new double[]{1, 2, 3}, three).squaredDistances(set, size));
        }
    }

    @Test
    void refusesBadSpacingAndSize() {
        assertThrows(IllegalArgumentException.class,
            () -> new EuclideanDistanceTransform(new double[]{1, 0, 1}, ALONE));
        assertThrows(IllegalArgumentException.class,
            () -> new EuclideanDistanceTransform(new double[]{1, 1, 1}, ALONE).squaredDistances(new boolean[3],
                new int[]{2, 2, 1}));
    }
}
