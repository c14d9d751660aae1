package org.knime.core.node;

/** Thrown by {@link ExecutionMonitor#checkCanceled()} when the user has canceled the node. */
public class CanceledExecutionException extends Exception {

    private static final long serialVersionUID = 1;

    /** Uses the message "Execution canceled". */
    public CanceledExecutionException() {
        super("Execution canceled");
    }

    /** @param message the message */
    public CanceledExecutionException(final String message) {
        super(message);
    }
}
