package org.scanbridge.imaging.parallel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * An array's voxels in stretches of fixed length. What is summed up stretch by stretch does not depend on how many workers
 * there are, and a stretch that is read twice is still in the processor's cache. Images are worked on by all processors;
 * what is as small as a patch stays on the thread that asks, since that thread works beside a training.
 */
public final class Chunks {

    /** Voxels of a stretch, a multiple of 64. */
    public static final int LENGTH = 1 << 13;

    /** From this many voxels on, other threads help. */
    private static final int LARGE = 1 << 20;

    /** Stretches that one worker takes at a time. */
    private static final int GRAIN = 16;

    private Chunks() {
    }

    /** What is done to a stretch. */
    @FunctionalInterface
    public interface Body {

        /**
         * @param chunk its number
         * @param from its first voxel
         * @param to the voxel after its last one
         */
        void run(int chunk, int from, int to);
    }

    /** What is done to a stretch by a worker with something of its own, such as buffers. */
    @FunctionalInterface
    public interface OwnBody<W> {

        /**
         * @param own what nobody else uses at the time
         * @param chunk number of the stretch
         * @param from its first voxel
         * @param to the voxel after its last one
         */
        void run(W own, int chunk, int from, int to);
    }

    /** What is added up over a stretch. */
    @FunctionalInterface
    public interface Part {

        /**
         * @param from the first voxel
         * @param to the voxel after the last one
         */
        double sum(int from, int to);
    }

    /** Whether other threads help with so many voxels. */
    public static boolean isLarge(final int voxels) {
        return voxels >= LARGE;
    }

    /**
     * The sum over an array: of a large one the stretches' sums in their order, of others all in one. The same for any number of
     * workers.
     */
    public static double sum(final int voxels, final Part part) {
        if (!isLarge(voxels)) {
            return part.sum(0, voxels);
        }
        final double[] sums = new double[count(voxels)];
        forEach(voxels, (c, from, to) -> sums[c] = part.sum(from, to));
        double sum = 0;
        for (final double s : sums) {
            sum += s;
        }
        return sum;
    }

    /** Number of stretches of an array. */
    public static int count(final int voxels) {
        return (voxels + LENGTH - 1) / LENGTH;
    }

    /** Does something to all stretches, in any order. */
    public static void forEach(final int voxels, final Body body) {
        forEach(voxels, () -> body, Body::run);
    }

    /**
     * Does something to all stretches, in any order, with something that is made for some stretches at a time: buffers made for
     * each stretch would drive out of the processor's cache what is in it.
     *
     * @param own makes it
     */
    public static <W> void forEach(final int voxels, final Supplier<W> own, final OwnBody<W> body) {
        final int chunks = count(voxels);
        withWorkers(voxels, workers -> workers.forEach(IntStream.range(0, (chunks + GRAIN - 1) / GRAIN).boxed().toList(), g -> {
            final W mine = own.get();
            for (int c = g * GRAIN; c < Math.min(chunks, (g + 1) * GRAIN); c++) {
                body.run(mine, c, c * LENGTH, Math.min(voxels, (c + 1) * LENGTH));
            }
        }));
    }

    /**
     * Does something with all who work on an image of this many voxels: a thread for each processor, where Java's common pool
     * has one less. They have ended when this returns: a worker that waits for a processor on a busy machine still holds the
     * image of its last stretch, for which the heap may have no room beside the next one.
     */
    public static void withWorkers(final int voxels, final Consumer<TaskExecutor> work) {
        if (!isLarge(voxels)) {
            work.accept(TaskExecutors.singleThreaded());
        } else {
            final int threads = Runtime.getRuntime().availableProcessors();
            final ExecutorService pool =
                Executors.newFixedThreadPool(threads, TaskExecutors.threadFactory(TaskExecutors::singleThreaded));
            try {
                work.accept(TaskExecutors.forExecutorServiceAndNumThreads(pool, threads));
            } finally {
                end(pool);
            }
        }
    }

    private static void end(final ExecutorService pool) {
        pool.shutdown();
        try {
            pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
