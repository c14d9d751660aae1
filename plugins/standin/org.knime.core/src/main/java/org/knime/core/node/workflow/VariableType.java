package org.knime.core.node.workflow;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.ConfigRO;
import org.knime.core.node.config.ConfigWO;

/**
 * The type of a flow variable.
 *
 * @param <T> the class of the values
 */
public abstract class VariableType<T> {

    private final String m_identifier;

    private final Class<T> m_valueClass;

    VariableType(final String identifier, final Class<T> valueClass) {
        m_identifier = identifier;
        m_valueClass = valueClass;
    }

    /** @return the name in files: STRING, INTEGER, DOUBLE, BOOLEAN or LONG */
    public String getIdentifier() {
        return m_identifier;
    }

    /** @return the class of the values */
    public Class<T> getSimpleType() {
        return m_valueClass;
    }

    abstract T load(ConfigRO config) throws InvalidSettingsException;

    abstract void save(T value, ConfigWO config);

    @Override
    public String toString() {
        return m_identifier;
    }

    /** Strings. */
    public static final class StringType extends VariableType<String> {

        /** The only instance. */
        public static final StringType INSTANCE = new StringType();

        private StringType() {
            super("STRING", String.class);
        }

        @Override
        String load(final ConfigRO config) throws InvalidSettingsException {
            return config.getString(FlowVariable.VALUE);
        }

        @Override
        void save(final String value, final ConfigWO config) {
            config.addString(FlowVariable.VALUE, value);
        }
    }

    /** ints. */
    public static final class IntType extends VariableType<Integer> {

        /** The only instance. */
        public static final IntType INSTANCE = new IntType();

        private IntType() {
            super("INTEGER", Integer.class);
        }

        @Override
        Integer load(final ConfigRO config) throws InvalidSettingsException {
            return config.getInt(FlowVariable.VALUE);
        }

        @Override
        void save(final Integer value, final ConfigWO config) {
            config.addInt(FlowVariable.VALUE, value);
        }
    }

    /** doubles. */
    public static final class DoubleType extends VariableType<Double> {

        /** The only instance. */
        public static final DoubleType INSTANCE = new DoubleType();

        private DoubleType() {
            super("DOUBLE", Double.class);
        }

        @Override
        Double load(final ConfigRO config) throws InvalidSettingsException {
            return config.getDouble(FlowVariable.VALUE);
        }

        @Override
        void save(final Double value, final ConfigWO config) {
            config.addDouble(FlowVariable.VALUE, value);
        }
    }

    /** booleans. */
    public static final class BooleanType extends VariableType<Boolean> {

        /** The only instance. */
        public static final BooleanType INSTANCE = new BooleanType();

        private BooleanType() {
            super("BOOLEAN", Boolean.class);
        }

        @Override
        Boolean load(final ConfigRO config) throws InvalidSettingsException {
            return config.getBoolean(FlowVariable.VALUE);
        }

        @Override
        void save(final Boolean value, final ConfigWO config) {
            config.addBoolean(FlowVariable.VALUE, value);
        }
    }

    /** longs. */
    public static final class LongType extends VariableType<Long> {

        /** The only instance. */
        public static final LongType INSTANCE = new LongType();

        private LongType() {
            super("LONG", Long.class);
        }

        @Override
        Long load(final ConfigRO config) throws InvalidSettingsException {
            return config.getLong(FlowVariable.VALUE);
        }

        @Override
        void save(final Long value, final ConfigWO config) {
            config.addLong(FlowVariable.VALUE, value);
        }
    }
}
