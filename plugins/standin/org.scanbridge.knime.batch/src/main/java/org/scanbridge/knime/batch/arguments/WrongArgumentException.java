package org.scanbridge.knime.batch.arguments;

/** The command line asks for something that cannot be done; the message says what and how to mend it. */
public final class WrongArgumentException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, for the user */
    public WrongArgumentException(final String message) {
        super(message);
    }

    /**
     * @param message what is wrong, for the user
     * @param cause why
     */
    public WrongArgumentException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
