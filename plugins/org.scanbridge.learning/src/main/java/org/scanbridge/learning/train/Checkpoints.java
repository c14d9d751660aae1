package org.scanbridge.learning.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Where and how often a training saves its state, to go on from there with the same bits after it was stopped or
 * killed. A training with other data, options or start than the saved ones begins anew, in a folder of its own.
 *
 * @param directory made if missing; for any number of trainings
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

    /**
     * The folder of one training.
     *
     * @param key names data, options and start of the training
     */
    Path of(final String key) {
        try {
            final byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return directory.resolve("training-" + HexFormat.of().formatHex(hash, 0, 6));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
