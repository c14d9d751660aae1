package org.scanbridge.imaging.normalize;

/** One axis cut into tiles: where they begin, and between which tile centers each voxel lies. */
final class TileAxis {

    private final int m_size;

    private final int m_tiles;

    private final int[] m_lower;

    private final float[] m_weight;

    /**
     * @param size number of voxels
     * @param tiles wanted number of tiles; at most one per voxel
     */
    TileAxis(final int size, final int tiles) {
        m_size = size;
        m_tiles = Math.min(size, tiles);
        m_lower = new int[size];
        m_weight = new float[size];
        int t = 0;
        for (int x = 0; x < size; x++) {
            while (t < m_tiles - 1 && x >= center(t + 1)) {
                t++;
            }
            m_lower[x] = t;
            m_weight[x] = t == m_tiles - 1 ? 0
                : (float)Math.max(0, (x - center(t)) / (center(t + 1) - center(t)));
        }
    }

    int size() {
        return m_size;
    }

    int tiles() {
        return m_tiles;
    }

    /** First voxel of tile {@code t}; the end of the last tile for {@code t} = number of tiles. */
    int begin(final int t) {
        return (int)((long)t * m_size / m_tiles);
    }

    private double center(final int t) {
        return (begin(t) + begin(t + 1) - 1) / 2.0;
    }

    /** The last tile whose center is not beyond voxel {@code x}, or the first tile. */
    int lower(final int x) {
        return m_lower[x];
    }

    /** The next tile, or the same if there is none. */
    int upper(final int x) {
        return Math.min(m_lower[x] + 1, m_tiles - 1);
    }

    /** Share of the upper tile in [0, 1). */
    float weight(final int x) {
        return m_weight[x];
    }
}
