package org.knime.core.node;

import org.knime.core.node.config.ConfigRO;

/** Read access to the content of a port object or spec. */
public interface ModelContentRO extends ConfigRO {

    /**
     * @return the sub-tree of that name
     * @throws InvalidSettingsException if there is none
     */
    ModelContentRO getModelContent(String key) throws InvalidSettingsException;
}
