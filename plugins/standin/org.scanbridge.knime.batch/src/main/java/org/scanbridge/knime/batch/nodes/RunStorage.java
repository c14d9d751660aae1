package org.scanbridge.knime.batch.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.filestore.FileStoreRepository;
import org.knime.core.standin.filestore.NodeFileStores;
import org.knime.core.standin.run.NodeRun;
import org.knime.core.standin.table.TableSpace;
import org.scanbridge.knime.batch.workflow.NodeRecord;

/** Where a run's nodes keep tables and file stores: one directory each, below the run's own. */
public final class RunStorage {

    /** A table of more cells goes to disk. Volumes are file stores, so that cells themselves are small. */
    private static final long CELLS_IN_MEMORY = 100_000;

    private final Path m_directory;

    private final TableSpace m_tables;

    private final FileStoreRepository m_fileStores = new FileStoreRepository();

    /**
     * @param directory an existing directory, which the caller deletes after the run
     * @param types the registered cells
     * @throws IOException if a folder cannot be made in it
     */
    public RunStorage(final Path directory, final CellTypes types) throws IOException {
        m_directory = directory;
        m_tables = new TableSpace(Files.createDirectories(directory.resolve("tables")), CELLS_IN_MEMORY, types,
            m_fileStores);
    }

    /**
     * @param node a node that is about to execute
     * @return where this execution keeps what it creates
     */
    NodeRun begin(final NodeRecord node) {
        final NodeFileStores stores =
            new NodeFileStores(m_directory.resolve("fs-node-" + node.id()), UUID.randomUUID(), node.label());
        m_fileStores.add(stores);
        return new NodeRun(m_tables, stores);
    }

    FileStoreRepository fileStores() {
        return m_fileStores;
    }
}
