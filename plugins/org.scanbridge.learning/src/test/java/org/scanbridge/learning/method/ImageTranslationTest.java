package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.Histogram;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.PatchDiscriminatorSpec;
import org.scanbridge.learning.graph.TranslationGraph;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.ImageSimilarity;
import org.scanbridge.learning.predict.LearnedNormalization;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TranslationResult;

class ImageTranslationTest {

    private static final int SIZE = 32;

    private static final double GAMMA = 2.5;

    private static final NetworkSpec SLICES = new NetworkSpec(Kind.UNET_2D, 1, 1, 8, 1, Norm.INSTANCE,
        new PatchSize(SIZE, SIZE, 1), NetworkOutput.SIGMOID_RESIDUAL);

    private static final NetworkSpec PATCHES = new NetworkSpec(Kind.UNET_3D, 1, 1, 2, 1, Norm.GROUP, PatchSize.cube(8),
        NetworkOutput.SIGMOID_RESIDUAL);

    private static final ImageTranslationOptions SHORT = ImageTranslationOptions.defaults(List.of("A")).withSteps(6)
        .withBatch(1).withPool(2).withDiscriminator(new PatchDiscriminatorSpec(4, 1, true));

    /** A slice with a disk, a darker disk in it, and a bright spot, in noise; every subject another. */
    private static Volume slice(final int subject, final double gamma, final int depth) {
        final Random random = new Random(subject);
        final double x = 14 + 4 * random.nextDouble();
        final double y = 14 + 4 * random.nextDouble();
        final double radius = 9 + 3 * random.nextDouble();
        final float[] voxels = new float[SIZE * SIZE * depth];
        for (int v = 0; v < voxels.length; v++) {
            final double r = Math.hypot(v % SIZE - x, v / SIZE % SIZE - y);
            final double spot = Math.hypot(v % SIZE - x - 4, v / SIZE % SIZE - y);
            if (r < radius) {
                voxels[v] = (float)Math.pow(
                    (spot < 2.5 ? 0.85 : r < radius / 2 ? 0.35 : 0.6) + 0.02 * random.nextGaussian(), gamma);
            }
        }
        return new Volume(voxels, Geometry.axial(new int[]{SIZE, SIZE, depth}, 1, 1, 1), VolumeInfo.UNKNOWN);
    }

    private static TrainingCase training(final Volume image, final String subject, final String site) {
        return new TrainingCase(() -> image, null, subject, site, Role.TRAIN);
    }

    /** Different subjects at both sites; B shows the intensities of A to the power of 2.5. */
    private static List<TrainingCase> cases(final int perSite, final int depth) {
        final List<TrainingCase> cases = new ArrayList<>();
        for (int n = 0; n < perSite; n++) {
            cases.add(training(slice(n, 1, depth), "a" + n, "A"));
            cases.add(training(slice(100 + n, GAMMA, depth), "b" + n, "B"));
        }
        return cases;
    }

    private static TranslationResult train(final NetworkSpec spec, final List<TrainingCase> cases,
        final ImageTranslationOptions options) {
        return ImageTranslation.run(spec, cases, options, Optional.empty(), Progress.NONE, TrainingListener.NONE);
    }

    private static Volume apply(final Network generator, final Volume volume) {
        try (LearnedNormalization normalization = new LearnedNormalization(generator)) {
            return normalization.apply(volume, Progress.NONE);
        }
    }

    private static double divergence(final Volume a, final Volume b) {
        final HistogramRange range = new HistogramRange(0, 1, 32);
        return JensenShannonDivergence.NATURAL.of(List.of(Histogram.of(a.voxels(), range), Histogram.of(b.voxels(), range)))
            .orElseThrow();
    }

