package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.BiasField;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.IntensityCurve;
import org.scanbridge.imaging.augment.LabelSynthesis;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.ThickSlices;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.data.ChannelImages;

/**
 * Images as another scanner might have made them, from none of its changes to all of them strongly: curves of intensities
 * (rising, falling or both), gamma, a bias field, blur, thick slices, noise. The change comes before the normalization, as it
 * were: mean and standard deviation of the foreground (voxels other than 0) are what they were.
 */
public final class SimulatedShift {

    /** Keeps the draws of painted images apart from those of shifted ones. */
    private static final int PAINTED = -1;

    private final long m_seed;

    private final int m_count;

    /**
     * @param seed the same seed, the same shifts
     * @param count number of shifts; the first one changes nothing, later ones tend to be stronger
     */
    public SimulatedShift(final long seed, final int count) {
        m_seed = seed;
        m_count = count;
    }

    /** Number of shifts. */
    public int count() {
        return m_count;
    }

    /**
     * The images under a shift.
     *
     * @param images of one subject
     * @param shift from 0 to count - 1
     * @param subject number of the subject, so that each has shifts of its own
     */
    public ChannelImages of(final ChannelImages images, final int shift, final int subject) {
        if (shift == 0) {
            return images;
        }
        final List<Volume> changed = new ArrayList<>();
        for (int c = 0; c < images.count(); c++) {
            final SeededRandom random = SeededRandom.of(m_seed, subject, shift, c);
            final double strength = Math.max(0.1, (double)shift / Math.max(1, m_count - 1));
            final Volume image = images.volumes().get(c);
            changed.add(restored(image, new AugmentationPipeline(steps(image, strength, random)).draw(random)
                .apply(LabeledVolume.of(image)).image()));
        }
        return new ChannelImages(images.names(), changed, images.owner());
    }

    /**
     * Images of a contrast drawn at random, painted from a segmentation as for training on any contrast ({@link LabelSynthesis}):
     * what a network that knows one contrast is lost at, while the anatomy is that of the images.
     *
     * @param images of one subject
     * @param labels its segmentation, with classes of the network
     * @param ignored value of voxels that are not annotated: they are painted by their intensities, as the background is
     * @param number from 0; each has a contrast of its own
     * @param subject number of the subject, so that each has contrasts of its own
     */
    public ChannelImages painted(final ChannelImages images, final LabelVolume labels, final Optional<Integer> ignored,
        final int number, final int subject) {
        final LabelVolume known = ignored.map(value -> without(labels, value)).orElse(labels);
        final List<Volume> painted = new ArrayList<>();
        for (int c = 0; c < images.count(); c++) {
            painted.add(LabelSynthesis.DEFAULT.draw(SeededRandom.of(m_seed, subject, PAINTED, number, c))
                .apply(LabeledVolume.of(images.volumes().get(c), known)).image());
        }
        return new ChannelImages(images.names(), painted, images.owner());
    }

    private static LabelVolume without(final LabelVolume labels, final int value) {
        final byte[] known = labels.voxels().clone();
        for (int v = 0; v < known.length; v++) {
            known[v] = (known[v] & 0xff) == value ? 0 : known[v];
        }
        return new LabelVolume(known, labels.geometry(), labels.info(), labels.labels());
    }

    private static List<Augmentation> steps(final Volume image, final double strength, final SeededRandom random) {
        final double voxel = Math.cbrt(image.geometry().voxelVolume());
        final List<Augmentation> all = new ArrayList<>();
        if (random.happens(0.7 * strength)) {
            all.add(new IntensityCurve(0.3, 0.3));
        } else {
            all.add(new Gamma(new Range(1 / (1 + strength), 1 + strength)));
        }
        if (random.happens(0.5)) {
            all.add(new BiasField(Range.symmetric(0.4 * strength)));
        }
        if (random.happens(0.4)) {
            all.add(new Blur(new Range(0.2 * strength * voxel, 1.2 * strength * voxel)));
        }
        if (random.happens(0.4)) {
            all.add(new ThickSlices(new Range(1, 1 + 3 * strength)));
        }
        if (random.happens(0.5)) {
            all.add(new GaussianNoise(new Range(0, 0.5 * strength)));
        }
        return all;
    }

    /** Mean and standard deviation of the foreground as they were. */
    private static Volume restored(final Volume before, final Volume after) {
        final double[] was = moments(before.voxels(), before.voxels());
        final double[] is = moments(after.voxels(), before.voxels());
        final float[] y = after.voxels().clone();
        for (int v = 0; v < y.length; v++) {
            if (before.voxels()[v] != 0) {
                y[v] = (float)(was[0] + (is[1] > 0 ? (y[v] - is[0]) / is[1] * was[1] : 0));
            }
        }
        return after.withVoxels(y);
    }

    /** Mean and standard deviation where the mask is not 0. */
    private static double[] moments(final float[] x, final float[] mask) {
        double sum = 0;
        double count = 0;
        for (int v = 0; v < x.length; v++) {
            sum += mask[v] != 0 ? x[v] : 0;
            count += mask[v] != 0 ? 1 : 0;
        }
        final double mean = count > 0 ? sum / count : 0;
        double squares = 0;
        for (int v = 0; v < x.length; v++) {
            squares += mask[v] != 0 ? (x[v] - mean) * (x[v] - mean) : 0;
        }
        return new double[]{mean, count > 0 ? Math.sqrt(squares / count) : 0};
    }
}
