package org.knime.core.node.config;

import org.knime.core.data.DataType;
import org.knime.core.node.config.base.ConfigBaseWO;

/** Write access to a settings tree that may hold data types. */
public interface ConfigWO extends ConfigBaseWO {

    /** @return a new, empty sub-tree of that name */
    Config addConfig(String key);

    /** Adds the data type as a sub-tree. */
    void addDataType(String key, DataType type);
}
