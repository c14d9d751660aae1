package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.ImageChannel;
import org.scanbridge.learning.data.IntensityRanges;
import org.scanbridge.learning.data.PatchCenters;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.FlipAxis;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;

/** Trainings on two channels. */
class ChannelTrainingTest {

    /**
     * Two channels are convolved by other kernels than one, in another order of summation, on some processors: a few units
     * in the last place of probabilities.
     */
    private static final float OTHER_KERNELS = 1e-5f;

    private static final int EDGE = 12;

    private static final Geometry GRID = Geometry.axial(new int[]{EDGE, EDGE, EDGE}, 1, 1, 1);

    private static final NetworkSpec TWO =
        new NetworkSpec(Kind.UNET_3D, 2, 2, 4, 1, Norm.GROUP, PatchSize.cube(8));

    private static final NetworkSpec ONE = TWO.withInputChannels(1);

    /** A cube of 5 voxels at a random place. */
    private static byte[] cube(final int subject) {
        final SeededRandom random = SeededRandom.of(subject);
        final int[] at = {random.nextInt(EDGE - 5), random.nextInt(EDGE - 5), random.nextInt(EDGE - 5)};
        final byte[] labels = new byte[EDGE * EDGE * EDGE];
        for (int v = 0; v < labels.length; v++) {
            final int[] p = {v % EDGE - at[0], v / EDGE % EDGE - at[1], v / EDGE / EDGE - at[2]};
            labels[v] = (byte)(p[0] >= 0 && p[0] < 5 && p[1] >= 0 && p[1] < 5 && p[2] >= 0 && p[2] < 5 ? 1 : 0);
        }
        return labels;
    }

