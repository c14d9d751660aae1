package org.scanbridge.learning.check;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is to be thought of a segmentation, in words.
 *
 * @param kind which of three
 * @param reason which evidence speaks against it most; empty if none does
 */
public record Verdict(Kind kind, String reason) {

    /** From how much less than on the source an evidence is worth a word. */
    private static final double WORTH_A_WORD = 0.05;

    /** Which verdict. */
    public enum Kind {

        /** The predicted Dice is within the tolerance of that on the source. */
        AS_SOURCE("probably as on the source"),

        /** It is below, but the interval reaches up to that on the source. */
        DOUBTFUL("perhaps worse: look"),

        /** Even the upper end of the interval is below. */
        WORSE("probably worse: look");

        private final String m_words;

        Kind(final String words) {
            m_words = words;
        }

        /** What users read. */
        public String words() {
            return m_words;
        }
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
        final double least = sourceDice - tolerance;
        final Kind kind = estimate.dice() >= least && !beyond ? Kind.AS_SOURCE
            : estimate.high() < least || beyond ? Kind.WORSE : Kind.DOUBTFUL;
        return new Verdict(kind, kind == Kind.AS_SOURCE ? "" : reason(evidence, usual, weights, beyond));
    }

    /** The kind that takes most off the score. */
    private static String reason(final Map<Evidence, Double> evidence, final Map<Evidence, Double> usual,
        final Map<Evidence, Double> weights, final boolean beyond) {
        final Map<Evidence, Double> less = new EnumMap<>(Evidence.class);
        weights.forEach((kind, weight) -> less.put(kind, weight * (usual.get(kind) - evidence.get(kind))));
        final String start = beyond ? "less evidence than under any simulated shift; " : "";
        return less.entrySet().stream().max(Comparator.comparingDouble(Map.Entry::getValue))
            .filter(e -> usual.get(e.getKey()) - evidence.get(e.getKey()) >= WORTH_A_WORD)
            .map(e -> start + String.format(Locale.ROOT, "%s (%s %.2f, on the source %.2f)", e.getKey().reason(),
                e.getKey().title(), evidence.get(e.getKey()), usual.get(e.getKey())))
            .orElse(start + "all evidence is a little less than on the source");
    }
}
