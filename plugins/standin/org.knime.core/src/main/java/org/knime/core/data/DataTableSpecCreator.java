package org.knime.core.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a {@link DataTableSpec}. */
public final class DataTableSpecCreator {

    private final List<DataColumnSpec> m_columns = new ArrayList<>();

    private final Map<String, String> m_properties = new LinkedHashMap<>();

    private String m_name = DataTableSpec.DEFAULT_NAME;

    /** Starts without columns. */
    public DataTableSpecCreator() {
    }

    /** Starts with another spec. */
    public DataTableSpecCreator(final DataTableSpec spec) {
        spec.stream().forEach(m_columns::add);
        m_properties.putAll(spec.getProperties());
        m_name = spec.getName();
    }

    /** Sets the table's name. */
    public DataTableSpecCreator setName(final String name) {
        m_name = name == null ? DataTableSpec.DEFAULT_NAME : name;
        return this;
    }

    /** Appends columns. */
    public DataTableSpecCreator addColumns(final DataColumnSpec... columns) {
        m_columns.addAll(List.of(columns));
        return this;
    }

    /** Appends the columns of another spec. */
    public DataTableSpecCreator addColumns(final DataTableSpec spec) {
        spec.stream().forEach(m_columns::add);
        return this;
    }

    /** Replaces the column at the index. */
    public DataTableSpecCreator replaceColumn(final int index, final DataColumnSpec column) {
        m_columns.set(index, column);
        return this;
    }

    /** Removes all columns. */
    public DataTableSpecCreator dropAllColumns() {
        m_columns.clear();
        return this;
    }

    /** Sets a property of the table. */
    public DataTableSpecCreator putProperty(final String key, final String value) {
        m_properties.put(key, value);
        return this;
    }

    /**
     * @return the spec
     * @throws IllegalArgumentException if two columns have the same name
     */
    public DataTableSpec createSpec() {
        return new DataTableSpec(m_name, m_columns, m_properties);
    }
}
