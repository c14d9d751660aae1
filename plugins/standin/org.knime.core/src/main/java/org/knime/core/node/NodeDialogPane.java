package org.knime.core.node;

/** A node's Swing dialog, which the stand-in does not have. */
public abstract class NodeDialogPane {
}
