package org.scanbridge.knime.view;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The last few slabs that were read, so that scrolling through slices that lie across the file reads it once for many slices.
 * Softly held: the handlers of a view live as long as its node. Not safe for use by several threads.
 */
final class SlabCache {

    private static final int SLABS = 6;

    private record Key(String hash, int axis, int from) {
    }

    private final Map<Key, SoftReference<Object>> m_slabs = new LinkedHashMap<>(2 * SLABS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(final Map.Entry<Key, SoftReference<Object>> eldest) {
            return size() > SLABS;
        }
    };

    /**
     * A slab that is at hand, or is read.
     *
     * @param hash of all voxels of the image or segmentation
     * @param axis index axis across the slab
     * @param from its first index
     * @param type what it is
     * @param read reads it
     */
    <T> T get(final String hash, final int axis, final int from, final Class<T> type, final Supplier<T> read) {
        final Key key = new Key(hash, axis, from);
        final SoftReference<Object> kept = m_slabs.get(key);
        final Object slab = kept == null ? null : kept.get();
        if (type.isInstance(slab)) {
            return type.cast(slab);
        }
        final T made = read.get();
        m_slabs.put(key, new SoftReference<>(made));
        return made;
    }
}
