package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

/**
 * Makes the distribution of an image's foreground that of a reference (CDF matching): equally spaced quantiles of the
 * image are mapped onto those of the reference, linearly in between. The result stays within the reference's range.
 * Immutable; foreground, background and {@link #reference()} are all there is to store.
 */
public final class QuantileMatching implements Normalizer {

    /** The usual number of quantiles, both ends included. */
    public static final int DEFAULT_QUANTILES = 257;

    private final Foreground m_foreground;

    private final Background m_background;

    private final List<Double> m_reference;

    /**
     * @param foreground where quantiles are taken
     * @param background what becomes of the other voxels: the reference's minimum, or mapped too
     * @param reference equally spaced quantiles from minimum to maximum, at least two, finite, not decreasing
     * @throws IllegalArgumentException if these are no quantiles
     */
    public QuantileMatching(final Foreground foreground, final Background background, final List<Double> reference) {
        m_foreground = Objects.requireNonNull(foreground, "foreground");
        m_background = Objects.requireNonNull(background, "background");
        m_reference = List.copyOf(reference);
        boolean ordered = reference.size() >= 2 && reference.stream().allMatch(Double::isFinite);
        for (int q = 1; ordered && q < reference.size(); q++) {
            ordered = reference.get(q - 1) <= reference.get(q);
        }
        if (!ordered) {
            throw new IllegalArgumentException("reference quantiles must be at least two finite, increasing numbers");
        }
    }

    /**
     * Learns the quantiles of a reference image.
     *
     * @param quantiles their number, both ends included, at least 2
     * @throws ImagingException if the reference has no foreground or non-finite voxels
     */
    public static QuantileMatching toReference(final Sample reference, final Foreground foreground,
        final Background background, final int quantiles) {
        requireQuantiles(quantiles);
        return new QuantileMatching(foreground, background,
            DoubleStream.of(quantiles(reference, foreground.of(reference), quantiles)).boxed().toList());
    }

    /**
     * Learns the quantiles of a collection, such as the images of one site: each quantile is the mean of the images'
     * own, which is the distribution in the middle of theirs (their Wasserstein barycenter). Reads the images one after
     * the other and keeps none.
     *
     * @param quantiles their number, both ends included, at least 2
     * @throws ImagingException if there is no image, or one has no foreground or non-finite voxels
     */
    public static QuantileMatching fit(final Iterable<Sample> training, final Foreground foreground,
        final Background background, final int quantiles) {
        requireQuantiles(quantiles);
        final double[] sum = new double[quantiles];
        int count = 0;
        for (final Sample sample : training) {
            final double[] q = quantiles(sample, foreground.of(sample), quantiles);
            for (int n = 0; n < quantiles; n++) {
                sum[n] += q[n];
            }
            count++;
        }
        if (count == 0) {
            throw new ImagingException("There is no image to learn a distribution from. Supply reference images.");
        }
        final int images = count;
        return new QuantileMatching(foreground, background,
            DoubleStream.of(sum).map(q -> q / images).boxed().toList());
    }

    private static void requireQuantiles(final int quantiles) {
        if (quantiles < 2) {
            throw new IllegalArgumentException("quantile matching needs at least 2 quantiles, not " + quantiles);
        }
    }

    private static double[] quantiles(final Sample sample, final BitSet foreground, final int count) {
        return Percentiles.of(Foreground.values(sample, foreground),
            IntStream.range(0, count).mapToDouble(q -> 100.0 * q / (count - 1)).toArray());
    }

    /** The reference's quantiles from minimum to maximum. */
    public List<Double> reference() {
        return m_reference;
    }

    /** @throws ImagingException if the image's foreground is empty or constant, or a voxel is not finite */
    @Override
    public Volume apply(final Sample sample) {
        final BitSet foreground = m_foreground.of(sample);
        final double[] own = quantiles(sample, foreground, m_reference.size());
        if (!(own[0] < own[own.length - 1])) {
            throw new ImagingException("The foreground of " + Sample.name(sample.image().info()) + " is constant ("
                + own[0] + "), so there is no distribution to match. "
                + "Choose another foreground, or leave this image out.");
        }
        final PiecewiseLinear curve = new PiecewiseLinear(own,
            m_reference.stream().mapToDouble(Double::doubleValue).toArray(), false);
        return MappedVoxels.map(sample.image(), foreground, m_background, m_reference.get(0).floatValue(), curve::at);
    }
}
