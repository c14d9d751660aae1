package org.scanbridge.knime.batch.variables;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;

/** Which flow variable may overwrite which setting, and which variable a setting is published as: KNIME's table. */
final class SettingConversion {

    private SettingConversion() {
    }

    /**
     * @param variable the variable
     * @param type the type of the setting to overwrite
     * @param key the setting's key
     * @return an entry of that type and key with the variable's value
     * @throws InvalidSettingsException if the variable's type does not fit, or the value is out of the type's range
     */
    static ConfigValueEntry toSetting(final Variable variable, final ConfigEntries type, final String key)
        throws InvalidSettingsException {
        final Object value = switch (variable.type()) {
            case STRING -> fromString(variable, type, key);
            case INTEGER -> fromInt(variable, type, key);
            case LONG -> fromLong(variable, type);
            case DOUBLE -> fromDouble(variable, type, key);
            case BOOLEAN -> fromBoolean(variable, type);
        };
        return new ConfigValueEntry(key, type, value);
    }

    /**
     * @param name the name to publish under
     * @param setting the setting
     * @return the variable
     * @throws InvalidSettingsException if settings of that type cannot be published
     */
    static Variable toVariable(final String name, final ConfigValueEntry setting) throws InvalidSettingsException {
        final Object value = setting.getValue();
        return switch (setting.getType()) {
            case xint, xshort, xbyte -> Variable.ofInt(name, ((Number)value).intValue());
            case xlong -> new Variable(name, VariableClass.LONG, value);
            // Through the text, so that the float 0.1 becomes the double 0.1.
            case xdouble, xfloat -> Variable.ofDouble(name, Double.parseDouble(value.toString()));
            case xboolean -> new Variable(name, VariableClass.BOOLEAN, value);
            case xstring, xchar -> Variable.ofString(name, value == null ? null : value.toString());
            default -> throw new InvalidSettingsException("The setting \"" + setting.getKey() + "\" of type "
                + setting.getType() + " cannot be exposed as flow variable \"" + name + "\"");
        };
    }

    private static Object fromString(final Variable variable, final ConfigEntries type, final String key)
        throws InvalidSettingsException {
        final String text = variable.text();
        return switch (type) {
            case xstring -> text;
            case xboolean -> {
                if ("true".equalsIgnoreCase(text) || "false".equalsIgnoreCase(text)) {
                    yield Boolean.valueOf(text);
                }
                throw unparsable(variable, "boolean", key);
            }
            case xchar -> {
                if (text == null || text.length() != 1) {
                    throw unparsable(variable, "char", key);
                }
                yield text.charAt(0);
            }
            default -> throw wrongType(variable, type);
        };
    }

    private static Object fromInt(final Variable variable, final ConfigEntries type, final String key)
        throws InvalidSettingsException {
        final int value = (Integer)variable.value();
        return switch (type) {
            case xint -> value;
            case xlong -> (long)value;
            case xdouble -> (double)value;
            case xfloat -> (float)value;
            case xstring -> variable.text();
            case xbyte -> (byte)inRange(variable, value, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte", key);
            case xshort -> (short)inRange(variable, value, Short.MIN_VALUE, Short.MAX_VALUE, "short", key);
            case xchar -> (char)inRange(variable, value, Character.MIN_VALUE, Character.MAX_VALUE, "char", key);
            default -> throw wrongType(variable, type);
        };
    }

    private static Object fromLong(final Variable variable, final ConfigEntries type) throws InvalidSettingsException {
        final long value = (Long)variable.value();
        return switch (type) {
            case xlong -> value;
            case xdouble -> (double)value;
            case xfloat -> (float)value;
            case xstring -> variable.text();
            default -> throw wrongType(variable, type);
        };
    }

    private static Object fromDouble(final Variable variable, final ConfigEntries type, final String key)
        throws InvalidSettingsException {
        final double value = (Double)variable.value();
        return switch (type) {
            case xdouble -> value;
            case xfloat -> {
                if (Double.isFinite(value) && Math.abs(value) > Float.MAX_VALUE) {
                    throw unparsable(variable, "float", key);
                }
                yield (float)value;
            }
            case xstring -> variable.text();
            default -> throw wrongType(variable, type);
        };
    }

    private static Object fromBoolean(final Variable variable, final ConfigEntries type)
        throws InvalidSettingsException {
        return switch (type) {
            case xboolean -> variable.value();
            case xstring -> variable.text();
            default -> throw wrongType(variable, type);
        };
    }

    private static int inRange(final Variable variable, final int value, final int min, final int max,
        final String type, final String key) throws InvalidSettingsException {
        if (value < min || value > max) {
            throw unparsable(variable, type, key);
        }
        return value;
    }

    private static InvalidSettingsException wrongType(final Variable variable, final ConfigEntries type) {
        return new InvalidSettingsException("Can't evaluate variable \"" + variable.name() + "\" as " + type
            + " expression, it is a " + variable.type() + " (\"" + variable.text() + "\")");
    }

    private static InvalidSettingsException unparsable(final Variable variable, final String type, final String key) {
        return new InvalidSettingsException("Unable to parse \"" + variable.text() + "\" (variable \""
            + variable.name() + "\") as " + type + " expression (settings parameter \"" + key + "\")");
    }
}
