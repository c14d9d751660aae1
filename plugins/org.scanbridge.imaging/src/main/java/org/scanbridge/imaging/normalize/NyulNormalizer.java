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
 * onto the learned ones, linearly in between, the end pieces continuing outwards. Immutable; foreground, background and
 * {@link #standard()} are all there is to store.
 */
public final class NyulNormalizer implements Normalizer {

    /** Percentages of the landmarks. */
    public static final List<Double> PERCENTS =
        List.of(1., 10., 20., 25., 30., 40., 50., 60., 70., 75., 80., 90., 99.);

    private static final double SCALE = 100;

    private final Foreground m_foreground;

    private final Background m_background;

    private final List<Double> m_standard;

    /**
     * @param foreground where landmarks are taken
     * @param background what becomes of the other voxels: 0, or mapped too
     * @param standard the learned landmarks, one per entry of {@link #PERCENTS}, not decreasing, from 0 to 100
     * @throws IllegalArgumentException if these are no landmarks
     */
    public NyulNormalizer(final Foreground foreground, final Background background, final List<Double> standard) {
        m_foreground = Objects.requireNonNull(foreground, "foreground");
        m_background = Objects.requireNonNull(background, "background");
        m_standard = List.copyOf(standard);
        boolean ordered = standard.size() == PERCENTS.size();
        for (int p = 1; ordered && p < standard.size(); p++) {
            ordered = standard.get(p - 1) <= standard.get(p);
        }
        if (!ordered || !(standard.get(0) < standard.get(standard.size() - 1))
            || Double.isInfinite(standard.get(standard.size() - 1) - standard.get(0))) {
            throw new IllegalArgumentException(
                "landmarks " + standard + " must be " + PERCENTS.size() + " finite, increasing numbers");
        }
    }

    /**
     * Learns the landmarks of exactly these images, reading them one after the other and keeping none.
     *
     * @throws ImagingException if there is no image, or one has no or a constant foreground or non-finite voxels
     */
    public static NyulNormalizer fit(final Iterable<Sample> training, final Foreground foreground,
        final Background background) {
        final double[] sum = new double[PERCENTS.size()];
        int count = 0;
        for (final Sample sample : training) {
            final double[] q = landmarks(sample, foreground.of(sample));
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
        return new NyulNormalizer(foreground, background, Arrays.stream(mean).boxed().toList());
    }

    private static double[] landmarks(final Sample sample, final BitSet foreground) {
        final double[] q = Percentiles.of(Foreground.values(sample, foreground),
            PERCENTS.stream().mapToDouble(Double::doubleValue).toArray());
        if (!(q[0] < q[q.length - 1])) {
            throw new ImagingException("The foreground of " + Sample.name(sample.image().info())
                + " has the same 1st and 99th percentile (" + q[0]
                + "), so there is no histogram to match. Choose another foreground, or leave this image out.");
        }
        return q;
    }

    /** The learned landmarks, one per entry of {@link #PERCENTS}. */
    public List<Double> standard() {
        return m_standard;
    }

    @Override
    public Volume apply(final Sample sample) {
        final BitSet foreground = m_foreground.of(sample);
        final PiecewiseLinear curve = new PiecewiseLinear(landmarks(sample, foreground),
            m_standard.stream().mapToDouble(Double::doubleValue).toArray(), true);
        return MappedVoxels.map(sample.image(), foreground, m_background, 0, curve::at);
    }
}
