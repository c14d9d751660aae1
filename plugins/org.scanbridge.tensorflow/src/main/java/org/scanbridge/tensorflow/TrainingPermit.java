package org.scanbridge.tensorflow;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The right to train. KNIME runs the branches of a workflow at the same time in one JVM; trainings side by side would
 * only slow each other down and add up their memory, so there is one permit and trainings take turns in the order in
 * which they asked.
 */
public final class TrainingPermit implements AutoCloseable {

    private static final Semaphore ONE = new Semaphore(1, true);

    private static final long POLL_MILLIS = 100;

    private boolean m_held = true;

    private TrainingPermit() {
    }

    /**
     * Waits for the permit.
     *
     * @param waiting called several times a second while another training runs; cancels the wait by throwing
     * @return the permit, to be closed by the thread that got it
     * @throws CancellationException if the waiting thread is interrupted (its interrupt flag stays set)
     */
    public static TrainingPermit acquire(final Runnable waiting) {
        try {
            while (!ONE.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                waiting.run();
            }
            return new TrainingPermit();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for another training to end.");
        }
    }

    /** Gives the permit to the next training; a second call does nothing. */
    @Override
    public void close() {
        if (m_held) {
            m_held = false;
            ONE.release();
        }
    }
}
