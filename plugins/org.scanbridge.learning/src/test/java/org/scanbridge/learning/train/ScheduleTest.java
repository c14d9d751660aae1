package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.train.Schedule.Kind;

class ScheduleTest {

    private static final int STEPS = 100;

    /** The factor when a share p of the steps is done. */
    private static double at(final Schedule schedule, final double p) {
        return schedule.factor((int)Math.round(p * STEPS) + 1, STEPS, List.of());
    }

    private static double at(final Kind kind, final double p) {
        return at(Schedule.of(kind), p);
    }

    /** Values computed outside Java: 0.5^0.9 = 0.5358867, 11^-0.75 = 0.1655600, (1 + cos 0.3π)/2 = 0.7938926. */
    @Test
    void followFormulas() {
        for (final Kind kind : Kind.values()) {
            assertEquals(1, at(kind, 0), kind.name());
        }
        assertEquals(1, at(Kind.CONSTANT, 0.7));
        assertEquals(1, at(Kind.HALF_LINEAR, 0.5));
        assertEquals(0.52, at(Kind.HALF_LINEAR, 0.75), 1e-12);
        assertEquals(0.02, at(Kind.HALF_LINEAR, 1), 1e-12);
        assertEquals(0.5358867, at(Kind.POLYNOMIAL, 0.5), 1e-7);
        assertEquals(0, at(Kind.POLYNOMIAL, 1));
        assertEquals(0.1655600, at(Kind.DANN, 1), 1e-7);
        assertEquals(0.7938926, at(Kind.COSINE, 0.3), 1e-7);
        assertEquals(0, at(Kind.COSINE, 1), 1e-12);
    }

    @Test
    void stepsFallAfterEachPeriod() {
        final Schedule quarters = new Schedule(Kind.STEP, 0.25, 0.5, 1, 0);
        assertEquals(1, at(quarters, 0.24));
        assertEquals(0.5, at(quarters, 0.25));
        assertEquals(0.25, at(quarters, 0.74), 1e-12);
        assertEquals(0.125, at(quarters, 0.99), 1e-12);
    }

    @Test
    void warmUpRisesInAStraightLine() {
        final Schedule warm = Schedule.of(Kind.CONSTANT).withWarmUp(0.1);
        assertEquals(0.1, warm.factor(1, STEPS, List.of()), 1e-12);
        assertEquals(0.5, warm.factor(5, STEPS, List.of()), 1e-12);
        assertEquals(1, warm.factor(10, STEPS, List.of()));
        assertEquals(1, warm.factor(11, STEPS, List.of()));
        assertEquals(0.5 * at(Kind.COSINE, 0.04), Schedule.of(Kind.COSINE).withWarmUp(0.1).factor(5, STEPS, List.of()),
            1e-12);
    }

    /** Two validations without a new best; equal is not better. */
    @Test
    void plateauFallsWhenTheDiceDoesNotRise() {
        final Schedule plateau = new Schedule(Kind.PLATEAU, 1, 0.1, 2, 0);
        final List<StepMetrics> curve = new ArrayList<>();
        final double[] dice = {0.5, 0.6, 0.6, 0.55, 0.7, 0.6, 0.6, 0.6, 0.6};
        final double[] expected = {1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001};
        for (int v = 0; v < dice.length; v++) {
            curve.add(metrics(2 * v + 1, Double.NaN));
            curve.add(metrics(2 * v + 2, dice[v]));
            assertEquals(expected[v], plateau.factor(2 * v + 3, STEPS, curve), 1e-12, "after validation " + v);
        }
    }

    private static StepMetrics metrics(final int step, final double dice) {
        return new StepMetrics(step, 1, 0, 1, Double.NaN, Double.NaN, Double.NaN, dice);
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Kind.STEP, 0, 0.1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Kind.STEP, 1, 1.1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Kind.PLATEAU, 1, 0.1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Kind.STEP, 1, 0.1, 1, Double.NaN));
    }
}
