package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.metrics.ScoreCounts.BestDice;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ScoreCountsTest {

    @Test
    void fourCasesOfTheJavadoc() {
        final ScoreCounts counts = new ScoreCounts();
        counts.add(0.125f, false);
        counts.add(0.375f, false);
        counts.add(0.3125f, true);
        counts.add(0.75f, true);
        assertEquals(0.75, counts.rocArea().orElseThrow(), 1e-12);
        assertEquals(5 / 6.0, counts.averagePrecision().orElseThrow(), 1e-12);
        assertEquals(new BestDice(0.8, 0.3125), counts.bestDice().orElseThrow());
    }

    /**
     * roc_auc_score and average_precision_score of scikit-learn 1.9 on 300 cases with many ties and negative scores, drawn by
     * x ← (1103515245 x + 12345) mod 2³¹; the best Dice by trying all thresholds in NumPy.
     */
    @Test
    void tiesAndNegativeScoresAsInScikitLearn() {
        final ScoreCounts counts = new ScoreCounts();
        long x = 12345;
        for (int n = 0; n < 300; n++) {
            x = (x * 1103515245 + 12345) % (1L << 31);
            final long a = (x >> 16) % 64;
            x = (x * 1103515245 + 12345) % (1L << 31);
            counts.add((a - 20) / 16f, (x >> 16) % 100 < 10 + a);
        }
        assertEquals(125, counts.positives());
        assertEquals(175, counts.negatives());
        assertEquals(0.7000914285714286, counts.rocArea().orElseThrow(), 1e-12);
        assertEquals(0.5758175398441671, counts.averagePrecision().orElseThrow(), 1e-12);
        assertEquals(0.6514285714285715, counts.bestDice().orElseThrow().dice(), 1e-12);
        assertEquals(-0.25, counts.bestDice().orElseThrow().threshold(), 0.25 / 2048);
    }

    /** Of any scores the area is that of {@link RocCurve}, but for scores within 1/2048 of each other. */
    @Property(tries = 30)
    void agreesWithTheExactCurve(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 40) final int positives,
        @ForAll @IntRange(min = 1, max = 40) final int negatives) {
        final Random random = new Random(seed);
        final ScoreCounts counts = new ScoreCounts();
        final double[] scores = new double[positives + negatives];
        final boolean[] positive = new boolean[scores.length];
        for (int n = 0; n < scores.length; n++) {
            // quarters: told apart exactly
            scores[n] = Math.rint(random.nextGaussian() * 40) / 4;
            positive[n] = n < positives;
            counts.add((float)scores[n], positive[n]);
        }
        assertEquals(RocCurve.area(scores, positive).orElseThrow(), counts.rocArea().orElseThrow(), 1e-12);
    }

    /** Whatever the scores, no larger share than asked is above the threshold, and the next smaller score's would be too large. */
    @Property(tries = 30)
    void thresholdKeepsItsPromise(@ForAll final long seed, @ForAll @IntRange(max = 100) final int percent) {
        final Random random = new Random(seed);
        final ScoreCounts counts = new ScoreCounts();
        final float[] scores = new float[500];
        for (int n = 0; n < scores.length; n++) {
            scores[n] = (float)(random.nextGaussian() * Math.exp(4 * random.nextGaussian()));
            counts.add(scores[n], random.nextBoolean());
        }
        final float threshold = counts.threshold(percent / 100.0);
        int above = 0;
        int notBelow = 0;
        for (final float s : scores) {
            above += s > threshold ? 1 : 0;
            notBelow += s > threshold - 2 * Math.abs(threshold) / 2048 ? 1 : 0;
        }
        assertTrue(above <= percent / 100.0 * scores.length, above + " above");
        assertTrue(percent == 100 || notBelow > percent / 100.0 * scores.length, notBelow + " at or above");
    }

    @Test
    void poolsImages() {
        final ScoreCounts first = new ScoreCounts();
        first.add(1, true);
        first.add(2, false);
        final ScoreCounts second = new ScoreCounts();
        second.add(3, true);
        second.add(-0f, false);
        second.add(0f, true);
        first.addAll(second);
        // pairs in order: 1 > 0, 3 > 2, 3 > 0, and 0 = 0 as a half: 3.5 of 6
        assertEquals(3.5 / 6, first.rocArea().orElseThrow(), 1e-12);
    }

    @Test
    void nothingToCompareIsMissing() {
        final ScoreCounts counts = new ScoreCounts();
        assertThrows(IllegalStateException.class, () -> counts.threshold(0.01));
        counts.add(1, false);
        assertTrue(counts.rocArea().isEmpty() && counts.averagePrecision().isEmpty() && counts.bestDice().isEmpty());
        assertThrows(IllegalArgumentException.class, () -> counts.add(Float.NaN, true));
    }
}
