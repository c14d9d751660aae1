package org.scanbridge.knime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.knime.testing.MiniArchive;
import org.scanbridge.knime.util.HeapNeed;

/**
 * What nodes are said to need suffices, and with less they say so. The bound is on the free heap of a virtual machine of their
 * own, the rest of which is filled; with a compacting collector, so that no gaps count.
 */
class HeapTest {

    private static final int MEBI = 1 << 20;

    /** MB that may be in use before a node begins: classes of the host, of the test, of TensorFlow, of the nodes before. */
    private static final int START = 24;

    /** MB for the classes that a node loads; HTTP and DICOM take 12. */
    private static final int SLACK = 14;

    @TempDir
    static Path s_folder;

    /** What they need depends on where labels lie, which no header tells: they may begin, and say then that it is too little. */
    private static final Set<HeapCase> BY_VOXELS = EnumSet.of(HeapCase.SCORER_SURFACES, HeapCase.ATLAS_SEGMENTER);

    /** In this virtual machine, so that what it holds counts for nobody. */
    private static MiniArchive s_archive;

    /** A node, its input, and the free heap in MB. */
    private record Run(HeapCase node, HeapInputs input, long free) {

        @Override
        public String toString() {
            return node + ", " + input + " in " + free + " MB";
        }
    }

    @BeforeAll
    static void write() throws Exception {
        HeapInputs.write(s_folder, Files.createDirectories(s_folder.resolve("run")));
        s_archive = new MiniArchive();
        s_archive.add(s_folder.resolve(HeapInputs.DICOM), "");
        Files.writeString(s_folder.resolve(HeapInputs.ARCHIVE), s_archive.address());
    }

    @AfterAll
    static void close() {
        if (s_archive != null) {
            s_archive.close();
        }
    }

    /** The output of each run, one after the other in one virtual machine. */
    private static Map<Run, String> start(final List<Run> runs) throws IOException, InterruptedException {
        final long heap = START + runs.stream().mapToLong(Run::free).max().orElseThrow();
        // In runs of seconds C2 takes longer than its code saves. Code lies outside the heap, and C2 could only save allocations.
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Xmn4m", "-Xmx" + heap + "m", "-Djava.awt.headless=true"));
        System.getProperties().stringPropertyNames().stream().filter(n -> n.startsWith("org.scanbridge.tensorflow.")).sorted()
            .forEach(n -> command.add("-D" + n + "=" + System.getProperty(n)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HeapRun.class.getName(), s_folder.toString(),
            Files.createTempDirectory(s_folder, "temporary").toString()));
        runs.forEach(r -> command.addAll(List.of(r.node.name(), r.input.name(), Long.toString(r.free))));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            final Map<Run, String> outputs = new HashMap<>();
            final String[] parts = output.split(HeapRun.BEGIN);
            for (int r = 0; r < runs.size(); r++) {
                outputs.put(runs.get(r), parts[r + 1]);
            }
            return outputs;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A test for each run. */
    private static Stream<DynamicTest> tests(final List<Run> runs, final BiConsumer<Run, String> check) throws Exception {
        final Map<Run, String> outputs = start(runs);
        return runs.stream().map(run -> DynamicTest.dynamicTest(run.toString(), () -> check.accept(run, outputs.get(run))));
    }

    private static long stated(final long bytes) {
        return (bytes + HeapNeed.BASE + MEBI - 1) / MEBI;
    }

    /** All, or those that {@code -Dheap.cases=SCORER,REPORT} names. */
    private static Stream<HeapCase> cases() {
        final String named = System.getProperty("heap.cases", "");
        return Arrays.stream(HeapCase.values()).filter(c -> named.isEmpty() || List.of(named.split(",")).contains(c.name()));
    }

    @TestFactory
    Stream<DynamicTest> whatIsStatedSuffices() throws Exception {
        return tests(cases()
            .map(c -> new Run(c, c.input(), stated(c.bytes()) + SLACK)).toList(),
            (run, output) -> assertTrue(output.contains("done: "), run + ": " + output));
    }

    @TestFactory
    Stream<DynamicTest> lessIsRefusedWithAdvice() throws Exception {
        return tests(cases()
            .map(c -> new Run(c, c.input(), stated(c.bytes()) / 3)).toList(),
            (run, output) -> assertTrue(output.contains("said: ") && output.contains("The images do not fit into memory: ")
                && output.contains("-Xmx") && output.contains("SCANBRIDGE_HEAP") 
                && (BY_VOXELS.contains(run.node) || !output.contains("out of memory")),
                run + ": " + output));
    }

    /** All inputs and results together would take more than that. */
    @TestFactory
    Stream<DynamicTest> twoHundredRowsNeedNoMoreThanOne() throws Exception {
        return tests(Stream.of(HeapCase.Z_SCORE, HeapCase.NYUL, HeapCase.CLAHE_VOLUME, HeapCase.RESAMPLER, HeapCase.AUGMENTER,
            HeapCase.LABEL_EDITOR, HeapCase.SCORER_SURFACES, HeapCase.SCORER_LESIONS)
            .map(c -> new Run(c, HeapInputs.MANY, stated(c.bytes(HeapInputs.MANY)) + SLACK)).toList(),
            (run, output) -> assertTrue(output.contains("done: "), run + ": " + output));
    }
}
