package org.scanbridge.learning.train;

import java.util.List;
import java.util.Map;

/**
 * All that a training loop carries from one step to the next.
 *
 * @param step the last step that is done
 * @param variables weights, domain head and optimizer state
 * @param curve metrics of the steps so far
 * @param averaged number of steps in the mean of the weights
 * @param sums sums of the weights over these steps
 * @param bestStep step of the best validation so far; 0 if there was none
 * @param bestScore its score; the higher the better
 * @param bestWeights its weights; empty if there was none
 */
record LoopState(int step, Map<String, float[]> variables, List<StepMetrics> curve, int averaged,
    Map<String, double[]> sums, int bestStep, double bestScore, Map<String, float[]> bestWeights) {
}
