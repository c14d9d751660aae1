package org.scanbridge.knime.io;

/** Why one image or segmentation was not written; the others still are. The message is meant for the user. */
public final class NotWrittenException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and what to do about it */
    public NotWrittenException(final String message) {
        super(message);
    }

    /** As {@link #NotWrittenException(String)}, with what caused it. */
    public NotWrittenException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
