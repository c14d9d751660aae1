package org.scanbridge.imaging.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The area under the ROC curve: the chance that a positive case scores higher than a negative one, ties counting half
 * (Mann–Whitney; Hanley and McNeil, Radiology 143, 1982).
 * <p>
 * Positives 0.8, 0.4 and negatives 0.4, 0.1: of four pairs three and a half are in order, 0.875.
 */
public final class RocCurve {

    private RocCurve() {
    }

    /**
     * @param scores of all cases, not NaN
     * @param positive whether each case is positive
     * @return the area in [0, 1]; missing if all cases are positive or all negative
     * @throws IllegalArgumentException if the numbers differ, or a score is NaN
     */
    public static OptionalDouble area(final double[] scores, final boolean[] positive) {
        if (scores.length != positive.length || Arrays.stream(scores).anyMatch(Double::isNaN)) {
            throw new IllegalArgumentException(scores.length + " scores for " + positive.length
                + " cases: one each is needed, none of them NaN");
        }
        final int[] order = IntStream.range(0, scores.length).boxed()
            .sorted((a, b) -> Double.compare(scores[a] + 0.0, scores[b] + 0.0)).mapToInt(Integer::intValue).toArray();
        double rankSum = 0;
        long positives = 0;
        for (int from = 0; from < order.length;) {
            int to = from;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                to++;
            }
            // Tied scores share the mean of their ranks, counted from 1.
            final double rank = (from + 1 + to) / 2.0;
            for (int n = from; n < to; n++) {
                if (positive[order[n]]) {
                    rankSum += rank;
                    positives++;
                }
            }
            from = to;
        }
        final long negatives = order.length - positives;
        return positives == 0 || negatives == 0 ? OptionalDouble.empty()
            : OptionalDouble.of((rankSum - positives * (positives + 1) / 2.0) / ((double)positives * negatives));
    }
}
