package org.knime.core.standin.filestore;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.util.DuplicateKeyException;

/**
 * The file stores of one execution of a node, in {@code <folder>/000/000/<name>}: two levels of folders of at most 1000
 * entries. Safe for several threads.
 */
public final class NodeFileStores {

    private static final int PER_FOLDER = 1000;

    private final Path m_folder;

    private final UUID m_id;

    private final String m_owner;

    private final Set<String> m_names = new HashSet<>();

    private boolean m_closed;

    /**
     * @param folder where the files go; made when the first one is created
     * @param id identifies this execution
     * @param owner the node, for messages
     */
    public NodeFileStores(final Path folder, final UUID id, final String owner) {
        m_folder = Objects.requireNonNull(folder, "folder");
        m_id = Objects.requireNonNull(id, "id");
        m_owner = owner;
    }

    /** @return what identifies this execution in keys */
    public UUID id() {
        return m_id;
    }

    /**
     * @param name the name; unique, without slashes and leading dot
     * @return the file store; its parent folder exists, its file does not
     * @throws IOException if the name is not allowed or the folder cannot be created
     * @throws DuplicateKeyException if the name is taken
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized FileStore create(final String name) throws IOException {
        if (m_closed) {
            throw new IllegalStateException("File store on node " + m_owner + " is read only/closed");
        }
        if (name == null) {
            throw new IllegalArgumentException("Name must not be null");
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw new IOException("Invalid file name, must not contain (back) slash: \"" + name + '"');
        }
        if (name.startsWith(".")) {
            throw new IOException("Name must not start with a dot: \"" + name + '"');
        }
        if (m_names.contains(name)) {
            throw new DuplicateKeyException("Duplicate key detected: \"" + name + '"', name);
        }
        final FileStoreKey key = new FileStoreKey(m_id, m_names.size(), name);
        final File file = file(key);
        Files.createDirectories(file.toPath().getParent());
        m_names.add(name);
        return new FileStore(key, file);
    }

    private File file(final FileStoreKey key) {
        return m_folder.resolve(place(key)).toFile();
    }

    /** @return the file store of the key, which this object created */
    FileStore find(final FileStoreKey key) {
        return new FileStore(key, file(key));
    }

    /** @return where the file of a key lies below the folder of its execution, also of a saved one */
    public static Path place(final FileStoreKey key) {
        final int leaf = key.index() / PER_FOLDER;
        return Path.of(String.format("%03d", leaf / PER_FOLDER), String.format("%03d", leaf % PER_FOLDER), key.name());
    }

    /** Ends the creation of file stores; those that exist stay readable. */
    public synchronized void close() {
        m_closed = true;
    }
}
