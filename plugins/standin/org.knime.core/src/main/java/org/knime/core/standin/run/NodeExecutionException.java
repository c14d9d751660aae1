package org.knime.core.standin.run;

/** A node's execution failed. The message is the one KNIME shows; the cause is what the node threw, if anything. */
public final class NodeExecutionException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * @param message the message as users see it
     * @param cause what the node threw, or null
     */
    public NodeExecutionException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
