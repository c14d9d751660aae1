package org.scanbridge.knime.nodes.networkreader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.nodes.networkwriter.NetworkWriterNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.ForeignTraits.Format;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.TrainingRecord;
import org.scanbridge.tensorflow.Computation;

/** Network Writer and Network Reader: what one writes, the other reads; what is no network is refused. */
class NetworkFilesNodesTest {

    private static final NetworkSpec TINY = NetworkSpec.unet3d(3, 2, 2, 8);

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_out;

    private NetworkPortObject m_network;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_out = m_folder.resolve("out");
        final Network fresh = Network.untrained(TINY, 7);
        m_network = NetworkPortObject.create(m_bench.context(), new Network(TINY, fresh.weights(),
            LabelSet.of("CSF", "GM"), new Provenance("supervised", 7, 10, 9, 0.5, List.of("A"), "ab".repeat(32), "",
                "TensorFlow", "CPU", Computation.UNKNOWN, Map.of("steps", "10"))));
        new TrainingRecord("CPU", 1, 2, 3, List.of()).save(m_network.directory());
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private Result write(final Bench.Change change) throws Exception {
        return m_bench.run(new NetworkWriterNodeFactory(), s -> {
            s.addString("folder", m_out.toString());
            change.apply(s);
        }, m_network);
    }

    private Path written(final Bench.Change change) throws Exception {
        return Path.of(write(change).rows(0).get(0).getCell(0).toString());
    }

    private NetworkPortObject read(final Path path) throws Exception {
        return (NetworkPortObject)m_bench.run(new NetworkReaderNodeFactory(), s -> s.addString("path", path.toString()))
            .outputs()[0];
    }

    private String refusal(final Path path) {
        return assertThrows(NodeExecutionException.class, () -> read(path)).getMessage();
    }

    private void assertSameNetwork(final NetworkPortObject other) throws Exception {
        assertEquals(m_network.getSpec(), other.getSpec());
        assertEquals(m_network.network().weights().hash(), other.network().weights().hash());
        assertEquals(m_network.network().provenance(), other.network().provenance());
        assertEquals(2, TrainingRecord.load(other.directory()).orElseThrow().trainingSeconds());
        assertTrue(Files.exists(other.directory().resolve("saved_model/saved_model.pb")));
    }

    /** Writer and reader mean the same by the same text, wherever the program was started. */
    @Test
    void aRelativePathLiesWhereTheWriterPutsIt() throws Exception {
        final String home = System.getProperty("user.home");
        System.setProperty("user.home", m_folder.toString());
        try {
            final Path written = written(s -> s.addString("folder", "exchange"));
            assertEquals(m_folder.resolve("ScanBridge/exchange/network.zip"), written);
            assertSameNetwork(read(Path.of("exchange/network.zip")));
            final String message = refusal(Path.of("exchange/another.zip"));
            assertTrue(message.contains(m_folder.resolve("ScanBridge/exchange/another.zip") + " does not exist"), message);
        } finally {
            System.setProperty("user.home", home);
        }
    }

    /** All files of a folder by relative path. */
    private static Map<String, byte[]> files(final Path root) throws Exception {
        final Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (final Path file : tree.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private Path zip(final Map<String, byte[]> entries) throws Exception {
        final Path file = Files.createTempFile(m_folder, "made", ".zip");
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (final Map.Entry<String, byte[]> e : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(e.getKey()));
                zip.write(e.getValue());
            }
        }
        return file;
    }

    @Test
    void aZipFileThereAndBack() throws Exception {
        final Result result = write(s -> {
        });
        final Path file = Path.of(result.rows(0).get(0).getCell(0).toString());
        assertEquals(m_out.resolve("network.zip"), file);
        assertEquals(m_network.network().weights().hash(), result.rows(0).get(0).getCell(1).toString());
        assertSameNetwork(read(file));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            final String text =
                new String(zip.getInputStream(zip.getEntry("README.txt")).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(text.contains("ScanBridge 0.") && text.contains("CSF, GM"), text);
            final PatchSize patch = m_network.network().spec().patchSize();
            assertTrue(text.contains(patch.k() + " x " + patch.j() + " x " + patch.i() + " voxels (k, j, i)"), text);
            assertTrue(text.contains("a multiple of 2 and at least 2 (k), a multiple of 2 and at least 2 (j)"), text);
        }
        try (Stream<Path> files = Files.list(m_out)) {
            assertEquals(1, files.count(), "no temporary file stays");
        }
    }

