package org.scanbridge.knime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * What nodes are said to need suffices, and with less they say so. The bound is on the heap of a virtual machine, so each heap
 * has one of its own, in which all nodes run that are tested with it; with a compacting collector, so that no gaps count.
 */
class HeapTest {

    private static final int MEBI = 1 << 20;

    /** What is in use before a node does anything: classes of the host, of the test, of TensorFlow. */
    private static final int START = 12;

    /** By how much that differs from run to run: which classes are loaded and compiled when. */
    private static final int SLACK = 6;

    /** Heaps that differ by less are one in tests of what is refused, where less is no easier. */
    private static final double SAME = 1.15;

    @TempDir
    static Path s_folder;

    /** What they need depends on where labels lie, which no header tells: they may begin, and say then that it is too little. */
    private static final Set<HeapCase> BY_VOXELS = EnumSet.of(HeapCase.SCORER_SURFACES, HeapCase.ATLAS_SEGMENTER);

    /** One node at a time leaves a processor idle while a virtual machine starts. */
    private static ExecutorService s_machines;

    /** In this virtual machine, so that what it holds counts for nobody. */
    private static MiniArchive s_archive;

    /** A node, its input, and the heap of the virtual machine in MB. */
    private record Run(HeapCase node, HeapInputs input, long heap) {

        @Override
        public String toString() {
            return node + ", " + input + " in " + heap + " MB";
        }
    }

    @BeforeAll
    static void write() throws Exception {
        s_machines = Executors.newFixedThreadPool(2);
        HeapInputs.write(s_folder, Files.createDirectories(s_folder.resolve("run")));
        s_archive = new MiniArchive();
        s_archive.add(s_folder.resolve(HeapInputs.DICOM), "");
        Files.writeString(s_folder.resolve(HeapInputs.ARCHIVE), s_archive.address());
    }

    @AfterAll
    static void close() {
        s_machines.shutdownNow();
        if (s_archive != null) {
            s_archive.close();
        }
    }

    /** The output of each run in one virtual machine with the heap of the first. */
    private static Map<Run, String> start(final List<Run> runs) throws IOException, InterruptedException {
        // In runs of seconds C2 takes longer than its code saves. Code lies outside the heap, and C2 could only save allocations.
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Xmn4m", "-Xmx" + runs.get(0).heap + "m", "-Djava.awt.headless=true"));
        System.getProperties().stringPropertyNames().stream().filter(n -> n.startsWith("org.scanbridge.tensorflow.")).sorted()
            .forEach(n -> command.add("-D" + n + "=" + System.getProperty(n)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HeapRun.class.getName(), s_folder.toString(),
            Files.createTempDirectory(s_folder, "temporary").toString()));
        runs.forEach(r -> command.addAll(List.of(r.node.name(), r.input.name())));
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

    /** A test for each run; runs whose heaps are less than {@code same} apart share a virtual machine with the least of them. */
    private static Stream<DynamicTest> tests(final List<Run> runs, final double same, final BiConsumer<Run, String> check) {
        final List<List<Run>> machines = new ArrayList<>();
        runs.stream().sorted(Comparator.comparingLong(Run::heap)).forEach(run -> {
            final List<Run> last = machines.isEmpty() ? null : machines.get(machines.size() - 1);
            if (last == null || run.heap > last.get(0).heap * same) {
                machines.add(new ArrayList<>());
            }
            machines.get(machines.size() - 1).add(run);
        });
        final List<DynamicTest> tests = new ArrayList<>();
        for (final List<Run> machine : machines) {
            final Future<Map<Run, String>> outputs = s_machines.submit(() -> start(machine));
            for (final Run run : machine) {
                tests.add(DynamicTest.dynamicTest(run.toString(), () -> check.accept(run, outputs.get().get(run))));
            }
        }
        return tests.stream();
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
    Stream<DynamicTest> whatIsStatedSuffices() {
        return tests(cases()
            .map(c -> new Run(c, c.input(), stated(c.bytes()) + START + SLACK)).toList(), 1,
            (run, output) -> assertTrue(output.contains("done: "), run + ": " + output));
    }

    @TestFactory
    Stream<DynamicTest> lessIsRefusedWithAdvice() {
        return tests(cases()
            .map(c -> new Run(c, c.input(), stated(c.bytes()) / 3 + START)).toList(), SAME,
            (run, output) -> assertTrue(output.contains("said: ") && output.contains("The images do not fit into memory: ")
                && output.contains("-Xmx") && output.contains("SCANBRIDGE_HEAP") 
                && (BY_VOXELS.contains(run.node) || !output.contains("out of memory")),
                run + ": " + output));
    }

    /** All inputs and results together would take more than that. */
    @TestFactory
    Stream<DynamicTest> twoHundredRowsNeedNoMoreThanOne() {
        return tests(Stream.of(HeapCase.Z_SCORE, HeapCase.NYUL, HeapCase.CLAHE_VOLUME, HeapCase.RESAMPLER, HeapCase.AUGMENTER,
            HeapCase.LABEL_EDITOR, HeapCase.SCORER_SURFACES, HeapCase.SCORER_LESIONS)
            .map(c -> new Run(c, HeapInputs.MANY, stated(c.bytes(HeapInputs.MANY)) + START + SLACK)).toList(), 1,
            (run, output) -> assertTrue(output.contains("done: "), run + ": " + output));
    }
}
