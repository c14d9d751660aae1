package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdversarialGraph;
import org.scanbridge.learning.graph.AdversarialGraphSpec;
import org.scanbridge.learning.graph.DiscriminatorSpec;
import org.scanbridge.learning.graph.GeneratorObjective;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.method.AdversarialNormalizationOptions.Adversary;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.LearnedNormalization;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.report.LiveCurves;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.NormalizationResult;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

class AdversarialNormalizationTest {

    private static final TinyStudy STUDY = new TinyStudy();

    /** Four steps on z-scored images, one of the first stage. */
    private static final AdversarialNormalizationOptions SHORT = AdversarialNormalizationOptions.defaults()
        .withReconstructionSteps(0).withSegmentation(AdversarialNormalizationOptions.defaults().segmentation()
            .withSteps(4).withBatch(2).withValidationInterval(4))
        .withReconstructionSteps(1).withOutput(NetworkOutput.RESIDUAL).withGeneratorThen(1);

    private static final List<TrainingCase> CASES =
        TinyStudy.together(STUDY.training(0, true), STUDY.training(1, true), STUDY.validation(0));

    private static NormalizationResult s_result;

    /** What several tests look at. */
    @BeforeAll
    static void train() {
        s_result = train(CASES, SHORT);
    }

    private static NormalizationResult train(final List<TrainingCase> cases, final AdversarialNormalizationOptions options) {
        return AdversarialNormalization.run(STUDY.untrained(), cases, options, Progress.NONE, TrainingListener.NONE);
    }

    private static void assertSame(final NormalizationResult expected, final NormalizationResult actual) {
        assertEquals(expected.generator().weights().hash(), actual.generator().weights().hash());
        assertEquals(expected.segmenter().weights().hash(), actual.segmenter().weights().hash());
        assertEquals(expected.curve(), actual.curve());
    }

    @Test
    void sameSeedGivesTheSameBits() {
        assertSame(s_result, train(CASES, SHORT));
        assertNotEquals(s_result.generator().weights().hash(),
            train(CASES, SHORT.withSegmentation(SHORT.segmentation().withSeed(9))).generator().weights().hash());
    }

    @Test
    void goesOnWithTheSameBits(@TempDir final Path directory) {
        stopBeforeStep4(SHORT, directory);
        assertSame(s_result, goOn(SHORT, directory, 2));
    }

    /** A pool of three patches, filled in the second step of two, and exchanged with after it. */
    @Test
    void goesOnWithTheSameReplayedPatches(@TempDir final Path directory) {
        final AdversarialNormalizationOptions options =
            SHORT.withAdversary(Optional.of(Adversary.defaults().withReplay(3).withDropout(0.25)));
        final NormalizationResult straight = train(CASES, options);
        assertNotEquals(s_result.curve(), straight.curve());
        stopBeforeStep4(options, directory);
        assertSame(straight, goOn(options, directory, 2));
    }

    private static void stopBeforeStep4(final AdversarialNormalizationOptions options, final Path directory) {
        assertThrows(CancellationException.class, () -> AdversarialNormalization.run(STUDY.untrained(), CASES, options,
            Optional.of(new Checkpoints(directory, 2)), (fraction, message) -> {
                if (message.startsWith("Step 4 ")) {
                    throw new CancellationException();
                }
            }, TrainingListener.NONE));
    }

    private static NormalizationResult goOn(final AdversarialNormalizationOptions options, final Path directory,
        final int remaining) {
        final List<String> begun = new ArrayList<>();
        final NormalizationResult result = AdversarialNormalization.run(STUDY.untrained(), CASES, options,
            Optional.of(new Checkpoints(directory, 2)), (fraction, message) -> begun.add(message), TrainingListener.NONE);
        assertEquals(remaining, begun.stream().filter(m -> m.startsWith("Step ")).count(), "steps that remained");
        return result;
    }

    /** Two trainings that share a folder do not see each other's states. */
    @Test
    void anotherTrainingLeavesTheStateAlone(@TempDir final Path directory) throws IOException {
        stopBeforeStep4(SHORT, directory);
        final Map<Path, String> first = states(directory);
        assertEquals(1, first.size(), "one training, one state: " + first);
        final AdversarialNormalizationOptions other =
            SHORT.withAdversary(Optional.of(Adversary.defaults().withLambda(0.5)));
        assertSame(train(CASES, other), goOn(other, directory, 4));
        final Map<Path, String> both = states(directory);
        assertEquals(2, both.keySet().stream().map(Path::getParent).distinct().count(), "a folder each: " + both);
        first.forEach((file, content) -> assertEquals(content, both.get(file), file + " was touched"));
        assertSame(s_result, goOn(SHORT, directory, 2));
    }