    /** The ONNX file, what is said about it in MONAI's keys, and a text for people; nothing else. */
    @Test
    void anOnnxFileWithItsMetadata() throws Exception {
        final Path file = written(s -> {
            s.addString("form", "ONNX");
            s.addString("normalization", "z-score of each image");
            s.addString("intendedUse", "research on T1 images");
        });
        assertEquals(m_out.resolve("network/network.onnx"), file);
        assertEquals(java.util.Set.of("network.onnx", "metadata.json", "README.txt"), files(file.getParent()).keySet());
        final com.google.gson.JsonObject json =
            com.google.gson.JsonParser.parseString(Files.readString(file.resolveSibling("metadata.json"))).getAsJsonObject();
        assertEquals("research on T1 images", json.get("intended_use").getAsString());
        final com.google.gson.JsonObject out = json.getAsJsonObject("network_data_format").getAsJsonObject("outputs")
            .getAsJsonObject("probabilities");
        assertEquals(3, out.get("num_channels").getAsInt());
        assertEquals("GM", out.getAsJsonObject("channel_def").get("2").getAsString());
        assertEquals("z-score of each image", json.getAsJsonObject("scanbridge").get("normalization").getAsString());
        assertTrue(Files.readString(file.resolveSibling("README.txt")).contains("z-score of each image"));
        // and again, only when told so
        assertThrows(NodeExecutionException.class, () -> written(s -> s.addString("form", "ONNX")));
        written(s -> {
            s.addString("form", "ONNX");
            s.addBoolean("replace", true);
        });
    }

    /** What the writer says about it is all that the reader needs; it segments, and is not trained or written again. */
    @Test
    void anOnnxFileThereAndBack() throws Exception {
        final Path file = written(s -> s.addString("form", "ONNX"));
        final NetworkPortObject other = read(file);
        assertEquals(Format.ONNX, other.getSpec().architecture().foreign().format());
        assertEquals(m_network.getSpec().labels(), other.getSpec().labels());
        assertEquals(TINY.patchSize(), other.getSpec().architecture().patchSize());
        assertTrue(other.getSpec().trained());
        assertEquals(other.getSpec(), read(file.getParent()).getSpec());
        final String message = assertThrows(InvalidSettingsException.class,
            () -> m_bench.run(new NetworkWriterNodeFactory(), s -> s.addString("folder", m_out.toString()), other))
            .getMessage();
        assertTrue(message.contains("comes from other software"), message);
        final String hash = other.network().hash();
        assertTrue(assertThrows(NodeExecutionException.class, () -> m_bench.run(new NetworkReaderNodeFactory(), s -> {
            s.addString("path", file.toString());
            s.addString("expectedHash", "0".repeat(64));
        })).getMessage().contains(hash));
    }

    @Test
    void aFrozenSavedModelHasNoVariables() throws Exception {
        final Path folder = written(s -> {
            s.addString("form", "FOLDER");
            s.addBoolean("frozen", true);
        });
        assertFalse(Files.exists(folder.resolve("saved_model/variables")));
        assertTrue(Files.size(folder.resolve("saved_model/saved_model.pb")) > Files.size(folder.resolve("weights.bin")));
        assertSameNetwork(read(folder));
    }

    @Test
    void theSameNetworkGivesTheSameBytes() throws Exception {
        final byte[] first = Files.readAllBytes(written(s -> s.addString("name", "a")));
        assertArrayEquals(first, Files.readAllBytes(written(s -> s.addString("name", "b"))));
    }

    @Test
    void aFolderThereAndBack() throws Exception {
        final Path folder = written(s -> s.addString("form", "FOLDER"));
        assertEquals(m_out.resolve("network"), folder);
        assertSameNetwork(read(folder));
        // the SavedModel within it, or the description, chosen by mistake
        assertSameNetwork(read(folder.resolve("saved_model")));
        assertSameNetwork(read(folder.resolve("network.json")));
    }

    @Test
    void aZippedFolderIsReadToo() throws Exception {
        final Map<String, byte[]> inFolder = new TreeMap<>();
        files(m_network.directory()).forEach((name, bytes) -> inFolder.put("my network/" + name, bytes));
        assertSameNetwork(read(zip(inFolder)));
    }

