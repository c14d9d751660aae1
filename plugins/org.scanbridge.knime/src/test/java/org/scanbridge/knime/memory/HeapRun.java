package org.scanbridge.knime.memory;

import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.knime.testing.Bench;

/**
 * Runs a node in the heap that the caller gave the virtual machine. Arguments: the {@link HeapCase}, the folder of
 * {@link HeapInputs}, a folder for temporary files, and which of the inputs. Prints what was in use before, then {@code done} with the number of
 * rows, or what the node said.
 */
final class HeapRun {

    private HeapRun() {
    }

    /** See above. */
    public static void main(final String[] args) throws Exception {
        final HeapCase node = HeapCase.valueOf(args[0]);
        try (Bench bench = new Bench(Files.createDirectories(Path.of(args[2])))) {
            System.gc();
            final Runtime runtime = Runtime.getRuntime();
            System.out.println("in use: " + (runtime.totalMemory() - runtime.freeMemory() >> 10) + " KB");
            try {
                final Bench.Result result = node.run(bench, Path.of(args[1]), HeapInputs.valueOf(args[3]));
                System.out.println("done: " + (result.warning() == null ? "" : result.warning()));
            } catch (final Exception e) {
                System.out.println("said: " + e.getMessage());
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                    if (cause instanceof OutOfMemoryError) {
                        System.out.println("out of memory");
                    }
                }
            }
        }
    }
}
