package org.knime.core.data;

import java.util.List;
import java.util.Objects;

/** Makes a {@link DataColumnSpec}. */
public final class DataColumnSpecCreator {

    private String m_name;

    private DataType m_type;

    private List<String> m_elementNames;

    private DataColumnDomain m_domain;

    private DataColumnProperties m_properties;

    /**
     * Starts with empty domain and properties.
     *
     * @param name the column's name
     * @param type the type of its cells
     */
    public DataColumnSpecCreator(final String name, final DataType type) {
        setName(name);
        setType(type);
        m_domain = new DataColumnDomain(null, null, null);
        m_properties = new DataColumnProperties();
    }

    /** Starts with everything of another column. */
    public DataColumnSpecCreator(final DataColumnSpec spec) {
        m_name = spec.getName();
        m_type = spec.getType();
        m_elementNames = spec.getElementNames().equals(List.of(spec.getName())) ? null : spec.getElementNames();
        m_domain = spec.getDomain();
        m_properties = spec.getProperties();
    }

    /** Sets the name; leading and trailing white space is dropped. */
    public void setName(final String name) {
        m_name = Objects.requireNonNull(name, "The column name must not be null").trim();
    }

    /** Sets the type. */
    public void setType(final DataType type) {
        m_type = Objects.requireNonNull(type, "The column type must not be null");
    }

    /** Sets the domain; null for an empty one. */
    public void setDomain(final DataColumnDomain domain) {
        m_domain = domain == null ? new DataColumnDomain(null, null, null) : domain;
    }

    /** Sets the properties; null for none. */
    public void setProperties(final DataColumnProperties properties) {
        m_properties = properties == null ? new DataColumnProperties() : properties;
    }

    /** Sets the names of the elements of collections. */
    public void setElementNames(final String[] names) {
        m_elementNames = names == null ? null : List.of(names);
    }

    /** @return the column spec */
    public DataColumnSpec createSpec() {
        return new DataColumnSpec(m_name, m_type, m_elementNames == null ? List.of(m_name) : m_elementNames, m_domain,
            m_properties);
    }
}
