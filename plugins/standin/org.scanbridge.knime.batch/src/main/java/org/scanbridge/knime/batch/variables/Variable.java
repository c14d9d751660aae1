package org.scanbridge.knime.batch.variables;

import java.util.Objects;

/**
 * A flow variable: a named, typed, immutable value.
 *
 * @param name its name, not blank; names starting with {@code knime.} are KNIME's global constants
 * @param type its type
 * @param value its value, of the type's Java class; a STRING may be {@code null}
 */
public record Variable(String name, VariableClass type, Object value) {

    /** @throws IllegalArgumentException if the name is blank or the value is not of the type */
    public Variable {
        Objects.requireNonNull(type, "type");
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("A flow variable needs a name");
        }
        final boolean nullString = value == null && type == VariableClass.STRING;
        if (!nullString && !type.valueClass().isInstance(value)) {
            throw new IllegalArgumentException(
                "Flow variable \"" + name + "\": the value " + value + " is not of type " + type);
        }
    }

    /**
     * @param name the name
     * @param value the value
     * @return a STRING variable
     */
    public static Variable ofString(final String name, final String value) {
        return new Variable(name, VariableClass.STRING, value);
    }

    /**
     * @param name the name
     * @param value the value
     * @return an INTEGER variable
     */
    public static Variable ofInt(final String name, final int value) {
        return new Variable(name, VariableClass.INTEGER, value);
    }

    /**
     * @param name the name
     * @param value the value
     * @return a DOUBLE variable
     */
    public static Variable ofDouble(final String name, final double value) {
        return new Variable(name, VariableClass.DOUBLE, value);
    }

    /** @return the value as text, {@code null} for a STRING without value */
    public String text() {
        return value == null ? null : value.toString();
    }
}
