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
 * image are mapped onto those of the reference, linearly in between. The foreground stays within the reference's range,
 * and a constant background becomes what the reference's background is, such as 0. Immutable; foreground, background,
 * {@link #reference()} and {@link #backgroundValue()} are all there is to store.
 */
public final class QuantileMatching implements Normalizer {

    /** The usual number of quantiles, both ends included. */
    public static final int DEFAULT_QUANTILES = 257;

    private final Foreground m_foreground;

    private final Background m_background;

    private final List<Double> m_reference;

    private final double m_backgroundValue;

    /**
     * A reference without a background: constant backgrounds become the reference's minimum.
     *
     * @param foreground where quantiles are taken
     * @param background what becomes of the other voxels: a constant, or mapped too
     * @param reference equally spaced quantiles from minimum to maximum, at least two, finite, not decreasing
     * @throws IllegalArgumentException if these are no quantiles
     */
    public QuantileMatching(final Foreground foreground, final Background background, final List<Double> reference) {
        this(foreground, background, reference, reference.isEmpty() ? 0 : reference.get(0));
    }

    /**
     * @param foreground where quantiles are taken
     * @param background what becomes of the other voxels: a constant, or mapped too
     * @param reference equally spaced quantiles from minimum to maximum, at least two, finite, not decreasing
     * @param backgroundValue the constant, finite: what the reference's background has
     * @throws IllegalArgumentException if these are no quantiles
     */
    public QuantileMatching(final Foreground foreground, final Background background, final List<Double> reference,
        final double backgroundValue) {
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
        if (!Double.isFinite(backgroundValue)) {
            throw new IllegalArgumentException("the background value " + backgroundValue + " must be finite");
        }
        m_backgroundValue = backgroundValue;
    }

    /**
     * Learns the quantiles of a reference image.
     *
     * @param quantiles their number, both ends included, at least 2
     * @throws ImagingException if the reference has no foreground or non-finite voxels
     */
    public static QuantileMatching toReference(final Sample reference, final Foreground foreground,
        final Background background, final int quantiles) {
        return fit(List.of(reference), foreground, background, quantiles);
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
        double outside = 0;
        int count = 0;
        for (final Sample sample : training) {
            final BitSet voxels = foreground.of(sample);
            final double[] q = quantiles(sample, voxels, quantiles);
            outside += backgroundValue(sample, voxels, q[0]);
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
            DoubleStream.of(sum).map(q -> q / images).boxed().toList(), outside / images);
    }

    /** The median of the voxels outside the foreground, at most its minimum; that minimum if there are none. */
    private static double backgroundValue(final Sample sample, final BitSet foreground, final double minimum) {
        final BitSet outside = (BitSet)foreground.clone();
        outside.flip(0, sample.image().voxels().length);
        return outside.isEmpty() ? minimum
            : Math.min(minimum, Percentiles.of(Foreground.values(sample, outside), 50)[0]);
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

    /** What constant backgrounds become: the median of the reference's background, which lies below its foreground. */
    public double backgroundValue() {
        return m_backgroundValue;
    }

    /** The reference's quantiles from minimum to maximum. */
    public List<Double> reference() {
        return m_reference;
    }

    /** @throws ImagingException if the image's foreground is empty or constant, or a voxel is not finite */
    @Override
    public Volume apply(final Sample sample) {
        final Foreground.Chosen chosen = m_foreground.choose(sample, m_background);
        final double[] own = quantiles(sample, chosen.voxels(), m_reference.size());
        if (!(own[0] < own[own.length - 1])) {
            throw new ImagingException("The foreground of " + Sample.name(sample.image().info()) + " is constant ("
                + own[0] + "), so there is no distribution to match. "
                + "Choose another foreground, or leave this image out.");
        }
        final PiecewiseLinear curve = new PiecewiseLinear(own,
            m_reference.stream().mapToDouble(Double::doubleValue).toArray(), false);
        return MappedVoxels.map(sample.image(), chosen.voxels(), background(chosen), (float)m_backgroundValue, curve::at);
    }

    /** Mapped, noise below the foreground would become the darkest tissue. */
    private Background background(final Foreground.Chosen chosen) {
        return m_background == Background.CONSTANT && m_backgroundValue < m_reference.get(0) ? Background.CONSTANT
            : chosen.background();
    }
}
