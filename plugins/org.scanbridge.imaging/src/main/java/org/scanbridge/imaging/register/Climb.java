package org.scanbridge.imaging.register;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;
import org.scanbridge.imaging.Progress;

/**
 * Climbs to a maximum by Powell's BOBYQA (2009, in Hipparchus). It needs no derivatives, which samples that leave the image do
 * not have, and its quadratic model follows the long valleys between rotations and shears, in which Powell's conjugate
 * directions (1964) came to a halt a millimeter too early. Where rounding stops it, the best point that it has seen counts, as it
 * does after its last step.
 */
final class Climb {

    /** Of the first step, where it stops. */
    private static final double LAST_STEP = 0.01;

    private static final int MOST_EVALUATIONS = 2_000;

    private Climb() {
    }

    /**
     * @param height finite
     * @param from where it starts
     * @param unit the first step, in mm as the parameters are
     * @return the highest point that was seen
     */
    static double[] highest(final ToDoubleFunction<double[]> height, final double[] from, final double unit,
        final Progress progress) {
        final double[] best = scaled(from, 1 / unit);
        final double[] most = {height.applyAsDouble(from)};
        final int[] done = new int[1];
        final ObjectiveFunction objective = new ObjectiveFunction(p -> {
            progress.report(Math.min(1, done[0]++ / 400.0), "Aligning");
            final double h = height.applyAsDouble(scaled(p, unit));
            if (h > most[0]) {
                most[0] = h;
                System.arraycopy(p, 0, best, 0, p.length);
            }
            return h;
        });
        try {
            new BOBYQAOptimizer(2 * best.length + 1, 1, LAST_STEP).optimize(GoalType.MAXIMIZE, new MaxEval(MOST_EVALUATIONS),
                new InitialGuess(best.clone()), SimpleBounds.unbounded(best.length), objective);
        } catch (final MathIllegalStateException e) {
            progress.report(1, "Aligning: no further step");
        }
        return scaled(best, unit);
    }

    private static double[] scaled(final double[] x, final double factor) {
        return Arrays.stream(x).map(p -> p * factor).toArray();
    }
}
