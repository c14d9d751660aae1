package org.scanbridge.imaging.stats;

/**
 * Percentiles by linear interpolation between order statistics, the definition of {@code numpy.percentile}'s default
 * (Hyndman and Fan, type 7): of n sorted values x₀ … xₙ₋₁ the p-th percentile lies at index p/100·(n-1).
 * <p>
 * Of 1, 2, 3, 4 the percentiles 0, 25, 50, 95, 100 are 1, 1.75, 2.5, 3.85, 4.
 */
public final class Percentiles {

    private Percentiles() {
    }

    /**
     * @param values at least one, none of them NaN; not changed
     * @param percents each in [0, 100]
     * @return one percentile per entry of {@code percents}
     * @throws IllegalArgumentException if there is no value, or a percentage is out of range
     */
    public static double[] of(final float[] values, final double... percents) {
        final int[] ranks = new int[2 * percents.length];
        for (int p = 0; p < percents.length; p++) {
            ranks[2 * p] = (int)index(values.length, percents[p]);
            ranks[2 * p + 1] = Math.min(ranks[2 * p] + 1, values.length - 1);
        }
        final float[] selected = OrderStatistics.select(values, ranks);
        final double[] result = new double[percents.length];
        for (int p = 0; p < result.length; p++) {
            result[p] =
                between(selected[2 * p], selected[2 * p + 1], index(values.length, percents[p]) - ranks[2 * p]);
        }
        return result;
    }

    /** As {@link #of(float[], double...)} of doubles that are already sorted in increasing order. */
    public static double ofSorted(final double[] sorted, final double percent) {
        final double index = index(sorted.length, percent);
        final int below = (int)index;
        final int above = Math.min(below + 1, sorted.length - 1);
        return between(sorted[below], sorted[above], index - below);
    }

    private static double index(final int count, final double percent) {
        if (count == 0) {
            throw new IllegalArgumentException("no values to take the " + percent + "th percentile of");
        }
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percentile " + percent + " is outside 0..100");
        }
        return percent / 100 * (count - 1);
    }

    private static double between(final double a, final double b, final double t) {
        return a + t * (b - a);
    }
}
