package org.scanbridge.learning.check;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is to be thought of a segmentation, in words.
 *
 * @param kind which one
 * @param reason which evidence speaks against it most; empty if none does
 */
public record Verdict(Kind kind, String reason) {

    /** From how much less than on the source an evidence is worth a word. */
    private static final double WORTH_A_WORD = 0.05;

    /** A network whose Dice on the source is less is bad there already; to be as good as that would be no praise. */
    public static final double LEAST_ON_SOURCE = 0.5;

    /** Which verdict. */
    public enum Kind {

        /** The predicted Dice is within the tolerance of that on the source. */
        AS_SOURCE("probably as on the source"),

        /** It is below, but the interval reaches up to that on the source. */
        DOUBTFUL("perhaps worse: look"),

        /** Even the upper end of the interval is below, or what is below has less evidence than all of the calibration. */
        WORSE("probably worse: look"),

        /** It is within the tolerance, but there is less evidence than for any image of the calibration. */
        BEYOND("unlike all simulated shifts: look"),

        /** The Dice on the source is less than {@link Verdict#LEAST_ON_SOURCE}. */
        BAD_ON_SOURCE("bad on the source already: look"),

        /** No labeled image has the structure. */
        UNKNOWN("cannot be predicted: look");

        private final String m_words;

        Kind(final String words) {
            m_words = words;
        }

        /** What users read. */
        public String words() {
            return m_words;
        }
    }

    /** The verdict on a structure that no labeled image has. */
    static Verdict unknown() {
        return new Verdict(Kind.UNKNOWN, "no labeled image has the class, so nothing tells what Dice the evidence speaks for");
    }

    /**
     * The verdict on a structure.
     *
     * @param estimate what is predicted
     * @param sourceDice true Dice on the source's labeled images
     * @param tolerance by how much it may be less
     * @param evidence of the segmentation
     * @param usual mean evidence on the source's images
     * @param weights what each kind of evidence counts
     * @param beyond whether there is less evidence than for any image of the calibration
     */
    static Verdict of(final DiceEstimate estimate, final double sourceDice, final double tolerance,
        final Map<Evidence, Double> evidence, final Map<Evidence, Double> usual, final Map<Evidence, Double> weights,
        final boolean beyond) {
        final Kind kind = kind(estimate, sourceDice - tolerance, beyond);
        final String reason = kind == Kind.AS_SOURCE ? "" : reason(kind, evidence, usual, weights, beyond);
        if (sourceDice < LEAST_ON_SOURCE) {
            final String bad = String.format(Locale.ROOT, "Dice %.3f on the labeled images, less than %s", sourceDice,
                LEAST_ON_SOURCE);
            return new Verdict(Kind.BAD_ON_SOURCE, reason.isEmpty() ? bad : bad + "; " + reason);
        }
        return new Verdict(kind, reason);
    }

    private static Kind kind(final DiceEstimate estimate, final double least, final boolean beyond) {
        if (estimate.dice() >= least) {
            return beyond ? Kind.BEYOND : Kind.AS_SOURCE;
        }
        return estimate.high() < least || beyond ? Kind.WORSE : Kind.DOUBTFUL;
    }

    /** The kind that takes most off the score. */
    private static String reason(final Kind verdict, final Map<Evidence, Double> evidence, final Map<Evidence, Double> usual,
        final Map<Evidence, Double> weights, final boolean beyond) {
        final Map<Evidence, Double> less = new EnumMap<>(Evidence.class);
        weights.forEach((kind, weight) -> less.put(kind, weight * (usual.get(kind) - evidence.get(kind))));
        final String start = beyond ? "less evidence than under any simulated shift; " : "";
        return less.entrySet().stream().max(Comparator.comparingDouble(Map.Entry::getValue))
            .filter(e -> usual.get(e.getKey()) - evidence.get(e.getKey()) >= WORTH_A_WORD)
            .map(e -> start + String.format(Locale.ROOT, "%s (%s %.2f, on the source %.2f)", e.getKey().reason(),
                e.getKey().title(), evidence.get(e.getKey()), usual.get(e.getKey())))
            .orElse(start + (verdict == Kind.BEYOND ? "the predicted Dice may be too high"
                : "all evidence is a little less than on the source"));
    }
}
