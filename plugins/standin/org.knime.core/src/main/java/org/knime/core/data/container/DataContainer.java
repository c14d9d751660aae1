package org.knime.core.data.container;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTable;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.standin.HostOnly;
import org.knime.core.standin.table.DomainCollector;
import org.knime.core.standin.table.RowStore;
import org.knime.core.standin.table.RowStoreWriter;
import org.knime.core.standin.table.TableSpace;
import org.knime.core.util.DuplicateKeyException;

/** Collects rows; refuses what does not fit the spec, and row ids that were there before. */
public abstract class DataContainer {

    private final DataTableSpec m_spec;

    private final RowStoreWriter m_writer;

    private final DomainCollector m_domains;

    private final Set<String> m_keys = new HashSet<>();

    private RowStore m_rows;

    /**
     * @param spec the columns
     * @param initDomain whether domains start with what the spec knows, or empty
     * @param space where rows are kept
     */
    @HostOnly
    protected DataContainer(final DataTableSpec spec, final boolean initDomain, final TableSpace space) {
        m_spec = Objects.requireNonNull(spec, "spec");
        m_writer = new RowStoreWriter(space);
        m_domains = new DomainCollector(spec, initDomain);
    }

    /**
     * Adds a row.
     *
     * @param row the row
     * @throws IllegalArgumentException if the number of cells or a cell's type does not fit the spec
     * @throws DuplicateKeyException if there is a row of that id
     * @throws NullPointerException if a cell is null
     * @throws IllegalStateException if the container is closed
     */
    public void addRowToTable(final DataRow row) {
        if (m_rows != null) {
            throw new IllegalStateException("Cannot add row: container has already been closed");
        }
        if (row.getNumCells() != m_spec.getNumColumns()) {
            throw new IllegalArgumentException("Cell count in row \"" + row.getKey() + "\" is not equal to length of"
                + " column names array: " + row.getNumCells() + " vs. " + m_spec.getNumColumns());
        }
        for (int i = 0; i < row.getNumCells(); i++) {
            checkCell(row, i);
        }
        if (!m_keys.add(row.getKey().getString())) {
            throw new DuplicateKeyException("Encountered duplicate row ID \"" + row.getKey() + "\"",
                row.getKey().getString());
        }
        m_domains.add(row);
        m_writer.add(row);
    }

    private void checkCell(final DataRow row, final int index) {
        final DataCell cell = Objects.requireNonNull(row.getCell(index), () -> "Cell at index " + index + " is null!");
        final DataColumnSpec column = m_spec.getColumnSpec(index);
        final DataType type = cell.getType();
        if (!column.getType().isASuperTypeOf(type)) {
            throw new IllegalArgumentException("Runtime class of object \"" + cell + "\" (index " + index
                + ") in row \"" + row.getKey() + "\" is " + type + " and does not comply with its supposed superclass "
                + column.getType());
        }
    }

    /** Ends the table; further calls do nothing. */
    public void close() {
        if (m_rows == null) {
            m_rows = m_writer.close();
            m_keys.clear();
        }
    }

    /** @return whether rows may still be added */
    public boolean isOpen() {
        return m_rows == null;
    }

    /** @return whether the table is complete */
    public boolean isClosed() {
        return m_rows != null;
    }

    /** @return the number of rows added so far */
    public long size() {
        return m_rows == null ? m_writer.size() : m_rows.size();
    }

    /** @return the columns; after {@link #close()} with their domains */
    public DataTableSpec getTableSpec() {
        return m_rows == null ? m_spec : m_domains.spec();
    }

    /**
     * @return the table; after {@link #close()}
     * @throws IllegalStateException if the container is still open
     */
    public abstract DataTable getTable();

    /** @return the columns with their domains */
    @HostOnly
    protected final DataTableSpec finalSpec() {
        checkClosed();
        return m_domains.spec();
    }

    /** @return the rows */
    @HostOnly
    protected final RowStore finalRows() {
        checkClosed();
        return m_rows;
    }

    private void checkClosed() {
        if (m_rows == null) {
            throw new IllegalStateException("Cannot get table: container is not closed");
        }
    }
}
