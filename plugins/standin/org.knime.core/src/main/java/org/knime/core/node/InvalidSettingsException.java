package org.knime.core.node;

/** Settings that cannot be used: a key is missing, or a value does not fit. The message is shown as it is. */
public final class InvalidSettingsException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message what is wrong and what to do about it */
    public InvalidSettingsException(final String message) {
        super(message);
    }

    /** @param cause the reason; its message becomes this exception's message */
    public InvalidSettingsException(final Throwable cause) {
        super(cause == null ? null : cause.getMessage(), cause);
    }

    /**
     * @param message what is wrong and what to do about it
     * @param cause the reason
     */
    public InvalidSettingsException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
