package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.augment.SpatialAugmentation.Fill;
import org.scanbridge.imaging.augment.SpatialAugmentation.Settings;
import org.scanbridge.imaging.augment.Transformation;
import org.scanbridge.imaging.random.SeededRandom;

import net.imglib2.parallel.TaskExecutors;

/**
 * Random changes of patches while a network trains: first of place, then of intensities. Everything is drawn from the
 * generator of the patch, which depends on seed, step and slot only, so a resumed training sees the same patches.
 * All channels move alike; their intensities change independently of each other, as those of two sequences of one scanner
 * do. Flips are not offered here: the sampler mirrors.
 *
 * @param spatial what moves and how often; its fill is not used, the image's background comes in from outside
 * @param intensities what happens to intensities, in this order
 */
public record PatchAugmentation(Settings spatial, List<Augmentation> intensities) {

    /** A patch is moved within a region that is wider by this share of its size on each side. */
    private static final double WIDENING = 0.25;

    private static final Settings STILL = new Settings(Range.symmetric(0), new Range(1, 1), Range.symmetric(0),
        Range.symmetric(0), 0, 0, 5, 0, 0, Fill.MINIMUM);

    /** Leaves patches as they are and draws nothing. */
    public static final PatchAugmentation NONE = new PatchAugmentation(STILL, List.of());

    /** @throws IllegalArgumentException if an augmentation is there twice, or patches are to be flipped */
    public PatchAugmentation {
        Objects.requireNonNull(spatial, "spatial");
        intensities = List.copyOf(intensities);
        new AugmentationPipeline(intensities);
        if (spatial.flipProbability() != 0) {
            throw new IllegalArgumentException("Patches are mirrored by the sampler; do not flip them too");
        }
    }

    /** Without spatial changes. */
    public static PatchAugmentation ofIntensities(final List<Augmentation> intensities) {
        return new PatchAugmentation(STILL, intensities);
    }

    /** Whether nothing is ever changed. */
    public boolean isNone() {
        return spatial.affineProbability() == 0 && spatial.elasticProbability() == 0 && intensities.isEmpty();
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
        for (int c = 0; c < backgrounds.size(); c++) {
            moving.add(moving(seed, backgrounds.get(c)));
            // the first channel is drawn as a single one
            coloring.add(new AugmentationPipeline(intensities)
                .draw(c == 0 ? SeededRandom.of(seed, 1) : SeededRandom.of(seed, 1, c)));
        }
        return new Drawn(moving, coloring);
    }

    /** The same for all channels but for what comes in from outside, which is not drawn. */
    private Transformation moving(final long seed, final Background background) {
        final Settings filled = new Settings(spatial.rotation(), spatial.scale(), spatial.translation(), spatial.shear(),
            spatial.affineProbability(), 0, spatial.elasticPoints(), spatial.elasticMax(), spatial.elasticProbability(),
            background.value() == 0 ? Fill.ZERO : Fill.MINIMUM);
        return new SpatialAugmentation(filled, TaskExecutors.singleThreaded()).draw(SeededRandom.of(seed, 0));
    }

    /**
     * The changes of one patch.
     *
     * @param moving of a region around the patch, by channel
     * @param coloring of what the network sees, by channel
     */
    record Drawn(List<Transformation> moving, List<Transformation> coloring) {

        /** How many voxels more than the patch are needed on each side of an axis. */
        int widening(final int size) {
            return moving.get(0) == Transformation.NONE || size == 1 ? 0 : (int)Math.ceil(WIDENING * size);
        }

        LabeledVolume move(final int channel, final LabeledVolume region) {
            return moving.get(channel).apply(region);
        }

        LabeledVolume color(final int channel, final LabeledVolume patch) {
            return coloring.get(channel).apply(patch);
        }
    }
}
