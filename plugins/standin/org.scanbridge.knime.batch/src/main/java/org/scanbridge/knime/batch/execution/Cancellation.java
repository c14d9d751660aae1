package org.scanbridge.knime.batch.execution;

import java.util.LinkedHashSet;
import java.util.Set;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.NodeProgressMonitor;
import org.knime.core.standin.run.NodeExecutionException;

/**
 * Stops a run: marks the progress monitors of the running nodes as canceled and interrupts their threads, as KNIME
 * does. Safe for several threads; canceling again changes nothing.
 */
public final class Cancellation {

    private final Set<Running> m_running = new LinkedHashSet<>();

    private boolean m_canceled;

    private boolean m_terminated;

    /** A node that executes on some thread. */
    private record Running(NodeProgressMonitor monitor, Thread thread) {
        void stop() {
            monitor.setExecuteCanceled();
            thread.interrupt();
        }
    }

    /** What a node does while it can be stopped. */
    @FunctionalInterface
    interface Work<T> {
        /**
         * @return the result
         * @throws NodeExecutionException if the node fails
         * @throws CanceledExecutionException if it is stopped
         */
        T run() throws NodeExecutionException, CanceledExecutionException;
    }

    /** Stops what runs, and what is begun from now on. */
    public synchronized void cancel() {
        m_canceled = true;
        m_running.forEach(Running::stop);
    }

    /** Cancels because the process is about to end: nothing is to be saved any more. */
    public synchronized void terminate() {
        m_terminated = true;
        cancel();
    }

    /** @return whether the process is about to end */
    public synchronized boolean isTerminated() {
        return m_terminated;
    }

    /** @return whether the run was canceled */
    public synchronized boolean isCanceled() {
        return m_canceled;
    }

    /**
     * Does the work on the calling thread, which may be interrupted during it and only during it.
     *
     * @param <T> type of the result
     * @param monitor the node's monitor
     * @param work what to do
     * @return the result
     * @throws NodeExecutionException if the node fails
     * @throws CanceledExecutionException if it is stopped
     */
    <T> T call(final NodeProgressMonitor monitor, final Work<T> work)
        throws NodeExecutionException, CanceledExecutionException {
        final Running running = new Running(monitor, Thread.currentThread());
        synchronized (this) {
            m_running.add(running);
            if (m_canceled) {
                running.stop();
            }
        }
        try {
            return work.run();
        } finally {
            synchronized (this) {
                m_running.remove(running);
                // An interrupt meant for this node must not hit the next one on the same thread.
                Thread.interrupted();
            }
        }
    }
}
