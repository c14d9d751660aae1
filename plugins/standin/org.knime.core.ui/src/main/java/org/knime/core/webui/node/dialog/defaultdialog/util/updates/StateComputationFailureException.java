package org.knime.core.webui.node.dialog.defaultdialog.util.updates;

/** Thrown by a state provider that has nothing to provide; nothing that depends on it is updated. */
public class StateComputationFailureException extends Exception {

    /** Without a message. */
    public StateComputationFailureException() {
    }

    /** @param message why nothing could be computed */
    public StateComputationFailureException(final String message) {
        super(message);
    }
}
