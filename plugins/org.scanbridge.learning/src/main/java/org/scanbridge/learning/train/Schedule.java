package org.scanbridge.learning.train;

import java.util.List;
import java.util.Objects;

/**
 * How a learning rate changes over a training, as a factor of the rate at the start. With the progress p = (step - 1) /
 * steps in [0, 1).
 *
 * @param kind the law
 * @param period {@link Kind#STEP}: share of the training between two falls, in (0, 1]
 * @param factor {@link Kind#STEP}, {@link Kind#PLATEAU}: what each fall multiplies the rate with, in (0, 1]
 * @param patience {@link Kind#PLATEAU}: validations without a new best before a fall; at least 1
 * @param warmUp share of the training over which the rate rises in a straight line from almost 0 (Goyal et al., 2017), in
 *            [0, 1]; multiplies the law
 */
public record Schedule(Kind kind, double period, double factor, int patience, double warmUp) {

    /** The laws. */
    public enum Kind {
        /** Stays as it is. */
        CONSTANT,
        /** Times (1 - p)^0.9, as in nnU-Net (Isensee et al., Nature Methods 2021). */
        POLYNOMIAL,
        /** Stays as it is for the first half, then falls in a straight line to 2 %. */
        HALF_LINEAR,
        /** Times 1 / (1 + 10 p)^0.75, as in DANN (Ganin et al., JMLR 2016). */
        DANN,
        /** Times the factor whenever another period is over. */
        STEP,
        /** Times (1 + cos πp) / 2 (Loshchilov and Hutter, ICLR 2017, without restarts). */
        COSINE,
        /** Times the factor whenever the validation Dice has not risen for a number of validations. */
        PLATEAU
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public Schedule {
        Objects.requireNonNull(kind, "kind");
        check(period > 0 && period <= 1, "Period of the learning rate " + period + ": above 0, at most 1.");
        check(factor > 0 && factor <= 1, "Factor of the learning rate " + factor + ": above 0, at most 1.");
        check(patience >= 1, "Patience of the learning rate " + patience + ": at least 1 validation.");
        check(warmUp >= 0 && warmUp <= 1, "Warm-up " + warmUp + ": 0 to 1.");
    }

    /** A law with a period of a third, a factor of 0.1, a patience of 3 validations and no warm-up. */
    public static Schedule of(final Kind kind) {
        return new Schedule(kind, 1.0 / 3, 0.1, 3, 0);
    }

    /** The same with another warm-up. */
    public Schedule withWarmUp(final double value) {
        return new Schedule(kind, period, factor, patience, value);
    }

    /**
     * The factor of a step.
     *
     * @param step from 1
     * @param steps of the whole training
     * @param curve metrics of all steps before
     */
    public double factor(final int step, final int steps, final List<StepMetrics> curve) {
        final double law = law((step - 1.0) / steps, curve);
        final double rising = warmUp * steps;
        return step <= rising ? law * step / rising : law;
    }

    private double law(final double p, final List<StepMetrics> curve) {
        return switch (kind) {
            case CONSTANT -> 1;
            case HALF_LINEAR -> Math.min(1, 2 * (1 - p) + 0.02);
            case POLYNOMIAL -> Math.pow(1 - p, 0.9);
            case DANN -> Math.pow(1 + 10 * p, -0.75);
            case STEP -> Math.pow(factor, Math.floor(p / period + 1e-9));
            case COSINE -> (1 + Math.cos(Math.PI * p)) / 2;
            case PLATEAU -> Math.pow(factor, falls(curve));
        };
    }

    private int falls(final List<StepMetrics> curve) {
        int falls = 0;
        int waited = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (final StepMetrics m : curve) {
            if (!Double.isNaN(m.validationDice())) {
                waited++;
                if (m.validationDice() > best) {
                    best = m.validationDice();
                    waited = 0;
                } else if (waited == patience) {
                    falls++;
                    waited = 0;
                }
            }
        }
        return falls;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
