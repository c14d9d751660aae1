package org.scanbridge.learning.train;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/**
 * Makes the next step's batch on a thread of its own while TensorFlow computes the present step. A batch depends on
 * nothing but its step, so the thread has no effect on the numbers.
 *
 * @param <B> a batch
 */
final class Prefetcher<B> implements AutoCloseable {

    private final IntFunction<B> m_batches;

    private final int m_last;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor(work -> {
        final Thread thread = new Thread(work, "ScanBridge batches");
        thread.setDaemon(true);
        return thread;
    });

    private CompletableFuture<B> m_next;

    /**
     * @param batches makes the batch of a step
     * @param first the first step
     * @param last the last step
     */
    Prefetcher(final IntFunction<B> batches, final int first, final int last) {
        m_batches = batches;
        m_last = last;
        request(first);
    }

    private void request(final int step) {
        m_next = CompletableFuture.supplyAsync(() -> m_batches.apply(step), m_executor);
    }

    /** The batch of this step; steps must be taken in order. */
    B take(final int step) {
        try {
            final B batch = m_next.join();
            if (step < m_last) {
                request(step + 1);
            }
            return batch;
        } catch (final CompletionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : e;
        }
    }

    @Override
    public void close() {
        m_executor.shutdownNow();
    }
}
