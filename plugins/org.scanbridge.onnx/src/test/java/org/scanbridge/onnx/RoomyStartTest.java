package org.scanbridge.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack that the library starts with has room for the command line of the process. */
class RoomyStartTest {

    /** What was measured that the recursion takes. */
    private static final long BYTES_PER_CHARACTER = 260;

    @TempDir
    private Path m_folder;

    /** Tells how long its command line is, and the library's version. */
    static final class Start {

        private Start() {
        }

        public static void main(final String[] arguments) {
            System.out.println(RoomyStart.commandLineLength() + " " + new OnnxRuntimeEngine().version());
        }
    }

    /** Twice as much as it takes, for all that a system lets a command line have (Linux: a quarter of 8 MB of stack). */
    @Test
    void theStackGrowsWithTheCommandLine() {
        for (long length = 1; length <= 2 << 20; length *= 2) {
            assertTrue(RoomyStart.stack(length) >= 2 * BYTES_PER_CHARACTER * length, length + " characters");
        }
    }

    /** The length is that of the arguments, each with an end; and the library starts. */
    @Test
    void theCommandLineIsMeasured() throws Exception {
        final Path said = m_folder.resolve("said");
        final List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
            System.getProperty("java.class.path"), Start.class.getName());
        final Process process =
            new ProcessBuilder(command).directory(m_folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        final List<String> lines = Files.readAllLines(said);
        assertEquals(0, process.waitFor(), lines::toString);
        final long length = Files.exists(Path.of("/proc/self/cmdline")) ? command.stream().mapToLong(c -> c.length() + 1).sum() : 0;
        assertTrue(lines.stream().anyMatch(l -> l.startsWith(length + " ONNX Runtime 1.")), lines::toString);
    }
}
