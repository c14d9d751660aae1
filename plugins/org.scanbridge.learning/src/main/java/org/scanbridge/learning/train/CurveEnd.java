package org.scanbridge.learning.train;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Was the loss still falling when a training ended? Looks at the last quarter of the steps: the losses of single steps are noisy
 * and neighbors depend on each other, so they are averaged in {@value #BLOCKS} blocks (the method of batch means, Law:
 * Simulation Modeling and Analysis, section 9.5.3), and a straight line is fitted to the means by least squares. With b its
 * slope and s(b) its standard error, b ± t s(b) is an interval for the slope, t = {@value #T} being the 99 % quantile of
 * Student's t with {@value #BLOCKS} − 2 degrees of freedom; a flat curve with independent noise lies beyond its upper end in 1 %
 * of all trainings (simulated: where each loss keeps half of the deviation of the one before, in up to 4 %).
 *
 * @param steps how many steps were looked at, the last ones
 * @param loss mean loss over them
 * @param fall by how much the line falls over them; negative where it rises
 * @param leastFall lower end of the interval for the fall
 * @param annealed whether the learning rate fell to less than half over them
 */
public record CurveEnd(int steps, double loss, double fall, double leastFall, boolean annealed) {

    private static final int BLOCKS = 10;

    /** 99 % quantile of Student's t with 8 degrees of freedom, one-sided; any table of it. */
    private static final double T = 2.896;

    private static final int PART = 4;

    /** Means of single steps depend too much on their neighbors for the interval. */
    private static final int LEAST_STEPS = 2;

    /** A surely smaller fall, as a share of the loss, is not worth another training. */
    private static final double WORTH = 0.05;

    /**
     * The same where the learning rate falls to less than half in these steps: the loss then falls because the steps become
     * smaller, with nothing left to learn, too. In nine trainings of the shipped workflow (400 steps, three seeds) it surely fell
     * by up to 0.107.
     */
    private static final double WORTH_ANNEALED = 0.15;

    /**
     * The end of a curve.
     *
     * @param curve of all steps
     * @return empty if there are too few steps to tell (less than 80), or steps without a loss
     */
    public static Optional<CurveEnd> of(final List<StepMetrics> curve) {
        final int size = curve.size() / PART / BLOCKS;
        if (size < LEAST_STEPS) {
            return Optional.empty();
        }
        final int steps = size * BLOCKS;
        final double[] means = new double[BLOCKS];
        for (int n = 0; n < steps; n++) {
            means[n / size] += curve.get(curve.size() - steps + n).loss() / size;
        }
        double mean = 0;
        for (final double m : means) {
            mean += m / BLOCKS;
        }
        if (!Double.isFinite(mean)) {
            return Optional.empty();
        }
        final double middle = (BLOCKS - 1) / 2.0;
        double squares = 0;
        double products = 0;
        for (int b = 0; b < BLOCKS; b++) {
            squares += (b - middle) * (b - middle);
            products += (b - middle) * (means[b] - mean);
        }
        final double slope = products / squares;
        double residuals = 0;
        for (int b = 0; b < BLOCKS; b++) {
            final double r = means[b] - mean - slope * (b - middle);
            residuals += r * r;
        }
        final double error = Math.sqrt(residuals / (BLOCKS - 2) / squares);
        return Optional.of(new CurveEnd(steps, mean, -slope * BLOCKS, (-slope - T * error) * BLOCKS,
            curve.get(curve.size() - 1).learningRate() < curve.get(curve.size() - steps).learningRate() / 2));
    }

    /** Whether it surely fell by as much as is worth another training. */
    public boolean isFalling() {
        return leastFall > (annealed ? WORTH_ANNEALED : WORTH) * Math.abs(loss);
    }

    /**
     * What to tell the user of a training. Nothing without labels in its last step, as what is made small then says little of the
     * result; nothing if validations say that more steps bring no more: if it was ended by them, or
     * they chose a step before the last quarter, whatever they judge by.
     *
     * @param curve of all steps
     * @param planned steps that it was to have
     * @param keptStep the step whose weights were kept; the last one if nothing chose
     */
    public static Optional<String> warning(final List<StepMetrics> curve, final int planned, final int keptStep) {
        if (curve.isEmpty() || Double.isNaN(curve.get(curve.size() - 1).dice())) {
            return Optional.empty();
        }
        final Optional<CurveEnd> end = of(curve);
        if (end.isEmpty() || !end.get().isFalling() || curve.size() < planned) {
            return Optional.empty();
        }
        if (keptStep <= curve.size() - end.get().steps()) {
            return Optional.empty();
        }
        return Optional.of(end.get().words(curve.size()));
    }

    private String words(final int all) {
        return String.format(Locale.ROOT, "The training ended before its curve was flat: over its last %d of %d steps the loss fell"
            + " by %.0f %% of its value there (surely by %.0f %%). More steps are likely to gain; how much, the curve cannot tell."
            + " Set \"Steps\" to %d or more, or take a larger learning rate.", steps, all, 100 * fall / Math.abs(loss),
            100 * leastFall / Math.abs(loss), 2 * all);
    }
}
