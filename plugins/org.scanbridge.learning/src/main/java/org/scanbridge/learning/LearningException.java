package org.scanbridge.learning;

/**
 * Training or prediction that cannot go on, for a reason the user can do something about. The message names the thing,
 * the value and the way out; it never holds anything that identifies a patient.
 */
public class LearningException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and what to do about it */
    public LearningException(final String message) {
        super(message);
    }

    /** As {@link #LearningException(String)}, with what caused it. */
    public LearningException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
