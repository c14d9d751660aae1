package org.scanbridge.imaging.stats;

import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalDouble;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Scores of several subjects in short. Missing scores are left out of every figure and counted.
 *
 * @param count number of scores that are there
 * @param missing number of missing scores
 * @param mean arithmetic mean; missing without scores
 * @param standardDeviation sample standard deviation (n - 1); missing with fewer than two scores
 * @param median middle score, the mean of the two middle ones of an even number
 * @param lower lower end of the 95 % bootstrap confidence interval of the mean
 * @param upper its upper end
 */
public record ScoreSummary(int count, int missing, OptionalDouble mean, OptionalDouble standardDeviation,
    OptionalDouble median, OptionalDouble lower, OptionalDouble upper) {

    /** Number of bootstrap resamples. */
    public static final int RESAMPLES = 2000;

    /**
     * @param scores of the subjects, some perhaps missing
     * @param seed of the bootstrap: percentile interval of the mean over {@value #RESAMPLES} resamples with replacement
     *            (Efron, Annals of Statistics 7, 1979)
     */
    public static ScoreSummary of(final Collection<OptionalDouble> scores, final long seed) {
        final double[] x = scores.stream().filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble)
            .sorted().toArray();
        final int missing = scores.size() - x.length;
        if (x.length == 0) {
            final OptionalDouble none = OptionalDouble.empty();
            return new ScoreSummary(0, missing, none, none, none, none, none);
        }
        final double mean = Arrays.stream(x).sum() / x.length;
        final double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        final double[] means = new double[RESAMPLES];
        final SeededRandom random = new SeededRandom(seed);
        for (int r = 0; r < RESAMPLES; r++) {
            for (int n = 0; n < x.length; n++) {
                means[r] += x[random.nextInt(x.length)];
            }
            means[r] /= x.length;
        }
        Arrays.sort(means);
        return new ScoreSummary(x.length, missing, OptionalDouble.of(mean),
            x.length < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (x.length - 1))),
            OptionalDouble.of(Percentiles.ofSorted(x, 50)), OptionalDouble.of(Percentiles.ofSorted(means, 2.5)),
            OptionalDouble.of(Percentiles.ofSorted(means, 97.5)));
    }
}
