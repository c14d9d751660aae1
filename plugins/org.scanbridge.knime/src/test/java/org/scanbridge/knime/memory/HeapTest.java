package org.scanbridge.knime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.knime.util.HeapNeed;

/**
 * What nodes are said to need suffices, and with less they say so. Each runs in a virtual machine of its own, as the bound is
 * on the heap; with a compacting collector, so that no gaps count.
 */
class HeapTest {

    private static final int MEBI = 1 << 20;

    /** What is in use before a node does anything: classes of the host, of the test, of TensorFlow. */
    private static final int START = 12;

    /** By how much that differs from run to run: which classes are loaded and compiled when. */
    private static final int SLACK = 6;

    @TempDir
    static Path s_folder;

    @BeforeAll
    static void write() throws Exception {
        HeapInputs.write(s_folder, Files.createDirectories(s_folder.resolve("run")));
    }

    private static String run(final HeapCase node, final HeapInputs input, final long heap)
        throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmn4m",
            "-Xmx" + heap + "m", "-Djava.awt.headless=true"));
        System.getProperties().stringPropertyNames().stream().filter(n -> n.startsWith("org.scanbridge.tensorflow.")).sorted()
            .forEach(n -> command.add("-D" + n + "=" + System.getProperty(n)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HeapRun.class.getName(), node.name(),
            s_folder.toString(), s_folder.resolve("temporary").toString(), input.name()));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    @ParameterizedTest
    @EnumSource(HeapCase.class)
    void whatIsStatedSuffices(final HeapCase node) throws Exception {
        final long stated = (node.bytes() + HeapNeed.BASE + MEBI - 1) / MEBI;
        final long heap = stated + START + SLACK;
        final String output = run(node, node.input(), heap);
        assertTrue(output.contains("done: "), node + " in " + heap + " MB: " + output);
    }

    @ParameterizedTest
    @EnumSource(HeapCase.class)
    void lessIsRefusedWithAdvice(final HeapCase node) throws Exception {
        final long stated = (node.bytes() + HeapNeed.BASE + MEBI - 1) / MEBI;
        final String output = run(node, node.input(), stated / 3 + START);
        assertTrue(output.contains("said: ") && output.contains("The images do not fit into memory: ")
            && output.contains("-Xmx") && output.contains("SCANBRIDGE_HEAP"), node + ": " + output);
    }

    /** All inputs and results together would take more than that. */
    @ParameterizedTest
    @EnumSource(value = HeapCase.class, names = {"Z_SCORE", "NYUL", "CLAHE_VOLUME", "RESAMPLER", "AUGMENTER", "LABEL_EDITOR",
        "SCORER_SURFACES", "SCORER_LESIONS"})
    void twoHundredRowsNeedWhatTwoDo(final HeapCase node) throws Exception {
        final long heap = START + SLACK + (node.bytes(HeapInputs.MANY) + HeapNeed.BASE + MEBI - 1) / MEBI;
        for (final HeapInputs input : List.of(HeapInputs.FEW, HeapInputs.MANY)) {
            final String output = run(node, input, heap);
            assertTrue(output.contains("done: "), node + ", " + input + " in " + heap + " MB: " + output);
        }
    }
}
