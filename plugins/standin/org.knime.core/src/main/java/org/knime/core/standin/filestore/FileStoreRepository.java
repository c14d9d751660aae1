package org.knime.core.standin.filestore;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.knime.core.data.filestore.FileStore;

/** Finds the file stores of a whole run by their keys. Safe for several threads. */
public final class FileStoreRepository {

    private final Map<UUID, NodeFileStores> m_stores = new ConcurrentHashMap<>();

    /** Makes the file stores of an execution known. */
    public void add(final NodeFileStores stores) {
        m_stores.put(stores.id(), stores);
    }

    /** Forgets the file stores of an execution. */
    public void remove(final UUID id) {
        m_stores.remove(id);
    }

    /**
     * @return the file store of the key
     * @throws IOException if no execution of this run has created it
     */
    public FileStore find(final FileStoreKey key) throws IOException {
        final NodeFileStores stores = m_stores.get(key.store());
        if (stores == null) {
            throw new IOException("File store \"" + key.name() + "\" belongs to an execution (" + key.store()
                + ") that is not part of this run");
        }
        return stores.find(key);
    }
}
