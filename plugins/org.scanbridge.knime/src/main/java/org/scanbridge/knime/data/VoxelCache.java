package org.scanbridge.knime.data;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps voxels in memory as long as there is room. KNIME makes a new cell instance whenever it iterates over a table
 * that lies on disk, so voxels held by cells would be read again and again, while voxels held by the cells of a table
 * in memory would never be freed. The file and the hash of its voxels are the key: a file that is written anew, or a
 * folder name that is used again, never gives old voxels. Safe for use by several threads.
 *
 * @param <V> the voxel array
 */
final class VoxelCache<V> {

    /** Reads voxels that are not in memory. */
    @FunctionalInterface
    interface Source<V> {
        V read() throws IOException;
    }

    private record Key(Path file, String hash) {
    }

    private static final class Entry<V> extends SoftReference<V> {

        private final Key m_key;

        Entry(final Key key, final V voxels, final ReferenceQueue<V> queue) {
            super(voxels, queue);
            m_key = key;
        }
    }

    private final ConcurrentMap<Key, Entry<V>> m_entries = new ConcurrentHashMap<>();

    private final ReferenceQueue<V> m_cleared = new ReferenceQueue<>();

    /** Remembers voxels that were just written. */
    void put(final Path file, final String hash, final V voxels) {
        removeCleared();
        final Key key = new Key(file, hash);
        m_entries.put(key, new Entry<>(key, voxels, m_cleared));
    }

    /** The remembered voxels, or what the source reads. */
    V get(final Path file, final String hash, final Source<V> source) throws IOException {
        final Entry<V> entry = m_entries.get(new Key(file, hash));
        final V known = entry == null ? null : entry.get();
        if (known != null) {
            return known;
        }
        final V voxels = source.read();
        put(file, hash, voxels);
        return voxels;
    }

    /** Forgets all voxels. */
    void clear() {
        m_entries.clear();
        removeCleared();
    }

    private void removeCleared() {
        for (Reference<? extends V> r = m_cleared.poll(); r != null; r = m_cleared.poll()) {
            if (r instanceof Entry<?> entry) {
                m_entries.remove(entry.m_key, entry);
            }
        }
    }
}
