package org.knime.core.standin.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataRow;

/** Collects rows: up to the space's limit of cells in memory, then all of them on disk. Not for several threads. */
public final class RowStoreWriter {

    private final TableSpace m_space;

    private final List<DataRow> m_memory = new ArrayList<>();

    private long m_cells;

    private long m_size;

    private Path m_file;

    private CellWriter m_disk;

    /** @param space where rows are kept */
    public RowStoreWriter(final TableSpace space) {
        m_space = space;
    }

    /**
     * @param row the row to add
     * @throws UncheckedIOException if the disk is full, or a cell cannot be written
     */
    public void add(final DataRow row) {
        m_size++;
        m_cells += Math.max(1, row.getNumCells());
        try {
            if (m_disk == null && m_cells > m_space.cellsInMemory()) {
                m_file = m_space.newFile();
                m_disk = m_space.writer(m_file);
                for (final DataRow r : m_memory) {
                    m_disk.writeRow(r);
                }
                m_memory.clear();
            }
            if (m_disk == null) {
                m_memory.add(row);
            } else {
                m_disk.writeRow(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** @return the number of rows added so far */
    public long size() {
        return m_size;
    }

    /**
     * @return the rows
     * @throws UncheckedIOException if the last bytes cannot be written
     */
    public RowStore close() {
        if (m_disk == null) {
            return new MemoryRowStore(m_memory);
        }
        try {
            m_disk.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return new DiskRowStore(m_space, m_file, m_size);
    }
}
