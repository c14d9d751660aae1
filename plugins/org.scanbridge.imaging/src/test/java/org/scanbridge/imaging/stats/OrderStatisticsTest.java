package org.scanbridge.imaging.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

class OrderStatisticsTest {

    /** Compares with sorting, over all magnitudes and signs, with ties, few values and many. */
    @Test
    void selectsWhatSortingWould() {
        final Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            final float[] values = new float[1 + random.nextInt(round % 2 == 0 ? 3000 : 9000)];
            for (int v = 0; v < values.length; v++) {
                values[v] = switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(5);
                    case 1 -> (float)random.nextGaussian();
                    case 2 -> -1000 * random.nextFloat();
                    default -> (float)Math.pow(10, 30 * random.nextGaussian() / 3);
                };
                values[v] = Float.isFinite(values[v]) ? values[v] : Float.MAX_VALUE;
            }
            final float[] sorted = values.clone();
            Arrays.sort(sorted);
            final int[] ranks = new int[values.length];
            for (int r = 0; r < ranks.length; r++) {
                ranks[r] = ranks.length - 1 - r;
            }
            final float[] selected = OrderStatistics.select(values, ranks);
            for (int r = 0; r < ranks.length; r++) {
                assertEquals(sorted[ranks[r]], selected[r]);
            }
        }
    }

    @Test
    void zerosInfinitiesAndNegativesKeepTheirOrder() {
        final float[] values = {0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -1};
        assertArrayEquals(new float[]{Float.NEGATIVE_INFINITY, -1, -0f, 0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY},
            OrderStatistics.select(values, 0, 1, 2, 3, 4, 5));
        final float[] many = new float[1000 * values.length];
        for (int v = 0; v < many.length; v++) {
            many[v] = values[v % values.length];
        }
        assertArrayEquals(new float[]{Float.NEGATIVE_INFINITY, -1, -0f, 0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY},
            OrderStatistics.select(many, 999, 1000, 2999, 3000, 4500, 5000));
    }
}
