package org.knime.core.node;

/**
 * A node's Swing view, which the stand-in does not have.
 *
 * @param <T> the class of the model
 */
public abstract class NodeView<T extends NodeModel> {
}
