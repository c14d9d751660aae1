package org.scanbridge.knime.batch.execution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Runs the steps of an acyclic graph, each as soon as all its predecessors succeeded, independent ones at once. Steps
 * that become ready together are started in the given order. Used once.
 *
 * @param <K> identifies a step
 */
final class GraphRunner<K> {

    private final Map<K, Set<K>> m_waiting = new LinkedHashMap<>();

    private final Executor m_executor;

    private final Predicate<K> m_step;

    private int m_running;

    private RuntimeException m_failure;

    /**
     * @param predecessors the steps, with the steps each depends on
     * @param executor gives the threads; it bounds how many steps run at once
     * @param step does one step, tells whether it succeeded; steps that depend on a failed one are not run
     */
    GraphRunner(final Map<K, Set<K>> predecessors, final Executor executor, final Predicate<K> step) {
        predecessors.forEach((key, before) -> m_waiting.put(key, new LinkedHashSet<>(before)));
        m_executor = executor;
        m_step = step;
    }

    /**
     * Runs what can be run and waits for the end of it.
     *
     * @throws RuntimeException what a step threw; the steps that do not depend on it are run first
     */
    synchronized void run() {
        start();
        boolean interrupted = false;
        while (m_running > 0) {
            try {
                wait();
            } catch (InterruptedException ex) {
                interrupted = true; // steps are stopped by the cancellation, and then this ends
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (m_failure != null) {
            throw m_failure;
        }
    }

    private void start() {
        final List<K> ready = new ArrayList<>();
        m_waiting.forEach((key, before) -> {
            if (before.isEmpty()) {
                ready.add(key);
            }
        });
        ready.forEach(m_waiting::remove);
        m_running += ready.size();
        ready.forEach(key -> m_executor.execute(() -> execute(key)));
    }

    private void execute(final K key) {
        boolean success = false;
        RuntimeException failure = null;
        try {
            success = m_step.test(key);
        } catch (RuntimeException ex) {
            failure = ex;
        } finally {
            end(key, success, failure);
        }
    }

    private synchronized void end(final K key, final boolean success, final RuntimeException failure) {
        m_running--;
        if (failure != null && m_failure == null) {
            m_failure = failure;
        }
        if (success) {
            m_waiting.values().forEach(before -> before.remove(key));
            start();
        }
        notifyAll();
    }
}
