package org.scanbridge.imaging.stats;

/**
 * How far a measurement differs from a reference over several subjects (Bland and Altman, Statistical methods for
 * assessing agreement between two methods of clinical measurement, Lancet 327, 1986): two measurements may correlate
 * perfectly and still disagree, which the mean difference and its spread tell in the unit of the measurement.
 * <p>
 * The article's peak flow rates of 17 subjects give a mean difference of -2.1 and a standard deviation of 38.8 l/min.
 *
 * @param count number of subjects, at least 2
 * @param meanDifference mean of measured - reference
 * @param standardDeviation sample standard deviation (n - 1) of the differences
 */
public record BlandAltman(int count, double meanDifference, double standardDeviation) {

    /** Standard deviations between the mean of a normal distribution and the ends of its middle 95 %. */
    private static final double MIDDLE_95 = 1.96;

    /**
     * @param measured one value per subject
     * @param reference the other value of each subject
     * @throws IllegalArgumentException if there are fewer than 2 subjects, the numbers of values differ, or a value is
     *             not finite
     */
    public static BlandAltman of(final double[] measured, final double[] reference) {
        if (measured.length < 2 || measured.length != reference.length) {
            throw new IllegalArgumentException("limits of agreement need two values of each of at least 2 subjects, not "
                + measured.length + " and " + reference.length + " values");
        }
        double mean = 0;
        for (int n = 0; n < measured.length; n++) {
            final double difference = measured[n] - reference[n];
            if (!Double.isFinite(difference)) {
                throw new IllegalArgumentException("values " + measured[n] + " and " + reference[n] + " of subject " + n
                    + " are no numbers. Leave subjects with missing values out.");
            }
            mean += difference / measured.length;
        }
        double squares = 0;
        for (int n = 0; n < measured.length; n++) {
            final double deviation = measured[n] - reference[n] - mean;
            squares += deviation * deviation;
        }
        return new BlandAltman(measured.length, mean, Math.sqrt(squares / (measured.length - 1)));
    }

    /** Lower 95 % limit of agreement. */
    public double lower() {
        return meanDifference - MIDDLE_95 * standardDeviation;
    }

    /** Upper 95 % limit of agreement. */
    public double upper() {
        return meanDifference + MIDDLE_95 * standardDeviation;
    }
}
