package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Turns the evidence for structures into a Dice with an interval. What the evidence is worth is learned from images whose
 * truth is known, as they are and under simulated shifts: half of them fit {@link EvidenceWeights weights} and, per structure, a
 * curve that never falls ({@link IsotonicCurve}) from the weighted mean of the evidence to the Dice; the other half tell how far
 * it is off ({@link SplitConformal}).
 * <p>
 * The interval keeps its promise for images that are exchangeable with those of the calibration, that is for shifts like the
 * simulated ones. Of a scanner that differs otherwise it says what its evidence would mean under them, no more, which is why
 * {@link AdaptationCheck} widens it.
 * <p>
 * More evidence of any kind never means a smaller Dice.
 */
public final class DiceCalibration {

    private static final long SEED = 20261129L;

    private final EvidenceWeights m_weights;

    private final IsotonicCurve m_curve;

    private final double m_radius;

    private final double m_least;

    /**
     * A structure in an image of the calibration.
     *
     * @param evidence what speaks for its segmentation
     * @param dice the true Dice, in [0, 1]
     */
    public record Point(Map<Evidence, Double> evidence, double dice) {
    }

    private DiceCalibration(final EvidenceWeights weights, final IsotonicCurve curve, final double radius,
        final double least) {
        m_weights = weights;
        m_curve = curve;
        m_radius = radius;
        m_least = least;
    }

    /**
     * Learns from images.
     *
     * @param structures the points of each structure: as many for each, in the order of the images, at least two; only
     *            evidence that all have counts
     * @param coverage probability with which intervals shall hold the true Dice, in (0, 1)
     * @return one per structure
     * @throws IllegalArgumentException if there are fewer points, or they have no kind of evidence in common
     */
    public static List<DiceCalibration> fit(final List<List<Point>> structures, final double coverage) {
        final int count = structures.get(0).size();
        if (count < 2 || structures.stream().anyMatch(s -> s.size() != count)) {
            throw new IllegalArgumentException(structures.stream().map(List::size).toList()
                + " points of the structures: at least two, as many for each.");
        }
        final int[] order = new int[count];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        SeededRandom.of(SEED, count).shuffle(order);
        final int half = (count + 1) / 2;
        final List<List<Point>> fitted = new ArrayList<>();
        final List<List<Point>> tested = new ArrayList<>();
        for (final List<Point> points : structures) {
            final List<Point> shuffled = new ArrayList<>();
            for (final int n : order) {
                shuffled.add(points.get(n));
            }
            fitted.add(shuffled.subList(0, half));
            tested.add(shuffled.subList(half, count));
        }
        final EvidenceWeights weights = EvidenceWeights.fit(fitted);
        final List<DiceCalibration> calibrations = new ArrayList<>();
        for (int s = 0; s < structures.size(); s++) {
            final double[] x = fitted.get(s).stream().mapToDouble(p -> weights.score(p.evidence())).toArray();
            final double[] y = fitted.get(s).stream().mapToDouble(Point::dice).toArray();
            final IsotonicCurve curve = IsotonicCurve.fit(x, y).fromOrigin();
            final double[] errors = tested.get(s).stream()
                .mapToDouble(p -> Math.abs(p.dice() - curve.at(weights.score(p.evidence())))).toArray();
            double least = Double.POSITIVE_INFINITY;
            for (final double score : x) {
                least = Math.min(least, score);
            }
            calibrations.add(new DiceCalibration(weights, curve, SplitConformal.radius(errors, coverage), least));
        }
        return calibrations;
    }

    /** What each kind of evidence counts, 1 in sum; kinds that count nothing are not there. */
    public Map<Evidence, Double> weights() {
        return m_weights.weights();
    }

    /**
     * The Dice that evidence speaks for.
     *
     * @throws IllegalArgumentException if a kind is missing that counts
     */
    public DiceEstimate estimate(final Map<Evidence, Double> evidence) {
        final double dice = Math.max(0, Math.min(1, m_curve.at(m_weights.score(evidence))));
        return new DiceEstimate(dice, Math.max(0, dice - m_radius), Math.min(1, dice + m_radius));
    }

    /** Whether there is less evidence than for any image that the curve was learned from. */
    public boolean isBeyond(final Map<Evidence, Double> evidence) {
        return m_weights.score(evidence) < m_least;
    }

    /** The mean of each kind of evidence over points. */
    static Map<Evidence, Double> mean(final List<Point> points) {
        final Map<Evidence, List<Double>> all = new EnumMap<>(Evidence.class);
        points.forEach(p -> p.evidence().forEach((kind, value) -> all.computeIfAbsent(kind, k -> new ArrayList<>()).add(value)));
        final Map<Evidence, Double> mean = new EnumMap<>(Evidence.class);
        all.forEach((kind, values) -> mean.put(kind, values.stream().mapToDouble(v -> v).average().orElseThrow()));
        return mean;
    }
}
