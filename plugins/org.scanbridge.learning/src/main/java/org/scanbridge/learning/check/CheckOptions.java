package org.scanbridge.learning.check;

/**
 * How {@link AdaptationCheck} works.
 *
 * @param shifts under how many simulated shifts each labeled image is segmented, from 1 (as it is) to 100
 * @param coverage probability with which intervals shall hold the true Dice, within [0.5, 0.99]
 * @param tolerance by how much the Dice may be less than on the source, within [0, 0.5]
 * @param references by how many labeled images each segmentation is reversed ({@link ReverseAccuracy}), 0 to 20; 0 for
 *            none. Takes many times longer
 * @param seed the same seed, the same shifts
 */
public record CheckOptions(int shifts, double coverage, double tolerance, int references, long seed) {

    /** Twelve shifts, intervals of 90 %, a tolerance of 0.05. */
    public static final CheckOptions DEFAULT = new CheckOptions(12, 0.9, 0.05, 0, 1);

    /** @throws IllegalArgumentException if a number is out of range */
    public CheckOptions {
        require(shifts, 1, 100, "number of simulated shifts");
        require(coverage, 0.5, 0.99, "coverage of the intervals");
        require(tolerance, 0, 0.5, "tolerated loss of Dice");
        require(references, 0, 20, "number of reversed images");
    }

    private static void require(final double x, final double from, final double to, final String name) {
        if (!(x >= from && x <= to)) {
            throw new IllegalArgumentException(name + " " + x + " must be within " + from + " and " + to);
        }
    }
}
