package org.knime.core.data.filestore;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.knime.core.data.DataCell;
import org.knime.core.standin.filestore.FileStoreKey;

/**
 * A cell whose bulk lies in file stores. Write the file before creating the cell: whether and when
 * {@link #flushToFileStore()} is called depends on where the table is kept. A cell that was read again gets its file
 * stores after construction; then {@link #postConstruct()} is called.
 */
public abstract class FileStoreCell extends DataCell {

    private static final long serialVersionUID = 1;

    private transient FileStore[] m_fileStores;

    private transient boolean m_flushed;

    /** @param fileStore the file store of a new cell */
    protected FileStoreCell(final FileStore fileStore) {
        this(new FileStore[]{fileStore});
    }

    /** @param fileStores the file stores of a new cell */
    protected FileStoreCell(final FileStore[] fileStores) {
        m_fileStores = fileStores.clone();
        for (final FileStore f : m_fileStores) {
            Objects.requireNonNull(f, "Argument must not be null.");
        }
    }

    /** For serializers: the file stores are attached afterwards. */
    protected FileStoreCell() {
        m_fileStores = new FileStore[0];
        m_flushed = true;
    }

    /** @return the file stores; none while a serializer is still reading the cell */
    protected FileStore[] getFileStores() {
        return m_fileStores.clone();
    }

    /**
     * Called after the file stores of a cell that was read again have been attached.
     *
     * @throws IOException if the cell cannot be used; it then becomes a missing cell
     */
    protected void postConstruct() throws IOException {
        // for sub-classes
    }

    /**
     * Called once before the cell is written for the first time, which may be never.
     *
     * @throws IOException if the files cannot be written
     */
    protected void flushToFileStore() throws IOException {
        // for sub-classes
    }

    /** For the host, see {@link FileStoreUtil}. */
    synchronized void flushOnce() throws IOException {
        if (!m_flushed) {
            flushToFileStore();
            m_flushed = true;
        }
    }

    void attach(final List<FileStore> fileStores) throws IOException {
        m_fileStores = fileStores.toArray(new FileStore[0]);
        postConstruct();
    }

    private List<FileStoreKey> keys() {
        return Arrays.stream(m_fileStores).map(FileStore::key).toList();
    }

    /** @return whether the content of the files is the same; asked only if the file stores are not the same */
    protected boolean equalFileStoreContent(final DataCell dc) {
        return false;
    }

    @Override
    protected boolean equalsDataCell(final DataCell dc) {
        return keys().equals(((FileStoreCell)dc).keys()) || equalFileStoreContent(dc);
    }

    @Override
    public int hashCode() {
        return keys().hashCode();
    }

    @Override
    public String toString() {
        return keys().toString();
    }
}
