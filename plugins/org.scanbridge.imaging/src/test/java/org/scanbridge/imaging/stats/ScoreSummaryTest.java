package org.scanbridge.imaging.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;

class ScoreSummaryTest {

    private static final OptionalDouble MISSING = OptionalDouble.empty();

    @Test
    void missingScoresAreCountedAndLeftOut() {
        final ScoreSummary s = ScoreSummary.of(
            List.of(OptionalDouble.of(1), MISSING, OptionalDouble.of(4), OptionalDouble.of(2), OptionalDouble.of(3)), 1);
        assertEquals(4, s.count());
        assertEquals(1, s.missing());
        assertEquals(2.5, s.mean().orElseThrow(), 1e-12);
        assertEquals(Math.sqrt(5 / 3.0), s.standardDeviation().orElseThrow(), 1e-12);
        assertEquals(2.5, s.median().orElseThrow(), 1e-12);
    }

    @Test
    void withoutScoresEverythingIsMissing() {
        final ScoreSummary s = ScoreSummary.of(List.of(MISSING, MISSING), 1);
        assertEquals(new ScoreSummary(0, 2, MISSING, MISSING, MISSING, MISSING, MISSING), s);
        final ScoreSummary one = ScoreSummary.of(List.of(OptionalDouble.of(7)), 1);
        assertEquals(MISSING, one.standardDeviation());
        assertEquals(7, one.lower().orElseThrow());
    }

    /** For many normal scores the bootstrap interval is close to mean ± 1.96 s/√n. */
    @Test
    void intervalIsThatOfTheMeanAndDoesNotDependOnTheOrder() {
        final Random random = new Random(3);
        final List<OptionalDouble> scores = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            scores.add(OptionalDouble.of(0.8 + 0.1 * random.nextGaussian()));
        }
        final ScoreSummary s = ScoreSummary.of(scores, 5);
        final double half = 1.96 * s.standardDeviation().orElseThrow() / 20;
        assertEquals(s.mean().orElseThrow() - half, s.lower().orElseThrow(), 0.15 * half);
        assertEquals(s.mean().orElseThrow() + half, s.upper().orElseThrow(), 0.15 * half);
        Collections.shuffle(scores, random);
        assertEquals(s, ScoreSummary.of(scores, 5));
        assertTrue(!s.equals(ScoreSummary.of(scores, 6)));
    }
}
