package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.experiment.PhantomCases;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.Stopping;
import org.scanbridge.learning.train.Stopping.Measure;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.tensorflow.DeviceChoice;

class SegmentationTrainingTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final SegmentationOptions SHORT =
        SegmentationOptions.defaults().withSteps(6).withBatch(2).withValidationInterval(100);

    private static TrainingResult train(final Network network, final List<TrainingCase> cases,
        final SegmentationOptions options) {
        return SegmentationTraining.run(network, cases, options, Progress.NONE, TrainingListener.NONE);
    }

    private static String messageOf(final List<TrainingCase> cases, final SegmentationOptions options) {
        return assertThrows(LearningException.class, () -> train(STUDY.untrained(), cases, options)).getMessage();
    }

    @Test
    void learnsToSegmentPhantoms() {
        final Network untrained = Network.untrained(NetworkSpec.unet3d(4, 4, 2, 16), 1);
        final TrainingResult result = train(untrained, TinyStudy.together(STUDY.training(0, true), STUDY.validation(0)),
            SegmentationOptions.defaults().withSteps(150).withLearningRate(5e-3));
        final PhantomCases.Pair heldOut = STUDY.heldOut(0);
        double sum = 0;
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(result.network())) {
            final LabelVolume prediction = predictor.predict(heldOut.image(), Progress.NONE);
            for (int label = 1; label < 4; label++) {
                sum += ConfusionCounts.of(prediction, heldOut.labels(), label).dice().orElseThrow();
            }
        }
        // A threshold on brightness alone cannot tell CSF from partial volume; 0.6 needs the anatomy.
        assertTrue(sum / 3 > 0.6, "Dice " + sum / 3 + " of a held-out subject");
        assertEquals(150, result.curve().size());
        assertTrue(result.curve().get(149).loss() < 0.6 * result.curve().get(0).loss());
        assertEquals(LabelSet.of("CSF", "GM", "WM"), result.network().labels());
        assertEquals(List.of("A"), result.network().provenance().sites());
        assertEquals(untrained.weights().hash(), result.network().provenance().parentHash());
        assertEquals(64, result.network().provenance().dataHash().length());
    }

    @Test
    void sameSeedGivesTheSameBitsInAFreshSession() {
        final String first = train(STUDY.untrained(), STUDY.training(0, true), SHORT).network().weights().hash();
        assertEquals(first, train(STUDY.untrained(), STUDY.training(0, true), SHORT).network().weights().hash());
        assertNotEquals(first,
            train(STUDY.untrained(), STUDY.training(0, true), SHORT.withSeed(2)).network().weights().hash());
    }

    @Test
    void orderOfTheCasesHasNoEffect() {
        final List<TrainingCase> reversed = new ArrayList<>(STUDY.training(0, true));
        Collections.reverse(reversed);
        final Network a = train(STUDY.untrained(), STUDY.training(0, true), SHORT).network();
        final Network b = train(STUDY.untrained(), reversed, SHORT).network();
        assertEquals(a.weights().hash(), b.weights().hash());
        assertEquals(a.provenance().dataHash(), b.provenance().dataHash());
    }

    /** With one validation after the last step there is nothing to choose, so validation data must not matter at all. */
    @Test
    void validationSubjectsAreNotTrainedOn() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final float[] poison = new float[pair.image().voxels().length];
        for (int v = 0; v < poison.length; v++) {
            poison[v] = v % 17 - 8;
        }
        final TrainingCase poisoned = new TrainingCase(() -> pair.image().withVoxels(poison), pair::labels,
            pair.image().info().subject(), "A", Role.VALIDATION);
        final TrainingResult plain =
            train(STUDY.untrained(), TinyStudy.together(STUDY.training(0, true), STUDY.validation(0)), SHORT);
        final TrainingResult other =
            train(STUDY.untrained(), TinyStudy.together(STUDY.training(0, true), List.of(poisoned)), SHORT);
        assertEquals(plain.network().weights().hash(), other.network().weights().hash());
        assertNotEquals(plain.network().provenance().dataHash(), other.network().provenance().dataHash());
    }

    @Test
    void keepsTheBestStep() {
        final TrainingResult result =
            train(STUDY.untrained(), TinyStudy.together(STUDY.training(0, true), STUDY.validation(0)), SHORT.withSteps(12)
                .withLearningRate(0.05).withValidationInterval(2));
        final double best = result.curve().stream().mapToDouble(m -> m.validationDice()).filter(d -> !Double.isNaN(d))
            .max().orElseThrow();
        assertEquals(best, result.network().provenance().validationDice());
        assertEquals(best, result.curve().get(result.network().provenance().keptStep() - 1).validationDice());
    }

    /** A learning rate of 0.3 does no good: after the first validation nothing gets better for long. */
    @Test
    void stopsWhenNothingGetsBetter() {
        for (final Measure measure : List.of(Measure.DICE, Measure.LOSS, Measure.AUC)) {
            final TrainingResult result =
                train(STUDY.untrained(), TinyStudy.together(STUDY.training(0, true), STUDY.validation(0)),
                    SHORT.withSteps(60).withLearningRate(0.3).withValidationInterval(2)
                        .withStopping(new Stopping(measure, 2, true)));
            final List<Double> scores = new ArrayList<>();
            result.curve().forEach(m -> {
                final double score = switch (measure) {
                    case DICE -> m.validationDice();
                    case LOSS -> -m.others().getOrDefault("Validation Loss", Double.NaN);
                    case AUC -> m.others().getOrDefault("Validation AUC", Double.NaN);
                    case LABEL_FREE, BOTH -> throw new AssertionError("needs a validator");
                };
                if (!Double.isNaN(score)) {
                    scores.add(score);
                }
            });
            final int best = scores.indexOf(Collections.max(scores));
            assertEquals(2 * (best + 1), result.network().provenance().keptStep(), measure.name());
            final int validations = result.curve().size() / 2;
            assertTrue(validations == 30 || validations == best + 3, measure + ": " + scores);
            assertEquals(result.curve().size(), result.network().provenance().steps());
        }
    }

    @Test
    void keepsTheLastStepIfAsked() {
        final TrainingResult result =
            train(STUDY.untrained(), TinyStudy.together(STUDY.training(0, true), STUDY.validation(0)), SHORT.withSteps(8)
                .withLearningRate(0.1).withValidationInterval(2).withStopping(new Stopping(Measure.DICE, 0, false)));
        assertEquals(8, result.network().provenance().keptStep());
        assertEquals(result.last().hash(), result.network().weights().hash());
    }

    /** The other networks train on the same data as U-Nets: their loss falls. */
    @Test
    void everyArchitectureLearns() {
        final List<NetworkSpec> specs = List.of(
            new NetworkSpec(Kind.PATCH_CNN, 1, 4, 4, 1, Norm.BATCH, new PatchSize(6, 6, 1)),
            new NetworkSpec(Kind.DEEP_MEDIC, 1, 4, 3, 1, Norm.BATCH, PatchSize.cube(6)),
            NetworkSpec.unet3d(4, 4, 3, 16).withDeepSupervision(true));
        for (final NetworkSpec spec : specs) {
            final TrainingResult result = train(Network.untrained(spec, 1), STUDY.training(0, true),
                SHORT.withSteps(20).withLearningRate(0.01).withForegroundFraction(1));
            double first = 0;
            double last = 0;
            for (int n = 0; n < 5; n++) {
                first += result.curve().get(n).loss() / 5;
                last += result.curve().get(15 + n).loss() / 5;
            }
            assertTrue(last < 0.9 * first, spec + ": " + first + " to " + last);
        }
    }

    @Test
    void refusesAGpuThatIsNotThere() {
        final String message = messageOf(STUDY.training(0, true),
            SHORT.withDevice(new DeviceChoice(DeviceChoice.Kind.GPU, 7)));
        assertTrue(message.contains("GPU 7") && message.contains("another device"), message);
    }

    @Test
    void pinnedToTheProcessorGivesTheSameBits() {
        assertEquals(train(STUDY.untrained(), STUDY.training(0, true), SHORT).network().weights().hash(),
            train(STUDY.untrained(), STUDY.training(0, true),
                SHORT.withDevice(new DeviceChoice(DeviceChoice.Kind.CPU, 0))).network().weights().hash());
    }

    @Test
    void frozenBlocksAndTheirStatisticsStay() {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, Norm.BATCH, PatchSize.cube(16));
        final Network start = Network.untrained(spec, 2);
        final Network end = train(start, STUDY.training(0, true), SHORT.withFrozenBlocks(3)).network();
        for (final Parameter p : start.weights().parameters()) {
            final boolean frozen = List.of("enc0.a", "enc0.b", "enc1.a").contains(p.block());
            if (frozen) {
                assertArrayEquals(start.weights().get(p.name()), end.weights().get(p.name()), p.name());
            } else {
                assertFalse(Arrays.equals(start.weights().get(p.name()), end.weights().get(p.name())), p.name());
            }
        }
    }

    /** Label volumes without names: the network keeps the names it had. */
    @Test
    void keepsTheNamesOfClassesThatTheLabelsDoNotName() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final TrainingCase unnamed = new TrainingCase(pair::image, () -> new LabelVolume(pair.labels().voxels(),
            pair.labels().geometry(), pair.labels().info(), LabelSet.of(Map.of(2, "gray"))), "s", "A", Role.TRAIN);
        final Network named = new Network(TinyStudy.SPEC, STUDY.untrained().weights(), LabelSet.of("a", "b", "c"),
            STUDY.untrained().provenance());
        assertEquals(LabelSet.of("a", "gray", "c"),
            train(named, List.of(unnamed), SHORT.withSteps(1)).network().labels());
    }

    @Test
    void trainsOnVolumesSmallerThanAPatch() {
        final Geometry flat = Geometry.axial(new int[]{9, 20, 1}, 1, 1, 1);
        final float[] voxels = new float[180];
        final byte[] labels = new byte[180];
        for (int v = 0; v < 180; v++) {
            labels[v] = (byte)(v % 9 > 4 ? 1 : 0);
            voxels[v] = labels[v] + 0.01f * (v % 7);
        }
        final TrainingCase small = new TrainingCase(() -> new Volume(voxels, flat, VolumeInfo.UNKNOWN),
            () -> new LabelVolume(labels, flat, VolumeInfo.UNKNOWN, LabelSet.of("half")), "s", "", Role.TRAIN);
        final TrainingResult result = train(STUDY.untrained(), List.of(small), SHORT);
        assertTrue(result.curve().get(5).loss() < result.curve().get(0).loss());
    }

    @Test
    void cancelsBetweenSteps() {
        final List<Integer> steps = new ArrayList<>();
        final Progress progress = (fraction, message) -> {
            if (steps.size() == 3) {
                throw new CancellationException();
            }
        };
        assertThrows(CancellationException.class, () -> SegmentationTraining.run(STUDY.untrained(), STUDY.training(0, true),
            SHORT, progress, m -> steps.add(m.step())));
        assertEquals(List.of(1, 2, 3), steps);
    }

    @Test
    void refusesCasesWithoutLabels() {
        final String message = messageOf(STUDY.training(0, false), SHORT);
        assertTrue(message.contains("None of the 3 cases"), message);
    }

    @Test
    void refusesLabelsBeyondTheClasses() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final byte[] labels = pair.labels().voxels().clone();
        labels[77] = 9;
        final TrainingCase wrong = new TrainingCase(pair::image,
            () -> new LabelVolume(labels, pair.labels().geometry(), pair.labels().info(), pair.labels().labels()), "odd",
            "A", Role.TRAIN);
        final String message = messageOf(List.of(wrong), SHORT);
        assertTrue(message.contains("odd") && message.contains("label value 9") && message.contains("4 classes"), message);
    }

    @Test
    void refusesASubjectInBothRoles() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final TrainingCase a = new TrainingCase(pair::image, pair::labels, "twice", "A", Role.TRAIN);
        final TrainingCase b = new TrainingCase(pair::image, pair::labels, "twice", "A", Role.VALIDATION);
        assertTrue(messageOf(List.of(a, b), SHORT).contains("twice"));
    }

    @Test
    void refusesGridsThatDiffer() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final Geometry moved = new Geometry(pair.labels().geometry().size(), new double[]{2, 2, 2}, new double[3],
            pair.labels().geometry().direction());
        final TrainingCase wrong = new TrainingCase(pair::image,
            () -> new LabelVolume(pair.labels().voxels(), moved, pair.labels().info(), pair.labels().labels()), "moved", "A",
            Role.TRAIN);
        assertTrue(messageOf(List.of(wrong), SHORT).contains("different grids"));
    }

    @Test
    void tellsOfDivergence() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final float[] huge = new float[pair.image().voxels().length];
        Arrays.fill(huge, Float.MAX_VALUE);
        huge[0] = 0;
        final TrainingCase wrong =
            new TrainingCase(() -> pair.image().withVoxels(huge), pair::labels, "huge", "A", Role.TRAIN);
        final String message = messageOf(List.of(wrong), SHORT);
        assertTrue(message.contains("step 1") && message.contains("learning rate"), message);
    }

    @Test
    void refusesVoxelsThatAreNoNumbers() {
        final PhantomCases.Pair pair = STUDY.validationPair(0);
        final float[] voxels = pair.image().voxels().clone();
        voxels[9] = Float.POSITIVE_INFINITY;
        final TrainingCase wrong =
            new TrainingCase(() -> pair.image().withVoxels(voxels), pair::labels, "inf", "A", Role.TRAIN);
        assertTrue(messageOf(List.of(wrong), SHORT).contains("Infinity"));
    }

    @Test
    void refusesWrongClassWeightsAndFreezingAll() {
        assertTrue(messageOf(STUDY.training(0, true), SHORT.withClassWeights(List.of(1.0, 2.0))).contains("2 class weights"));
        assertTrue(messageOf(STUDY.training(0, true), SHORT.withFrozenBlocks(3)).contains("at most 2"));
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> SHORT.withSteps(0));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withLearningRate(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withForegroundFraction(1.1));
        assertThrows(IllegalArgumentException.class, () -> SHORT.withClassWeights(List.of(0.0, 0.0)));
    }
}
