package org.knime.core.standin.variable;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType.BooleanType;
import org.knime.core.node.workflow.VariableType.DoubleType;
import org.knime.core.node.workflow.VariableType.IntType;
import org.knime.core.node.workflow.VariableType.LongType;
import org.knime.core.node.workflow.VariableType.StringType;

/** Which flow variable may become which kind of settings value, and back. */
final class VariableConversion {

    private VariableConversion() {
    }

    /**
     * @param variable the variable
     * @param parameter the settings parameter, for messages
     * @param key the key of the entry to make
     * @param type the type of the entry to make
     * @return the entry
     * @throws InvalidSettingsException if the conversion is not defined, or the value is out of range
     */
    static ConfigValueEntry convert(final FlowVariable variable, final String parameter, final String key,
        final ConfigEntries type) throws InvalidSettingsException {
        final Object value;
        if (type == ConfigEntries.xstring) {
            value = variable.getVariableType() == StringType.INSTANCE ? variable.getValue(StringType.INSTANCE)
                : variable.getValueAsString();
        } else if (variable.getVariableType() == IntType.INSTANCE) {
            value = fromInt(variable, variable.getValue(IntType.INSTANCE), type);
        } else if (variable.getVariableType() == LongType.INSTANCE) {
            value = fromLong(variable.getValue(LongType.INSTANCE), type);
        } else if (variable.getVariableType() == DoubleType.INSTANCE) {
            value = fromDouble(variable.getValue(DoubleType.INSTANCE), type);
        } else if (variable.getVariableType() == BooleanType.INSTANCE) {
            value = type == ConfigEntries.xboolean ? variable.getValue(BooleanType.INSTANCE) : null;
        } else {
            value = fromString(variable, variable.getValue(StringType.INSTANCE), parameter, type);
        }
        if (value == null && type != ConfigEntries.xstring) {
            throw new InvalidSettingsException("Can't evaluate variable \"" + variable.getName() + "\" as " + type
                + " expression, it is a " + variable.getVariableType() + " (" + variable + ")");
        }
        return new ConfigValueEntry(key, type, value);
    }

    private static Object fromInt(final FlowVariable variable, final int i, final ConfigEntries type)
        throws InvalidSettingsException {
        return switch (type) {
            case xint -> i;
            case xlong -> (long)i;
            case xdouble -> (double)i;
            case xfloat -> (float)i;
            case xshort -> (short)checkRange(variable, i, Short.MIN_VALUE, Short.MAX_VALUE, type);
            case xbyte -> (byte)checkRange(variable, i, Byte.MIN_VALUE, Byte.MAX_VALUE, type);
            case xchar -> (char)checkRange(variable, i, Character.MIN_VALUE, Character.MAX_VALUE, type);
            default -> null;
        };
    }

    private static int checkRange(final FlowVariable variable, final int i, final int min, final int max,
        final ConfigEntries type) throws InvalidSettingsException {
        if (i < min || i > max) {
            throw new InvalidSettingsException("Value " + i + " of variable \"" + variable.getName()
                + "\" is out of the range of " + type + ": " + min + " to " + max);
        }
        return i;
    }

    private static Object fromLong(final long l, final ConfigEntries type) {
        return switch (type) {
            case xlong -> l;
            case xdouble -> (double)l;
            case xfloat -> (float)l;
            default -> null;
        };
    }

    private static Object fromDouble(final double d, final ConfigEntries type) {
        return switch (type) {
            case xdouble -> d;
            case xfloat -> (float)d;
            default -> null;
        };
    }

    private static Object fromString(final FlowVariable variable, final String s, final String parameter,
        final ConfigEntries type) throws InvalidSettingsException {
        if (type == ConfigEntries.xboolean) {
            if (!"true".equalsIgnoreCase(s) && !"false".equalsIgnoreCase(s)) {
                throw unparseable(variable, s, parameter, "boolean");
            }
            return Boolean.valueOf(s);
        }
        if (type == ConfigEntries.xchar) {
            if (s == null || s.length() != 1) {
                throw unparseable(variable, s, parameter, "character");
            }
            return s.charAt(0);
        }
        return null;
    }

    private static InvalidSettingsException unparseable(final FlowVariable variable, final String s,
        final String parameter, final String what) {
        return new InvalidSettingsException("Unable to parse \"" + s + "\" (variable \"" + variable.getName()
            + "\") as " + what + " expression (settings parameter \"" + parameter + "\")");
    }

    /** @return the type of entry that holds the variable's value without conversion */
    static ConfigEntries ownType(final FlowVariable variable) {
        if (variable.getVariableType() == IntType.INSTANCE) {
            return ConfigEntries.xint;
        } else if (variable.getVariableType() == LongType.INSTANCE) {
            return ConfigEntries.xlong;
        } else if (variable.getVariableType() == DoubleType.INSTANCE) {
            return ConfigEntries.xdouble;
        } else if (variable.getVariableType() == BooleanType.INSTANCE) {
            return ConfigEntries.xboolean;
        }
        return ConfigEntries.xstring;
    }

    /** @return the value as a variable of that name */
    static FlowVariable expose(final String name, final ConfigValueEntry entry) throws InvalidSettingsException {
        final Object value = entry.getValue();
        return switch (entry.getType()) {
            case xint, xshort, xbyte -> new FlowVariable(name, IntType.INSTANCE, ((Number)value).intValue());
            case xlong -> new FlowVariable(name, LongType.INSTANCE, (Long)value);
            case xdouble, xfloat -> new FlowVariable(name, DoubleType.INSTANCE, ((Number)value).doubleValue());
            case xboolean -> new FlowVariable(name, BooleanType.INSTANCE, (Boolean)value);
            case xstring, xchar -> new FlowVariable(name, StringType.INSTANCE, value == null ? null : value.toString());
            default -> throw new InvalidSettingsException("Settings parameter \"" + entry.getKey() + "\" of type "
                + entry.getType() + " cannot be exposed as a variable");
        };
    }
}
