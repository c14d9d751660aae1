package org.scanbridge.knime.batch.workflow;

/** A workflow cannot be loaded at all; the message names the file, what is wrong with it, and the way out. */
public final class WorkflowLoadException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, for the user */
    public WorkflowLoadException(final String message) {
        super(message);
    }

    /**
     * @param message what is wrong, for the user
     * @param cause why
     */
    public WorkflowLoadException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
