package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each kind of evidence counts: not negative, 1 in sum. Fitted by least squares to Dice and evidence of all structures
 * together, each structure's means taken out, so that it is the changes from image to image that count. Where no evidence goes with
 * the Dice, all count alike.
 *
 * @param weights by kind; kinds that count nothing are not there
 */
record EvidenceWeights(Map<Evidence, Double> weights) {

    /** Of the number of points; keeps kinds of evidence that go together from taking turns. */
    private static final double RIDGE = 1e-3;

    /** Copies the map. */
    EvidenceWeights {
        weights = Collections.unmodifiableMap(new EnumMap<>(weights));
    }

    /** The kinds that all points have. */
    static Set<Evidence> common(final List<DiceCalibration.Point> points) {
        final Set<Evidence> kinds = EnumSet.allOf(Evidence.class);
        points.forEach(p -> kinds.retainAll(p.evidence().keySet()));
        return kinds;
    }

    /**
     * Fits weights.
     *
     * @param structures the points of each structure
     */
    static EvidenceWeights fit(final List<List<DiceCalibration.Point>> structures) {
        final List<DiceCalibration.Point> all = structures.stream().flatMap(List::stream).toList();
        final List<Evidence> kinds = new ArrayList<>(common(all));
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("The points have no kind of evidence in common.");
        }
        final double[][] x = new double[all.size()][kinds.size()];
        final double[] y = new double[all.size()];
        int n = 0;
        for (final List<DiceCalibration.Point> points : structures) {
            final double[] means = new double[kinds.size() + 1];
            for (final DiceCalibration.Point point : points) {
                means[kinds.size()] += point.dice() / points.size();
                for (int k = 0; k < kinds.size(); k++) {
                    means[k] += point.evidence().get(kinds.get(k)) / points.size();
                }
            }
            for (final DiceCalibration.Point point : points) {
                y[n] = point.dice() - means[kinds.size()];
                for (int k = 0; k < kinds.size(); k++) {
                    x[n][k] = point.evidence().get(kinds.get(k)) - means[k];
                }
                n++;
            }
        }
        final double[] w = NonNegativeLeastSquares.solve(x, y, RIDGE * y.length);
        final double sum = Arrays.stream(w).sum();
        final Map<Evidence, Double> weights = new EnumMap<>(Evidence.class);
        for (int k = 0; k < w.length; k++) {
            if (sum == 0 || w[k] > 0) {
                weights.put(kinds.get(k), sum == 0 ? 1.0 / w.length : w[k] / sum);
            }
        }
        return new EvidenceWeights(weights);
    }

    /**
     * The weighted mean of evidence, in [0, 1].
     *
     * @throws IllegalArgumentException if a kind is missing that counts
     */
    double score(final Map<Evidence, Double> evidence) {
        double sum = 0;
        for (final Map.Entry<Evidence, Double> weight : weights.entrySet()) {
            final Double value = evidence.get(weight.getKey());
            if (value == null) {
                throw new IllegalArgumentException(
                    "There is no evidence \"" + weight.getKey().title() + "\", which the calibration has.");
            }
            sum += weight.getValue() * value;
        }
        return sum;
    }
}
