package org.knime.core.standin.table;

import java.util.Iterator;
import java.util.List;

import org.knime.core.data.DataRow;
import org.knime.core.data.container.CloseableRowIterator;

/** Rows in memory. */
final class MemoryRowStore implements RowStore {

    private final List<DataRow> m_rows;

    MemoryRowStore(final List<DataRow> rows) {
        m_rows = List.copyOf(rows);
    }

    @Override
    public long size() {
        return m_rows.size();
    }

    @Override
    public boolean isOnDisk() {
        return false;
    }

    @Override
    public CloseableRowIterator iterator() {
        final Iterator<DataRow> rows = m_rows.iterator();
        return new CloseableRowIterator() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public DataRow next() {
                return rows.next();
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
