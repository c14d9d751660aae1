package org.scanbridge.learning.train;

import java.nio.file.Path;
import java.util.Optional;

/** Learns of every step of a training as it happens, on the thread that trains. Never influences it. */
@FunctionalInterface
public interface TrainingListener {

    /** Learns of nothing. */
    TrainingListener NONE = metrics -> {
    };

    /**
     * Called before the first step.
     *
     * @param steps that are planned
     * @param folder where the training's checkpoints lie; empty without
     */
    default void started(final int steps, final Optional<Path> folder) {
        // most do not care
    }

    /**
     * Called after the last step.
     *
     * @param keptStep the step whose weights the result has
     */
    default void ended(final int keptStep) {
        // most do not care
    }

    /**
     * Called before the first step with what the user should know of the cases, and after the last one with what of the validations.
     *
     * @param notice one sentence or more
     */
    default void notice(final String notice) {
        // most do not care
    }

    /** Called after each step, with the validation result where there is one. */
    void step(StepMetrics metrics);
}
