package org.scanbridge.imaging.split;

/**
 * How many of a site's subjects go to each part.
 *
 * @param training share or number of training subjects
 * @param validation share or number of validation subjects
 * @param test share or number of test subjects
 * @param counts whether these are numbers of subjects per site; otherwise shares, which are scaled to add up to 1
 */
public record Proportions(double training, double validation, double test, boolean counts) {

    /** @throws IllegalArgumentException if one is negative, all are 0, or a count is not whole */
    public Proportions {
        final double[] all = {training, validation, test};
        for (final double p : all) {
            if (!(p >= 0) || Double.isInfinite(p) || counts && p != Math.rint(p)) {
                throw new IllegalArgumentException((counts ? "number of subjects " : "share of subjects ") + p
                    + " must be " + (counts ? "a whole number" : "finite") + ", at least 0");
            }
        }
        if (training + validation + test == 0) {
            throw new IllegalArgumentException("training, validation and test part are all empty");
        }
    }

    /** Shares of each site's subjects, such as 0.6, 0.2, 0.2. */
    public static Proportions fractions(final double training, final double validation, final double test) {
        return new Proportions(training, validation, test, false);
    }

    /** Numbers of subjects of each site; a site with more subjects puts the rest into training. */
    public static Proportions counts(final int training, final int validation, final int test) {
        return new Proportions(training, validation, test, true);
    }

    /**
     * The numbers for a group of {@code number} items, such as the subjects of a site, in the order of {@link Part}: by
     * largest remainder for fractions, where every part of positive share gets at least one subject.
     *
     * @throws IllegalArgumentException if the group has too few
     */
    int[] numbers(final String group, final String item, final int number) {
        final double[] wanted = {training, validation, test};
        final int needed = least();
        if (number < needed) {
            throw new IllegalArgumentException(group + " has " + number + " " + item + "(s), the split needs " + needed
                + ". Add " + item + "s, or ask for fewer parts.");
        }
        return counts ? new int[]{number - (int)validation - (int)test, (int)validation, (int)test}
            : largestRemainder(wanted, number);
    }

    /** The smallest number of items that can be divided. */
    int least() {
        int needed = 0;
        for (final double w : new double[]{training, validation, test}) {
            needed += counts ? (int)w : w > 0 ? 1 : 0;
        }
        return needed;
    }

    private static int[] largestRemainder(final double[] wanted, final int number) {
        final double sum = wanted[0] + wanted[1] + wanted[2];
        final int[] numbers = new int[wanted.length];
        final double[] exact = new double[wanted.length];
        int left = number;
        for (int p = 0; p < wanted.length; p++) {
            exact[p] = wanted[p] / sum * number;
            // Shares like 0.6 are not exact in binary; 3 of 5 must not become 2.
            numbers[p] = (int)Math.floor(exact[p] + 1e-9);
            left -= numbers[p];
        }
        for (; left > 0; left--) {
            numbers[extreme(exact, numbers, wanted, 1)]++;
        }
        for (int p = 0; p < wanted.length; p++) {
            if (wanted[p] > 0 && numbers[p] == 0) {
                numbers[p]++;
                numbers[extreme(exact, numbers, wanted, -1)]--;
            }
        }
        return numbers;
    }

    /** The part most in want of a subject (sign 1) or best able to give one (sign -1); the first if several are. */
    private static int extreme(final double[] exact, final int[] numbers, final double[] wanted, final int sign) {
        int best = -1;
        for (int p = 0; p < exact.length; p++) {
            final boolean able = wanted[p] > 0 && (sign > 0 || numbers[p] > 1);
            if (able && (best < 0 || sign * (exact[p] - numbers[p]) > sign * (exact[best] - numbers[best]) + 1e-9)) {
                best = p;
            }
        }
        return best;
    }
}
