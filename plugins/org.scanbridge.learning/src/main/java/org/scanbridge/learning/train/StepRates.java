package org.scanbridge.learning.train;

import java.util.List;

import org.scanbridge.learning.graph.TrainingGraph;

/** Learning rates and weights of each step. */
@FunctionalInterface
public interface StepRates {

    /**
     * @param step counted from 1
     * @param curve metrics of all steps before it
     * @return depends on nothing but the arguments, so that a training can go on from a saved state
     */
    TrainingGraph.Rates at(int step, List<StepMetrics> curve);
}
