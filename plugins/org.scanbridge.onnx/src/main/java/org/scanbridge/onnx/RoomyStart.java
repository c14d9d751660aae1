package org.scanbridge.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.scanbridge.learning.LearningException;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

/**
 * Makes ONNX Runtime's environment on a thread whose stack is large enough for it. Version 1.29.0 looks through the command
 * line of the process with a recursion that takes some 260 bytes of stack a character: on a thread with Java's usual megabyte, a
 * command line of 4000 characters ended the whole program, without a message. KNIME's with all its --add-opens comes near that.
 */
final class RoomyStart {

    /** On Linux the arguments of this process; elsewhere there is no such file, and nothing that would read it. */
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    /** Stack for each byte of the command line, about four times what was measured. */
    private static final long STACK_PER_BYTE = 1024;

    /** Stack for everything else. */
    private static final long STACK = 2L << 20;

    private RoomyStart() {
    }

    /**
     * The environment of the library, which makes it once for a process.
     *
     * @throws LearningException if it does not start, or the thread was interrupted meanwhile
     */
    static OrtEnvironment environment(final OrtLoggingLevel logged, final String name) {
        final FutureTask<OrtEnvironment> start = new FutureTask<>(() -> OrtEnvironment.getEnvironment(logged, name));
        new Thread(null, start, "Start of ONNX Runtime", STACK + STACK_PER_BYTE * commandLineLength()).start();
        try {
            return start.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LearningException("The start of ONNX Runtime was interrupted.", e);
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new LearningException("ONNX Runtime does not start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static long commandLineLength() {
        try {
            // its size is told as 0, so it has to be read
            return Files.readAllBytes(COMMAND_LINE).length;
        } catch (final IOException e) {
            return 0;
        }
    }
}
