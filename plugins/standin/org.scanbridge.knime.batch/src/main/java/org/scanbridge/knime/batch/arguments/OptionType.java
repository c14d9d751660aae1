package org.scanbridge.knime.batch.arguments;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The type names that {@code -option} knows. Cells were settings once: their names stay, as in KNIME. */
public enum OptionType {

    /** Saved as xint. */
    INT("int"),
    /** Saved as xlong. */
    LONG("long"),
    /** Saved as xshort. */
    SHORT("short"),
    /** Saved as xbyte. */
    BYTE("byte"),
    /** Saved as xboolean. */
    BOOLEAN("boolean"),
    /** Saved as xchar: the value's first character. */
    CHAR("char"),
    /** Saved as xdouble, as KNIME's batch executor does. */
    FLOAT("float"),
    /** Saved as xdouble. */
    DOUBLE("double"),
    /** Saved as xstring. */
    STRING("String"),
    /** Saved as a data cell with this text. */
    STRING_CELL("StringCell"),
    /** Saved as a data cell with this number. */
    DOUBLE_CELL("DoubleCell"),
    /** Saved as a data cell with this number. */
    INT_CELL("IntCell"),
    /** Saved as a data cell with this number. */
    LONG_CELL("LongCell");

    private final String m_label;

    OptionType(final String label) {
        m_label = label;
    }

    /** @return the name on the command line */
    public String label() {
        return m_label;
    }

    /** @return whether the value becomes a data cell instead of a primitive setting */
    public boolean isCell() {
        return this == STRING_CELL || this == DOUBLE_CELL || this == INT_CELL || this == LONG_CELL;
    }

    static Optional<OptionType> of(final String label) {
        return Arrays.stream(values()).filter(t -> t.m_label.equals(label)).findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(OptionType::label).collect(Collectors.joining(", "));
    }

    /**
     * @param text the value as given on the command line
     * @return the value as Integer, Long, Short, Byte, Boolean, Character, Double or String
     * @throws NumberFormatException if a number, boolean or character cannot be read
     */
    public Object parse(final String text) {
        return switch (this) {
            case INT, INT_CELL -> Integer.valueOf(text);
            case LONG, LONG_CELL -> Long.valueOf(text);
            case SHORT -> Short.valueOf(text);
            case BYTE -> Byte.valueOf(text);
            case FLOAT, DOUBLE, DOUBLE_CELL -> Double.valueOf(text);
            case STRING, STRING_CELL -> text;
            case BOOLEAN -> parseBoolean(text);
            case CHAR -> parseChar(text);
        };
    }

    private static Boolean parseBoolean(final String text) {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.valueOf(text);
        }
        // Boolean.valueOf would turn every misspelling into false.
        throw new NumberFormatException("neither true nor false: " + text);
    }

    private static Character parseChar(final String text) {
        if (text.length() != 1) {
            throw new NumberFormatException("not one character: " + text);
        }
        return text.charAt(0);
    }
}
