package org.knime.node.standin.persistence;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;

/** Stores an object field by field in a sub-tree. */
record NestedPersistor(String key, ObjectPersistor content) implements FieldPersistor {

    @Override
    public Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        return content.load(settings.getNodeSettings(key));
    }

    @Override
    public void save(final Object value, final NodeSettingsWO settings) {
        content.save(value, settings.addNodeSettings(key));
    }

    @Override
    public boolean isPresent(final NodeSettingsRO settings) {
        return settings.containsKey(key);
    }
}