    @Test
    void nothingIsReplacedUnlessToldSo() throws Exception {
        final Path file = written(s -> {
        });
        final Path folder = written(s -> s.addString("form", "FOLDER"));
        Files.writeString(file, "mine");
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> {
        })).getMessage().contains("Replace what is there"));
        assertEquals("mine", Files.readString(file));
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> s.addString("form", "FOLDER")))
            .getMessage().contains(folder.toString()));
        Files.writeString(folder.resolve("left over"), "old");
        written(s -> s.addBoolean("replace", true));
        written(s -> {
            s.addBoolean("replace", true);
            s.addString("form", "FOLDER");
        });
        assertSameNetwork(read(file));
        assertFalse(Files.exists(folder.resolve("left over")));
    }

    @Test
    void aFolderOfSomethingElseIsNeverReplaced() throws Exception {
        final Path photos = Files.createDirectories(m_out.resolve("network"));
        Files.writeString(photos.resolve("holiday.jpg"), "sea");
        final String message = assertThrows(NodeExecutionException.class, () -> write(s -> {
            s.addBoolean("replace", true);
            s.addString("form", "FOLDER");
        })).getMessage();
        assertTrue(message.contains("holds no network"), message);
        assertEquals("sea", Files.readString(photos.resolve("holiday.jpg")));
    }

    @Test
    void anEntryThatLeadsOutIsRefused() throws Exception {
        for (final String name : List.of("../evil.txt", "/etc/evil", "a/../../evil", "..\\evil", "C:evil")) {
            final Map<String, byte[]> entries = files(m_network.directory());
            entries.put(name, new byte[]{1});
            final String message = refusal(zip(entries));
            assertTrue(message.contains("leads out of the archive") && message.contains(name), message);
        }
        assertFalse(Files.exists(m_folder.resolve("evil.txt")));
    }

    /** A SavedModel can do anything when it is run; the one that is used must come from the weights. */
    @Test
    void aStrangeGraphIsNotTakenOver() throws Exception {
        final Map<String, byte[]> entries = files(m_network.directory());
        entries.put("saved_model/saved_model.pb", new byte[]{6, 6, 6});
        final NetworkPortObject other = read(zip(entries));
        assertSameNetwork(other);
        assertTrue(Files.size(other.directory().resolve("saved_model/saved_model.pb")) > 100);
    }

    @Test
    void whatIsNoNetworkIsNamed() throws Exception {
        assertTrue(refusal(m_folder.resolve("nothing.zip")).contains("does not exist"));
        final Path text = Files.writeString(m_folder.resolve("notes.zip"), "not a zip file");
        assertTrue(refusal(text).contains("no zip file"));
        assertTrue(refusal(zip(Map.of("photo.jpg", new byte[4]))).contains("holds no ScanBridge network"));
        final String savedModel = refusal(zip(Map.of("m/saved_model.pb", new byte[4])));
        assertTrue(savedModel.contains("TensorFlow SavedModel") && savedModel.contains("not written by ScanBridge"),
            savedModel);
        final Path folder = Files.createDirectory(m_folder.resolve("keras"));
        Files.write(folder.resolve("saved_model.pb"), new byte[4]);
        assertTrue(refusal(folder).contains("TensorFlow SavedModel"));
        final Map<String, byte[]> two = new TreeMap<>();
        two.put("a/network.json", new byte[2]);
        two.put("b/network.json", new byte[2]);
        assertTrue(refusal(zip(two)).contains("2 networks"));
        assertTrue(refusal(zip(Map.of("network.json", "{}".getBytes()))).contains("is no ScanBridge network"));
    }

    @Test
    void damagedWeightsAndNewerFormatsAreRefused() throws Exception {
        final Map<String, byte[]> damaged = files(m_network.directory());
        damaged.get("weights.bin")[5] ^= 1;
        final Path file = zip(damaged);
        final String message = refusal(file);
        assertTrue(message.contains("is damaged: its SHA-256") && message.contains(file.toString()), message);
        final Map<String, byte[]> newer = files(m_network.directory());
        final String json = new String(newer.get("network.json"), java.nio.charset.StandardCharsets.UTF_8);
        newer.put("network.json", json.replaceFirst("\"version\": \\d+", "\"version\": 99").getBytes("UTF-8"));
        assertTrue(refusal(zip(newer)).contains("format version 99"));
        final Map<String, byte[]> without = files(m_network.directory());
        without.remove("weights.bin");
        assertTrue(refusal(zip(without)).contains("weights.bin"));
    }

    @Test
    void anotherNetworkThanExpectedIsRefused() throws Exception {
        final Path file = written(s -> {
        });
        final String hash = m_network.network().weights().hash();
        m_bench.run(new NetworkReaderNodeFactory(), s -> {
            s.addString("path", file.toString());
            s.addString("expectedHash", hash.toUpperCase(java.util.Locale.ROOT));
        });
        final String message =
            assertThrows(NodeExecutionException.class, () -> m_bench.run(new NetworkReaderNodeFactory(), s -> {
                s.addString("path", file.toString());
                s.addString("expectedHash", "0".repeat(64));
            })).getMessage();
        assertTrue(message.contains("another one than expected") && message.contains(hash), message);
    }

    @Test
    void badSettingsAreNamed() {
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(Path.of(""))).getMessage()
            .contains("No network is chosen"));
        assertTrue(assertThrows(InvalidSettingsException.class,
            () -> m_bench.run(new NetworkReaderNodeFactory(), s -> {
                s.addString("path", "x");
                s.addString("expectedHash", "12");
            })).getMessage().contains("64 hexadecimal digits"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> s.addString("folder", " ")))
            .getMessage().contains("No output folder"));
        for (final String name : new String[]{"", "../up", "a/b", ".hidden", "a.", "x".repeat(101)}) {
            assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> s.addString("name", name)))
                .getMessage().contains("\"Name\""), name);
        }
    }

    @Test
    void cancelledRunsEndAsCancelledAndLeaveNothing() throws Exception {
        final Path file = written(s -> {
        });
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        assertThrows(CanceledExecutionException.class, () -> m_bench.run(new NetworkReaderNodeFactory(), progress,
            s -> s.addString("path", file.toString())));
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new NetworkWriterNodeFactory(), progress, s -> {
                s.addString("folder", m_out.toString());
                s.addString("name", "other");
            }, m_network));
        try (Stream<Path> files = Files.list(m_out)) {
            assertEquals(List.of(file), files.toList());
        }
    }
}
