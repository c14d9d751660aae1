package org.scanbridge.imaging.metrics;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How well a score tells positives from negatives, for any number of voxels in 16 MB: they are counted by score in
 * intervals of 1/2048 of its size, and count as equal within one. What {@link RocCurve} says of few cases exactly, this says
 * of millions; scores with up to 11 binary digits behind the first are told apart exactly.
 * <p>
 * Of the negatives 0.125, 0.375 and the positives 0.3125, 0.75 the area under the ROC curve is 0.75, the average precision
 * 5/6 and the best Dice 0.8, of all at or above 0.3125 (scikit-learn 1.9).
 */
public final class ScoreCounts {

    /** Bits of a float that do not count. */
    private static final int DROPPED = 12;

    private static final int BINS = 1 << Float.SIZE - DROPPED;

    private final long[] m_positives = new long[BINS];

    private final long[] m_negatives = new long[BINS];

    private long m_positive;

    private long m_negative;

    /**
     * The largest Dice that any threshold gives: an optimum that nobody knows beforehand, not what a segmentation would have.
     *
     * @param dice in [0, 1]
     * @param threshold from which on a score counts as positive then; below the smallest such score by less than 1/2048 of its
     *            size, if at all
     */
    public record BestDice(double dice, double threshold) {
    }

    /**
     * Counts a case.
     *
     * @param score the higher, the more likely positive
     * @param positive what it is
     * @throws IllegalArgumentException if the score is NaN
     */
    public void add(final float score, final boolean positive) {
        if (Float.isNaN(score)) {
            throw new IllegalArgumentException("a score is NaN");
        }
        if (positive) {
            m_positives[bin(score)]++;
            m_positive++;
        } else {
            m_negatives[bin(score)]++;
            m_negative++;
        }
    }

    /** The same cases and those of another. */
    public void addAll(final ScoreCounts other) {
        for (int b = 0; b < BINS; b++) {
            m_positives[b] += other.m_positives[b];
            m_negatives[b] += other.m_negatives[b];
        }
        m_positive += other.m_positive;
        m_negative += other.m_negative;
    }

    /** Bits that grow with the number, as an index. */
    private static int bin(final float score) {
        final int bits = Float.floatToIntBits(score + 0f); // -0 is 0
        return (bits < 0 ? ~bits : bits | Integer.MIN_VALUE) >>> DROPPED;
    }

    /** The smallest number of a bin. */
    private static float smallest(final int bin) {
        final int ordered = bin << DROPPED;
        return Float.intBitsToFloat(ordered < 0 ? ordered & Integer.MAX_VALUE : ~ordered);
    }

    /** The largest number of a bin. */
    private static float largest(final int bin) {
        final int ordered = bin << DROPPED | (1 << DROPPED) - 1;
        return Float.intBitsToFloat(ordered < 0 ? ordered & Integer.MAX_VALUE : ~ordered);
    }

    /** Number of positives. */
    public long positives() {
        return m_positive;
    }

    /** Number of negatives. */
    public long negatives() {
        return m_negative;
    }

    /** The area under the ROC curve in [0, 1], ties counting half; missing without positives or negatives. */
    public OptionalDouble rocArea() {
        if (m_positive == 0 || m_negative == 0) {
            return OptionalDouble.empty();
        }
        double pairs = 0;
        double below = 0;
        for (int b = 0; b < BINS; b++) {
            pairs += m_positives[b] * (below + m_negatives[b] / 2.0);
            below += m_negatives[b];
        }
        return OptionalDouble.of(pairs / m_positive / m_negative);
    }

    /**
     * The average precision Σ (Rₙ - Rₙ₋₁) Pₙ over all thresholds, precision P and recall R of what is at or above them
     * (the definition of {@code sklearn.metrics.average_precision_score}); the share of positives for a score that says
     * nothing. Missing without positives.
     */
    public OptionalDouble averagePrecision() {
        if (m_positive == 0) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        double hits = 0;
        double marked = 0;
        for (int b = BINS - 1; b >= 0; b--) {
            if (m_positives[b] + m_negatives[b] > 0) {
                hits += m_positives[b];
                marked += m_positives[b] + m_negatives[b];
                sum += m_positives[b] * (hits / marked);
            }
        }
        return OptionalDouble.of(sum / m_positive);
    }

    /** The largest Dice 2 TP / (2 TP + FP + FN) of all thresholds, of equal ones the highest threshold's; missing without positives. */
    public Optional<BestDice> bestDice() {
        if (m_positive == 0) {
            return Optional.empty();
        }
        BestDice best = new BestDice(-1, 0);
        double hits = 0;
        double marked = 0;
        for (int b = BINS - 1; b >= 0; b--) {
            if (m_positives[b] + m_negatives[b] > 0) {
                hits += m_positives[b];
                marked += m_positives[b] + m_negatives[b];
                final double dice = 2 * hits / (marked + m_positive);
                if (dice > best.dice()) {
                    best = new BestDice(dice, smallest(b));
                }
            }
        }
        return Optional.of(best);
    }

    /**
     * A threshold that few scores are above, positives and negatives alike.
     *
     * @param share of all scores that may be above it, in [0, 1]
     * @return at least one of the scores, and larger than it by less than 1/2048 of its size
     * @throws IllegalStateException if there are no scores
     */
    public float threshold(final double share) {
        final long all = m_positive + m_negative;
        if (all == 0) {
            throw new IllegalStateException("there are no scores");
        }
        long above = 0;
        for (int b = BINS - 1; b >= 0; b--) {
            final long here = m_positives[b] + m_negatives[b];
            if (here > 0 && above + here > share * all) {
                return largest(b);
            }
            above += here;
        }
        return Float.NEGATIVE_INFINITY; // all may be above
    }
}