    /**
     * Two sites whose intensities differ by a power and that have no subject in common. Of subjects that were not trained
     * on, the images of each side become like what the other side's scanner would have shown, and come back as they were.
     */
    @Test
    void translatesAMonotoneMapOfIntensities() {
        final TranslationResult result = train(SLICES, cases(8, 1), ImageTranslationOptions.defaults(List.of("A"))
            .withSteps(200).withBatch(2).withLearningRates(2e-3, 5e-4).withWeights(1, 0)
            .withDiscriminator(new PatchDiscriminatorSpec(8, 1, true)));
        for (int subject = 50; subject < 53; subject++) {
            final Volume a = slice(subject, 1, 1);
            final Volume b = slice(subject, GAMMA, 1);
            final Volume likeB = apply(result.forward(), a);
            final Volume likeA = apply(result.backward(), b);
            final double before = divergence(a, b);
            assertTrue(divergence(likeB, b) < 0.5 * before, "A to B: " + divergence(likeB, b) + " of " + before);
            assertTrue(divergence(likeA, a) < 0.5 * before, "B to A: " + divergence(likeA, a) + " of " + before);
            final double there = ImageSimilarity.correlation(b, likeB);
            assertTrue(there > 0.9, "similarity to what the other scanner shows: " + there);
            final double back = ImageSimilarity.correlation(a, apply(result.backward(), likeB));
            assertTrue(back > 0.95, "similarity after the way there and back: " + back);
        }
    }

    /** Tiny generators in three dimensions, for tests that do not look at images. */
    private static TranslationResult train(final List<TrainingCase> cases, final ImageTranslationOptions options) {
        return train(PATCHES, cases, options);
    }

    private static void assertSame(final TranslationResult expected, final TranslationResult actual) {
        assertEquals(expected.forward().weights().hash(), actual.forward().weights().hash());
        assertEquals(expected.backward().weights().hash(), actual.backward().weights().hash());
        assertEquals(expected.curve(), actual.curve());
    }

    @Test
    void sameSeedGivesTheSameBits() {
        final List<TrainingCase> cases = cases(2, 8);
        final TranslationResult result = train(cases, SHORT);
        assertSame(result, train(cases, SHORT));
        assertNotEquals(result.forward().weights().hash(),
            train(cases, SHORT.withSeed(9)).forward().weights().hash());
        assertNotEquals(result.forward().weights().hash(), result.backward().weights().hash());
    }

