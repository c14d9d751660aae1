package org.scanbridge.learning.graph;

import java.util.Map;

import org.scanbridge.learning.architecture.Weights;

/** What a training loop trains: something that takes batches step by step, segments, and can be saved and restored. */
public interface SteppedGraph extends BlockNetwork, AutoCloseable {

    /**
     * One optimizer step (of all players, where there are several).
     *
     * @param batch patches
     * @param rates learning rates and weights
     * @return what it measured
     */
    TrainingGraph.Measured step(TrainingGraph.Batch batch, TrainingGraph.Rates rates);

    /** The present weights of what the training is for. */
    Weights weights();

    /** All variables: weights, helpers and optimizer state, to go on from here in another session. */
    Map<String, float[]> state();

    /** Sets variables to those of a {@link #state()}, or to some of them. */
    void restore(Map<String, float[]> state);

    @Override
    void close();
}
