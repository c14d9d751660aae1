package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.tensorflow.TensorFlowRuntime;

class SlidingWindowPredictorTest {

    private static final int BLOCKS = 2;

    private static final List<NetworkSpec> SPECS = List.of(NetworkSpec.unet3d(3, 4, 3, 8),
        new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 2, Norm.BATCH, PatchSize.cube(8)),
        new NetworkSpec(Kind.UNET_2D, 1, 3, 4, 3, Norm.INSTANCE, new PatchSize(16, 8, 1)),
        NetworkSpec.unet3d(3, 4, 3, 8).withDeepSupervision(true),
        new NetworkSpec(Kind.UNET_2D, 1, 3, 4, 3, Norm.BATCH, new PatchSize(16, 8, 1)).withDomains(2),
        new NetworkSpec(Kind.PATCH_CNN, 1, 3, 4, 1, Norm.BATCH, new PatchSize(5, 4, 1)),
        new NetworkSpec(Kind.DEEP_MEDIC, 1, 3, 3, 1, Norm.BATCH, new PatchSize(6, 3, 3)),
        NetworkSpec.unet3d(3, 4, 2, 8).withInputChannels(2),
        new NetworkSpec(Kind.PATCH_CNN, 2, 3, 4, 1, Norm.BATCH, new PatchSize(5, 4, 1)),
        new NetworkSpec(Kind.DEEP_MEDIC, 5, 3, 3, 1, Norm.BATCH, new PatchSize(6, 3, 3)));

    private static float[] noise(final int count) {
        final Random random = new Random(11);
        final float[] values = new float[count];
        for (int v = 0; v < count; v++) {
            values[v] = (float)random.nextGaussian();
        }
        return values;
    }

    private static TrainingGraphSpec training(final NetworkSpec spec) {
        final List<Double> ones = Collections.nCopies(spec.classes(), 1.0);
        return new TrainingGraphSpec(spec, BLOCKS, BLOCKS, new SegmentationLossSpec(DiceForm.POOLED, 1, ones, 1, ones),
            Set.of(), Optional.empty(), 1, OptimizerSpec.adam());
    }

    /** After some steps, the training graph, a graph rebuilt from its weights and the SavedModel in DJL agree. */
    @Test
    void trainingGraphRebuiltGraphAndSavedModelAgree(@TempDir final Path directory) throws Exception {
        for (final NetworkSpec spec : SPECS) {
            final float[] blocks = noise(BLOCKS * spec.inputLength());
            final byte[] labels = new byte[BLOCKS * spec.patchSize().voxels()];
            for (int v = 0; v < labels.length; v++) {
                labels[v] = (byte)(blocks[v] > 0.5 ? 2 : blocks[v] > 0 ? 1 : 0);
            }
            TensorFlowRuntime.call(() -> {
                final Weights weights;
                final float[] expected;
                try (TrainingGraph graph = new TrainingGraph(training(spec), Network.untrained(spec, 5).weights())) {
                    for (int step = 1; step <= 5; step++) {
                        graph.step(new TrainingGraph.Batch(blocks, labels, new int[BLOCKS]),
                            new TrainingGraph.Rates(step, 0.01, 0, Double.NaN));
                    }
                    weights = graph.weights();
                    expected = graph.probabilities(blocks, BLOCKS);
                }
                try (TrainingGraph rebuilt = new TrainingGraph(training(spec), weights)) {
                    assertArrayEquals(expected, rebuilt.probabilities(blocks, BLOCKS), 1e-6f);
                }
                final Path target = directory.resolve("model" + SPECS.indexOf(spec));
                SavedModelWriter.write(spec, weights, target);
                try (SavedModelNetwork saved = new SavedModelNetwork(spec, target)) {
                    assertArrayEquals(expected, saved.probabilities(blocks, BLOCKS), 1e-6f);
                }
                return null;
            });
        }
    }

    @Test
    void segmentsVolumesOfAnySize() {
        segmentsVolumesOfAnySize(Network.untrained(SPECS.get(0), 3));
        segmentsVolumesOfAnySize(Network.untrained(SPECS.get(5), 3)); // sees more than it segments
    }

    private static void segmentsVolumesOfAnySize(final Network network) {
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            for (final int[] size : new int[][]{{8, 8, 8}, {13, 9, 1}, {5, 17, 11}}) {
                final Volume volume = new Volume(noise(size[0] * size[1] * size[2]), Geometry.axial(size, 1, 2, 3),
                    new VolumeInfo("MR", "A", "s", "r", ""));
                final LabelVolume labels = predictor.predict(volume, Progress.NONE);
                assertEquals(volume.geometry(), labels.geometry());
                assertEquals(volume.info(), labels.info());
                final List<Volume> maps = predictor.probabilities(volume, Progress.NONE);
                for (int v = 0; v < volume.voxels().length; v++) {
                    final float[] p = {maps.get(0).voxels()[v], maps.get(1).voxels()[v], maps.get(2).voxels()[v]};
                    assertEquals(1, p[0] + p[1] + p[2], 1e-5);
                    assertEquals(Math.max(p[0], Math.max(p[1], p[2])), p[labels.voxels()[v]]);
                }
            }
        }
    }

    @Test
    void severalNetworksAndReflectionsGiveTheMeanProbabilities() {
        final NetworkSpec small = NetworkSpec.unet3d(3, 4, 2, 4);
        final Network first = Network.untrained(SPECS.get(0), 3);
        final Network second = Network.untrained(small, 4);
        final int[] size = {13, 9, 6};
        final Volume volume =
            new Volume(noise(13 * 9 * 6), Geometry.axial(size, 1, 2, 3), new VolumeInfo("MR", "A", "s", "r", ""));
        final PredictionOptions all = new PredictionOptions(0.5, Set.of(), true, true);
        final Prediction one = segment(volume, all, first);
        final Prediction two = segment(volume, all, second);
        final Prediction both = segment(volume, all, first, second);
        try (SlidingWindowPredictor plain = new SlidingWindowPredictor(first)) {
            // An ensemble of one is that network, bit by bit.
            assertArrayEquals(plain.predict(volume, Progress.NONE).voxels(), one.labels().voxels());
            for (int c = 0; c < 3; c++) {
                assertArrayEquals(plain.probabilities(volume, Progress.NONE).get(c).voxels(),
                    one.probabilities().get(c).voxels());
            }
        }
        final float[] uncertainty = both.uncertainty().orElseThrow().voxels();
        for (int v = 0; v < uncertainty.length; v++) {
            double entropy = 0;
            for (int c = 0; c < 3; c++) {
                final double p = both.probabilities().get(c).voxels()[v];
                assertEquals((one.probabilities().get(c).voxels()[v] + two.probabilities().get(c).voxels()[v]) / 2, p, 1e-6);
                entropy -= p * Math.log(p) / Math.log(3);
            }
            assertEquals(entropy, uncertainty[v], 1e-5);
        }
        final PredictionOptions flips = new PredictionOptions(0.5, Set.of(FlipAxis.I, FlipAxis.K), false, true);
        final Prediction flipped = segment(volume, flips, first);
        assertFalse(Arrays.equals(one.probabilities().get(1).voxels(), flipped.probabilities().get(1).voxels()));
        assertTrue(flipped.uncertainty().isEmpty());
        // Same networks, same bits.
        assertArrayEquals(flipped.probabilities().get(1).voxels(),
            segment(volume, flips, first).probabilities().get(1).voxels());
    }

    private static Prediction segment(final Volume volume, final PredictionOptions options, final Network... networks) {
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(networks), options)) {
            return predictor.segment(volume, Progress.NONE);
        }
    }

    @Test
    void refusesNetworksThatDoNotFit() {
        final Network three = Network.untrained(SPECS.get(0), 3);
        final Network four = Network.untrained(NetworkSpec.unet3d(4, 4, 3, 8), 3);
        final String classes = assertThrows(LearningException.class,
            () -> new SlidingWindowPredictor(List.of(three, four), PredictionOptions.DEFAULT)).getMessage();
        assertTrue(classes.contains("3 and 4 classes"), classes);
        final Network brain = new Network(three.spec(), three.weights(), LabelSet.of("CSF", "GM"), three.provenance());
        final Network belly = new Network(three.spec(), three.weights(), LabelSet.of("liver", "spleen"), three.provenance());
        final String names = assertThrows(LearningException.class,
            () -> new SlidingWindowPredictor(List.of(brain, belly), PredictionOptions.DEFAULT)).getMessage();
        assertTrue(names.contains("[CSF, GM] and [liver, spleen]"), names);
        SlidingWindowPredictor.requireFitting(List.of(three.spec(), three.spec()), List.of(brain.labels(), LabelSet.of()));
        final String image = assertThrows(LearningException.class, () -> new SlidingWindowPredictor(
            Network.untrained(SPECS.get(0).asGenerator(NetworkOutput.SIGMOID), 3))).getMessage();
        assertTrue(image.contains("makes images"), image);
        assertThrows(IllegalArgumentException.class, () -> new PredictionOptions(0.95, Set.of(), false, false));
        assertThrows(IllegalArgumentException.class, () -> new PredictionOptions(Double.NaN, Set.of(), false, false));
    }

    @Test
    void refusesWhatDoesNotFitIntoMemory() {
        // 200 probability maps of a plane of 16000×16000 pixels; the image itself is never made.
        final Network network = Network.untrained(new NetworkSpec(Kind.UNET_2D, 1, 200, 4, 1, Norm.GROUP,
            new PatchSize(8, 8, 1)), 3);
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(network)) {
            final String message = assertThrows(LearningException.class,
                () -> predictor.requireMemory(new int[]{16000, 16000, 1}, true, true)).getMessage();
            assertTrue(message.contains("16000×16000×1") && message.contains("MB"), message);
        }
    }

    @Test
    void refusesVoxelsThatAreNoNumbers() {
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(Network.untrained(SPECS.get(0), 3))) {
            final float[] voxels = noise(512);
            voxels[100] = Float.NaN;
            final Volume volume = new Volume(voxels, Geometry.axial(new int[]{8, 8, 8}, 1, 1, 1), VolumeInfo.UNKNOWN);
            final String message =
                assertThrows(LearningException.class, () -> predictor.predict(volume, Progress.NONE)).getMessage();
            assertTrue(message.contains("NaN"), message);
        }
    }

    @Test
    void leavesNoTemporaryDirectory(@TempDir final Path temporary) throws Exception {
        final Network network = Network.untrained(SPECS.get(0), 3);
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network, network),
            new PredictionOptions(0.5, Set.of(), false, false), temporary)) {
            assertEquals(2, count(temporary), "one for each network");
        }
        assertEquals(0, count(temporary));
    }

    private static long count(final Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.count();
        }
    }
}
