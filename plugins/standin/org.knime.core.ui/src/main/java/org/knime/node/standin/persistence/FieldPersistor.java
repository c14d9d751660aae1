package org.knime.node.standin.persistence;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;

/** Loads and saves the value of one field from and to the settings of the object that has the field. */
interface FieldPersistor {

    /** @throws InvalidSettingsException if an entry is missing or has another type or an invalid value */
    Object load(NodeSettingsRO settings) throws InvalidSettingsException;

    void save(Object value, NodeSettingsWO settings);

    /** @return whether the settings hold anything of the field */
    boolean isPresent(NodeSettingsRO settings);
}