    /** The pool of two patches is full from the third step on, so that it matters in the steps after the restart. */
    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        final List<TrainingCase> cases = cases(2, 8);
        final Optional<Checkpoints> checkpoints = Optional.of(new Checkpoints(directory, 4));
        assertThrows(CancellationException.class, () -> ImageTranslation.run(PATCHES, cases, SHORT, checkpoints,
            (fraction, message) -> {
                if (message.startsWith("Step 6 ")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
        final List<String> begun = new ArrayList<>();
        final TranslationResult result = ImageTranslation.run(PATCHES, cases, SHORT, checkpoints,
            (fraction, message) -> begun.add(message), TrainingListener.NONE);
        assertEquals(2, begun.stream().filter(m -> m.startsWith("Step ")).count(), "steps 5 and 6 remained");
        assertSame(train(cases, SHORT), result);
    }

    @Test
    void measuresEveryPlayerInEveryStep() {
        final List<StepMetrics> heard = new ArrayList<>();
        final TranslationResult result = ImageTranslation.run(PATCHES, cases(2, 8), SHORT, Optional.empty(), Progress.NONE,
            heard::add);
        assertEquals(6, result.curve().size());
        assertEquals(result.curve(), heard);
        for (final StepMetrics m : result.curve()) {
            assertEquals(List.of(TranslationGraph.ADVERSARIAL, TranslationGraph.CYCLE, TranslationGraph.IDENTITY,
                TranslationGraph.SOURCE_DISCRIMINATOR, TranslationGraph.TARGET_DISCRIMINATOR),
                List.copyOf(m.others().keySet()));
            assertEquals(m.others().get(TranslationGraph.ADVERSARIAL)
                + SHORT.cycleWeight() * m.others().get(TranslationGraph.CYCLE)
                + SHORT.identityWeight() * m.others().get(TranslationGraph.IDENTITY), m.loss(), 1e-6);
        }
        assertEquals(SHORT.learningRate(), result.curve().get(0).learningRate(), 1e-12, "constant at first");
        assertTrue(result.curve().get(5).learningRate() < SHORT.learningRate() / 2, "then it falls");
        assertEquals("image-translation", result.forward().provenance().method());
        assertEquals(List.of("A", "B"), result.backward().provenance().sites());
    }

    /** Labels, validation cases and sites on neither side are not read, and which table comes first does not matter. */
    @Test
    void readsOnlyTheTrainingImagesOfBothSides() {
        final List<TrainingCase> cases = cases(2, 8);
        final TranslationResult expected = train(cases, SHORT);
        final List<TrainingCase> more = new ArrayList<>();
        for (int n = cases.size() - 1; n >= 0; n--) {
            final TrainingCase c = cases.get(n);
            more.add(new TrainingCase(c.image(), () -> {
                throw new AssertionError("a segmentation was read");
            }, c.subject(), c.site(), Role.TRAIN));
        }
        final TrainingCase unread = new TrainingCase(() -> {
            throw new AssertionError("an image was read");
        }, null, "unread", "C", Role.TRAIN);
        more.add(unread);
        more.add(new TrainingCase(unread.image(), null, "validation", "A", Role.VALIDATION));
        final TranslationResult result = train(more, SHORT.withTargets(List.of("B")));
        assertEquals(expected.forward().weights().hash(), result.forward().weights().hash());
    }

    private static String refusal(final List<TrainingCase> cases, final ImageTranslationOptions options) {
        return assertThrows(LearningException.class, () -> train(cases, options)).getMessage();
    }

    @Test
    void refusesSidesWithoutImages() {
        final List<TrainingCase> cases = cases(1, 8);
        assertTrue(refusal(cases.subList(0, 1), SHORT).contains("one site only, [A]"));
        assertTrue(refusal(List.of(), SHORT).contains("from no site"));
        assertTrue(refusal(cases, SHORT.withTargets(List.of("X"))).contains("target sites [X] have no training images"));
        assertTrue(refusal(cases, SHORT.withTargets(List.of("A", "B"))).contains("[A] are both source and target"));
        assertTrue(refusal(cases, ImageTranslationOptions.defaults(List.of("A", "B"))).contains("no target site"));
        assertTrue(refusal(cases, ImageTranslationOptions.defaults(List.of("Z"))).contains("source sites [Z]"));
    }

    @Test
    void refusesImagesThatAreNotScaledOrConstant() {
        final List<TrainingCase> cases = cases(1, 8);
        final Volume image = slice(1, 1, 8);
        final float[] large = image.voxels().clone();
        large[70] = 1.5f;
        final float[] negative = image.voxels().clone();
        negative[70] = -0.1f;
        final float[] same = new float[large.length];
        for (final float[] bad : List.of(large, negative, same)) {
            final List<TrainingCase> more = new ArrayList<>(cases);
            more.add(training(image.withVoxels(bad), "bad", "B"));
            final String message = refusal(more, SHORT);
            assertTrue(message.contains("subject bad of site B")
                && message.contains(bad == same ? "value 0.0 everywhere" : "outside the range from 0 to 1"), message);
        }
    }

    @Test
    void refusesNetworksThatDoNotFit() {
        final List<TrainingCase> cases = cases(1, 8);
        final NetworkSpec batchNorm = new NetworkSpec(Kind.UNET_3D, 1, 1, 2, 2, Norm.BATCH, PatchSize.cube(8),
            NetworkOutput.SIGMOID);
        assertThrows(LearningException.class, () -> train(batchNorm, cases, SHORT));
        assertThrows(LearningException.class, () -> train(NetworkSpec.unet3d(4, 2, 2, 8), cases, SHORT));
        assertThrows(LearningException.class,
            () -> train(PATCHES, cases, SHORT.withDiscriminator(new PatchDiscriminatorSpec(2, 3, true))));
    }

    /** Zhu et al., sections 4 and 7, and their program. */
    @Test
    void paperHasThePapersNumbers() {
        final ImageTranslationOptions paper = ImageTranslationOptions.paper(List.of("A"));
        assertEquals(10, paper.cycleWeight());
        assertEquals(5, paper.identityWeight());
        assertEquals(50, paper.pool());
        assertEquals(1, paper.batch());
        assertEquals(2e-4, paper.learningRate());
        assertEquals(2e-4, paper.discriminatorLearningRate());
        assertEquals(0.5, paper.optimizer().beta1());
        assertEquals(70, paper.discriminator().receptiveField());
        assertEquals(1, paper.factor(1, List.of()));
        assertEquals(1, paper.factor(100_000, List.of()));
        assertTrue(paper.factor(200_000, List.of()) < 0.03);
    }

    @Test
    void optionsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> SHORT.withSteps(0));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withBatch(0));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withLearningRates(0, 1e-3));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withLearningRates(1e-3, 2));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withWeights(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withWeights(0, 1001));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withPool(-1));
    }
}
