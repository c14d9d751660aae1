package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.ForeignTraits.Format;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.foreign.Activation;
import org.scanbridge.learning.foreign.AxisOrder;
import org.scanbridge.learning.exchange.ForeignNetworks;
import org.scanbridge.learning.foreign.ForeignSettings;
import org.scanbridge.learning.foreign.TinyOnnx;
import org.scanbridge.learning.graph.SavedModelReader;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.method.AdaptiveBatchNorm;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.onnx.NetworkCard;
import org.scanbridge.learning.onnx.OnnxWriter;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Networks of other software: what they are is found out or asked for, and they segment as they compute. */
class ForeignNetworksTest {

    @TempDir
    private Path m_folder;

    private static ForeignSettings settings(final AxisOrder axes, final int i, final int j, final int k,
        final Activation activation, final String... classes) {
        return new ForeignSettings(Optional.ofNullable(axes), 0, List.of(i, j, k), List.of(classes), List.of(),
            Optional.ofNullable(activation), "");
    }

    private Network read(final String file, final ForeignSettings settings) throws IOException {
        return ForeignNetworks.read(TinyOnnx.write(file, m_folder), settings);
    }

    private String refusal(final String file, final ForeignSettings settings) {
        return assertThrows(IOException.class, () -> read(file, settings)).getMessage();
    }

