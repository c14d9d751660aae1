package org.scanbridge.knime.memory;

import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.JavaHeap;
import org.scanbridge.knime.data.VoxelMemory;
import org.scanbridge.knime.testing.Bench;

/**
 * Runs nodes, one after the other, each with as much free heap as the caller says; the rest of the heap is filled. Arguments:
 * the folder of {@link HeapInputs}, a folder for temporary files, then for each run the {@link HeapCase}, which of the inputs,
 * and the MB that are free when it begins. Prints for each {@value #BEGIN} and the three, what was in use before, and
 * {@code done} with the warning, or what the node said.
 */
final class HeapRun {

    /** Begins the line that begins the output of a run. */
    static final String BEGIN = "begin: ";

    /** Bytes of an array that fills the heap. */
    private static final int PIECE = 1 << 16;

    private HeapRun() {
    }

    /** See above. */
    public static void main(final String[] args) throws Exception {
        for (int a = 2; a < args.length; a += 3) {
            System.out.println(BEGIN + args[a] + ' ' + args[a + 1] + ' ' + args[a + 2]);
            run(Path.of(args[0]), Path.of(args[1]).resolve("run-" + a), HeapCase.valueOf(args[a]),
                HeapInputs.valueOf(args[a + 1]), Long.parseLong(args[a + 2]) << 20);
        }
    }

    private static void run(final Path folder, final Path temporary, final HeapCase node, final HeapInputs input,
        final long free) throws Exception {
        try (Bench bench = new Bench(Files.createDirectories(temporary))) {
            VoxelMemory.release();
            System.gc();
            final Runtime runtime = Runtime.getRuntime();
            System.out.println("in use: " + (runtime.totalMemory() - runtime.freeMemory() >> 10) + " KB");
            final List<byte[]> filling = fill(free);
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
            } catch (final OutOfMemoryError e) {
                System.out.println("out of memory, and nobody said so");
            } finally {
                Reference.reachabilityFence(filling);
            }
        }
    }

    /** Arrays beside which that many bytes of the heap are free, and less than {@link #PIECE} more. */
    private static List<byte[]> fill(final long free) {
        final List<byte[]> filling = new ArrayList<>();
        if (JavaHeap.free() < free) {
            throw new IllegalStateException("Only " + (JavaHeap.free() >> 20) + " MB are free, not " + (free >> 20));
        }
        while (JavaHeap.free() >= free + PIECE) {
            while (JavaHeap.free() >= free + PIECE) {
                filling.add(new byte[PIECE]);
            }
            // what fell off in between counted as used
            System.gc();
        }
        return filling;
    }
}
