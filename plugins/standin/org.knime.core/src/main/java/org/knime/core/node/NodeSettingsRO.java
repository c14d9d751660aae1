package org.knime.core.node;

import org.knime.core.node.config.ConfigRO;

/** Read access to a node's settings. */
public interface NodeSettingsRO extends ConfigRO {

    /**
     * @return the sub-tree of that name
     * @throws InvalidSettingsException if there is none
     */
    NodeSettingsRO getNodeSettings(String key) throws InvalidSettingsException;
}
