package org.knime.core.node;

import org.knime.core.node.config.ConfigWO;

/** Write access to the content of a port object or spec. */
public interface ModelContentWO extends ConfigWO {

    /** @return a new, empty sub-tree of that name */
    ModelContentWO addModelContent(String key);
}
