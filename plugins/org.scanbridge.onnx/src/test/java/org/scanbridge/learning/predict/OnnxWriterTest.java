package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.NormSets;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.foreign.AxisOrder;
import org.scanbridge.learning.foreign.OnnxEngines;
import org.scanbridge.learning.foreign.TensorModel;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.onnx.NetworkCard;
import org.scanbridge.learning.onnx.OnnxWriter;

/**
 * What ONNX Runtime makes of our ONNX files against what TensorFlow makes of our SavedModels. Files of such networks, of every
 * architecture with every norm and output, were also given to onnx 1.23.2 ({@code onnx.checker.check_model} with
 * {@code full_check}) and onnxruntime 1.32.0 of Python once: all valid, the largest difference of a probability was 7e-6
 * (DeepMedic), of the others 2e-6.
 */
class OnnxWriterTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path m_directory;

    static Stream<String> names() {
        return RandomNetworks.specs().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void computesWhatTensorFlowComputes(final String name) throws IOException {
        final NetworkSpec spec = RandomNetworks.specs().get(name);
        final Network network = RandomNetworks.of(spec, 5);
        final float[] blocks = RandomNetworks.blocks(spec, 2, 7);
        final float[] expected = byTensorFlow(network, blocks, 2);
        final TensorModel.Tensor found = byOnnxRuntime(network, new OnnxWriter(network, NetworkCard.EMPTY, "test"), blocks, 2);
        final AxisOrder order = spec.kind().flat() ? AxisOrder.NCHW : AxisOrder.NCDHW;
        assertArrayEquals(order.shape(2, spec.outputs(), spec.patchSize()), found.shape());
        final float[] values = order.fromOrder(found.values(), 2, spec.outputs(), spec.patchSize());
        assertTrue(spread(expected) > 0.05, "a network that says the same everywhere proves nothing");
        assertEquals(0, largestDifference(expected, values), TOLERANCE);
    }

    /** Sizes are chosen when the network is run, within what the metadata say. */
    @ParameterizedTest
    @ValueSource(strings = {"unet3d-group", "unet2d-group", "patchcnn", "deepmedic"})
    void takesOtherSizes(final String name) throws IOException {
        final NetworkSpec spec = RandomNetworks.specs().get(name);
        final Network network = RandomNetworks.of(spec, 5);
        final PatchSize p = spec.patchSize();
        final int step = spec.kind() == Kind.DEEP_MEDIC ? 3 : spec.divisor();
        final NetworkSpec larger =
            spec.withPatchSize(new PatchSize(p.i() + step, p.j() + 2 * step, spec.kind().flat() ? 1 : p.k() + step));
        final Network other = new Network(larger, network.weights(), network.labels(), network.provenance());
        final float[] blocks = RandomNetworks.blocks(larger, 1, 9);
        final TensorModel.Tensor found = byOnnxRuntime(other, new OnnxWriter(network, NetworkCard.EMPTY, "test"), blocks, 1);
        final AxisOrder order = spec.kind().flat() ? AxisOrder.NCHW : AxisOrder.NCDHW;
        assertArrayEquals(order.shape(1, larger.outputs(), larger.patchSize()), found.shape());
        assertEquals(0, largestDifference(byTensorFlow(other, blocks, 1),
            order.fromOrder(found.values(), 1, larger.outputs(), larger.patchSize())), TOLERANCE);
    }

    /** Of a network with norms per site, those of the chosen site are written. */
    @Test
    void writesTheNormsOfTheChosenSite() throws IOException {
        final NetworkSpec spec =
            new NetworkSpec(Kind.UNET_3D, 1, 2, 4, 2, Norm.BATCH, PatchSize.cube(8)).withDomains(2);
        final Network network = RandomNetworks.of(spec, 3);
        final float[] blocks = RandomNetworks.blocks(spec, 1, 1);
        for (int site = 0; site < 2; site++) {
            final Network alone = new Network(spec.withDomains(1), NormSets.fold(spec, network.weights(), site),
                network.labels(), network.provenance());
            final TensorModel.Tensor found =
                byOnnxRuntime(alone, new OnnxWriter(network, site, NetworkCard.EMPTY, "test"), blocks, 1);
            assertEquals(0, largestDifference(byTensorFlow(alone, blocks, 1),
                AxisOrder.NCDHW.fromOrder(found.values(), 1, 2, spec.patchSize())), TOLERANCE);
        }
    }

    private float[] byTensorFlow(final Network network, final float[] blocks, final int count) throws IOException {
        final Path saved = Files.createTempDirectory(m_directory, "saved");
        SavedModelWriter.write(network.spec(), network.weights(), saved);
        try (SavedModelNetwork model = new SavedModelNetwork(network.spec(), saved)) {
            return model.probabilities(blocks, count);
        }
    }

    private TensorModel.Tensor byOnnxRuntime(final Network network, final OnnxWriter writer, final float[] blocks,
        final int count) throws IOException {
        final NetworkSpec spec = network.spec();
        final Path file = Files.createTempFile(m_directory, "network", ".onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.write(out);
        }
        final AxisOrder order = spec.kind().flat() ? AxisOrder.NCHW : AxisOrder.NCDHW;
        try (TensorModel model = OnnxEngines.find().load(file, "image", spec.output().tensorName())) {
            return model.run(new TensorModel.Tensor(order.shape(count, spec.inputChannels(), spec.inputSize()),
                order.toOrder(blocks, count, spec.inputChannels(), spec.inputSize())));
        }
    }

    private static double largestDifference(final float[] a, final float[] b) {
        assertEquals(a.length, b.length);
        double largest = 0;
        for (int n = 0; n < a.length; n++) {
            assertTrue(Float.isFinite(b[n]));
            largest = Math.max(largest, Math.abs(a[n] - b[n]));
        }
        return largest;
    }

    private static double spread(final float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (final float v : values) {
            least = Math.min(least, v);
            most = Math.max(most, v);
        }
        return most - least;
    }
}
