package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** Schedules and defaults as in methods.md D; ranges. */
class AdaptationTermTest {

    private static final List<AdaptationTerm> ALL = List.of(GradientReversalTerm.defaults(), CriticTerm.wasserstein(),
        CriticTerm.leastSquares(), ConsistencyTerm.defaults(), EntropyTerm.defaults(), ClassAlignmentTerm.defaults(),
        ContrastiveTerm.defaults(), TripletTerm.defaults());

    @Property(tries = 100)
    void weightsStayBetweenZeroAndTheirBound(@ForAll @DoubleRange(min = 0, max = 0.99) final double progress) {
        for (final AdaptationTerm term : ALL) {
            final double weight = term.weight(progress);
            assertTrue(weight >= 0 && weight <= 1, term + " at " + progress + ": " + weight);
        }
    }

    /** tanh(5 p), from methods.md: λ(p) = 2 / (1 + e^(-10 p)) - 1. */
    @Test
    void gradientReversalRisesAsInThePaper() {
        assertEquals(0, GradientReversalTerm.defaults().weight(0));
        assertEquals(Math.tanh(2.5), GradientReversalTerm.defaults().weight(0.5), 1e-12);
    }

    /** Of 120 000 steps: e^-5 at the first, 1 from 32 000 to 100 000, e^-12.5 at the end. */
    @Test
    void consistencyRisesAndFallsAsInThePaper() {
        final ConsistencyTerm term = ConsistencyTerm.defaults();
        assertEquals(Math.exp(-5), term.weight(0), 1e-12);
        assertEquals(Math.exp(-5 * 0.25), term.weight(16.0 / 120), 1e-12);
        assertEquals(1, term.weight(32.0 / 120));
        assertEquals(1, term.weight(99.9 / 120));
        assertEquals(Math.exp(-12.5 * 0.25), term.weight(110.0 / 120), 1e-12);
        assertEquals(Math.exp(-12.5), term.weight(1), 1e-12);
    }

    /** RMSProp 3e-4, times 0.98 every 100 steps, clipping 0.03, second critic 0.3, weight 0.002. */
    @Test
    void wassersteinHasTheNumbersOfPnpAdaNet() {
        final CriticTerm term = CriticTerm.wasserstein();
        assertEquals(3e-4, term.rate(1));
        assertEquals(3e-4, term.rate(100));
        assertEquals(3e-4 * 0.98, term.rate(101), 1e-15);
        assertEquals(3e-4 * 0.98 * 0.98, term.rate(300), 1e-15);
        assertEquals(0.03, term.clip());
        assertEquals(0.002, term.weight());
        assertEquals(0.3, term.maskWeight());
        assertEquals(OptimizerSpec.Kind.RMSPROP, term.optimizer().kind());
        assertEquals(0, term.weight(0.09), "the critic leads");
        assertTrue(term.weight(0.2) > 0);
    }

    @Test
    void alignmentHasThePapersNumbers() {
        assertEquals(new ClassAlignmentTerm(0.5, 2), ClassAlignmentTerm.defaults());
        assertEquals(0.005, TripletTerm.defaults().weight());
        assertEquals(10, TripletTerm.defaults().margin());
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new EntropyTerm(-1));
        assertThrows(IllegalArgumentException.class, () -> new EntropyTerm(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new ConsistencyTerm(1, 11, false));
        assertThrows(IllegalArgumentException.class, () -> new ClassAlignmentTerm(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TripletTerm(1, Double.POSITIVE_INFINITY, 4));
        assertThrows(IllegalArgumentException.class, () -> new ContrastiveTerm(1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> CriticTerm.wasserstein().withCriticSteps(0));
        assertThrows(IllegalArgumentException.class, () -> CriticTerm.wasserstein().withCriticLearningRate(0));
    }
}
