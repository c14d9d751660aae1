package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can only be seen where the engine was not started yet. */
@Timeout(120)
class FreshJvmTest {

    /** Prints the engine, or the way to the failure. */
    public static final class Main {

        private Main() {
        }

        public static void main(final String[] arguments) {
            try {
                System.out.println(TensorFlowRuntime.info().computation().describe());
            } catch (final TensorFlowUnavailableException e) {
                System.out.println("unavailable " + e.getMessage());
            }
        }
    }

    private static String run(final String... options) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of(EngineSettings.ONEDNN_VARIABLE, EngineSettings.CAP_VARIABLE));
        final Process process = builder.start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -Da=b                                                            | 2 threads, oneDNN up to AVX2 (portable)
        -Dorg.scanbridge.tensorflow.threads=1                            | 1 thread, oneDNN up to AVX2 (custom)
        -Dorg.scanbridge.tensorflow.instructionSet=SSE41                 | 2 threads, oneDNN up to SSE41 (custom)
        -Dorg.scanbridge.tensorflow.oneDnn=false                         | 2 threads, without oneDNN (custom)
        -Dorg.scanbridge.tensorflow.reproducibility=quick                | unavailable The system property \
        org.scanbridge.tensorflow.reproducibility is "quick". Set it to portable (the same bits on every x86-64 processor \
        with AVX2) or to fastest.
        """)
    void settingsReachTheEngine(final String option, final String expected) throws Exception {
        assumeTrue(NativeDirectory.platform().equals("linux-x86_64") && Processor.ofThisMachine().has("avx2"),
            "the portable setting is one of x86-64 processors with AVX2");
        assertEquals(expected, run(option).strip());
    }

    /** Left alone, TensorFlow would take oneDNN on a few processors only; what is printed is its own answer. */
    @Test
    void fastestUsesOneDnnAndAllProcessors() throws Exception {
        final int all = Runtime.getRuntime().availableProcessors();
        assertEquals(all + (all == 1 ? " thread" : " threads") + ", oneDNN (fastest)",
            run("-D" + Reproducibility.PROPERTY + "=fastest").strip());
    }

    /** DJL would try to download the libraries (and say so); it must not be asked at all. */
    @Test
    void missingNativesAreToldBeforeDjlIsAsked(@TempDir final Path empty) throws Exception {
        final String output = run("-D" + NativeDirectory.PROPERTY + "=" + empty);
        assertTrue(output.startsWith("unavailable TensorFlow cannot start on " + NativeDirectory.platform()), output);
        assertTrue(output.contains("Install the feature"), output);
    }
}
