package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Turns the evidence for one structure into a Dice with an interval. What the evidence is worth is learned from images whose
 * truth is known, as they are and under simulated shifts: half of them fit a curve that never falls ({@link IsotonicCurve})
 * from the mean of all evidence to the Dice, the other half tell how far it is off ({@link SplitConformal}).
 * <p>
 * The interval keeps its promise for images that are exchangeable with those of the calibration, that is for shifts like the
 * simulated ones. Of a scanner that differs otherwise it says what its evidence would mean under them, no more.
 * <p>
 * More evidence of any kind never means a smaller Dice.
 */
public final class DiceCalibration {

    private static final long SEED = 20261129L;

    private final Set<Evidence> m_kinds;

    private final IsotonicCurve m_curve;

    private final double m_radius;

    private final double m_least;

    /**
     * An image of the calibration.
     *
     * @param evidence what speaks for its segmentation
     * @param dice the true Dice, in [0, 1]
     */
    public record Point(Map<Evidence, Double> evidence, double dice) {
    }

    private DiceCalibration(final Set<Evidence> kinds, final IsotonicCurve curve, final double radius, final double least) {
        m_kinds = kinds;
        m_curve = curve;
        m_radius = radius;
        m_least = least;
    }

    /**
     * Learns from points.
     *
     * @param points at least two; only evidence that all of them have counts
     * @param coverage probability with which intervals shall hold the true Dice, in (0, 1)
     * @throws IllegalArgumentException if there are fewer points, or they have no kind of evidence in common
     */
    public static DiceCalibration fit(final List<Point> points, final double coverage) {
        final Set<Evidence> kinds = EnumSet.allOf(Evidence.class);
        points.forEach(p -> kinds.retainAll(p.evidence().keySet()));
        if (points.size() < 2 || kinds.isEmpty()) {
            throw new IllegalArgumentException(points.size() + " points with " + kinds.size()
                + " kinds of evidence in common: at least two points and one kind.");
        }
        final int[] order = new int[points.size()];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        SeededRandom.of(SEED, order.length).shuffle(order);
        final int half = (order.length + 1) / 2;
        final double[] x = new double[half];
        final double[] y = new double[half];
        double least = Double.POSITIVE_INFINITY;
        for (int n = 0; n < half; n++) {
            x[n] = score(points.get(order[n]).evidence(), kinds);
            y[n] = points.get(order[n]).dice();
            least = Math.min(least, x[n]);
        }
        final IsotonicCurve curve = IsotonicCurve.fit(x, y).fromOrigin();
        final double[] errors = new double[order.length - half];
        for (int n = 0; n < errors.length; n++) {
            final Point point = points.get(order[half + n]);
            errors[n] = Math.abs(point.dice() - curve.at(score(point.evidence(), kinds)));
        }
        return new DiceCalibration(kinds, curve, SplitConformal.radius(errors, coverage), least);
    }

    /** The kinds of evidence that count. */
    public Set<Evidence> kinds() {
        return EnumSet.copyOf(m_kinds);
    }

    /**
     * The Dice that evidence speaks for.
     *
     * @throws IllegalArgumentException if a kind is missing that counts
     */
    public DiceEstimate estimate(final Map<Evidence, Double> evidence) {
        final double dice = Math.max(0, Math.min(1, m_curve.at(score(evidence, m_kinds))));
        return new DiceEstimate(dice, Math.max(0, dice - m_radius), Math.min(1, dice + m_radius));
    }

    /** Whether there is less evidence than for any image that the curve was learned from. */
    public boolean isBeyond(final Map<Evidence, Double> evidence) {
        return score(evidence, m_kinds) < m_least;
    }

    /** The mean of all evidence, in [0, 1]. */
    static double score(final Map<Evidence, Double> evidence, final Collection<Evidence> kinds) {
        double sum = 0;
        for (final Evidence kind : kinds) {
            final Double value = evidence.get(kind);
            if (value == null) {
                throw new IllegalArgumentException("There is no evidence \"" + kind.title() + "\", which the calibration has.");
            }
            sum += value;
        }
        return sum / kinds.size();
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