    /** The newest states in a folder, by hash code and length of what is in them. */
    private static Map<Path, String> states(final Path directory) throws IOException {
        final Map<Path, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.filter(f -> f.endsWith("checkpoint.bin")).toList()) {
                final byte[] content = Files.readAllBytes(file);
                found.put(file, content.length + " " + Arrays.hashCode(content));
            }
        }
        return found;
    }

    @Test
    void tellsTheListenerWhereTheStateIsAndWhatWasKept(@TempDir final Path directory) throws IOException {
        final List<String> told = new ArrayList<>();
        final NormalizationResult result = AdversarialNormalization.run(STUDY.untrained(), CASES, SHORT,
            Optional.of(new Checkpoints(directory, 2)), Progress.NONE, new TrainingListener() {

                private final LiveCurves m_curves = new LiveCurves();

                @Override
                public void started(final int steps, final Optional<Path> folder) {
                    told.add(steps + " steps in " + folder.orElseThrow().getParent());
                    m_curves.started(steps, folder);
                }

                @Override
                public void step(final StepMetrics metrics) {
                    m_curves.step(metrics);
                }

                @Override
                public void ended(final int keptStep) {
                    told.add("kept " + keptStep);
                    m_curves.ended(keptStep);
                }
            });
        assertEquals(List.of("4 steps in " + directory, "kept " + result.segmenter().provenance().keptStep()), told);
        try (Stream<Path> files = Files.walk(directory)) {
            final String page =
                Files.readString(files.filter(f -> f.endsWith("training.html")).findFirst().orElseThrow());
            assertTrue(page.contains("Done after 4 steps"), page);
        }
    }

    @Test
    void namesTheDeviceThatWasChosen() {
        final NormalizationResult result = train(CASES,
            SHORT.withSegmentation(SHORT.segmentation().withDevice(new DeviceChoice(DeviceChoice.Kind.CPU, 0))));
        assertTrue(result.device().startsWith("CPU, "), result.device());
        assertEquals(result.device(), result.generator().provenance().device());
        assertEquals(result.device(), result.segmenter().provenance().device());
        final String message = assertThrows(LearningException.class, () -> train(CASES,
            SHORT.withSegmentation(SHORT.segmentation().withDevice(new DeviceChoice(DeviceChoice.Kind.GPU, 99)))))
                .getMessage();
        assertTrue(message.startsWith("GPU 99 was chosen, but TensorFlow sees "), message);
    }

    @Test
    void measuresEveryPlayer() {
        final List<StepMetrics> curve = s_result.curve();
        assertEquals(0, curve.get(0).lambda(), "first stage");
        assertEquals(1, curve.get(3).lambda(), "the ramp is over after a quarter of three steps");
        for (final StepMetrics m : curve) {
            assertTrue(m.domainLoss() > 0 && m.others().get("Generator Loss") > 0
                && m.others().get("Reconstruction Loss") >= 0, m.toString());
            assertEquals(m.domainAccuracy(),
                (m.others().get("Sites Recognized") + m.others().get("Generated Recognized")) / 2, 1e-6);
        }
        assertEquals(0, curve.get(0).others().get("Reconstruction Loss"), 1e-12, "a residual generator starts as a copy");
    }

    /** The objective reaches the generator, and without adversary there is none. */
    @Test
    void objectivesDiffer() {
        final List<String> hashes = new ArrayList<>();
        for (final GeneratorObjective objective : GeneratorObjective.values()) {
            hashes.add(train(CASES, SHORT.withAdversary(Optional.of(Adversary.defaults().withObjective(objective))))
                .generator().weights().hash());
        }
        final NormalizationResult none = train(CASES, SHORT.withAdversary(Optional.empty()));
        assertTrue(Double.isNaN(none.curve().get(3).domainLoss()));
        hashes.add(none.generator().weights().hash());
        assertEquals(hashes.size(), hashes.stream().distinct().count());
        assertEquals(none.generator().weights().hash(),
            train(CASES, SHORT.withAdversary(Optional.of(Adversary.defaults().withLambda(0)))).generator().weights().hash(),
            "at lambda 0 the discriminator only watches");
    }

    @Test
    void takesAnyNumberOfSitesAndTheDiscriminatorOfThePaper() {
        final List<TrainingCase> three = new ArrayList<>(CASES);
        final TrainingCase first = STUDY.training(1, true).get(0);
        three.add(new TrainingCase(first.image(), first.labels(), "other", "C", Role.TRAIN));
        final NormalizationResult result = train(three, SHORT.withAdversary(
            Optional.of(Adversary.defaults().withShape(DiscriminatorSpec.Shape.RESNET_18, 4))));
        assertEquals(List.of("A", "B", "C"), result.generator().provenance().sites());
        assertEquals("adversarial-normalization", result.segmenter().provenance().method());
        assertEquals(List.of("CSF", "GM", "WM"), List.copyOf(result.segmenter().labels().names().values()));
    }

    @Test
    void refusesOneSiteOnlyWithAnAdversary() {
        final List<TrainingCase> one = TinyStudy.together(STUDY.training(0, true), STUDY.validation(0));
        final String message = assertThrows(LearningException.class, () -> train(one, SHORT)).getMessage();
        assertTrue(message.contains("from one site, A"), message);
        assertEquals(4, train(one, SHORT.withAdversary(Optional.empty())).curve().size());
    }

    @Test
    void refusesAGeneratorAsSegmenter() {
        final Network generator = Network.untrained(TinyStudy.SPEC.asGenerator(NetworkOutput.RELU), 1);
        final String message = assertThrows(LearningException.class, () -> AdversarialNormalization.run(generator, CASES,
            SHORT, Progress.NONE, TrainingListener.NONE)).getMessage();
        assertTrue(message.contains("is a generator"), message);
        assertThrows(LearningException.class, () -> new LearnedNormalization(STUDY.untrained()));
    }

    @Test
    void unlabeledCasesAreNotRead() {
        final List<TrainingCase> more = new ArrayList<>(CASES);
        more.add(new TrainingCase(() -> {
            throw new AssertionError("an image without segmentation was read");
        }, null, "unlabeled", "B", Role.TRAIN));
        assertSame(s_result, train(more, SHORT));
    }

    /** Training graph, SavedModel through DJL, and a network that was stored and loaded agree to 1e-6. */
    @Test
    void trainingGraphAndSavedModelAgree(@TempDir final Path directory) throws Exception {
        final NormalizationResult result = s_result;
        result.generator().save(directory);
        final Network loaded = Network.load(directory);
        assertEquals(result.generator().weights().hash(), loaded.weights().hash());
        assertEquals(result.generator().spec(), loaded.spec());
        final float[] block = new float[16 * 16 * 16];
        final Volume image = STUDY.heldOut(0).image();
        final int[] size = image.geometry().size();
        for (int v = 0; v < block.length; v++) {
            block[v] = image.voxels()[((v / 256 + 2) * size[1] + v / 16 % 16 + 2) * size[0] + v % 16 + 2];
        }
        final AdversarialGraphSpec spec = new AdversarialGraphSpec(result.generator().spec(), TinyStudy.SPEC, 1,
            SegmentationTraining.loss(TinyStudy.SPEC, SHORT.segmentation(), false), Optional.empty(), 0,
            GeneratorObjective.CONFUSION, new AdversarialGraphSpec.Schedule(0, 0, 1, 1, 1), 1, OptimizerSpec.adam(),
            OptimizerSpec.adam(), DeviceChoice.AUTO);
        final float[][] built = TensorFlowRuntime.call(() -> {
            try (AdversarialGraph graph = new AdversarialGraph(spec, result.generator().weights(),
                result.segmenter().weights())) {
                return new float[][]{graph.normalized(block, 1), graph.probabilities(block, 1)};
            }
        });
        final Volume small = new Volume(block, Geometry.axial(new int[]{16, 16, 16}, 1, 1, 1), VolumeInfo.UNKNOWN);
        try (LearnedNormalization normalization = new LearnedNormalization(loaded);
                SlidingWindowPredictor predictor = new SlidingWindowPredictor(result.segmenter())) {
            final Volume normalized = normalization.apply(small, Progress.NONE);
            assertArrayEquals(built[0], normalized.voxels(), 1e-6f);
            // blending rounds the last bit, and a segmenter amplifies that: both get the same intensities
            final List<Volume> probabilities = predictor.probabilities(small.withVoxels(built[0]), Progress.NONE);
            for (int c = 0; c < 4; c++) {
                for (int v = 0; v < block.length; v++) {
                    assertEquals(built[1][4 * v + c], probabilities.get(c).voxels()[v], 1e-6);
                }
            }
        }
    }

    /** methods.md H 7: a generator that copies gives the image back, whatever its size. */
    @Test
    void aCopyingGeneratorGivesTheImageBack() {
        final Network copy = Network.untrained(TinyStudy.SPEC.asGenerator(NetworkOutput.RESIDUAL), 1);
        final Volume image = STUDY.heldOut(1).image();
        try (LearnedNormalization normalization = new LearnedNormalization(copy)) {
            assertArrayEquals(image.voxels(), normalization.apply(image, Progress.NONE).voxels(), 1e-5f);
            final float[] broken = image.voxels().clone();
            broken[7] = Float.NaN;
            assertThrows(LearningException.class,
                () -> normalization.apply(image.withVoxels(broken), Progress.NONE));
        }
    }

    @Test
    void optionsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> SHORT.withReconstructionSteps(4));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withOutput(NetworkOutput.PROBABILITIES));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withReconstructionWeight(-1));
        assertThrows(IllegalArgumentException.class, () -> Adversary.defaults().withLambda(-1));
        assertThrows(IllegalArgumentException.class, () -> Adversary.defaults().withLearningRate(0));
        assertThrows(IllegalArgumentException.class, () -> Adversary.defaults().withDropout(1));
        assertThrows(IllegalArgumentException.class, () -> Adversary.defaults().withReplay(-1));
    }

    /** 0 in the first stage, 1 from a quarter of the second stage on, a straight line between. */
    @Test
    void lambdaGrows() {
        final AdversarialNormalizationOptions options = AdversarialNormalizationOptions.defaults();
        assertEquals(0, options.lambda(100));
        assertEquals(0, options.lambda(101));
        assertEquals(0.5, options.lambda(176), 1e-12);
        assertEquals(1, options.lambda(251), 1e-12);
        assertEquals(1, options.lambda(700), 1e-12);
    }
}
