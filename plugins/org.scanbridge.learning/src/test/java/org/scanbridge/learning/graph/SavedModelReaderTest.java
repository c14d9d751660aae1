package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.foreign.ForeignHeader;
import org.scanbridge.learning.network.Network;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * What a SavedModel says of itself, and which ones are not run. Those of Keras 3 and of {@code tf.Module}, written by TensorFlow
 * 2.21, were read and run once with the values that TensorFlow gives; one whose function writes a file was refused.
 */
class SavedModelReaderTest {

    @TempDir
    private Path m_directory;

    @BeforeEach
    void write() throws IOException {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_2D, 1, 2, 2, 1, Norm.BATCH, new PatchSize(4, 4, 1));
        SavedModelWriter.writeForAnySize(spec, Network.untrained(spec, 1).weights(), m_directory);
    }

    private String refusal(final Consumer<GraphDef.Builder> change) throws IOException {
        final Path file = m_directory.resolve("saved_model.pb");
        final SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        change.accept(model.getMetaGraphsBuilder(0).getGraphDefBuilder());
        Files.write(file, model.build().toByteArray());
        return assertThrows(IOException.class, () -> SavedModelReader.header(m_directory)).getMessage();
    }

    @Test
    void tellsInputAndOutput() throws IOException {
        final ForeignHeader header = SavedModelReader.header(m_directory);
        assertEquals(List.of(new ForeignHeader.Value("image", true, List.of(-1L, 1L, -1L, -1L, 1L))), header.inputs());
        assertEquals(List.of(new ForeignHeader.Value("probabilities", true, List.of(-1L, 1L, -1L, -1L, 2L))), header.outputs());
    }

    /** Wherever it is: loading runs more of a graph than its output needs. */
    @Test
    void aGraphThatWritesFilesIsRefused() throws IOException {
        final String message =
            refusal(graph -> graph.addNode(NodeDef.newBuilder().setName("harmless").setOp("WriteFile")));
        assertTrue(message.contains("do more than to compute: WriteFile"), message);
    }

    @Test
    void aFunctionThatRunsProgramsIsRefused() throws IOException {
        final String message = refusal(graph -> {
            final var function = graph.getLibraryBuilder().addFunctionBuilder();
            function.getSignatureBuilder().setName("helper");
            function.addNodeDefBuilder().setName("call").setOp("EagerPyFunc");
        });
        assertTrue(message.contains("EagerPyFunc"), message);
    }

    /** Saving is part of every SavedModel, but not on the way to its output. */
    @Test
    void savingWhileComputingIsRefused() throws IOException {
        final String message = refusal(graph -> {
            graph.addNode(NodeDef.newBuilder().setName("steal").setOp("SaveV2"));
            for (int n = 0; n < graph.getNodeCount(); n++) {
                if (graph.getNode(n).getName().equals("probabilities")) {
                    graph.getNodeBuilder(n).addInput("^steal");
                }
            }
        });
        assertTrue(message.contains("SaveV2"), message);
    }

    @Test
    void whatIsNoSavedModelIsNamed() throws IOException {
        Files.write(m_directory.resolve("saved_model.pb"), new byte[]{6, 6, 6});
        assertTrue(assertThrows(IOException.class, () -> SavedModelReader.header(m_directory)).getMessage()
            .contains("is no TensorFlow SavedModel"));
    }
}
