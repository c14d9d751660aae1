package org.knime.core.data;

import java.io.Serializable;
import java.util.Objects;

/** The name of a row, unique within its table. */
public final class RowKey implements Serializable {

    private static final long serialVersionUID = 1;

    private final String m_key;

    /** @param key the name, not null */
    public RowKey(final String key) {
        m_key = Objects.requireNonNull(key, "Can't create RowKey with null id");
    }

    /** @return the standard name of the row at the index: "Row0", "Row1", ... */
    public static RowKey createRowKey(final long index) {
        return new RowKey("Row" + index);
    }

    /** @return the name */
    public String getString() {
        return m_key;
    }

    @Override
    public String toString() {
        return m_key;
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof RowKey k && k.m_key.equals(m_key);
    }

    @Override
    public int hashCode() {
        return m_key.hashCode();
    }
}
