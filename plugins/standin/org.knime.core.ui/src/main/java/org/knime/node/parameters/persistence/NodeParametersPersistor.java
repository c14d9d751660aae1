package org.knime.node.parameters.persistence;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.node.parameters.migration.ParametersLoader;

/**
 * Loads and saves the value of one field in a form of its own.
 *
 * @param <T> the type of the field
 */
public interface NodeParametersPersistor<T> extends ParametersLoader<T>, ParametersSaver<T> {

    /**
     * @param settings the settings the field's class is stored in
     * @return the value
     * @throws InvalidSettingsException if the settings do not hold a value
     */
    @Override
    T load(NodeSettingsRO settings) throws InvalidSettingsException;

    /** @return the keys written, one path per entry, from the settings given to {@link #save} */
    String[][] getConfigPaths();
}
