package org.knime.core.data.def;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.RowKey;

/** A row in memory. */
public final class DefaultRow implements DataRow {

    private final RowKey m_key;

    private final DataCell[] m_cells;

    /**
     * @param key the row's name
     * @param cells its cells
     */
    public DefaultRow(final RowKey key, final DataCell... cells) {
        m_key = Objects.requireNonNull(key, "key");
        m_cells = cells.clone();
    }

    /**
     * @param key the row's name
     * @param cells its cells
     */
    public DefaultRow(final String key, final DataCell... cells) {
        this(new RowKey(key), cells);
    }

    @Override
    public int getNumCells() {
        return m_cells.length;
    }

    @Override
    public RowKey getKey() {
        return m_key;
    }

    @Override
    public DataCell getCell(final int index) {
        return m_cells[index];
    }

    @Override
    public Iterator<DataCell> iterator() {
        final List<DataCell> cells = Arrays.asList(m_cells.clone());
        return cells.iterator();
    }

    @Override
    public String toString() {
        return m_key + ": " + Arrays.toString(m_cells);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof DefaultRow r && r.m_key.equals(m_key) && Arrays.equals(r.m_cells, m_cells);
    }

    @Override
    public int hashCode() {
        return m_key.hashCode();
    }
}
