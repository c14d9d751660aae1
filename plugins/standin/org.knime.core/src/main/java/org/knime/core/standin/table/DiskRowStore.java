package org.knime.core.standin.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.NoSuchElementException;

import org.knime.core.data.DataRow;
import org.knime.core.data.container.CloseableRowIterator;

/** Rows in a file; every iteration creates the cells anew. */
final class DiskRowStore implements RowStore {

    private final TableSpace m_space;

    private final Path m_file;

    private final long m_size;

    DiskRowStore(final TableSpace space, final Path file, final long size) {
        m_space = space;
        m_file = file;
        m_size = size;
    }

    @Override
    public long size() {
        return m_size;
    }

    @Override
    public boolean isOnDisk() {
        return true;
    }

    @Override
    public CloseableRowIterator iterator() {
        try {
            return new FileIterator(m_space.reader(m_file), m_size);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static final class FileIterator extends CloseableRowIterator {

        private final CellReader m_reader;

        private final long m_end;

        private long m_next;

        private boolean m_closed;

        FileIterator(final CellReader reader, final long size) {
            m_reader = reader;
            m_end = size;
            if (size == 0) {
                close();
            }
        }

        @Override
        public boolean hasNext() {
            return !m_closed && m_next < m_end;
        }

        @Override
        public DataRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException(m_closed ? "The iterator is closed" : "No row after the last");
            }
            try {
                final DataRow row = m_reader.readRow();
                m_next++;
                if (m_next == m_end) {
                    close();
                }
                return row;
            } catch (EOFException e) {
                throw new UncheckedIOException(
                    "Row " + m_next + ": a cell serializer read more than it had written", e);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            if (!m_closed) {
                m_closed = true;
                try {
                    m_reader.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e.getMessage(), e);
                }
            }
        }
    }
}
