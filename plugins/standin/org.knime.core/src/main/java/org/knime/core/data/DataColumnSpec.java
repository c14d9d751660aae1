package org.knime.core.data;

import java.util.List;
import java.util.Objects;

/** Name, type, domain and properties of a column. */
public final class DataColumnSpec {

    private final String m_name;

    private final DataType m_type;

    private final List<String> m_elementNames;

    private final DataColumnDomain m_domain;

    private final DataColumnProperties m_properties;

    DataColumnSpec(final String name, final DataType type, final List<String> elementNames,
        final DataColumnDomain domain, final DataColumnProperties properties) {
        m_name = name;
        m_type = type;
        m_elementNames = elementNames;
        m_domain = domain;
        m_properties = properties;
    }

    /** @return the name, unique within a table */
    public String getName() {
        return m_name;
    }

    /** @return the type of the cells */
    public DataType getType() {
        return m_type;
    }

    /** @return the names of the elements if the column holds collections of a fixed make; else the column's name */
    public List<String> getElementNames() {
        return m_elementNames;
    }

    /** @return what is known about the values */
    public DataColumnDomain getDomain() {
        return m_domain;
    }

    /** @return free annotations */
    public DataColumnProperties getProperties() {
        return m_properties;
    }

    /** @return whether name and type are the same */
    public boolean equalStructure(final DataColumnSpec other) {
        return other != null && m_name.equals(other.m_name) && m_type.equals(other.m_type);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof DataColumnSpec c && equalStructure(c) && m_domain.equals(c.m_domain)
            && m_properties.equals(c.m_properties) && m_elementNames.equals(c.m_elementNames);
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_name, m_type);
    }

    @Override
    public String toString() {
        return m_name + " (" + m_type + ")";
    }
}
