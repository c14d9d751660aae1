package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Volume;

/**
 * An {@link IntensityNormalization} with the statistics it has learned. Immutable; {@link #maps()} is all there is to
 * store, and {@link #FittedNormalizer(IntensityNormalization, Map)} restores it.
 */
public final class FittedNormalizer implements Normalizer {

    private final IntensityNormalization m_normalization;

    private final SortedMap<String, IntensityMap> m_maps;

    /**
     * @param normalization what was fitted
     * @param maps the learned maps: by site for {@link Scope#SITE}, under the empty string for {@link Scope#DATA_SET},
     *            none for {@link Scope#IMAGE}
     * @throws IllegalArgumentException if the maps do not fit the scope
     */
    public FittedNormalizer(final IntensityNormalization normalization, final Map<String, IntensityMap> maps) {
        m_normalization = Objects.requireNonNull(normalization, "normalization");
        m_maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
        final boolean fits = switch (normalization.scope()) {
            case IMAGE -> maps.isEmpty();
            case SITE -> !maps.isEmpty();
            case DATA_SET -> maps.keySet().equals(Collections.singleton(""));
        };
        if (!fits) {
            throw new IllegalArgumentException(
                "intensity maps for " + m_maps.keySet() + " do not fit scope " + normalization.scope());
        }
    }

    /** What was fitted. */
    public IntensityNormalization normalization() {
        return m_normalization;
    }

    /** The learned maps; see the constructor for the keys. */
    public SortedMap<String, IntensityMap> maps() {
        return m_maps;
    }

    @Override
    public Volume apply(final Sample sample) {
        final Foreground.Chosen chosen = m_normalization.foreground().choose(sample, m_normalization.background());
        final IntensityMap map = map(sample, chosen.voxels());
        return MappedVoxels.map(sample.image(), chosen.voxels(), chosen.background(),
            m_normalization.method().backgroundValue(), map::apply);
    }

    private IntensityMap map(final Sample sample, final BitSet foreground) {
        if (m_normalization.scope() == Scope.IMAGE) {
            final IntensityStatistics statistics = m_normalization.method().statistics();
            statistics.add(Foreground.values(sample, foreground));
            return statistics.map();
        }
        final IntensityMap map = m_maps.get(m_normalization.key(sample));
        if (map == null) {
            throw new ImagingException("The normalization was learned from sites " + m_maps.keySet() + ", "
                + Sample.name(sample.image().info())
                + " comes from none of them. Learn from images of that site too, or choose another scope.");
        }
        return map;
    }
}
