package org.knime.core.node;

import org.knime.core.node.config.ConfigWO;

/** Write access to a node's settings. */
public interface NodeSettingsWO extends ConfigWO {

    /** @return a new, empty sub-tree of that name */
    NodeSettingsWO addNodeSettings(String key);

    /** Adds the tree under its own key. */
    void addNodeSettings(NodeSettings settings);
}
