package org.knime.node.standin.persistence;

import java.util.Arrays;
import java.util.stream.Collectors;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;

/** Stores the name of a constant as a string. */
record EnumPersistor(String key, Class<?> type) implements FieldPersistor {

    @Override
    public Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        final String name = settings.getString(key);
        for (final Object constant : type.getEnumConstants()) {
            if (((Enum<?>)constant).name().equals(name)) {
                return constant;
            }
        }
        throw new InvalidSettingsException("Invalid value '" + name + "'. Possible values: "
            + Arrays.stream(type.getEnumConstants()).map(c -> ((Enum<?>)c).name()).collect(Collectors.joining(", ")));
    }

    @Override
    public void save(final Object value, final NodeSettingsWO settings) {
        settings.addString(key, value == null ? null : ((Enum<?>)value).name());
    }

    @Override
    public boolean isPresent(final NodeSettingsRO settings) {
        return settings.containsKey(key);
    }
}
