package org.scanbridge.learning.check;

import java.util.List;

/**
 * Whether an adapted network is probably better or worse than the one that it came from, by the Dice that the same check
 * predicts for both.
 *
 * @param before mean predicted Dice of the network it came from
 * @param after mean predicted Dice of the adapted network
 */
public record AdaptationEffect(double before, double after) {

    /** What smaller changes of the prediction mean nobody can say. */
    private static final double LEAST_CHANGE = 0.01;

    /** The means over the same images, in the same order. */
    public static AdaptationEffect of(final List<Double> before, final List<Double> after) {
        if (before.size() != after.size() || before.isEmpty()) {
            throw new IllegalArgumentException(before.size() + " and " + after.size() + " predictions to compare");
        }
        return new AdaptationEffect(before.stream().mapToDouble(d -> d).average().orElseThrow(),
            after.stream().mapToDouble(d -> d).average().orElseThrow());
    }

    /** The predicted change of the Dice. */
    public double change() {
        return after - before;
    }

    /** Whether the adaptation probably did harm. */
    public boolean isHarmful() {
        return change() < -LEAST_CHANGE;
    }

    /** What users read. */
    public String words() {
        return isHarmful() ? "probably worse than before the adaptation: do not use it"
            : change() > LEAST_CHANGE ? "probably better than before the adaptation" : "about as good as before the adaptation";
    }
}
