package org.knime.core.data.filestore;

import java.io.File;
import java.util.Objects;

import org.knime.core.standin.HostOnly;
import org.knime.core.standin.filestore.FileStoreKey;

/** A file, or a folder, that belongs to a cell or port object and lives and dies with the node that created it. */
public final class FileStore {

    private final FileStoreKey m_key;

    private final File m_file;

    /**
     * For the host.
     *
     * @param key how the file store is found again
     * @param file its file
     */
    @HostOnly
    public FileStore(final FileStoreKey key, final File file) {
        m_key = Objects.requireNonNull(key, "key");
        m_file = Objects.requireNonNull(file, "file");
    }

    /** @return the file; may be made a folder. It exists only once somebody has written it */
    public File getFile() {
        return m_file;
    }

    /** @return how the file store is found again */
    @HostOnly
    public FileStoreKey key() {
        return m_key;
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof FileStore f && m_key.equals(f.m_key);
    }

    @Override
    public int hashCode() {
        return m_key.hashCode();
    }

    @Override
    public String toString() {
        return m_key.toString();
    }
}
