package org.knime.core.data.filestore;

import java.io.IOException;
import java.util.List;

import org.knime.core.node.port.PortObject;

/**
 * A port object whose bulk lies in file stores. On every edge the object is written and read by its serializer, gets
 * its file stores attached, and {@link #postConstruct()} is called; the files themselves are not copied.
 */
public abstract class FileStorePortObject implements PortObject {

    private List<FileStore> m_fileStores;

    private boolean m_flushed;

    /** @param fileStores the file stores of a new object */
    protected FileStorePortObject(final List<FileStore> fileStores) {
        m_fileStores = List.copyOf(fileStores);
    }

    /** For serializers: the file stores are attached afterwards. */
    protected FileStorePortObject() {
        m_fileStores = List.of();
        m_flushed = true;
    }

    /** @return the number of file stores */
    protected final int getFileStoreCount() {
        return m_fileStores.size();
    }

    /** @return the file store at the index, counted from 0 */
    protected final FileStore getFileStore(final int index) {
        return m_fileStores.get(index);
    }

    /** Called after the file stores of an object that was read again have been attached. Load nothing big here. */
    protected void postConstruct() throws IOException {
        // for sub-classes
    }

    /** Called once before the object is written for the first time. */
    protected void flushToFileStore() throws IOException {
        // for sub-classes
    }

    synchronized void flushOnce() throws IOException {
        if (!m_flushed) {
            flushToFileStore();
            m_flushed = true;
        }
    }

    void attach(final List<FileStore> fileStores) throws IOException {
        m_fileStores = List.copyOf(fileStores);
        postConstruct();
    }

    List<FileStore> fileStores() {
        return m_fileStores;
    }
}
