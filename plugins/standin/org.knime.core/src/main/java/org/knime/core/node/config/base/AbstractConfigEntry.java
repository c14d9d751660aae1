package org.knime.core.node.config.base;

import java.util.Objects;

/** One named node of a settings tree: a sub-tree ({@link ConfigBase}) or a value ({@link ConfigValueEntry}). */
public abstract class AbstractConfigEntry {

    private final ConfigEntries m_type;

    private final String m_key;

    AbstractConfigEntry(final ConfigEntries type, final String key) {
        m_type = Objects.requireNonNull(type, "type");
        m_key = Objects.requireNonNull(key, "key");
    }

    /** @return the name under which the parent holds this entry */
    public final String getKey() {
        return m_key;
    }

    /** @return the type */
    public final ConfigEntries getType() {
        return m_type;
    }

    /** @return the value as text, or null */
    public abstract String toStringValue();

    /** @return whether the other entry has the same key, type and (recursively) value */
    public abstract boolean isIdentical(AbstractConfigEntry other);

    @Override
    public final boolean equals(final Object o) {
        return o instanceof AbstractConfigEntry e && isIdentical(e);
    }

    @Override
    public int hashCode() {
        return m_key.hashCode();
    }
}
