package org.knime.core.standin.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.filestore.FileStoreRepository;
import org.knime.core.standin.filestore.NodeFileStores;
import org.knime.core.standin.table.SavedTable;
import org.knime.core.standin.table.TableSpace;

/**
 * The temporary folder of one run of a workflow: rows of big tables and all file stores. Deleted with everything in it
 * by {@link #close()}. Safe for several threads.
 */
public final class RunDirectory implements Closeable {

    /** How many cells a table may have to stay in memory, as in KNIME. */
    public static final long DEFAULT_CELLS_IN_MEMORY = 5000;

    private final Path m_path;

    private final FileStoreRepository m_fileStores = new FileStoreRepository();

    private final TableSpace m_tables;

    private final AtomicInteger m_runs = new AtomicInteger();

    /**
     * Creates the folder {@code knime_<name>_<n>}.
     *
     * @param parent an existing folder, usually the temporary one
     * @param name the workflow's name
     * @param cellsInMemory how many cells a table may have to stay in memory; 0 puts every table with rows on disk
     * @throws IOException if the folder cannot be created
     */
    public RunDirectory(final Path parent, final String name, final long cellsInMemory) throws IOException {
        m_path = Files.createTempDirectory(parent, "knime_" + name.replaceAll("\\W", "_") + "_");
        m_tables = new TableSpace(m_path, cellsInMemory, CellTypes.installed(), m_fileStores);
    }

    /** Creates the folder in the temporary folder, with the default limit of cells in memory. */
    public static RunDirectory create(final String name) throws IOException {
        return new RunDirectory(Path.of(System.getProperty("java.io.tmpdir")), name, DEFAULT_CELLS_IN_MEMORY);
    }

    /** @return the folder */
    public Path path() {
        return m_path;
    }

    /** @return where rows are kept */
    public TableSpace tables() {
        return m_tables;
    }

    /** @return finds the file stores of this run */
    public FileStoreRepository fileStores() {
        return m_fileStores;
    }

    /**
     * @param node the node's name
     * @return where an execution of the node keeps what it creates; its file stores lie in {@code fs-<node>-<n>}
     */
    public NodeRun newNodeRun(final String node) {
        final String shortName = node.replaceAll("\\W", "");
        final Path folder = m_path.resolve("fs-" + shortName.substring(0, Math.min(5, shortName.length())) + "-"
            + m_runs.incrementAndGet());
        final NodeFileStores stores = new NodeFileStores(folder, UUID.randomUUID(), node);
        m_fileStores.add(stores);
        return new NodeRun(m_tables, stores);
    }

    /**
     * Saves a table as KNIME saves an executed node: with copies of all file stores that its cells have.
     *
     * @param table a table of this run
     * @param directory where it goes; must not exist
     * @throws IOException if writing fails, or a file store has no file
     */
    public void save(final BufferedDataTable table, final Path directory) throws IOException {
        SavedTable.save(table, m_fileStores, directory);
    }

    /**
     * Loads a table that another run has saved. Its file stores are copied into this run's folder, so that every path into
     * one of them is another than before.
     *
     * @param directory where it was saved
     * @throws IOException if reading fails
     */
    public BufferedDataTable load(final Path directory) throws IOException {
        return SavedTable.load(directory, m_tables, m_fileStores, m_path.resolve("fs-load-" + m_runs.incrementAndGet()));
    }

    /**
     * Deletes the folder with everything in it.
     *
     * @throws UncheckedIOException if something cannot be deleted
     */
    @Override
    public void close() {
        try {
            Files.walkFileTree(m_path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes a) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(final Path dir, final IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete the run's temporary folder " + m_path, e);
        }
    }
}
