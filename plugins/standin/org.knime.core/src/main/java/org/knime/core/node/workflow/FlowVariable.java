package org.knime.core.node.workflow;

import java.util.List;
import java.util.Objects;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.ConfigRO;
import org.knime.core.node.config.ConfigWO;
import org.knime.core.standin.HostOnly;

/** A named value that a workflow hands to its nodes. */
public final class FlowVariable {

    static final String VALUE = "value";

    private static final List<VariableType<?>> TYPES =
        List.of(VariableType.StringType.INSTANCE, VariableType.IntType.INSTANCE, VariableType.DoubleType.INSTANCE,
            VariableType.BooleanType.INSTANCE, VariableType.LongType.INSTANCE);

    private final String m_name;

    private final VariableType<?> m_type;

    private final Object m_value;

    /**
     * @param <T> the class of the value
     * @param name the name
     * @param type the type
     * @param value the value; only a string may be null
     */
    public <T> FlowVariable(final String name, final VariableType<T> type, final T value) {
        this(type, name, value);
    }

    private FlowVariable(final VariableType<?> type, final String name, final Object value) {
        m_name = Objects.requireNonNull(name, "name");
        m_type = Objects.requireNonNull(type, "type");
        m_value = type == VariableType.StringType.INSTANCE ? value : Objects.requireNonNull(value, "value");
    }

    /** @return the name */
    public String getName() {
        return m_name;
    }

    /** @return the type */
    public VariableType<?> getVariableType() {
        return m_type;
    }

    /**
     * @param <T> the class of the value
     * @param type this variable's type
     * @return the value
     * @throws IllegalArgumentException if the variable has another type
     */
    public <T> T getValue(final VariableType<T> type) {
        if (!m_type.equals(type)) {
            throw new IllegalArgumentException(
                "Flow variable \"" + m_name + "\" is of type " + m_type + ", not of type " + type);
        }
        return type.getSimpleType().cast(m_value);
    }

    /** @return the value as text */
    public String getValueAsString() {
        return String.valueOf(m_value);
    }

    /** For the host. Writes name, type and value. */
    @HostOnly
    public void save(final ConfigWO config) {
        config.addString("name", m_name);
        config.addString("class", m_type.getIdentifier());
        save(m_type, config);
    }

    private <T> void save(final VariableType<T> type, final ConfigWO config) {
        type.save(getValue(type), config);
    }

    /**
     * For the host.
     *
     * @param config what {@link #save} or KNIME wrote
     * @return the variable
     * @throws InvalidSettingsException if a key is missing or the type is none of those supported
     */
    @HostOnly
    public static FlowVariable load(final ConfigRO config) throws InvalidSettingsException {
        final String name = config.getString("name");
        final String typeName = config.getString("class");
        for (final VariableType<?> type : TYPES) {
            if (type.getIdentifier().equals(typeName)) {
                return new FlowVariable(type, name, type.load(config));
            }
        }
        throw new InvalidSettingsException(
            "Flow variable \"" + name + "\" is of type " + typeName + "; supported are " + TYPES);
    }

    @Override
    public String toString() {
        return '"' + m_name + "\" (" + m_type + ": " + m_value + ")";
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof FlowVariable v && m_name.equals(v.m_name) && m_type.equals(v.m_type)
            && Objects.equals(m_value, v.m_value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_name, m_type.getIdentifier(), m_value);
    }
}
