package org.knime.core.data;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** What is known about the values of a column: possible values of nominal ones, bounds of ordered ones. */
public final class DataColumnDomain {

    private final DataCell m_lower;

    private final DataCell m_upper;

    private final Set<DataCell> m_values;

    DataColumnDomain(final DataCell lower, final DataCell upper, final Set<DataCell> values) {
        m_lower = lower;
        m_upper = upper;
        m_values = values == null ? null : Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    /** @return the possible values in order of appearance, or null if unknown */
    public Set<DataCell> getValues() {
        return m_values;
    }

    /** @return whether the possible values are known */
    public boolean hasValues() {
        return m_values != null;
    }

    /** @return the smallest value, or null if unknown */
    public DataCell getLowerBound() {
        return m_lower;
    }

    /** @return whether the smallest value is known */
    public boolean hasLowerBound() {
        return m_lower != null;
    }

    /** @return the largest value, or null if unknown */
    public DataCell getUpperBound() {
        return m_upper;
    }

    /** @return whether the largest value is known */
    public boolean hasUpperBound() {
        return m_upper != null;
    }

    /** @return whether both bounds are known */
    public boolean hasBounds() {
        return m_lower != null && m_upper != null;
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof DataColumnDomain d && Objects.equals(m_lower, d.m_lower)
            && Objects.equals(m_upper, d.m_upper) && Objects.equals(m_values, d.m_values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_lower, m_upper, m_values);
    }

    @Override
    public String toString() {
        return "lower=" + m_lower + ",upper=" + m_upper + ",values=" + m_values;
    }
}