    private static float[] noise(final int subject, final int channel) {
        final SeededRandom random = SeededRandom.of(subject, channel);
        final float[] voxels = new float[EDGE * EDGE * EDGE];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)random.nextGaussian();
        }
        return voxels;
    }

    /** The cube, brighter than noise. */
    private static float[] signal(final int subject) {
        final float[] voxels = noise(subject, 9);
        final byte[] labels = cube(subject);
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = 0.5f * voxels[v] + 2 * labels[v];
        }
        return voxels;
    }

    private static Volume volume(final float[] voxels) {
        return new Volume(voxels, GRID, VolumeInfo.UNKNOWN);
    }

    private static LabelVolume truth(final int subject) {
        return new LabelVolume(cube(subject), GRID, VolumeInfo.UNKNOWN, LabelSet.of("cube"));
    }

    private static TrainingCase labeled(final int subject, final String site, final float[]... channels) {
        final List<ImageChannel> images = new ArrayList<>();
        for (final float[] voxels : channels) {
            images.add(new ImageChannel(images.isEmpty() ? "FLAIR" : "T1", () -> volume(voxels)));
        }
        return new TrainingCase(images, () -> truth(subject), "subject" + subject, site, Role.TRAIN);
    }

    private static Network trained(final List<TrainingCase> cases, final SegmentationOptions options) {
        return SegmentationTraining.run(Network.untrained(TWO, 1), cases, options, Progress.NONE, TrainingListener.NONE)
            .network();
    }

    private static double dice(final Network network, final int subject, final float[] second) {
        final ChannelImages images = new ChannelImages(List.of("FLAIR", "T1"),
            List.of(volume(noise(subject, 0)), volume(second)), "");
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            return ConfusionCounts.of(predictor.predict(images, Progress.NONE), truth(subject), 1).dice().orElseThrow();
        }
    }

    /** The first channel is noise. What the second tells is learned, and missed where it tells of someone else. */
    @Test
    void learnsFromTheSecondChannel() {
        final SegmentationOptions options = SegmentationOptions.defaults().withSteps(60).withLearningRate(1e-2)
            .withValidationInterval(1000).withCenters(PatchCenters.onSubset(0.25));
        final List<TrainingCase> cases = new ArrayList<>();
        final List<TrainingCase> shuffled = new ArrayList<>();
        for (int s = 1; s <= 4; s++) {
            cases.add(labeled(s, "A", noise(s, 0), signal(s)));
            shuffled.add(labeled(s, "A", noise(s, 0), signal(s % 4 + 1)));
        }
        final Network network = trained(cases, options);
        assertEquals("FLAIR", network.provenance().options().get("channel.1"));
        assertEquals("T1", network.provenance().options().get("channel.2"));
        assertEquals("0.25", network.provenance().options().get("foregroundSubset"));
        assertEquals("1.0×1.0×1.0", network.provenance().options().get("voxelSpacing"));
        // the percentiles of the normal distribution; three in a hundred voxels of the second channel are the cube's
        final List<IntensityRanges.Channel> ranges =
            IntensityRanges.of(network.provenance().options()).orElseThrow().channels();
        assertEquals(-2.33, ranges.get(0).low(), 0.25);
        assertEquals(2.33, ranges.get(0).high(), 0.25);
        assertEquals(-2.33 / 2, ranges.get(1).low(), 0.15);
        final double learned = dice(network, 20, signal(20));
        assertTrue(learned > 0.8, "Dice " + learned);
        final double blind = dice(network, 20, signal(21));
        assertTrue(blind < 0.4, "Dice " + blind + " with the second channel of someone else");
        final double misled = dice(trained(shuffled, options), 20, signal(20));
        assertTrue(misled < 0.4, "Dice " + misled + " after training on shuffled second channels");
    }

    /** Weights for two channels that ignore the second: kernels are [k, j, i, in, out]. */
    private static Weights blind(final Weights one, final NetworkSpec two) {
        final Map<String, float[]> values = new HashMap<>();
        NetworkPlan.of(two).parameters().forEach(p -> {
            final float[] from = one.get(p.name());
            final float[] to = new float[p.size()];
            if (from.length == to.length) {
                values.put(p.name(), from);
                return;
            }
            final int out = p.shape().get(p.shape().size() - 1);
            for (int n = 0; n < from.length; n++) {
                to[n / out * 2 * out + n % out] = from[n];
            }
            values.put(p.name(), to);
        });
        return new Weights(NetworkPlan.of(two).parameters(), values);
    }

    private static Network with(final Network one, final NetworkSpec two) {
        return new Network(two, blind(one.weights(), two), one.labels(), one.provenance());
    }

    /** Labels may differ only where two classes are as probable as each other, to what other kernels may change. */
    private static void assertSameWhereCertain(final Prediction expected, final Prediction actual) {
        int compared = 0;
        for (int v = 0; v < expected.labels().voxels().length; v++) {
            final int voxel = v;
            final double[] p = expected.probabilities().stream().mapToDouble(m -> m.voxels()[voxel]).sorted().toArray();
            if (p[p.length - 1] - p[p.length - 2] > 2 * OTHER_KERNELS) {
                assertEquals(expected.labels().voxels()[v], actual.labels().voxels()[v], "voxel " + v);
                compared++;
            }
        }
        assertTrue(compared > expected.labels().voxels().length / 2, compared + " voxels are certain");
    }

    @Test
    void aSecondChannelOfNoWeightChangesNothing() {
        for (final NetworkSpec spec : List.of(ONE,
            new NetworkSpec(Kind.UNET_2D, 1, 3, 4, 2, Norm.BATCH, new PatchSize(8, 8, 1)),
            new NetworkSpec(Kind.PATCH_CNN, 1, 2, 4, 1, Norm.BATCH, new PatchSize(5, 4, 1)))) {
            final Network one = Network.untrained(spec, 3);
            final Network two = with(one, spec.withInputChannels(2));
            final PredictionOptions all = new PredictionOptions(0.5, Set.of(FlipAxis.I, FlipAxis.K), true, true);
            final Volume image = volume(noise(5, 0));
            try (SlidingWindowPredictor single = new SlidingWindowPredictor(List.of(one, one), all);
                    SlidingWindowPredictor both = new SlidingWindowPredictor(List.of(two, two), all)) {
                final var expected = single.segment(image, Progress.NONE);
                final var actual = both.segment(
                    new ChannelImages(List.of("a", "b"), List.of(image, volume(signal(6))), ""), Progress.NONE);
                for (int c = 0; c < spec.classes(); c++) {
                    assertArrayEquals(expected.probabilities().get(c).voxels(), actual.probabilities().get(c).voxels(),
                        OTHER_KERNELS, spec.toString());
                }
                assertArrayEquals(expected.uncertainty().orElseThrow().voxels(),
                    actual.uncertainty().orElseThrow().voxels(), OTHER_KERNELS, spec.toString());
                assertSameWhereCertain(expected, actual);
            }
        }
    }

    /**
     * A channel of zeros in a network that starts blind for it gets no gradient: all methods train as on the first channel
     * alone. What a method draws, copies or mirrors at the wrong place shows here.
     */
    @Test
    void aSecondChannelOfZerosTrainsNothing() {
        final Map<String, BiFunction<Network, List<TrainingCase>, Network>> methods = new HashMap<>();
        final SegmentationOptions supervised = SegmentationOptions.defaults().withSteps(4).withBatch(4)
            .withLearningRate(0.05).withOptimizer(OptimizerSpec.sgd(0)).withValidationInterval(1000);
        methods.put("supervised", (n, cases) -> SegmentationTraining
            .run(n, cases, supervised, Progress.NONE, TrainingListener.NONE).network());
        methods.put("dann", (n, cases) -> DomainAdversarialTraining.run(n, cases,
            DomainAdversarialOptions.defaults().withSegmentation(supervised).withSourceSites(List.of("A")), Progress.NONE,
            TrainingListener.NONE).network());
        final DomainAdaptationOptions adapting = DomainAdaptationOptions
            .of(ConsistencyTerm.defaults(), new EntropyTerm(0.1)).withSegmentation(supervised)
            .withSourceSites(List.of("A"));
        methods.put("consistency", (n, cases) -> DomainAdaptation
            .run(n, cases, adapting, Optional.empty(), Progress.NONE, TrainingListener.NONE).network());
        final DomainAdaptationOptions critic =
            DomainAdaptationOptions.of(CriticTerm.leastSquares(), GradientReversalTerm.defaults())
                .withSegmentation(supervised).withSourceSites(List.of("A"));
        methods.put("critic", (n, cases) -> DomainAdaptation
            .run(n, cases, critic, Optional.empty(), Progress.NONE, TrainingListener.NONE).network());
        methods.put("tent", (n, cases) -> TestEntropyMinimization.run(n, cases, List.of("A"),
            new TentOptions(3, 4, 1e-3, 8), 1, Optional.empty(), Progress.NONE, TrainingListener.NONE)
            .network());
        methods.put("adabn", (n, cases) -> AdaptiveBatchNorm
            .run(n, cases, List.of("A"), 8, 1, Progress.NONE).network());
        final NetworkSpec one = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(8));
        final Network start = Network.untrained(one, 1);
        methods.forEach((name, method) -> {
            final Network alone = method.apply(start, cases(false));
            final Network both = method.apply(with(start, one.withInputChannels(2)), cases(true));
            final Weights expected = blind(alone.weights(), both.spec());
            for (final String parameter : expected.values().keySet()) {
                assertArrayEquals(expected.get(parameter), both.weights().get(parameter), 2e-5f, name + ": " + parameter);
            }
            // the names of both channels, and the intensities of the second
            assertEquals(alone.provenance().options().size() + 3, both.provenance().options().size(), name);
        });
    }

    private static List<TrainingCase> cases(final boolean withZeros) {
        final List<TrainingCase> cases = new ArrayList<>();
        for (int s = 1; s <= 4; s++) {
            final float[] zeros = new float[EDGE * EDGE * EDGE];
            cases.add(withZeros ? labeled(s, s < 3 ? "A" : "B", signal(s), zeros)
                : labeled(s, s < 3 ? "A" : "B", signal(s)));
        }
        return cases;
    }

    @Test
    void adversarialNormalizationTakesOneImage() {
        final String message = assertThrows(LearningException.class,
            () -> AdversarialNormalization.run(Network.untrained(TWO, 1), cases(true),
                AdversarialNormalizationOptions.defaults(), Progress.NONE, TrainingListener.NONE)).getMessage();
        assertTrue(message.contains("2 input channels") && message.contains("one input channel"), message);
    }

    @Test
    void predictionsNameTheChannelsTheyExpect() {
        final Network network = trained(List.of(labeled(1, "A", noise(1, 0), signal(1))),
            SegmentationOptions.defaults().withSteps(1).withBatch(1));
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            final String message = assertThrows(LearningException.class,
                () -> predictor.predict(volume(signal(1)), Progress.NONE)).getMessage();
            assertTrue(message.contains("trained with 2 channels (FLAIR, T1)") && message.contains("1 image column"),
                message);
        }
        final Network other = Network.untrained(ONE, 1);
        final String ensemble = assertThrows(LearningException.class,
            () -> new SlidingWindowPredictor(List.of(network, other), PredictionOptions.DEFAULT)).getMessage();
        assertTrue(ensemble.contains("2 and 1 input channels"), ensemble);
    }

    @Test
    void theTransferStudyTakesTwoChannels() {
        final List<TrainingCase> test = List.of(labeled(9, "B", noise(9, 0), signal(9)));
        final TransferStudyOptions options = new TransferStudyOptions(
            SegmentationOptions.defaults().withSteps(2).withBatch(2), List.of(1), List.of(1), false, 1);
        final List<TransferStudy.Row> rows = TransferStudy.run(Network.untrained(TWO, 1),
            List.of(labeled(1, "B", noise(1, 0), signal(1))), test, options, Optional.empty(), Progress.NONE, new StudyNotices());
        assertEquals(2, rows.size());
        rows.forEach(r -> assertTrue(r.dice() >= 0 && r.dice() <= 1));
    }
}
