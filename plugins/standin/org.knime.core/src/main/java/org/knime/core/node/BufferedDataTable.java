package org.knime.core.node;

import java.util.Objects;

import javax.swing.JComponent;

import org.knime.core.data.DataTable;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.HostOnly;
import org.knime.core.standin.table.RowStore;

/** A table as it travels between nodes. */
public final class BufferedDataTable implements DataTable, PortObject {

    /** The type of table ports. */
    public static final PortType TYPE = PortTypeRegistry.getInstance().getPortType(BufferedDataTable.class);

    /** The type of table input ports that may stay without connection. */
    public static final PortType TYPE_OPTIONAL =
        PortTypeRegistry.getInstance().getPortType(BufferedDataTable.class, true);

    private final DataTableSpec m_spec;

    private final RowStore m_rows;

    /**
     * For the host.
     *
     * @param spec the columns
     * @param rows the rows
     */
    @HostOnly
    public BufferedDataTable(final DataTableSpec spec, final RowStore rows) {
        m_spec = Objects.requireNonNull(spec, "spec");
        m_rows = Objects.requireNonNull(rows, "rows");
    }

    @Override
    public DataTableSpec getDataTableSpec() {
        return m_spec;
    }

    @Override
    public DataTableSpec getSpec() {
        return m_spec;
    }

    /** @return the number of rows */
    public long size() {
        return m_rows.size();
    }

    /** @return the rows in order; from disk, each iteration creates the cells anew */
    @Override
    public CloseableRowIterator iterator() {
        return m_rows.iterator();
    }

    /** @return where the rows are kept */
    @HostOnly
    public RowStore rows() {
        return m_rows;
    }

    @Override
    public String getSummary() {
        return "Rows: " + size() + ", Cols: " + m_spec.getNumColumns();
    }

    @Override
    public JComponent[] getViews() {
        return new JComponent[0];
    }
}
