package org.scanbridge.knime.memory;

import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.knime.data.VoxelMemory;
import org.scanbridge.knime.testing.Bench;

/**
 * Runs nodes, one after the other, in the heap that the caller gave the virtual machine. Arguments: the folder of
 * {@link HeapInputs}, a folder for temporary files, then for each run the {@link HeapCase} and which of the inputs. Prints for
 * each {@value #BEGIN} and the two, what was in use before, and {@code done} with the warning, or what the node said.
 */
final class HeapRun {

    /** Begins the line that begins the output of a run. */
    static final String BEGIN = "begin: ";

    private HeapRun() {
    }

    /** See above. */
    public static void main(final String[] args) throws Exception {
        for (int a = 2; a < args.length; a += 2) {
            System.out.println(BEGIN + args[a] + ' ' + args[a + 1]);
            run(Path.of(args[0]), Path.of(args[1]).resolve("run-" + a), HeapCase.valueOf(args[a]),
                HeapInputs.valueOf(args[a + 1]));
        }
    }

    private static void run(final Path folder, final Path temporary, final HeapCase node, final HeapInputs input)
        throws Exception {
        try (Bench bench = new Bench(Files.createDirectories(temporary))) {
            VoxelMemory.release();
            System.gc();
            final Runtime runtime = Runtime.getRuntime();
            System.out.println("in use: " + (runtime.totalMemory() - runtime.freeMemory() >> 10) + " KB");
            try {
                final Bench.Result result = node.run(bench, folder, input);
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