    private static Volume volume(final int i, final int j, final int k, final long seed) {
        final Random random = new Random(seed);
        final float[] voxels = new float[i * j * k];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = random.nextFloat();
        }
        return new Volume(voxels, Geometry.axial(new int[]{i, j, k}, 1, 1, 2), VolumeInfo.UNKNOWN);
    }

    /** σ(2x - 1) of the second class: by a window with overlap and flips as at once. */
    @Test
    void aSoftmaxNetworkSegments() throws IOException {
        final Network network = read(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX, "bright"));
        assertEquals(NetworkSpec.foreign(Format.ONNX, 1, 2, List.of(), new PatchSize(4, 3, 2), network.spec().margin()),
            network.spec());
        assertEquals("bright", network.labels().name(1));
        final Volume image = volume(9, 7, 5, 1);
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network),
            new PredictionOptions(0.5, Set.of(FlipAxis.I, FlipAxis.K), true, true))) {
            final Prediction prediction = predictor.segment(image, Progress.NONE);
            for (int v = 0; v < image.voxels().length; v++) {
                final double x = image.voxels()[v];
                assertEquals(1 / (1 + Math.exp(1 - 2 * x)), prediction.probabilities().get(1).voxels()[v], 1e-6);
                assertEquals(x > 0.5 ? 1 : 0, prediction.labels().voxels()[v]);
            }
        }
    }

    /** σ(2x - 1) of the second class, of blocks of 4×3×2 (i, j, k). */
    private static void assertThreshold(final Network network, final double tolerance) throws IOException {
        final float[] blocks = volume(4, 3, 6, 2).voxels();
        try (ForeignNetwork running = new ForeignNetwork(network.spec(), network.foreign().orElseThrow())) {
            final float[] p = running.probabilities(blocks, 3);
            assertEquals(2 * blocks.length, p.length);
            for (int v = 0; v < blocks.length; v++) {
                assertEquals(1 / (1 + Math.exp(1 - 2 * blocks[v])), p[2 * v + 1], tolerance);
            }
        }
    }

    /** 16-bit floats below 2 are right to 2^-11, so that a probability is to 1e-3. */
    @Test
    void networksOfOtherPrecisionSegment() throws IOException {
        assertThreshold(read(TinyOnnx.HALF_PRECISION, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX)), 1e-3);
        assertThreshold(read(TinyOnnx.DOUBLE_PRECISION, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX)), 1e-6);
    }

    /** The files that hold the weights go with the network, wherever it is stored, and are checked as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"model.onnx.data", "below/network.json", "foreign.onnx"})
    void weightsInOtherFilesAreTakenAlong(final String location) throws IOException {
        final Path folder = Files.createDirectories(m_folder.resolve("export"));
        final Path file = folder.resolve("model.onnx");
        Files.write(file, TinyOnnx.inParts(Map.of("location", location, "length", "8")));
        Files.createDirectories(folder.resolve(location).getParent());
        Files.write(folder.resolve(location), TinyOnnx.weights());
        final Network network = ForeignNetworks.read(file, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX, "bright"));
        assertThreshold(network, 1e-6);
        final Network stored = saved(network);
        Files.delete(folder.resolve(location));
        Files.delete(file);
        assertThreshold(stored, 1e-6);
        assertEquals(network.hash(), stored.hash());
        final Path again = m_folder.resolve("again");
        stored.save(again);
        final Network moved = Network.load(again);
        assertThreshold(moved, 1e-6);
        final Path part = moved.foreign().orElseThrow().path().resolveSibling(location);
        final byte[] bytes = Files.readAllBytes(part);
        bytes[5] ^= 1;
        Files.write(part, bytes);
        final String message = assertThrows(IOException.class, () -> Network.load(again)).getMessage();
        assertTrue(message.contains("is damaged: its SHA-256"), message);
    }

    /** A stored network that claims to have files elsewhere does not get them. */
    @Test
    void aStoredNetworkHasItsFilesInItsFolder() throws IOException {
        final Path folder = Files.createDirectories(m_folder.resolve("export"));
        Files.write(folder.resolve("model.onnx"), TinyOnnx.inParts(Map.of("location", "data")));
        Files.write(folder.resolve("data"), TinyOnnx.weights());
        final Path stored = m_folder.resolve("stored");
        saved(ForeignNetworks.read(folder.resolve("model.onnx"), settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX)));
        final String json = Files.readString(stored.resolve("network.json"));
        Files.writeString(stored.resolve("network.json"), json.replace("\"data\"", "\"../../export/data\""));
        assertTrue(assertThrows(IOException.class, () -> Network.load(stored)).getMessage().contains("is no file of its folder"));
        Files.writeString(stored.resolve("network.json"), json.replace("\"model.onnx\"", "\"../../export/model.onnx\""));
        assertTrue(assertThrows(IOException.class, () -> Network.load(stored)).getMessage().contains("is incomplete"));
    }

    /** Though its file says that it takes any number of blocks. */
    @Test
    void aNetworkRecordedWithOneBlockIsRunOnOneAtATime() throws IOException {
        final Network network = read(TinyOnnx.RECORDED_WITH_ONE, settings(AxisOrder.NCDHW, 0, 0, 0, Activation.SOFTMAX));
        assertEquals(1, network.foreign().orElseThrow().blocks());
        assertThreshold(network, 1e-6);
        assertEquals(0, read(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX)).foreign().orElseThrow()
            .blocks());
    }

    /** Fewer would be filled up with zeros, which takes as long. */
    @Test
    void aNetworkOfSevenBlocksGetsSevenACall() throws IOException {
        final Network any = read(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX));
        final Network seven =
            Network.foreign(any.spec(), any.foreign().orElseThrow().withBlocks(7), any.labels(), any.provenance());
        final int[] size = {20, 3, 2};
        final List<Integer> counts = new ArrayList<>();
        SlidingWindow.of(seven, 0.5).classes(new float[120], size, (images, count) -> {
            counts.add(count);
            return new float[2 * images.length];
        }, Progress.NONE);
        // 9 blocks begin at 0, 2, 4 ... 16
        assertEquals(List.of(7, 2), counts);
    }

    /** What is said of a block must not depend on which others are segmented with it. */
    @Test
    void blocksHaveNoInfluenceOnOneAnother() throws IOException {
        final Network network = read(TinyOnnx.OVER_ALL_BLOCKS, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX));
        final float[] blocks = volume(4, 3, 4, 2).voxels();
        try (ForeignNetwork running = new ForeignNetwork(network.spec(), network.foreign().orElseThrow())) {
            final float[] p = running.probabilities(blocks, 2);
            for (int b = 0; b < 2; b++) {
                double mean = 0;
                for (int v = 0; v < 24; v++) {
                    mean += blocks[24 * b + v] / 24.0;
                }
                for (int v = 24 * b; v < 24 * b + 24; v++) {
                    assertEquals(1 / (1 + Math.exp(1 - 2 * (blocks[v] - mean))), p[2 * v + 1], 1e-6);
                }
            }
        }
    }

    @Test
    void networksOfTrainingAreRefused() {
        final String random = refusal(TinyOnnx.DROPOUT, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SOFTMAX));
        assertTrue(random.contains("other values each time for the same block") && random.contains("model.eval()"), random);
        final String infinite = refusal(TinyOnnx.NOT_FINITE, settings(AxisOrder.NCDHW, 4, 3, 2, Activation.SIGMOID));
        assertTrue(infinite.contains("gives the value NaN for a block of noise"), infinite);
    }

    /** Labels and the output of a deeper level come first, as from networks of deep supervision. */
    @Test
    void ofSeveralOutputsTheOneOfTheSizeOfTheInputIsTaken() throws IOException {
        final Network network = read(TinyOnnx.SEVERAL_OUTPUTS, settings(AxisOrder.NCDHW, 0, 0, 0, Activation.SOFTMAX));
        assertEquals("logits", network.foreign().orElseThrow().output());
        assertEquals(new PatchSize(4, 4, 2), network.spec().patchSize());
        final String deep = refusal(TinyOnnx.SEVERAL_OUTPUTS, new ForeignSettings(Optional.of(AxisOrder.NCDHW), 0,
            List.of(0, 0, 0), List.of(), List.of(), Optional.of(Activation.SOFTMAX), "deep"));
        assertTrue(deep.contains("[1, 2, 1, 2, 2] of a block of [1, 1, 2, 4, 4]") && deep.contains("\"logits\" [?, 2, 2, 4, 4]"),
            deep);
        final String labels = refusal(TinyOnnx.SEVERAL_OUTPUTS, new ForeignSettings(Optional.of(AxisOrder.NCDHW), 0,
            List.of(0, 0, 0), List.of(), List.of(), Optional.of(Activation.SOFTMAX), "labels"));
        assertTrue(labels.endsWith("and \"Output\" is \"labels\". Choose one of floats."), labels);
    }

    /** The signature of a network of ours with what its last operation takes as a further output, the first in the alphabet. */
    @Test
    void anOutputOfASavedModelIsChosen() throws IOException {
        final NetworkSpec spec = RandomNetworks.specs().get("unet3d-batch");
        final Network network = RandomNetworks.of(spec, 8);
        final Path directory = m_folder.resolve("two");
        SavedModelWriter.writeForAnySize(spec, network.weights(), directory);
        final Path file = directory.resolve("saved_model.pb");
        final SavedModel.Builder model = SavedModel.newBuilder().mergeFrom(Files.readAllBytes(file));
        final MetaGraphDef.Builder graph = model.getMetaGraphsBuilder(0);
        final SignatureDef signature = graph.getSignatureDefOrThrow(SavedModelReader.SIGNATURE);
        final TensorInfo probabilities = signature.getOutputsMap().values().iterator().next();
        final NodeDef last = graph.getGraphDef().getNodeList().stream()
            .filter(n -> probabilities.getName().equals(n.getName() + ":0")).findFirst().orElseThrow();
        graph.putSignatureDef(SavedModelReader.SIGNATURE, signature.toBuilder()
            .putOutputs("again", probabilities.toBuilder().setName(last.getInput(0) + ":0").build()).build());
        Files.write(file, model.build().toByteArray());
        final String output = signature.getOutputsMap().keySet().iterator().next();
        final Network other = ForeignNetworks.read(directory, new ForeignSettings(Optional.of(AxisOrder.NDHWC), 0,
            List.of(8, 6, 4), List.of(), List.of(), Optional.of(Activation.NONE), output));
        final float[] blocks = RandomNetworks.blocks(spec, 2, 2);
        final Path saved = Files.createDirectory(m_folder.resolve("saved"));
        final Path none = Files.createDirectory(m_folder.resolve("none"));
        try (RunningNetwork a = RunningNetwork.of(network, saved); RunningNetwork b = RunningNetwork.of(other, none)) {
            assertArrayEquals(a.probabilities(blocks, 2), b.probabilities(blocks, 2), 1e-5f);
        }
    }

    /** Fixed sizes and a fixed number of blocks, columns first and channels last; a region, not a class. */
    @Test
    void axesAndNumberOfBlocksAreThoseOfTheFile() throws IOException {
        final Network network = read(TinyOnnx.SHIFT, settings(AxisOrder.NWHDC, 0, 0, 0, null, "before"));
        assertEquals(new PatchSize(6, 5, 4), network.spec().patchSize());
        assertEquals(List.of(new NetworkRegion("before", List.of(1))), network.spec().regions());
        final Random random = new Random(3);
        final float[] blocks = new float[3 * 120];
        for (int v = 0; v < blocks.length; v++) {
            blocks[v] = (float)random.nextGaussian();
        }
        try (ForeignNetwork running = new ForeignNetwork(network.spec(), network.foreign().orElseThrow())) {
            final float[] p = running.probabilities(blocks, 3);
            for (int v = 0; v < p.length; v++) {
                assertEquals(1 / (1 + Math.exp(v % 6 == 0 ? 0 : -blocks[v - 1])), p[v], 1e-6);
            }
        }
    }

    /** Two channels, single slices, a softmax of its own. */
    @Test
    void aNetworkOfSlicesSegments() throws IOException {
        final Network network = read(TinyOnnx.SLICES, settings(AxisOrder.NCHW, 4, 2, 0, null));
        assertEquals(2, network.spec().inputChannels());
        assertEquals(3, network.spec().classes());
        assertEquals(new PatchSize(4, 2, 1), network.spec().patchSize());
        final float[] blocks = {1, 0, 0, 1, -1, -1, 2, 1, 0, 0, 3, -3, 1, 1, 0, 2};
        try (ForeignNetwork running = new ForeignNetwork(network.spec(), network.foreign().orElseThrow())) {
            final float[] p = running.probabilities(blocks, 1);
            for (int v = 0; v < 8; v++) {
                final double x = blocks[2 * v];
                final double y = blocks[2 * v + 1];
                final double sum = Math.exp(x) + Math.exp(y) + Math.exp(-x - y);
                assertEquals(Math.exp(x) / sum, p[3 * v], 1e-6);
                assertEquals(Math.exp(y) / sum, p[3 * v + 1], 1e-6);
                assertEquals(Math.exp(-x - y) / sum, p[3 * v + 2], 1e-6);
            }
        }
    }

    /** Softmax of a softmax with three outputs is at most e / (e + 2) = 0.576, sigmoid of it at least 0.5: neither is meant. */
    @Test
    void probabilitiesAreNotMadeOfProbabilities() {
        for (final Activation activation : List.of(Activation.SOFTMAX, Activation.SIGMOID)) {
            final String softmax = refusal(TinyOnnx.SLICES, settings(AxisOrder.NCHW, 4, 2, 0, activation));
            assertTrue(softmax.contains("from 0 to 1 that add up to 1"), softmax);
            assertTrue(softmax.endsWith("Choose None for \"Activation\"."), softmax);
        }
        final String sigmoid = refusal(TinyOnnx.SHIFT, settings(AxisOrder.NWHDC, 0, 0, 0, Activation.SIGMOID, "before"));
        assertTrue(sigmoid.startsWith("\"Activation\" is Sigmoid, but "), sigmoid);
        assertTrue(sigmoid.endsWith("Choose None for \"Activation\"."), sigmoid);
    }

    /** Our own files say everything: classes, regions, channels, patch, margin. */
    @ParameterizedTest
    @ValueSource(strings = {"unet2d-group", "patchcnn", "deepmedic", "regions"})
    void ourOwnFilesNeedNoSettings(final String name) throws IOException {
        final NetworkSpec spec = RandomNetworks.specs().get(name);
        final Network network = RandomNetworks.of(spec, 8);
        final Path file = m_folder.resolve("ours.onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            new OnnxWriter(network, NetworkCard.EMPTY, "test").write(out);
        }
        final Network other = ForeignNetworks.read(file, ForeignSettings.NONE);
        assertEquals(NetworkSpec.foreign(Format.ONNX, spec.inputChannels(), spec.classes(), spec.regions(), spec.patchSize(),
            spec.margin()), other.spec());
        assertEquals(network.labels(), other.labels());
        final float[] blocks = RandomNetworks.blocks(spec, 3, 2);
        final Path saved = Files.createDirectory(m_folder.resolve("saved"));
        final Path none = Files.createDirectory(m_folder.resolve("none"));
        try (RunningNetwork a = RunningNetwork.of(network, saved); RunningNetwork b = RunningNetwork.of(other, none)) {
            assertArrayEquals(a.probabilities(blocks, 3), b.probabilities(blocks, 3), 1e-5f);
        }
        final Network again = saved(other);
        assertEquals(other.spec(), again.spec());
        assertEquals(other.hash(), again.hash());
        assertEquals(other.labels(), again.labels());
    }

    private Network saved(final Network network) throws IOException {
        final Path directory = m_folder.resolve("stored");
        network.save(directory);
        return Network.load(directory);
    }

    /** The files of a stored network are checked as the weights of ours are. */
    @Test
    void aDamagedCopyIsRefused() throws IOException {
        saved(read(TinyOnnx.SLICES, settings(AxisOrder.NCHW, 4, 4, 1, null)));
        final Path copy = m_folder.resolve("stored/foreign.onnx");
        final byte[] bytes = Files.readAllBytes(copy);
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy, bytes);
        final String message = assertThrows(IOException.class, () -> Network.load(m_folder.resolve("stored"))).getMessage();
        assertTrue(message.contains("is damaged: its SHA-256"), message);
    }

    /** A folder as MONAI's bundles are: the names of the outputs are those of the classes. */
    @Test
    void aBundleOfMonaiNeedsItsActivationOnly() throws IOException {
        final Path models = Files.createDirectories(m_folder.resolve("bundle/models"));
        Files.writeString(Files.createDirectories(m_folder.resolve("bundle/configs")).resolve("metadata.json"), """
            {"schema": "meta_schema_20240725.json", "version": "0.1.0", "task": "spleen",
             "network_data_format": {
               "inputs": {"image": {"type": "image", "format": "hounsfield", "modality": "CT", "num_channels": 1,
                 "spatial_shape": [6, 4, 5], "dtype": "float32", "value_range": [0, 1], "is_patch_data": true,
                 "channel_def": {"0": "image"}}},
               "outputs": {"pred": {"type": "image", "format": "segmentation", "num_channels": 2,
                 "spatial_shape": [6, 4, 5], "dtype": "float32", "value_range": [0, 1], "is_patch_data": true,
                 "channel_def": {"0": "background", "1": "spleen"}}}}}
            """);
        final Path file = TinyOnnx.write(TinyOnnx.THRESHOLD, models);
        final String message =
            assertThrows(IOException.class, () -> ForeignNetworks.read(file, ForeignSettings.NONE)).getMessage();
        assertTrue(message.contains("Choose \"Activation\"") && message.contains("Conv"), message);
        final Network network = ForeignNetworks.read(file, settings(null, 0, 0, 0, Activation.SOFTMAX));
        assertEquals(AxisOrder.NCWHD, network.foreign().orElseThrow().axes());
        assertEquals(new PatchSize(6, 4, 5), network.spec().patchSize());
        assertEquals(Map.of(1, "spleen"), network.labels().names());
    }

    /** A SavedModel, spoken to by its signature. */
    @Test
    void aSavedModelSegments() throws IOException {
        final NetworkSpec spec = RandomNetworks.specs().get("unet3d-batch");
        final Network network = RandomNetworks.of(spec, 8);
        final Path directory = m_folder.resolve("keras");
        SavedModelWriter.writeForAnySize(spec, network.weights(), directory);
        final Network other = ForeignNetworks.read(directory, settings(AxisOrder.NDHWC, 8, 6, 4, Activation.NONE, "a", "b"));
        assertEquals(Format.SAVED_MODEL, other.spec().foreign().format());
        final float[] blocks = RandomNetworks.blocks(spec, 2, 2);
        final Path saved = Files.createDirectory(m_folder.resolve("saved"));
        final Path none = Files.createDirectory(m_folder.resolve("none"));
        try (RunningNetwork a = RunningNetwork.of(network, saved); RunningNetwork b = RunningNetwork.of(saved(other), none)) {
            assertArrayEquals(a.probabilities(blocks, 2), b.probabilities(blocks, 2), 1e-5f);
        }
    }

    @Test
    void whatNobodySaysIsAskedFor() {
        assertTrue(refusal(TinyOnnx.THRESHOLD, ForeignSettings.NONE).contains("Choose \"Axis order\""));
        assertTrue(refusal(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 4, 0, Activation.SOFTMAX))
            .contains("any size along k. Choose \"Patch size\""));
        assertTrue(refusal(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 4, 4, null)).contains("Choose \"Activation\""));
        assertTrue(refusal(TinyOnnx.THRESHOLD, settings(AxisOrder.NDHWC, 4, 4, 4, Activation.SOFTMAX))
            .contains("Choose \"Input channels\""));
    }

    @Test
    void whatIsNotTrueIsRefused() {
        assertTrue(refusal(TinyOnnx.SLICES, settings(AxisOrder.NCDHW, 4, 4, 4, null)).contains("an input of 4 axes"));
        assertTrue(refusal(TinyOnnx.THRESHOLD, new ForeignSettings(Optional.of(AxisOrder.NCDHW), 3, List.of(4, 4, 4), List.of(),
            List.of(), Optional.of(Activation.SOFTMAX), "")).contains("takes 1 channels"));
        assertTrue(refusal(TinyOnnx.SHIFT, settings(AxisOrder.NWHDC, 8, 0, 0, null)).contains("\"Patch size\" along i is 8"));
        assertTrue(refusal(TinyOnnx.HALF, settings(AxisOrder.NCDHW, 4, 4, 4, Activation.SOFTMAX))
            .contains("[1, 2, 2, 2, 2] of a block of [1, 1, 4, 4, 4]"));
        assertTrue(refusal(TinyOnnx.TWO_INPUTS, settings(AxisOrder.NCDHW, 4, 4, 4, Activation.SOFTMAX)).contains("2 inputs"));
        assertTrue(refusal(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 4, 4, Activation.NONE)).contains("no probability"));
        assertTrue(refusal(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 4, 4, Activation.SOFTMAX, "a", "b"))
            .contains("2 outputs, and \"Classes\" has 2 names. Give 1 names"));
        assertTrue(refusal(TinyOnnx.SLICES, settings(AxisOrder.NCHW, 4, 4, 1, null, "a")).contains("Give 2 names"));
    }

    @Test
    void nothingTrainsIt() throws IOException {
        final Network network = read(TinyOnnx.THRESHOLD, settings(AxisOrder.NCDHW, 4, 4, 4, Activation.SOFTMAX, "bright"));
        final String said = "This network comes from an ONNX file and can be used, not trained.";
        final List<Runnable> trainings = new ArrayList<>();
        trainings.add(() -> SegmentationTraining.run(network, List.of(),
            SegmentationOptions.defaults(), Progress.NONE, null));
        trainings.add(() -> AdaptiveBatchNorm.run(network, List.of(), List.of(), 1, 1,
            Progress.NONE));
        trainings.add(() -> NetworkPlan.of(network.spec()));
        for (final Runnable training : trainings) {
            assertTrue(assertThrows(LearningException.class, training::run).getMessage().startsWith(said));
        }
    }
}
