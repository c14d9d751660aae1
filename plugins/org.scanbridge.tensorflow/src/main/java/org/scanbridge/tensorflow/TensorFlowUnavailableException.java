package org.scanbridge.tensorflow;

/** TensorFlow cannot be started here; the message says what is missing and how to get it. */
public final class TensorFlowUnavailableException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    TensorFlowUnavailableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
