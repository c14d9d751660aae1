package org.scanbridge.learning.exchange;

import org.scanbridge.learning.foreign.ForeignHeader;
import org.scanbridge.learning.foreign.TinyOnnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.protobuf.CodedOutputStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What an ONNX file says about itself; files that were tampered with are refused, whatever they claim. */
class OnnxFileTest {

    @TempDir
    private Path m_folder;

    @Test
    void tellsInputsOutputsAndTheLastOperation() throws IOException {
        final ForeignHeader header = OnnxFile.read(TinyOnnx.write(TinyOnnx.SLICES, m_folder));
        assertEquals(List.of(new ForeignHeader.Value("x", true, List.of(-1L, 2L, -1L, -1L))), header.inputs());
        assertEquals(List.of(new ForeignHeader.Value("y", true, List.of(-1L, 3L, -1L, -1L))), header.outputs());
        assertEquals(Map.of("y", "Softmax"), header.lastOperation());
        assertEquals("onnx.helper", header.producer());
    }

    @Test
    void refusesWeightsInOtherFiles() throws IOException {
        final Path file = TinyOnnx.write(TinyOnnx.EXTERNAL, m_folder);
        final String message = assertThrows(IOException.class, () -> OnnxFile.read(file)).getMessage();
        assertTrue(message.contains("in other files beside it") && message.contains(file.toString()), message);
    }

    @Test
    void refusesWhatIsNoOnnxFile() throws IOException {
        for (final byte[] bytes : List.of(new byte[0], new byte[100], "not a network".getBytes("UTF-8"))) {
            final Path file = Files.write(m_folder.resolve("no.onnx"), bytes);
            assertTrue(assertThrows(IOException.class, () -> OnnxFile.read(file)).getMessage().contains("is no ONNX file"));
        }
    }

    /** A name that claims to have 2 GB must not be given 2 GB. */
    @Test
    void lengthsThatAreClaimedAreNotBelieved() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeTag(2, 2);
        out.writeUInt32NoTag(Integer.MAX_VALUE - 100);
        out.writeRawBytes(new byte[100]);
        out.flush();
        final Path file = Files.write(m_folder.resolve("long.onnx"), bytes.toByteArray());
        assertTrue(assertThrows(IOException.class, () -> OnnxFile.read(file)).getMessage().contains("is no ONNX file"));
    }

    /** Graphs inside one another would fill the stack. */
    @Test
    void graphsInsideOneAnotherHaveAnEnd() throws IOException {
        byte[] graph = new byte[0];
        for (int depth = 0; depth < 2000; depth++) {
            // graph.node, its attribute, and the graph in that
            graph = field(1, field(5, field(6, graph)));
        }
        final Path file = Files.write(m_folder.resolve("deep.onnx"), field(7, graph));
        final String message = assertThrows(IOException.class, () -> OnnxFile.read(file)).getMessage();
        assertTrue(message.contains("graphs inside one another"), message);
    }

    private static byte[] field(final int number, final byte[] content) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(number, content);
        out.flush();
        return bytes.toByteArray();
    }

    /** A changed byte, a changed length or a cut: a header or a message for the user, and nothing else. */
    @Property(tries = 500)
    void tamperedFilesAreReadOrRefused(@ForAll @IntRange(max = 5) final int which, @ForAll final short at,
        @ForAll final byte value, @ForAll final boolean cut) throws IOException {
        final byte[] bytes = TinyOnnx.bytes(List.of(TinyOnnx.THRESHOLD, TinyOnnx.SHIFT, TinyOnnx.SLICES, TinyOnnx.HALF,
            TinyOnnx.TWO_INPUTS, TinyOnnx.EXTERNAL).get(which));
        final int place = Math.floorMod(at, bytes.length);
        bytes[place] = value;
        final Path file = Files.createTempFile("scanbridge-fuzz", ".onnx");
        try {
            Files.write(file, cut ? Arrays.copyOf(bytes, place + 1) : bytes);
            final ForeignHeader header = OnnxFile.read(file);
            assertTrue(header.inputs().size() <= 2 && header.outputs().size() <= 2);
        } catch (final IOException e) {
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }
}
