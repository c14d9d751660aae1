package org.scanbridge.learning.predict;

import java.util.Set;

/**
 * How volumes are segmented.
 *
 * @param overlap share of a block that neighboring blocks have in common, in [0, 0.9]
 * @param flips axes along which each block is also shown reflected, in all combinations; the results are averaged. Takes
 *            2, 4 or 8 times as long
 * @param uncertainty whether to make a map of the normalized entropy
 * @param probabilities whether to keep a map per class
 */
public record PredictionOptions(double overlap, Set<FlipAxis> flips, boolean uncertainty, boolean probabilities) {

    /** Half overlap, nothing else. */
    public static final PredictionOptions DEFAULT =
        new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, false);

    /** @throws IllegalArgumentException if the overlap is out of range */
    public PredictionOptions {
        if (!(overlap >= 0 && overlap <= SlidingWindow.MAX_OVERLAP)) {
            throw new IllegalArgumentException("Overlap " + overlap + ": 0 to " + SlidingWindow.MAX_OVERLAP + ".");
        }
        flips = Set.copyOf(flips);
    }
}
