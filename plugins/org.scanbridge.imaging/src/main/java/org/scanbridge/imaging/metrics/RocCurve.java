package org.scanbridge.imaging.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * How well scores, such as the probabilities of a class, part positive cases from negative ones, whatever the threshold:
 * <ul>
 * <li>the area under the ROC curve: the chance that a positive case scores higher than a negative one, ties counting half
 * (Mann–Whitney; Hanley and McNeil, Radiology 143, 1982);
 * <li>the average precision Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds from the highest score down, with the recall Rₙ and the
 * precision Pₙ of all cases that score at least the n-th; nothing is interpolated (as {@code average_precision_score} of
 * scikit-learn). It does not profit from a background that is large and easy.
 * </ul>
 * Both follow from the order of the scores alone and are exact: cases of the same score are taken together, and no
 * histogram is made. Positives 0.8, 0.4 and negatives 0.4, 0.1: of four pairs three and a half are in order, 0.875; the
 * average precision is ½ · 1 + ½ · ⅔.
 * <p>
 * The scores of both sides are copied and sorted, which takes 4 bytes for each counted voxel of a map, and as much again
 * where it is sorted by merging.
 */
public final class RocCurve {

    private final OptionalDouble m_area;

    private final OptionalDouble m_averagePrecision;

    private final long m_positives;

    private final long m_negatives;

    /** Of sorted scores, the smallest first. */
    private RocCurve(final int positives, final IntToDoubleFunction positive, final int negatives,
        final IntToDoubleFunction negative) {
        m_positives = positives;
        m_negatives = negatives;
        double precisions = 0;
        // Twice the number of pairs in order: below 2^63, as there are at most 2^31 voxels.
        long pairs = 0;
        int notAbove = negatives;
        int below = negatives;
        for (int to = positives; to > 0;) {
            final double score = positive.applyAsDouble(to - 1);
            int from = to;
            while (from > 0 && positive.applyAsDouble(from - 1) == score) {
                from--;
            }
            notAbove = below;
            while (notAbove > 0 && negative.applyAsDouble(notAbove - 1) > score) {
                notAbove--;
            }
            below = notAbove;
            while (below > 0 && negative.applyAsDouble(below - 1) == score) {
                below--;
            }
            final long found = to - from;
            pairs += found * ((long)below + notAbove);
            final double right = positives - from;
            precisions += found * (right / (right + negatives - below));
            to = from;
        }
        m_area = positives == 0 || negatives == 0 ? OptionalDouble.empty()
            : OptionalDouble.of(pairs / (2.0 * positives * negatives));
        m_averagePrecision = positives == 0 ? OptionalDouble.empty() : OptionalDouble.of(precisions / positives);
    }

    /**
     * The curve of scores in single precision.
     *
     * @param scores one for each case; higher means more likely positive
     * @param positive whether a case, by its index, is positive
     * @param counted whether a case counts at all
     * @throws IllegalArgumentException if a score that counts is NaN
     */
    public static RocCurve of(final float[] scores, final IntPredicate positive, final IntPredicate counted) {
        int all = 0;
        int right = 0;
        for (int n = 0; n < scores.length; n++) {
            if (counted.test(n)) {
                if (Float.isNaN(scores[n])) {
                    throw notANumber(n);
                }
                all++;
                right += positive.test(n) ? 1 : 0;
            }
        }
        final float[] positives = new float[right];
        final float[] negatives = new float[all - right];
        int p = 0;
        int q = 0;
        for (int n = 0; n < scores.length; n++) {
            if (counted.test(n)) {
                if (positive.test(n)) {
                    positives[p++] = scores[n];
                } else {
                    negatives[q++] = scores[n];
                }
            }
        }
        Arrays.sort(positives);
        Arrays.sort(negatives);
        return new RocCurve(p, n -> positives[n], q, n -> negatives[n]);
    }

    /**
     * The curve of a map.
     *
     * @param map the probability, or any other score, of a class or a union of classes in each voxel
     * @param truth on the same grid
     * @param classes the label values that are positive
     * @param ignored label values that do not count, because nobody looked there
     * @throws ImagingException if the grids differ, or a voxel that counts is NaN
     */
    public static RocCurve of(final Volume map, final LabelVolume truth, final Set<Integer> classes,
        final Set<Integer> ignored) {
        if (!map.geometry().sameGrid(truth.geometry())) {
            throw new ImagingException("The map and the reference lie on different grids: " + map.geometry() + " and "
                + truth.geometry().beside(map.geometry()) + ". Resample one to the other's grid first.");
        }
        final boolean[] positive = new boolean[256];
        classes.forEach(value -> positive[value] = true);
        final boolean[] counted = new boolean[256];
        Arrays.fill(counted, true);
        ignored.forEach(value -> counted[value] = false);
        final byte[] labels = truth.voxels();
        final float[] scores = map.voxels();
        final int[] size = map.geometry().size();
        for (int v = 0; v < scores.length; v++) {
            if (Float.isNaN(scores[v]) && counted[labels[v] & 0xff]) {
                throw new ImagingException("The map is NaN in voxel (" + v % size[0] + ", " + v / size[0] % size[1] + ", "
                    + v / size[0] / size[1] + "), which has no place in an order. Give every voxel that is annotated a number.");
            }
        }
        return of(scores, v -> positive[labels[v] & 0xff], v -> counted[labels[v] & 0xff]);
    }

    /**
     * The curve of scores in double precision.
     *
     * @param scores of all cases, not NaN
     * @param positive whether each case is positive
     * @throws IllegalArgumentException if the numbers differ, or a score is NaN
     */
    public static RocCurve of(final double[] scores, final boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException(
                scores.length + " scores for " + positive.length + " cases: one each is needed.");
        }
        for (int n = 0; n < scores.length; n++) {
            if (Double.isNaN(scores[n])) {
                throw notANumber(n);
            }
        }
        int right = 0;
        for (final boolean each : positive) {
            right += each ? 1 : 0;
        }
        final double[] positives = new double[right];
        final double[] negatives = new double[scores.length - right];
        int p = 0;
        int q = 0;
        for (int n = 0; n < scores.length; n++) {
            if (positive[n]) {
                positives[p++] = scores[n];
            } else {
                negatives[q++] = scores[n];
            }
        }
        Arrays.sort(positives);
        Arrays.sort(negatives);
        return new RocCurve(p, n -> positives[n], q, n -> negatives[n]);
    }

    private static IllegalArgumentException notANumber(final int n) {
        return new IllegalArgumentException("The score of case " + n + ", counted from 0, is NaN, which has no place in an"
            + " order. Leave the case out, or give it a number.");
    }

    /**
     * The area alone, see {@link #of(double[], boolean[])}.
     *
     * @param scores of all cases, not NaN
     * @param positive whether each case is positive
     * @return the area in [0, 1]; missing if all cases are positive or all negative
     * @throws IllegalArgumentException if the numbers differ, or a score is NaN
     */
    public static OptionalDouble area(final double[] scores, final boolean[] positive) {
        return of(scores, positive).area();
    }

    /** The area under the ROC curve in [0, 1], 0.5 for scores that say nothing; missing without positive or negative cases. */
    public OptionalDouble area() {
        return m_area;
    }

    /** The average precision in (0, 1], the share of positives for scores that are all the same; missing without positive cases. */
    public OptionalDouble averagePrecision() {
        return m_averagePrecision;
    }

    /** How many cases that count are positive. */
    public long positives() {
        return m_positives;
    }

    /** How many cases that count are negative. */
    public long negatives() {
        return m_negatives;
    }
}
