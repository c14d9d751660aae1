package org.knime.node.parameters.persistence;

import org.knime.core.node.NodeSettingsWO;

/**
 * Writes a value into settings.
 *
 * @param <T> the type of the value
 */
public interface ParametersSaver<T> {

    /**
     * @param param the value; may be null
     * @param settings where to write it
     */
    void save(T param, NodeSettingsWO settings);
}
