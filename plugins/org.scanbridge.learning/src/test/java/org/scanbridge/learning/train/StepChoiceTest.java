package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.train.Stopping.Measure;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class StepChoiceTest {

    private static final StepChoice BOTH = new StepChoice(Measure.BOTH);

    private static StepMetrics step(final int step, final double dice, final double score) {
        return new StepMetrics(step, 1, 0, 1, Double.NaN, Double.NaN, Double.NaN, dice,
            Double.isNaN(score) ? Map.of() : Map.of(StepMetrics.LABEL_FREE_SCORE, score));
    }

    /** A validation every second step. */
    private static List<StepMetrics> curve(final double[]... validations) {
        final List<StepMetrics> curve = new ArrayList<>();
        for (int n = 0; n < validations.length; n++) {
            curve.add(step(2 * n + 1, Double.NaN, Double.NaN));
            curve.add(step(2 * n + 2, validations[n][0], validations[n][1]));
        }
        return curve;
    }

    /**
     * Ranks by Dice 1 3 2 4, by evidence 4 3 2 1: the third has the smallest worse rank though it is the best by neither. By
     * one alone it is the first or the last.
     */
    @Test
    void theWorseRankCounts() {
        final List<StepMetrics> curve = curve(new double[]{0.9, 0.1}, new double[]{0.7, 0.2}, new double[]{0.8, 0.3}, new double[]{0.1, 0.4});
        assertEquals(OptionalInt.of(6), BOTH.best(curve));
        assertEquals(Set.of(2, 6, 8), BOTH.candidates(curve));
        assertEquals(1, BOTH.waited(curve));
        assertEquals(OptionalInt.of(2), new StepChoice(Measure.DICE).best(curve));
        assertEquals(Set.of(8), new StepChoice(Measure.LABEL_FREE).candidates(curve));
        assertEquals(3, new StepChoice(Measure.DICE).waited(curve));
    }

    /** Ranks 1 2 and 2 1 tie, and so do their sums: the first. */
    @Test
    void ofEqualStepsTheFirstIsKept() {
        assertEquals(OptionalInt.of(2), BOTH.best(curve(new double[]{0.9, 0.1}, new double[]{0.8, 0.2})));
        assertEquals(OptionalInt.of(2), BOTH.best(curve(new double[]{0.5, 0.5}, new double[]{0.5, 0.5})));
        assertEquals(Set.of(2), BOTH.candidates(curve(new double[]{0.5, 0.5}, new double[]{0.5, 0.5})));
    }

    /** A Dice of 0 says nothing of the weights: the most trained ones, and nobody has waited in vain for better ones. */
    @Test
    void ofStepsThatFoundNothingTheLastIsKept() {
        final StepChoice dice = new StepChoice(Measure.DICE);
        final List<StepMetrics> nothing = curve(new double[]{0, 1}, new double[]{0, 2}, new double[]{0, 2});
        assertEquals(OptionalInt.of(6), dice.best(nothing));
        assertEquals(Set.of(6), dice.candidates(nothing));
        assertEquals(0, dice.waited(nothing));
        assertEquals(OptionalInt.of(6), BOTH.best(nothing), "equal without labels, too");
        assertEquals(OptionalInt.of(4), new StepChoice(Measure.LABEL_FREE).best(nothing), "judged by something else");
        assertEquals(OptionalInt.of(4), dice.best(curve(new double[]{0, 1}, new double[]{0.1, 1}, new double[]{0, 1})));
    }

    @Test
    void withoutAValidationThatHasBothThereIsNoBest() {
        assertEquals(OptionalInt.empty(), BOTH.best(curve(new double[]{0.5, Double.NaN}, new double[]{Double.NaN, 0.5})));
        assertTrue(BOTH.candidates(List.of()).isEmpty());
    }

    /** Weights that were thrown away on the way are never asked for, and the best by one number is its maximum. */
    @Property
    void theBestIsAlwaysAmongTheCandidatesSoFar(
        @ForAll @Size(min = 1, max = 12) final List<@IntRange(min = 0, max = 5) Integer> dice,
        @ForAll @Size(min = 12, max = 12) final List<@IntRange(min = 0, max = 5) Integer> score) {
        for (final Measure measure : List.of(Measure.DICE, Measure.LABEL_FREE, Measure.BOTH)) {
            final StepChoice choice = new StepChoice(measure);
            final List<StepMetrics> curve = new ArrayList<>();
            final List<Integer> kept = new ArrayList<>();
            for (int n = 0; n < dice.size(); n++) {
                curve.add(step(n + 1, dice.get(n), score.get(n)));
                kept.add(n + 1);
                kept.retainAll(choice.candidates(curve));
                final int best = choice.best(curve).orElseThrow();
                assertTrue(kept.contains(best), measure + " " + best + " of " + kept);
                if (measure != Measure.BOTH) {
                    final List<Integer> values = (measure == Measure.DICE ? dice : score).subList(0, n + 1);
                    final Integer most = values.stream().max(Integer::compare).orElseThrow();
                    final boolean nothing = measure == Measure.DICE && most == 0;
                    assertEquals(1 + (nothing ? values.lastIndexOf(most) : values.indexOf(most)), best);
                }
            }
        }
    }
}
