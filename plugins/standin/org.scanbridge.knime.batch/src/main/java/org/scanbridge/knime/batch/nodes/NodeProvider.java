package org.scanbridge.knime.batch.nodes;

import org.scanbridge.knime.batch.workflow.NodeRecord;

/** Makes the nodes of a workflow. */
@FunctionalInterface
public interface NodeProvider {

    /**
     * @param record a node as stored
     * @return the node with its default settings
     * @throws NodeNotAvailableException if nothing installed provides it, or its factory fails
     */
    HostedNode create(NodeRecord record) throws NodeNotAvailableException;
}
