package org.scanbridge.learning.method;

import java.util.List;
import java.util.Objects;

/**
 * Options of {@link TransferStudy}.
 *
 * @param training of every single training; its seed is the first of the study's, its frozen blocks are not used
 * @param cases how many target cases are trained on, each at least 1
 * @param tuned how many of the deepest blocks are trained, each at least 1; more than the network has means all
 * @param scratch whether networks with fresh weights are trained on the same cases, to compare with
 * @param seeds number of repetitions with other cases, patches and fresh weights; 1 to 1000
 */
public record TransferStudyOptions(SegmentationOptions training, List<Integer> cases, List<Integer> tuned, boolean scratch,
    int seeds) {

    private static final int MAX_SEEDS = 1000;

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public TransferStudyOptions {
        Objects.requireNonNull(training, "training");
        cases = cases.stream().distinct().sorted().toList();
        tuned = tuned.stream().distinct().sorted().toList();
        check(!cases.isEmpty() && cases.get(0) >= 1, "Numbers of cases " + cases + ": at least one, each 1 or more.");
        check(scratch || !tuned.isEmpty(), "Neither fine-tuning nor training from scratch is asked for. Choose one.");
        check(tuned.isEmpty() || tuned.get(0) >= 1, "Numbers of trained blocks " + tuned + ": each 1 or more.");
        check(seeds >= 1 && seeds <= MAX_SEEDS, "Seeds " + seeds + ": 1 to " + MAX_SEEDS + ".");
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
