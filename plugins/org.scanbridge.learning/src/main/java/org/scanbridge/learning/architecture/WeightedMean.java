package org.scanbridge.learning.architecture;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.scanbridge.learning.LearningException;

/**
 * The weighted mean of the weights of networks of one architecture, value by value: Σ w<sub>k</sub> θ<sub>k</sub> / Σ
 * w<sub>k</sub> (federated averaging, McMahan et al., AISTATS 2017, algorithm 1: w<sub>k</sub> = n<sub>k</sub>), running
 * statistics like all others.
 * <p>
 * Sums are of double precision, in an order that depends on the values alone, and rounded once. So the order in which the
 * networks are given does not change a bit, the mean of equal weights has their bits, and so has the mean where only one
 * network counts.
 */
public final class WeightedMean {

    /** Smallest and largest share but 0: no product overflows or vanishes in double precision. */
    private static final double SMALLEST = 1e-9;

    private static final double LARGEST = 1e9;

    private WeightedMean() {
    }

    /**
     * The mean.
     *
     * @param weights at least one, all with the same parameters
     * @param shares how much each counts, as many: 0 or within [1e-9, 1e9], not all 0; only their ratios matter
     * @throws IllegalArgumentException if the numbers do not match, a share is out of range, or the parameters differ
     * @throws LearningException if a value is not finite
     */
    public static Weights of(final List<Weights> weights, final List<Double> shares) {
        check(weights, shares);
        // the same networks in any order are summed in one order: those with equal keys are equal
        final List<String> hashes = weights.stream().map(Weights::hash).toList();
        final List<Integer> order = IntStream.range(0, weights.size()).boxed().filter(n -> shares.get(n) > 0)
            .sorted(Comparator.<Integer, String> comparing(hashes::get).thenComparing(shares::get)).toList();
        if (order.size() == 1) {
            return weights.get(order.get(0));
        }
        double total = 0;
        for (final int n : order) {
            total += shares.get(n);
        }
        final Map<String, float[]> means = new LinkedHashMap<>();
        for (final Parameter p : weights.get(0).parameters()) {
            final float[] mean = new float[p.size()];
            for (int v = 0; v < mean.length; v++) {
                // from the first product on: 0 added to it would make −0 a 0
                double sum = shares.get(order.get(0)) * weights.get(order.get(0)).get(p.name())[v];
                for (final int n : order.subList(1, order.size())) {
                    sum += shares.get(n) * weights.get(n).get(p.name())[v];
                }
                mean[v] = (float)(sum / total);
            }
            means.put(p.name(), mean);
        }
        return new Weights(weights.get(0).parameters(), means);
    }

    /**
     * Some parameters of one network among the others of another one.
     *
     * @param weights most of the result
     * @param own what the rest is taken from; the same parameters
     * @param kept which parameters the rest is
     * @throws IllegalArgumentException if the parameters differ
     */
    public static Weights keeping(final Weights weights, final Weights own, final Predicate<Parameter> kept) {
        checkSame(weights, own);
        final Map<String, float[]> values = new LinkedHashMap<>();
        weights.parameters().forEach(p -> values.put(p.name(), (kept.test(p) ? own : weights).get(p.name())));
        return new Weights(weights.parameters(), values);
    }

    private static void check(final List<Weights> weights, final List<Double> shares) {
        if (weights.isEmpty() || weights.size() != shares.size()) {
            throw new IllegalArgumentException(
                shares.size() + " shares of " + weights.size() + " networks: one share each, at least one network.");
        }
        for (final double share : shares) {
            if (share != 0 && !(share >= SMALLEST && share <= LARGEST)) {
                throw new IllegalArgumentException(
                    "Weight " + share + " of a network: 0, or " + SMALLEST + " to " + LARGEST + ".");
            }
        }
        if (shares.stream().allMatch(share -> share == 0)) {
            throw new IllegalArgumentException("The weights of all networks are 0. Give at least one more than 0.");
        }
        for (final Weights w : weights) {
            checkSame(weights.get(0), w);
            for (final Parameter p : w.parameters()) {
                for (final float value : w.get(p.name())) {
                    if (!Float.isFinite(value)) {
                        throw new LearningException("A network has the value " + value + " in its weights (" + p.name()
                            + "), so its training went wrong. Train it again with a smaller learning rate, or leave it out.");
                    }
                }
            }
        }
    }

    private static void checkSame(final Weights a, final Weights b) {
        if (!a.parameters().equals(b.parameters())) {
            throw new IllegalArgumentException("The networks have other parameters: " + a.parameters().size() + " and "
                + b.parameters().size() + " arrays with " + a.count() + " and " + b.count() + " values.");
        }
    }
}
