package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.LabelSynthesis;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.augment.SpatialAugmentation.Settings;
import org.scanbridge.imaging.augment.Transformation;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.GridWindow;

import net.imglib2.parallel.TaskExecutors;

/**
 * Random changes of patches while a network trains: first of place, then of intensities. Everything is drawn from the
 * generator of the patch, which depends on seed, step and slot only, so a resumed training sees the same patches.
 * All channels move alike; their intensities change independently of each other, as those of two sequences of one scanner
 * do. Flips are not offered here: the sampler mirrors.
 * <p>
 * A share of the patches can be painted from their labels instead of showing the image, before intensities change. That
 * needs labels when a patch is drawn: patches that are drawn without labels, such as those of an unlabeled site, always
 * show the image. What has no label is divided by the intensities of the whole case, not of the patch.
 *
 * @param spatial what moves and how often; the background of the whole image comes in from outside
 * @param intensities what happens to intensities, in this order
 * @param painting how patches are painted; empty for not at all
 */
public record PatchAugmentation(Settings spatial, List<Augmentation> intensities, Optional<Painting> painting) {

    /**
     * Patches painted from their labels.
     *
     * @param share of the labeled patches, in [0, 1]; the others show the image
     * @param synthesis how they are painted
     */
    public record Painting(double share, LabelSynthesis synthesis) {

        /** @throws IllegalArgumentException if the share is none */
        public Painting {
            Objects.requireNonNull(synthesis, "synthesis");
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share of painted patches " + share + " is outside [0, 1]");
            }
        }
    }

    /** A patch is moved within a region that is wider by this share of its size on each side. */
    private static final double WIDENING = 0.25;

    private static final Settings STILL = new Settings(Range.symmetric(0), new Range(1, 1), Range.symmetric(0),
        Range.symmetric(0), 0, 0, 5, 0, 0);

    /** Leaves patches as they are and draws nothing. */
    public static final PatchAugmentation NONE = new PatchAugmentation(STILL, List.of());

    /** @throws IllegalArgumentException if an augmentation is there twice, or patches are to be flipped */
    public PatchAugmentation {
        Objects.requireNonNull(spatial, "spatial");
        Objects.requireNonNull(painting, "painting");
        intensities = List.copyOf(intensities);
        new AugmentationPipeline(intensities);
        if (spatial.flipProbability() != 0) {
            throw new IllegalArgumentException("Patches are mirrored by the sampler; do not flip them too");
        }
    }

    /** Without painted patches. */
    public PatchAugmentation(final Settings spatial, final List<Augmentation> intensities) {
        this(spatial, intensities, Optional.empty());
    }

    /** The same with a share of the labeled patches painted. */
    public PatchAugmentation withPainting(final Painting value) {
        return new PatchAugmentation(spatial, intensities, Optional.of(value));
    }

    /** Without spatial changes. */
    public static PatchAugmentation ofIntensities(final List<Augmentation> intensities) {
        return new PatchAugmentation(STILL, intensities);
    }

    /** Whether nothing is ever changed. */
    public boolean isNone() {
        return spatial.affineProbability() == 0 && spatial.elasticProbability() == 0 && intensities.isEmpty()
            && painting.isEmpty();
    }

    /**
     * Draws the changes of one patch.
     *
     * @param random where from; exactly one number is taken
     * @param backgrounds what comes in from outside, by channel
     */
    Drawn draw(final SeededRandom random, final List<Background> backgrounds) {
        final long seed = random.nextLong();
        final List<Transformation> moving = new ArrayList<>();
        final List<Transformation> coloring = new ArrayList<>();
        final List<LabelSynthesis.Drawn> painted = new ArrayList<>();
        final boolean paints = painting.isPresent() && SeededRandom.of(seed, 2).happens(painting.get().share());
        for (int c = 0; c < backgrounds.size(); c++) {
            moving.add(moving(seed, backgrounds.get(c)));
            // the first channel is drawn as a single one
            coloring.add(new AugmentationPipeline(intensities)
                .draw(c == 0 ? SeededRandom.of(seed, 1) : SeededRandom.of(seed, 1, c)));
            if (paints) {
                painted.add(painting.get().synthesis().drawn(SeededRandom.of(seed, 3, c)));
            }
        }
        return new Drawn(moving, coloring, painted);
    }

    /** The same for all channels but for what comes in from outside, which is not drawn. */
    private Transformation moving(final long seed, final Background background) {
        return new SpatialAugmentation(spatial, image -> background.value(), TaskExecutors.singleThreaded())
            .draw(SeededRandom.of(seed, 0));
    }

    /**
     * The changes of one patch.
     *
     * @param moving of a region around the patch, by channel
     * @param coloring of what the network sees, by channel
     * @param painted by channel; empty if the patch shows the image
     */
    record Drawn(List<Transformation> moving, List<Transformation> coloring, List<LabelSynthesis.Drawn> painted) {

        /** Whether the patch is painted, if it has labels. */
        boolean paints() {
            return !painted.isEmpty();
        }

        /**
         * Paints what the network sees.
         *
         * @param clusters of the whole case, see {@link LabelSynthesis#clusters(float[], byte[])}
         */
        LabeledVolume paint(final int channel, final LabeledVolume patch, final double[] clusters) {
            return painted.get(channel).apply(patch, clusters);
        }

        /** How many voxels more than the patch are needed on each side of an axis. */
        int widening(final int size) {
            return moving.get(0) == Transformation.NONE || size == 1 ? 0 : (int)Math.ceil(WIDENING * size);
        }

        /** A window of the region as it is moved. */
        LabeledVolume move(final int channel, final LabeledVolume region, final GridWindow window) {
            return moving.get(channel).applyWithin(region, window);
        }

        LabeledVolume color(final int channel, final LabeledVolume patch) {
            return coloring.get(channel).apply(patch);
        }
    }
}
