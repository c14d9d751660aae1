package org.knime.core.standin.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.filestore.FileStoreKey;
import org.knime.core.standin.filestore.FileStoreRepository;
import org.knime.core.standin.filestore.NodeFileStores;

/**
 * A table on disk that outlives its run: {@code spec.xml}, {@code data.bin} and the file stores of its cells in
 * {@code filestore/<execution>/000/000/<name>}. Not KNIME's format, but its behavior: what a cell keeps in a file store
 * comes back, at another path; what it keeps as a path does not.
 */
public final class SavedTable {

    private static final String SPEC = "spec.xml";

    private static final String ROWS = "data.bin";

    private static final String FILE_STORES = "filestore";

    private SavedTable() {
    }

    /**
     * @param table the table
     * @param fileStores finds the file stores of its cells
     * @param directory where it goes; must not exist
     * @throws IOException if writing fails, or a file store has no file
     */
    public static void save(final BufferedDataTable table, final FileStoreRepository fileStores, final Path directory)
        throws IOException {
        Files.createDirectory(directory);
        final NodeSettings spec = new NodeSettings("spec");
        SpecConfig.save(table.getDataTableSpec(), spec);
        spec.addLong("rows", table.size());
        try (OutputStream out = Files.newOutputStream(directory.resolve(SPEC))) {
            spec.saveToXML(out);
        }
        try (CellWriter rows = new CellWriter(Files.newOutputStream(directory.resolve(ROWS)), CellTypes.installed())) {
            for (final DataRow row : table) {
                rows.writeRow(row);
            }
            for (final FileStoreKey key : rows.fileStores()) {
                copy(fileStores.find(key).getFile().toPath(),
                    directory.resolve(FILE_STORES).resolve(key.store().toString()).resolve(NodeFileStores.place(key)));
            }
        }
    }

    /**
     * @param directory where the table was saved
     * @param space where its rows are kept
     * @param fileStores learns of its file stores
     * @param folder where their files go; must not exist
     * @throws IOException if reading fails
     */
    public static BufferedDataTable load(final Path directory, final TableSpace space, final FileStoreRepository fileStores,
        final Path folder) throws IOException {
        try (InputStream in = Files.newInputStream(directory.resolve(SPEC))) {
            final NodeSettings settings = (NodeSettings)NodeSettings.loadFromXML(in);
            final DataTableSpec spec = SpecConfig.load(settings);
            final Map<UUID, Path> executions = new HashMap<>();
            if (Files.exists(directory.resolve(FILE_STORES))) {
                try (Stream<Path> saved = Files.list(directory.resolve(FILE_STORES))) {
                    saved.forEach(s -> executions.put(UUID.fromString(s.getFileName().toString()), s));
                }
            }
            for (final Map.Entry<UUID, Path> execution : executions.entrySet()) {
                final Path to = folder.resolve(execution.getKey().toString());
                copy(execution.getValue(), to);
                fileStores.add(new NodeFileStores(to, execution.getKey(), "saved"));
            }
            final Path rows = space.newFile();
            Files.copy(directory.resolve(ROWS), rows);
            return new BufferedDataTable(spec, new DiskRowStore(space, rows, settings.getLong("rows")));
        } catch (InvalidSettingsException e) {
            throw new IOException("The table in " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void copy(final Path from, final Path to) throws IOException {
        Files.createDirectories(to.getParent());
        final List<Path> files;
        try (Stream<Path> tree = Files.walk(from)) {
            files = tree.toList();
        }
        for (final Path file : files) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }
}
