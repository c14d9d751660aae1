package org.scanbridge.knime.batch.nodes;

/** A workflow needs a node that nothing installed provides. */
public final class NodeNotAvailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what is missing, for the user
     * @param cause why; {@code null} if no extension names the node
     */
    public NodeNotAvailableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
