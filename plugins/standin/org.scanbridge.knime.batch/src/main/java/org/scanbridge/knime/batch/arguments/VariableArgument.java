package org.scanbridge.knime.batch.arguments;

import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType.DoubleType;
import org.knime.core.node.workflow.VariableType.IntType;
import org.knime.core.node.workflow.VariableType.StringType;

/** Reads {@code -workflow.variable=name,value,type}; the value may stand in quotes, with backslash escapes inside. */
final class VariableArgument {

    private VariableArgument() {
    }

    /**
     * @param text what follows the equals sign
     * @return the variable
     * @throws WrongArgumentException if there are not three parts, the type is unknown or the value is not of it
     */
    static FlowVariable parse(final String text) throws WrongArgumentException {
        final int first = text.indexOf(',');
        final int last = text.lastIndexOf(',');
        if (first < 1 || last == first) {
            throw new WrongArgumentException("Workflow variable \"" + text
                + "\" is not of the form name,value,type, as in -workflow.variable=studyDir,/data/study,String");
        }
        final String name = text.substring(0, first).strip();
        final String value = unquote(text, text.substring(first + 1, last));
        final String type = text.substring(last + 1).strip();
        if (name.isEmpty()) {
            throw new WrongArgumentException("Workflow variable \"" + text + "\" has no name");
        }
        try {
            return switch (type) {
                case "String" -> new FlowVariable(name, StringType.INSTANCE, value);
                case "int" -> new FlowVariable(name, IntType.INSTANCE, Integer.parseInt(value.strip()));
                case "double" -> new FlowVariable(name, DoubleType.INSTANCE, Double.parseDouble(value.strip()));
                default -> throw new WrongArgumentException("Workflow variable \"" + text + "\": unknown type \"" + type
                    + "\". Possible types: String, int, double");
            };
        } catch (NumberFormatException ex) {
            throw new WrongArgumentException(
                "Workflow variable \"" + text + "\": the value \"" + value + "\" is no " + type, ex);
        }
    }

    private static String unquote(final String argument, final String value) throws WrongArgumentException {
        if (value.isEmpty() || value.charAt(0) != '"' && value.charAt(0) != '\'') {
            return value;
        }
        final char quote = value.charAt(0);
        final StringBuilder plain = new StringBuilder();
        for (int i = 1; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                i++;
                plain.append(value.charAt(i));
            } else if (c == quote) {
                if (i == value.length() - 1) {
                    return plain.toString();
                }
                break;
            } else {
                plain.append(c);
            }
        }
        throw new WrongArgumentException(
            "Workflow variable \"" + argument + "\": the quoted value has no closing " + quote + " at its end");
    }
}
