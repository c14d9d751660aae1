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
 * line of the process with a recursion whose depth grows with its length, some 260 bytes of stack a character, and KNIME's command line
 * is long. What overflows a stack in native code ends the whole program without a message.
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
        new Thread(null, start, "Start of ONNX Runtime", stack(commandLineLength())).start();
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

    /**
     * The stack to start with.
     *
     * @param commandLineLength in bytes
     * @return in bytes
     */
    static long stack(final long commandLineLength) {
        return STACK + STACK_PER_BYTE * commandLineLength;
    }

    /** In bytes; 0 where nothing tells it. */
    static long commandLineLength() {
        try {
            // its size is told as 0, so it has to be read
            return Files.readAllBytes(COMMAND_LINE).length;
        } catch (final IOException e) {
            return 0;
        }
    }
}
