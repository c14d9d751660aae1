package org.knime.node.standin.persistence;

import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;

/** Stores the value, or its type's empty value, and a flag whether it is present; a missing flag counts as true. */
record OptionalPersistor(String key, FieldPersistor content) implements FieldPersistor {

    @Override
    public Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        return settings.getBoolean(flag(), true) ? Optional.ofNullable(content.load(settings)) : Optional.empty();
    }

    @Override
    public void save(final Object value, final NodeSettingsWO settings) {
        final Optional<?> optional = (Optional<?>)value;
        if (optional.isPresent()) {
            content.save(optional.get(), settings);
        } else if (content instanceof LeafPersistor leaf) {
            leaf.saveEmpty(settings);
        } else {
            content.save(null, settings);
        }
        settings.addBoolean(flag(), optional.isPresent());
    }

    @Override
    public boolean isPresent(final NodeSettingsRO settings) {
        return content.isPresent(settings) || settings.containsKey(flag());
    }

    private String flag() {
        return key + "_is_present";
    }
}
