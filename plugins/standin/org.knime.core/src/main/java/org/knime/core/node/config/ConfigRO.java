package org.knime.core.node.config;

import org.knime.core.data.DataType;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.base.ConfigBaseRO;

/** Read access to a settings tree that may hold data types. */
public interface ConfigRO extends ConfigBaseRO {

    /**
     * @return the sub-tree of that name
     * @throws InvalidSettingsException if there is none
     */
    Config getConfig(String key) throws InvalidSettingsException;

    /**
     * @return the data type of that name
     * @throws InvalidSettingsException if there is none, or its cell class is unknown
     */
    DataType getDataType(String key) throws InvalidSettingsException;

    /** @return the data type of that name, or the default if there is none */
    DataType getDataType(String key, DataType defaultValue);
}
