package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can only be seen where the engine was not started yet. */
@Timeout(120)
class FreshJvmTest {

    /** Prints the engine, or the way to the failure. */
    public static final class Main {

        private Main() {
        }

        public static void main(final String[] arguments) {
            try {
                System.out.println("threads " + TensorFlowRuntime.info().threads());
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
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    @Test
    void numberOfThreadsCanBeChosen() throws Exception {
        assertEquals("threads 1", run("-D" + TensorFlowRuntime.THREADS_PROPERTY + "=1").strip());
    }

    /** DJL would try to download the libraries (and say so); it must not be asked at all. */
    @Test
    void missingNativesAreToldBeforeDjlIsAsked(@TempDir final Path empty) throws Exception {
        final String output = run("-D" + NativeDirectory.PROPERTY + "=" + empty);
        assertTrue(output.startsWith("unavailable TensorFlow cannot start on " + NativeDirectory.platform()), output);
        assertTrue(output.contains("Install the feature"), output);
    }
}
