package org.knime.node.parameters.migration;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;

/**
 * Reads a value from settings.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface ParametersLoader<T> {

    /**
     * @param settings where to read from
     * @return the value
     * @throws InvalidSettingsException if the settings do not hold a value
     */
    T load(NodeSettingsRO settings) throws InvalidSettingsException;
}
