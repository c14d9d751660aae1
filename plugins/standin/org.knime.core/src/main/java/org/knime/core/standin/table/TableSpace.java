package org.knime.core.standin.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.filestore.FileStoreRepository;

/** Where the tables of a run keep their rows. Safe for several threads. */
public final class TableSpace {

    private final Path m_folder;

    private final long m_cellsInMemory;

    private final CellTypes m_types;

    private final FileStoreRepository m_fileStores;

    private final AtomicInteger m_files = new AtomicInteger();

    /**
     * @param folder an existing folder for the files of tables
     * @param cellsInMemory how many cells a table may have to stay in memory; 0 puts every table with rows on disk
     * @param types the registered cell serializers
     * @param fileStores where file-store cells find their files again
     */
    public TableSpace(final Path folder, final long cellsInMemory, final CellTypes types,
        final FileStoreRepository fileStores) {
        m_folder = Objects.requireNonNull(folder, "folder");
        m_cellsInMemory = cellsInMemory;
        m_types = Objects.requireNonNull(types, "types");
        m_fileStores = Objects.requireNonNull(fileStores, "fileStores");
    }

    long cellsInMemory() {
        return m_cellsInMemory;
    }

    Path newFile() {
        return m_folder.resolve("table-" + m_files.incrementAndGet() + ".bin");
    }

    CellWriter writer(final Path file) throws IOException {
        return new CellWriter(Files.newOutputStream(file), m_types);
    }

    CellReader reader(final Path file) throws IOException {
        return new CellReader(Files.newInputStream(file), file, m_types, m_fileStores);
    }
}
