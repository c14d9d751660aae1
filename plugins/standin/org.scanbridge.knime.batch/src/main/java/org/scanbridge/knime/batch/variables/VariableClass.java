package org.scanbridge.knime.batch.variables;

import java.util.Arrays;
import java.util.Optional;

/** The scalar flow variable types of KNIME workflows; the constant's name is the {@code class} written in workflow files. */
public enum VariableClass {

    /** Value is a {@link String}. */
    STRING(String.class),
    /** Value is an {@link Integer}. */
    INTEGER(Integer.class),
    /** Value is a {@link Double}. */
    DOUBLE(Double.class),
    /** Value is a {@link Boolean}. */
    BOOLEAN(Boolean.class),
    /** Value is a {@link Long}. */
    LONG(Long.class);

    private final Class<?> m_valueClass;

    VariableClass(final Class<?> valueClass) {
        m_valueClass = valueClass;
    }

    Class<?> valueClass() {
        return m_valueClass;
    }

    /**
     * @param name the {@code class} of a variable in a workflow file
     * @return the class of that name, empty for KNIME's array, path and credentials types
     */
    public static Optional<VariableClass> of(final String name) {
        return Arrays.stream(values()).filter(c -> c.name().equals(name)).findFirst();
    }
}
