package org.scanbridge.imaging.augment;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.atlas.IntensityClusters;
import org.scanbridge.imaging.random.GaussianField;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Paints a new image from the segmentation: each class gets a Gaussian of random mean and standard deviation, then a blur,
 * a bias field, thicker slices and noise are added (SynthSeg, Billot et al.: Segmentation of brain MRI scans of any contrast
 * and resolution without retraining, Medical Image Analysis 86, 2023). What has no label is divided by the intensities of the
 * source image into clusters that are painted each in its own color; the source image says nothing else. For voxel v of class
 * c: x(v) = μ(c) + σ(c) n(v), at least 0.001 of the scale, n white normal.
 * <p>
 * Blur is Gaussian with a standard deviation of 0 to {@value #BLUR} voxels, the bias field that of {@link BiasField} with
 * coefficients up to {@value #BIAS}, slices are up to {@value #SLICES} voxels thick in every other image, noise has up to
 * {@value #NOISE} of the standard deviation. With {@link ClassColors.Any} mean and standard deviation of the foreground are
 * restored at the end; with {@link ClassColors.Guided} intensities are those of the scanner. The background, exactly 0, stays,
 * as does the segmentation.
 *
 * @param colors what classes look like
 */
public record LabelSynthesis(ClassColors colors) implements Augmentation {

    /** Any contrast. */
    public static final LabelSynthesis DEFAULT = new LabelSynthesis(ClassColors.Any.DEFAULT);

    private static final double BLUR = 1;

    private static final double BIAS = 0.15;

    private static final double SLICES = 4;

    private static final double NOISE = 0.1;

    /** Values that clusters are made from, at most. */
    private static final int MOST_CLUSTERED = 20_000;

    private static final String SEED = "synthesis (classes drawn)";

    private static final String BLURRED = "synthesis (blur in voxels)";

    private static final String THICK = "synthesis (slices in voxels)";

    private static final String NOISY = "synthesis (noise, share of sd)";

    /** @throws NullPointerException if there are no colors */
    public LabelSynthesis {
        Objects.requireNonNull(colors, "colors");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(SEED, BLURRED, THICK, NOISY);
    }

    /** The clusters are those of the image that is changed, which should be a whole one. */
    @Override
    public Transformation draw(final SeededRandom random) {
        final Drawn drawn = drawn(random);
        return Transformation.of(drawn.parameters, sample -> drawn.apply(sample, clusters(sample)));
    }

    /** Draws an image whose clusters are given later. */
    public Drawn drawn(final SeededRandom random) {
        final long colorSeed = random.nextLong();
        final double blur = random.uniform(0, BLUR);
        final double slices = random.happens(0.5) ? random.uniform(1, SLICES) : 1;
        final double noise = random.uniform(0, NOISE);
        final long seed = random.nextLong();
        final Map<String, Double> parameters = new TreeMap<>();
        parameters.put(SEED, (double)(colorSeed >>> 40));
        parameters.put(BLURRED, blur);
        parameters.put(THICK, slices);
        parameters.put(NOISY, noise);
        return new Drawn(colors, colorSeed, blur, slices, noise, seed, parameters);
    }

    /**
     * Clusters of what has no label and is no background.
     *
     * @return upper bounds of all clusters but the brightest, in units of the image
     * @throws ImagingException if there is no segmentation
     */
    public double[] clusters(final LabeledVolume sample) {
        return clusters(sample.image().voxels(), labels(sample).voxels());
    }

    /** As {@link #clusters(LabeledVolume)}, of an image and its label values. */
    public double[] clusters(final float[] x, final byte[] y) {
        final int stride = Math.max(1, x.length / MOST_CLUSTERED);
        final double[] values = new double[x.length / stride + 1];
        int n = 0;
        for (int v = 0; v < x.length; v += stride) {
            if (y[v] == 0 && x[v] != 0) {
                values[n++] = x[v];
            }
        }
        return n == 0 ? new double[0] : IntensityClusters.bounds(Arrays.copyOf(values, n), colors.rest());
    }

    private static LabelVolume labels(final LabeledVolume sample) {
        return sample.labels().orElseThrow(() -> new ImagingException("There is no segmentation to paint an image from."
            + " Leave out the image, or choose another kind under \"Scans to be ready for\"."));
    }

    /**
     * An image with everything drawn but what its clusters are.
     *
     * @param colors what classes look like
     * @param colorSeed of the classes' colors
     * @param blur in voxels
     * @param slices thickness in voxels
     * @param noise share of the standard deviation
     * @param seed of everything else
     * @param parameters by name
     */
    public record Drawn(ClassColors colors, long colorSeed, double blur, double slices, double noise, long seed,
        Map<String, Double> parameters) {

        /**
         * Paints the image.
         *
         * @param sample image and segmentation
         * @param clusters upper bounds of the clusters of what has no label, in units of the image
         * @throws ImagingException if there is no segmentation, or a voxel is not finite
         */
        public LabeledVolume apply(final LabeledVolume sample, final double[] clusters) {
            final byte[] labels = labels(sample).voxels();
            final Volume image = sample.image();
            final float[] x = image.voxels();
            final ForegroundIntensities before = new ForegroundIntensities(image);
            final Palette palette = new Palette(colors, colorSeed);
            final GaussianField texture = new GaussianField(seed);
            final float[] painted = new float[x.length];
            final double least = palette.least(before);
            for (int v = 0; v < x.length; v++) {
                if (x[v] != 0) {
                    final ClassColors.Color c = palette.of(labels[v] & 0xff, x[v], clusters);
                    final float y = (float)Math.max(least, c.mean() + c.sd() * texture.at(v));
                    painted[v] = y == 0 ? Float.MIN_VALUE : y;
                }
            }
            final Volume acquired = acquired(image.withVoxels(painted));
            if (!colors.inUnits()) {
                restore(acquired, before);
            }
            return sample.withImage(acquired);
        }

        private Volume acquired(final Volume painted) {
            final double mm = blur * Arrays.stream(painted.geometry().spacing()).min().orElseThrow();
            LabeledVolume now = LabeledVolume.of(painted);
            int step = 0;
            for (final Augmentation a : List.of(new Blur(new Range(mm, mm)), new BiasField(Range.symmetric(BIAS)),
                new ThickSlices(new Range(slices, slices)), new GaussianNoise(new Range(noise, noise)))) {
                if (!(a instanceof ThickSlices) || slices > 1) {
                    now = a.draw(SeededRandom.of(seed, step)).apply(now);
                }
                step++;
            }
            return now.image();
        }

        /** Gives the foreground the source's mean and standard deviation. */
        private static void restore(final Volume painted, final ForegroundIntensities before) {
            final ForegroundIntensities.Moments after = ForegroundIntensities.Moments.of(painted.voxels());
            final double factor = after.sd() > 0 ? before.sd() / after.sd() : 0;
            final double offset = before.mean() - after.mean() * factor;
            Lanes.scale(painted.voxels(), (float)factor, (float)offset, 0, painted.voxels().length);
        }
    }

    /** The colors of one image, drawn when a class first occurs, each from a stream of its own. */
    private static final class Palette {

        private final ClassColors m_colors;

        private final long m_seed;

        private final ClassColors.Color[] m_labels = new ClassColors.Color[256];

        private final ClassColors.Color[] m_parts;

        Palette(final ClassColors colors, final long seed) {
            m_colors = colors;
            m_seed = seed;
            m_parts = new ClassColors.Color[colors.rest()];
        }

        /** Signal has no negative values, but normalized images do. */
        double least(final ForegroundIntensities source) {
            if (m_colors.inUnits()) {
                return source.min() < 0 ? Double.NEGATIVE_INFINITY : 0;
            }
            return 1e-3;
        }

        ClassColors.Color of(final int label, final float x, final double[] clusters) {
            if (label != 0) {
                if (m_labels[label] == null) {
                    m_labels[label] = m_colors.draw(label, 0, SeededRandom.of(m_seed, label));
                }
                return m_labels[label];
            }
            int part = 0;
            while (part < clusters.length && part < m_parts.length - 1 && x > clusters[part]) {
                part++;
            }
            if (m_parts[part] == null) {
                m_parts[part] = m_colors.draw(0, part, SeededRandom.of(m_seed, 0, part));
            }
            return m_parts[part];
        }
    }
}
