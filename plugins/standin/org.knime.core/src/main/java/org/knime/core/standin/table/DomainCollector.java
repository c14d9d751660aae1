package org.knime.core.standin.table;

import java.util.LinkedHashSet;
import java.util.Set;

import org.knime.core.data.BoundedValue;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnDomain;
import org.knime.core.data.DataColumnDomainCreator;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.NominalValue;

/** Collects what is known about the values of each column: possible values of nominal ones, bounds of numbers. */
public final class DomainCollector {

    /** With more different values a column counts as not nominal, as in KNIME. */
    private static final int MAX_VALUES = 60;

    private final DataTableSpec m_spec;

    private final Column[] m_columns;

    /**
     * @param spec the columns
     * @param initDomain whether to start with what the spec knows
     */
    public DomainCollector(final DataTableSpec spec, final boolean initDomain) {
        m_spec = spec;
        m_columns = new Column[spec.getNumColumns()];
        for (int i = 0; i < m_columns.length; i++) {
            m_columns[i] = new Column(spec.getColumnSpec(i), initDomain);
        }
    }

    /** Takes a row into account. */
    public void add(final DataRow row) {
        for (int i = 0; i < m_columns.length; i++) {
            final DataCell cell = row.getCell(i);
            if (!cell.isMissing()) {
                m_columns[i].add(cell);
            }
        }
    }

    /** @return the spec with the collected domains */
    public DataTableSpec spec() {
        final DataTableSpecCreator creator = new DataTableSpecCreator(m_spec);
        for (int i = 0; i < m_columns.length; i++) {
            final DataColumnSpecCreator c = new DataColumnSpecCreator(m_spec.getColumnSpec(i));
            c.setDomain(m_columns[i].domain());
            creator.replaceColumn(i, c.createSpec());
        }
        return creator.createSpec();
    }

    private static final class Column {

        private final boolean m_bounded;

        private Set<DataCell> m_values;

        private DataCell m_lower;

        private DataCell m_upper;

        Column(final DataColumnSpec spec, final boolean initDomain) {
            m_bounded = spec.getType().isCompatible(BoundedValue.class)
                && spec.getType().isCompatible(DoubleValue.class);
            if (spec.getType().isCompatible(NominalValue.class)) {
                m_values = new LinkedHashSet<>();
            }
            if (initDomain) {
                final DataColumnDomain d = spec.getDomain();
                m_lower = d.getLowerBound();
                m_upper = d.getUpperBound();
                if (d.hasValues() && m_values != null) {
                    m_values.addAll(d.getValues());
                }
            }
        }

        void add(final DataCell cell) {
            if (m_values != null) {
                m_values.add(cell);
                if (m_values.size() > MAX_VALUES) {
                    m_values = null;
                }
            }
            if (m_bounded && !Double.isNaN(((DoubleValue)cell).getDoubleValue())) {
                if (m_lower == null || CellOrder.INSTANCE.compare(cell, m_lower) < 0) {
                    m_lower = cell;
                }
                if (m_upper == null || CellOrder.INSTANCE.compare(cell, m_upper) > 0) {
                    m_upper = cell;
                }
            }
        }

        DataColumnDomain domain() {
            final DataColumnDomainCreator d = new DataColumnDomainCreator();
            d.setValues(m_values);
            d.setLowerBound(m_lower);
            d.setUpperBound(m_upper);
            return d.createDomain();
        }
    }
}
