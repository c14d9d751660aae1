package org.scanbridge.learning.train;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how often a training saves its state, to go on from there with the same bits after it was stopped or
 * killed. A training with other data, options or start than the saved one begins anew.
 *
 * @param directory made if missing; for one training at a time
 * @param interval steps between two saves; at least 1
 */
public record Checkpoints(Path directory, int interval) {

    /** @throws IllegalArgumentException if the interval is below 1 */
    public Checkpoints {
        Objects.requireNonNull(directory, "directory");
        if (interval < 1) {
            throw new IllegalArgumentException("Checkpoint interval " + interval + ": at least 1 step.");
        }
    }
}
