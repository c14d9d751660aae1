package org.scanbridge.imaging.normalize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

/**
 * Histogram matching by landmarks (Nyúl and Udupa, On standardizing the MR image intensity scale, Magn. Reson. Med. 42,
 * 1999; Nyúl, Udupa, Zhang, IEEE TMI 19, 2000). Learned: the mean landmarks of the training images, each image's first
 * mapped linearly so that its 1st percentile becomes 0 and its 99th 100. Applied: each image's own landmarks are mapped
 * onto the learned ones, linearly in between, the end pieces continuing outwards. Immutable; foreground, background,
 * {@link #percents()} and {@link #standard()} are all there is to store.
 */
public final class NyulNormalizer implements Normalizer {

    /** The usual percentages of the landmarks. */
    public static final List<Double> PERCENTS =
        List.of(1., 10., 20., 25., 30., 40., 50., 60., 70., 75., 80., 90., 99.);

    private static final double SCALE = 100;

    private final Foreground m_foreground;

    private final Background m_background;

    private final List<Double> m_percents;

    private final List<Double> m_standard;

    /**
     * With landmarks at the usual {@link #PERCENTS}.
     *
     * @param foreground where landmarks are taken
     * @param background what becomes of the other voxels: 0, or mapped too
     * @param standard the learned landmarks, one per entry of {@link #PERCENTS}, not decreasing, from 0 to 100
     * @throws IllegalArgumentException if these are no landmarks
     */
    public NyulNormalizer(final Foreground foreground, final Background background, final List<Double> standard) {
        this(foreground, background, PERCENTS, standard);
    }

    /**
     * @param foreground where landmarks are taken
     * @param background what becomes of the other voxels: 0, or mapped too
     * @param percents percentages of the landmarks, at least two, increasing within [0, 100]
     * @param standard the learned landmarks, one per percentage, not decreasing, the last above the first
     * @throws IllegalArgumentException if these are no landmarks
     */
    public NyulNormalizer(final Foreground foreground, final Background background, final List<Double> percents,
        final List<Double> standard) {
        m_foreground = Objects.requireNonNull(foreground, "foreground");
        m_background = Objects.requireNonNull(background, "background");
        m_percents = List.copyOf(percents);
        m_standard = List.copyOf(standard);
        requirePercents(m_percents);
        boolean ordered = standard.size() == percents.size();
        for (int p = 1; ordered && p < standard.size(); p++) {
            ordered = standard.get(p - 1) <= standard.get(p);
        }
        if (!ordered || !(standard.get(0) < standard.get(standard.size() - 1))
            || Double.isInfinite(standard.get(standard.size() - 1) - standard.get(0))) {
            throw new IllegalArgumentException(
                "landmarks " + standard + " must be " + percents.size() + " finite, increasing numbers");
        }
    }

    private static void requirePercents(final List<Double> percents) {
        boolean ordered = percents.size() >= 2 && percents.get(0) >= 0 && percents.get(percents.size() - 1) <= 100;
        for (int p = 1; ordered && p < percents.size(); p++) {
            ordered = percents.get(p - 1) < percents.get(p);
        }
        if (!ordered) {
            throw new IllegalArgumentException(
                "landmark percentages " + percents + " must be at least two, increasing within 0..100");
        }
    }

    /**
     * Learns the landmarks of exactly these images at the usual {@link #PERCENTS}, reading them one after the other and
     * keeping none.
     *
     * @throws ImagingException if there is no image, or one has no or a constant foreground or non-finite voxels
     */
    public static NyulNormalizer fit(final Iterable<Sample> training, final Foreground foreground,
        final Background background) {
        return fit(training, foreground, background, PERCENTS);
    }

    /**
     * Learns the landmarks of exactly these images, reading them one after the other and keeping none.
     *
     * @param training what to learn from
     * @param foreground where landmarks are taken
     * @param background what becomes of the other voxels when applied
     * @param percents percentages of the landmarks, at least two, increasing within [0, 100]; the first becomes 0 and
     *            the last 100 on the standard scale
     * @throws ImagingException if there is no image, or one has no or a constant foreground or non-finite voxels
     */
    public static NyulNormalizer fit(final Iterable<Sample> training, final Foreground foreground,
        final Background background, final List<Double> percents) {
        return fit(training, foreground, background, percents, Unusable.REFUSED);
    }

    /**
     * As {@link #fit(Iterable, Foreground, Background, List)}, leaving out images that have no landmarks.
     *
     * @param unusable told of them
     * @throws ImagingException if no image is left
     */
    public static NyulNormalizer fit(final Iterable<Sample> training, final Foreground foreground,
        final Background background, final List<Double> percents, final Unusable unusable) {
        requirePercents(percents);
        final double[] sum = new double[percents.size()];
        int count = 0;
        for (final Sample sample : training) {
            final double[] q;
            try {
                q = landmarks(sample, foreground.of(sample), percents);
            } catch (final ImagingException e) {
                unusable.leaveOut(sample, e);
                continue;
            }
            for (int p = 0; p < sum.length; p++) {
                sum[p] += SCALE * (q[p] - q[0]) / (q[q.length - 1] - q[0]);
            }
            count++;
        }
        if (count == 0) {
            throw new ImagingException("There is no image to learn histogram landmarks from. Supply training images.");
        }
        final double[] mean = new double[sum.length];
        for (int p = 0; p < mean.length; p++) {
            mean[p] = sum[p] / count;
        }
        return new NyulNormalizer(foreground, background, percents, Arrays.stream(mean).boxed().toList());
    }

    /**
     * An image's own landmarks: the percentiles of its foreground.
     *
     * @param sample the image
     * @param foreground where landmarks are taken
     * @param percents percentages, increasing within [0, 100]
     * @return one intensity per percentage, not decreasing
     * @throws ImagingException if its foreground is empty, or its first and last landmark are equal
     */
    public static List<Double> landmarks(final Sample sample, final Foreground foreground,
        final List<Double> percents) {
        requirePercents(percents);
        return Arrays.stream(landmarks(sample, foreground.of(sample), percents)).boxed().toList();
    }

    private static double[] landmarks(final Sample sample, final BitSet foreground, final List<Double> percents) {
        final double[] q = Percentiles.of(Foreground.values(sample, foreground),
            percents.stream().mapToDouble(Double::doubleValue).toArray());
        if (!(q[0] < q[q.length - 1])) {
            throw new ImagingException("The foreground of " + Sample.name(sample.image().info()) + " has the same "
                + percents.get(0) + "th and " + percents.get(percents.size() - 1) + "th percentile (" + q[0]
                + "), so there is no histogram to match. Choose another foreground, or leave this image out.");
        }
        return q;
    }

    /** Percentages of the landmarks, increasing. */
    public List<Double> percents() {
        return m_percents;
    }

    /** The learned landmarks on the standard scale, one per entry of {@link #percents()}. */
    public List<Double> standard() {
        return m_standard;
    }

    @Override
    public Volume apply(final Sample sample) {
        final Foreground.Chosen chosen = m_foreground.choose(sample, m_background);
        final PiecewiseLinear curve = new PiecewiseLinear(landmarks(sample, chosen.voxels(), m_percents),
            m_standard.stream().mapToDouble(Double::doubleValue).toArray(), true);
        return MappedVoxels.map(sample.image(), chosen.voxels(), chosen.background(), 0, curve::at);
    }
}
