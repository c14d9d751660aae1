package org.scanbridge.learning.train;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * All that a training loop carries from one step to the next.
 *
 * @param step the last step that is done
 * @param variables weights, domain head and optimizer state
 * @param curve metrics of the steps so far
 * @param averaged number of steps in the mean of the weights
 * @param sums sums of the weights over these steps
 * @param kept weights of the steps that are the best so far, or may become it, by step; empty if there was no validation
 */
record LoopState(int step, Map<String, float[]> variables, List<StepMetrics> curve, int averaged,
    Map<String, double[]> sums, SortedMap<Integer, Map<String, float[]>> kept) {
}
