package org.scanbridge.learning.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Which step of a curve is the best by its validations. Follows from the curve alone, so that a training which goes on from
 * a saved state chooses as it would have.
 * <p>
 * By one measure it is the step with the best value, the first of several. By {@link Stopping.Measure#BOTH} each validation
 * has a rank by its Dice on the source and one by its score without labels (1 + the number of validations that are strictly
 * better); the step whose worse rank is the smallest wins, of several the one with the smaller sum of ranks, then the first.
 * Ranks change while the training goes on, but a step than which another is at least as good by both, and better by one, never
 * becomes the best again; so only the weights of the others need be kept.
 * <p>
 * A Dice of 0 judges nothing: the network found no structure yet. Of equal validations that found nothing it is therefore the
 * last, which was trained the longest, and never the first; and none of them counts as waited for.
 *
 * @param measure what steps are judged by
 */
record StepChoice(Stopping.Measure measure) {

    /** A validation; one that found nothing has a Dice of 0. */
    private record Point(int step, double first, double second, boolean foundNothing) {

        /** Whether it makes the other superfluous. */
        boolean beats(final Point other) {
            final boolean worse = first < other.first || second < other.second;
            final boolean better = first > other.first || second > other.second;
            return !worse && (better || turn() < other.turn());
        }

        /** The least goes first among equals. */
        int turn() {
            return foundNothing ? -step : step;
        }
    }

    /** @return the best step; empty without a validation that has all that counts */
    OptionalInt best(final List<StepMetrics> curve) {
        final List<Point> points = points(curve);
        final Comparator<Point> order = Comparator.comparingInt((Point p) -> Math.max(rank(p, points, Point::first),
            rank(p, points, Point::second))).thenComparingInt(
                p -> rank(p, points, Point::first) + rank(p, points, Point::second)).thenComparing(Point::foundNothing).thenComparingInt(Point::turn);
        return points.stream().min(order).map(p -> OptionalInt.of(p.step())).orElseGet(OptionalInt::empty);
    }

    /** The steps that are the best or may become it, whatever the validations to come say. */
    Set<Integer> candidates(final List<StepMetrics> curve) {
        final List<Point> points = points(curve);
        final Set<Integer> steps = new TreeSet<>();
        points.stream().filter(p -> points.stream().noneMatch(other -> other.beats(p))).forEach(p -> steps.add(p.step()));
        return steps;
    }

    /** How many validations came after the best one. */
    int waited(final List<StepMetrics> curve) {
        final OptionalInt best = best(curve);
        return best.isEmpty() ? 0
            : (int)points(curve).stream().filter(p -> p.step() > best.getAsInt()).count();
    }

    private static int rank(final Point point, final List<Point> all, final ToDoubleFunction<Point> value) {
        return 1 + (int)all.stream().filter(p -> value.applyAsDouble(p) > value.applyAsDouble(point)).count();
    }

    private List<Point> points(final List<StepMetrics> curve) {
        final List<Point> points = new ArrayList<>();
        for (final StepMetrics m : curve) {
            final double first = switch (measure) {
                case DICE, BOTH -> m.validationDice();
                case LOSS -> -other(m, StepMetrics.VALIDATION_LOSS);
                case AUC -> other(m, StepMetrics.VALIDATION_AUC);
                case LABEL_FREE -> other(m, StepMetrics.LABEL_FREE_SCORE);
            };
            final double second =
                measure == Stopping.Measure.BOTH ? other(m, StepMetrics.LABEL_FREE_SCORE) : first;
            if (!Double.isNaN(first) && !Double.isNaN(second)) {
                points.add(new Point(m.step(), first, second, measure.isByDice() && first == 0));
            }
        }
        return points;
    }

    private static double other(final StepMetrics metrics, final String name) {
        return metrics.others().getOrDefault(name, Double.NaN);
    }
}
