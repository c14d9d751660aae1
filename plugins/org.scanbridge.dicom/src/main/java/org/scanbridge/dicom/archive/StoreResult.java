package org.scanbridge.dicom.archive;

import java.util.Objects;

/**
 * What an archive says of an instance that was sent to it.
 *
 * @param sopClass its SOP Class UID
 * @param sopInstance its SOP Instance UID
 * @param outcome what became of it
 * @param code status of C-STORE, Failure Reason (0008,1197) or Warning Reason (0008,1196); {@link #NO_CODE} if there is none
 * @param message the archive's reason in words; empty if it was stored as it is
 */
public record StoreResult(String sopClass, String sopInstance, Outcome outcome, int code, String message) {

    /** Stands for "the archive gave no code". */
    public static final int NO_CODE = -1;

    /** What can become of an instance. */
    public enum Outcome {
            /** Stored as it is. */
            STORED,
            /** The archive has it already. */
            ALREADY_THERE,
            /** Stored, but the archive changed or dropped something. */
            WARNING,
            /** Not stored. */
            REFUSED
    }

    /** @throws NullPointerException if a component is null */
    public StoreResult {
        Objects.requireNonNull(sopClass, "sopClass");
        Objects.requireNonNull(sopInstance, "sopInstance");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(message, "message");
    }

    /** Whether the archive has the instance. */
    public boolean isThere() {
        return outcome != Outcome.REFUSED;
    }
}
