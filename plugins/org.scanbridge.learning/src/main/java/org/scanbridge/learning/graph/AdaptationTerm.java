package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Map;

/**
 * One part of the objective of an adaptation, beside the segmentation loss of the labeled patches:
 *
 * <pre>
 * L = Lseg + Σ weight(p) · term
 * </pre>
 *
 * with the progress p of the training in [0, 1); {@link SynergisticTerm} has an objective of its own. Each term is a class that states its equation, its paper and the paper's
 * numbers. Terms may be combined, at most one of each class.
 */
public sealed interface AdaptationTerm permits GradientReversalTerm, CriticTerm, ConsistencyTerm, EntropyTerm,
    ClassAlignmentTerm, ContrastiveTerm, TripletTerm, SelfTrainingTerm, AnchorTerm, SynergisticTerm {

    /** Name for the curve and the provenance: words, the first with a capital. */
    String title();

    /** Name of the term's value in the curve. */
    default String metric() {
        return title() + " Loss";
    }

    /** Names of all that the term measures, in the curve. */
    default List<String> metrics() {
        return List.of(metric());
    }

    /**
     * The factor of the term; that of the reversed gradient for {@link GradientReversalTerm}.
     *
     * @param progress in [0, 1)
     */
    double weight(double progress);

    /** All numbers by name, for the provenance. */
    Map<String, String> asMap();

    /** The schedule of Ganin et al. (JMLR 2016, section 5.2.2), 2 / (1 + e^(-γ p)) - 1, from 0 towards 1. */
    static double rise(final double gamma, final double progress) {
        return 2 / (1 + Math.exp(-gamma * progress)) - 1;
    }

    /**
     * @param low the least that is allowed; {@link Double#MIN_VALUE} for all above 0
     * @param high the most that is allowed; what is just below a whole number stands for all below that
     * @throws IllegalArgumentException if the value is not in [low, high]
     */
    static void check(final String name, final double value, final double low, final double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + ' ' + value + ": " + words(low, high) + '.');
        }
    }

    private static String words(final double low, final double high) {
        final double above = Math.nextUp(high);
        if (low == Double.MIN_VALUE) {
            return "above 0, at most " + plain(high);
        }
        return above == Math.rint(above) ? "at least " + plain(low) + ", below " + plain(above) : plain(low) + " to " + plain(high);
    }

    private static String plain(final double value) {
        return value == Math.rint(value) ? Long.toString((long)value) : Double.toString(value);
    }
}
