package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.check.DiceCalibration.Point;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class DiceCalibrationTest {

    /** Evidence that tells the Dice up to noise, and one that has nothing to do with it. */
    private static Point point(final Random random, final double noise) {
        final double dice = random.nextDouble();
        final double tells = Math.max(0, Math.min(1, 0.3 + 0.6 * dice + noise * random.nextGaussian()));
        return new Point(Map.of(Evidence.PLACE, tells, Evidence.VIEWS, random.nextDouble()), dice);
    }

    private static List<Point> points(final Random random, final int count, final double noise) {
        final List<Point> points = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            points.add(point(random, noise));
        }
        return points;
    }

    @Property(tries = 100)
    void theIntervalHoldsThePointAndMoreEvidenceIsNeverLess(@ForAll final long seed,
        @ForAll @IntRange(min = 2, max = 60) final int count, @ForAll @DoubleRange(min = 0, max = 1) final double place,
        @ForAll @DoubleRange(min = 0, max = 1) final double views, @ForAll @DoubleRange(min = 0, max = 1) final double more) {
        final Random random = new Random(seed);
        for (final DiceCalibration calibration : DiceCalibration
            .fit(List.of(points(random, count, 0.1), points(random, count, 0.3)), 0.9)) {
            final DiceEstimate estimate = calibration.estimate(Map.of(Evidence.PLACE, place, Evidence.VIEWS, views));
            assertTrue(0 <= estimate.low() && estimate.low() <= estimate.dice());
            assertTrue(estimate.dice() <= estimate.high() && estimate.high() <= 1);
            for (final Evidence kind : List.of(Evidence.PLACE, Evidence.VIEWS)) {
                final Map<Evidence, Double> better =
                    new EnumMap<>(Map.of(Evidence.PLACE, place, Evidence.VIEWS, views));
                better.computeIfPresent(kind, (k, v) -> v + more * (1 - v));
                assertTrue(calibration.estimate(better).dice() >= estimate.dice() - 1e-12);
            }
        }
    }

    /** At least nine of ten intervals hold the truth, on average over calibrations, where images are exchangeable. */
    @Test
    void coversNineOfTenOfExchangeableImages() {
        int covered = 0;
        final int runs = 3000;
        for (int run = 0; run < runs; run++) {
            final Random random = new Random(run);
            final DiceCalibration calibration = DiceCalibration.fit(List.of(points(random, 38, 0.15)), 0.9).get(0);
            final Point other = point(random, 0.15);
            final DiceEstimate estimate = calibration.estimate(other.evidence());
            covered += estimate.low() <= other.dice() && other.dice() <= estimate.high() ? 1 : 0;
        }
        // 18 of the 19 that are not fitted, of 20: 0.9; clipping to [0, 1] loses nothing
        assertEquals(0.9, (double)covered / runs, 5 * Math.sqrt(0.09 / runs));
    }

    @Test
    void anIntervalIsWidenedOnBothSidesWithinTheRange() {
        assertEquals(new DiceEstimate(0.5, 0.125, 0.875), new DiceEstimate(0.5, 0.25, 0.75).widened(0.125));
        assertEquals(new DiceEstimate(0.5, 0, 1), new DiceEstimate(0.5, 0.25, 0.75).widened(0.5));
        assertEquals(new DiceEstimate(0.5, 0.25, 0.75), new DiceEstimate(0.5, 0.25, 0.75).widened(0));
    }

    @Test
    void whatSaysNothingCountsLittle() {
        final DiceCalibration calibration = DiceCalibration.fit(List.of(points(new Random(1), 200, 0.02)), 0.9).get(0);
        assertTrue(calibration.weights().get(Evidence.PLACE) > 0.9, calibration.weights().toString());
        // 0.3 + 0.6·0.5 = 0.6 stands for a Dice of 0.5
        assertEquals(0.5, calibration.estimate(Map.of(Evidence.PLACE, 0.6, Evidence.VIEWS, 0.5)).dice(), 0.05);
    }

    @Test
    void onlyEvidenceThatAllImagesHaveCounts() {
        final List<Point> points = points(new Random(1), 20, 0.1);
        points.add(new Point(Map.of(Evidence.PLACE, 0.5), 0.5));
        final DiceCalibration calibration = DiceCalibration.fit(List.of(points), 0.9).get(0);
        assertEquals(Map.of(Evidence.PLACE, 1.0), calibration.weights());
        assertThrows(IllegalArgumentException.class, () -> calibration.estimate(Map.of(Evidence.VIEWS, 0.5)));
    }

    @Test
    void tooFewPointsPromiseNothing() {
        final DiceCalibration calibration = DiceCalibration.fit(List.of(points(new Random(1), 16, 0.1)), 0.9).get(0);
        final DiceEstimate estimate = calibration.estimate(Map.of(Evidence.PLACE, 0.6, Evidence.VIEWS, 0.5));
        assertEquals(0, estimate.low());
        assertEquals(1, estimate.high());
        assertThrows(IllegalArgumentException.class,
            () -> DiceCalibration.fit(List.of(points(new Random(1), 1, 0.1)), 0.9));
    }

    @Test
    void lessEvidenceThanEverIsKnown() {
        final DiceCalibration calibration = DiceCalibration.fit(List.of(points(new Random(1), 50, 0.05)), 0.9).get(0);
        assertTrue(calibration.isBeyond(Map.of(Evidence.PLACE, 0.01, Evidence.VIEWS, 0.0)));
        assertFalse(calibration.isBeyond(Map.of(Evidence.PLACE, 0.9, Evidence.VIEWS, 0.9)));
    }
}
