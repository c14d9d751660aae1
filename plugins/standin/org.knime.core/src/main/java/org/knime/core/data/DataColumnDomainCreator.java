package org.knime.core.data;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes a {@link DataColumnDomain}. */
public final class DataColumnDomainCreator {

    private DataCell m_lower;

    private DataCell m_upper;

    private Set<DataCell> m_values;

    /** Starts with nothing known. */
    public DataColumnDomainCreator() {
    }

    /** Starts with what is known. */
    public DataColumnDomainCreator(final DataColumnDomain domain) {
        m_lower = domain.getLowerBound();
        m_upper = domain.getUpperBound();
        m_values = domain.getValues();
    }

    /** Starts with the possible values. */
    public DataColumnDomainCreator(final DataCell... values) {
        m_values = new LinkedHashSet<>(List.of(values));
    }

    /** Starts with the bounds. */
    public DataColumnDomainCreator(final DataCell lower, final DataCell upper) {
        m_lower = lower;
        m_upper = upper;
    }

    /** Sets the possible values; null for unknown. */
    public void setValues(final Set<DataCell> values) {
        m_values = values;
    }

    /** Sets the smallest value; null for unknown. */
    public void setLowerBound(final DataCell lower) {
        m_lower = lower;
    }

    /** Sets the largest value; null for unknown. */
    public void setUpperBound(final DataCell upper) {
        m_upper = upper;
    }

    /** @return the domain */
    public DataColumnDomain createDomain() {
        return new DataColumnDomain(m_lower, m_upper, m_values);
    }
}
