package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;

/**
 * How to normalize: method, foreground, scope and background. {@link #fit(Iterable)} learns from one collection and
 * gives a {@link FittedNormalizer} for this and other collections.
 *
 * @param method z-score, min–max or percentiles
 * @param foreground where the statistics come from
 * @param scope over which images they are taken
 * @param background what becomes of the other voxels
 */
public record IntensityNormalization(IntensityMethod method, Foreground foreground, Scope scope,
    Background background) {

    /** @throws NullPointerException if a component is null */
    public IntensityNormalization {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(foreground, "foreground");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(background, "background");
    }

    /**
     * Learns the statistics of exactly these images, reading them one after the other and keeping none.
     *
     * @param training what to learn from; with scope {@link Scope#IMAGE} nothing is read
     * @throws ImagingException if there is no image, or one has no foreground or non-finite voxels
     */
    public FittedNormalizer fit(final Iterable<Sample> training) {
        return fit(training, Unusable.REFUSED);
    }

    /**
     * As {@link #fit(Iterable)}, leaving out images that nothing can be learned from.
     *
     * @param unusable told of them
     * @throws ImagingException if no image is left
     */
    public FittedNormalizer fit(final Iterable<Sample> training, final Unusable unusable) {
        final Map<String, IntensityStatistics> statistics = new TreeMap<>();
        if (scope != Scope.IMAGE) {
            for (final Sample sample : training) {
                final BitSet voxels;
                try {
                    voxels = foreground.of(sample);
                } catch (final ImagingException e) {
                    unusable.leaveOut(sample, e);
                    continue;
                }
                statistics.computeIfAbsent(key(sample), k -> method.statistics())
                    .add(Foreground.values(sample, voxels));
            }
            if (statistics.isEmpty()) {
                throw new ImagingException("There is no image to learn the normalization from. "
                    + "Supply training images, or choose statistics per image.");
            }
        }
        final Map<String, IntensityMap> maps = new TreeMap<>();
        statistics.forEach((key, s) -> maps.put(key, s.map()));
        return new FittedNormalizer(this, maps);
    }

    /** The group of images that share statistics with this one. */
    String key(final Sample sample) {
        return scope == Scope.SITE ? sample.image().info().site() : "";
    }
}
