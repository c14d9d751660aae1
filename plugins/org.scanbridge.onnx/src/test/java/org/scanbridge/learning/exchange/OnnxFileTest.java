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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private Path inParts(final String location, final String... more) throws IOException {
        final Map<String, String> where = new LinkedHashMap<>(Map.of("location", location));
        for (int m = 0; m < more.length; m += 2) {
            where.put(more[m], more[m + 1]);
        }
        final Path folder = Files.createDirectories(m_folder.resolve("model"));
        return Files.write(folder.resolve("model.onnx"), TinyOnnx.inParts(where));
    }

    private static String refusal(final Path file) {
        return assertThrows(IOException.class, () -> OnnxFile.read(file)).getMessage();
    }

    /** As the exporters of PyTorch since 2.9 write it, and in a folder below. */
    @ParameterizedTest
    @ValueSource(strings = {"model.onnx.data", "weights/of layer.bin", "./w", "onnx__Conv_12"})
    void tellsWhichOtherFilesHoldWeights(final String location) throws IOException {
        final Path file = inParts(location, "offset", "4", "length", "8");
        Files.createDirectories(file.resolveSibling(location).getParent());
        Files.write(file.resolveSibling(location), new byte[12]);
        final ForeignHeader header = OnnxFile.read(file);
        assertEquals(List.of(location), header.parts());
        assertEquals(List.of("x"), header.inputs().stream().map(ForeignHeader.Value::name).toList());
    }

    /** The other file is there each time, so that nothing but its place can be the reason. */
    @ParameterizedTest
    @ValueSource(strings = {"../secret", "a/../../secret", "/etc/passwd", "..", "", " ", "a//b", "C:/secret", "c:secret",
        "..\\secret", "\\\\server\\secret", "*/_ORT_MEM_ADDR_/*", "a\nb", "a\0b"})
    void refusesWeightsOutsideItsFolder(final String location) throws IOException {
        Files.writeString(m_folder.resolve("secret"), "harmless");
        final Path file = inParts(location);
        Files.createDirectories(file.resolveSibling("a"));
        final String message = refusal(file);
        assertTrue(message.contains("is no file of its folder") && message.contains(file.toString()), message);
        final String once = refusal(TinyOnnx.write(TinyOnnx.EXTERNAL, m_folder));
        assertTrue(once.contains("\"../../etc/passwd\""), once);
    }

    /** A link, or a link to the folder. */
    @Test
    void refusesLinksOutOfItsFolder() throws IOException {
        Files.writeString(Files.createDirectories(m_folder.resolve("elsewhere")).resolve("secret"), "harmless");
        Files.createSymbolicLink(inParts("link").resolveSibling("link"), m_folder.resolve("elsewhere/secret"));
        assertTrue(refusal(inParts("link")).contains("is a link that leads out of its folder"));
        Files.createSymbolicLink(inParts("to").resolveSibling("to"), m_folder.resolve("elsewhere"));
        assertTrue(refusal(inParts("to/secret")).contains("is a link that leads out of its folder"));
    }

    @Test
    void namesTheFileThatIsMissingOrTooShort() throws IOException {
        final Path file = inParts("model.onnx.data", "offset", "4096", "length", "8");
        final String missing = refusal(file);
        assertTrue(missing.contains("\"model.onnx.data\", which is missing in " + file.getParent()), missing);
        assertTrue(missing.contains("external_data=False"), missing);
        Files.write(file.resolveSibling("model.onnx.data"), new byte[4103]);
        final String cut = refusal(file);
        assertTrue(cut.contains("has 4103 bytes where model.onnx, which keeps its weights there, needs 4104"), cut);
        Files.write(file.resolveSibling("model.onnx.data"), new byte[4104]);
        assertEquals(List.of("model.onnx.data"), OnnxFile.read(file).parts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9223372036854775807", "99999999999999999999", "four"})
    void refusesPlacesThatAreNone(final String offset) throws IOException {
        final String message = refusal(inParts("model.onnx.data", "offset", offset, "length", "8"));
        assertTrue(message.contains("at a place that is no number"), message);
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
