package org.scanbridge.imaging.normalize;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Statistics that need all values at once, such as percentiles. Of one image they are exact; over several images they
 * are those of the pooled voxels, of which a large image contributes every m-th, in voxel order.
 */
final class PooledValues implements IntensityStatistics {

    private final int m_perImage;

    private final Function<float[], IntensityMap> m_map;

    private final List<float[]> m_parts = new ArrayList<>();

    /** From the first image, exact. */
    private IntensityMap m_ofFirst;

    /**
     * @param perImage how many values one image adds at most
     * @param map from values, at least one, which it must not change
     */
    PooledValues(final int perImage, final Function<float[], IntensityMap> map) {
        m_perImage = perImage;
        m_map = Objects.requireNonNull(map, "map");
    }

    @Override
    public void add(final float[] values) {
        if (m_parts.isEmpty()) {
            m_ofFirst = m_map.apply(values);
        }
        final int step = (values.length - 1) / m_perImage + 1;
        final float[] part = new float[(values.length - 1) / step + 1];
        for (int v = 0; v < part.length; v++) {
            part[v] = values[v * step];
        }
        m_parts.add(part);
    }

    @Override
    public IntensityMap map() {
        if (m_parts.isEmpty()) {
            throw new IllegalStateException("no values to take percentiles of");
        }
        return m_parts.size() == 1 ? m_ofFirst : m_map.apply(pooled());
    }

    private float[] pooled() {
        final float[] all = new float[Math.toIntExact(m_parts.stream().mapToLong(p -> p.length).sum())];
        int n = 0;
        for (final float[] part : m_parts) {
            System.arraycopy(part, 0, all, n, part.length);
            n += part.length;
        }
        return all;
    }
}
