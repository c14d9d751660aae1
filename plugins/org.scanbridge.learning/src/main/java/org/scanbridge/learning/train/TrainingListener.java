package org.scanbridge.learning.train;

/** Learns of every step of a training as it happens, on the thread that trains. Never influences it. */
@FunctionalInterface
public interface TrainingListener {

    /** Learns of nothing. */
    TrainingListener NONE = metrics -> {
    };

    /** Called after each step, with the validation result where there is one. */
    void step(StepMetrics metrics);
}
