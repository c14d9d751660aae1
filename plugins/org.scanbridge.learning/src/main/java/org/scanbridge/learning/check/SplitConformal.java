package org.scanbridge.learning.check;

import java.util.Arrays;

/**
 * How far predictions may be off, by split conformal inference (Lei et al.: Distribution-Free Predictive Inference for
 * Regression, JASA 113, 2018): the ⌈(n + 1)·c⌉-th smallest of n absolute errors on points that the prediction was not fitted
 * to. If a new point is exchangeable with those, the interval holds it with a probability of at least c, whatever the
 * prediction and the distribution.
 */
final class SplitConformal {

    private SplitConformal() {
    }

    /**
     * Half the width of the interval.
     *
     * @param errors absolute errors of points that the prediction was not fitted to
     * @param coverage the wanted probability c, in (0, 1)
     * @return infinite where there are too few points to promise anything, less than c / (1 - c)
     */
    static double radius(final double[] errors, final double coverage) {
        if (!(coverage > 0 && coverage < 1)) {
            throw new IllegalArgumentException("Coverage " + coverage + ": above 0, below 1.");
        }
        // 0.9 is not exact in binary: 10 · 0.9 must not become 10
        final int rank = (int)Math.ceil((errors.length + 1) * coverage - 1e-9);
        if (rank > errors.length) {
            return Double.POSITIVE_INFINITY;
        }
        final double[] sorted = errors.clone();
        Arrays.sort(sorted);
        return sorted[rank - 1];
    }
}
