package org.scanbridge.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library must start whatever the command line of the process. */
class RoomyStartTest {

    @TempDir
    private Path m_folder;

    /** Tells the version, in a process of its own. */
    static final class Start {

        private Start() {
        }

        public static void main(final String[] arguments) {
            System.out.println(new OnnxRuntimeEngine().version());
        }
    }

    /** Without the larger stack, 4000 characters ended the program with a segmentation fault. */
    @Test
    void aLongCommandLineDoesNotEndTheProgram() throws Exception {
        final Path said = m_folder.resolve("said");
        final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
            "-Dlong=" + "a".repeat(100_000), "-cp", System.getProperty("java.class.path"), Start.class.getName())
            .directory(m_folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        final List<String> lines = Files.readAllLines(said);
        assertEquals(0, process.waitFor(), lines::toString);
        assertTrue(lines.stream().anyMatch(l -> l.startsWith("ONNX Runtime 1.")), lines::toString);
    }
}
