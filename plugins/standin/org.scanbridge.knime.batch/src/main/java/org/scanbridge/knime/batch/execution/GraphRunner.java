package org.scanbridge.knime.batch.execution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Runs the steps of an acyclic graph, each as soon as all its predecessors succeeded, independent ones at once. */
final class GraphRunner {

    private final Executor m_executor;

    /** @param executor gives the threads; it bounds how many steps run at once */
    GraphRunner(final Executor executor) {
        m_executor = executor;
    }

    /**
     * Runs what can be run and waits for the end of it.
     *
     * @param <K> identifies a step
     * @param predecessors the steps in an order in which no step comes before one it depends on, with the steps each
     *            depends on
     * @param step does one step, tells whether it succeeded; steps that depend on a failed one are not run
     */
    <K> void run(final Map<K, Set<K>> predecessors, final Predicate<K> step) {
        final Map<K, CompletableFuture<Boolean>> results = new LinkedHashMap<>();
        predecessors.forEach((key, before) -> {
            final List<CompletableFuture<Boolean>> inputs = before.stream().map(results::get).toList();
            results.put(key, CompletableFuture.allOf(inputs.toArray(CompletableFuture<?>[]::new)).thenApplyAsync(
                nothing -> inputs.stream().allMatch(CompletableFuture::join) && step.test(key), m_executor));
        });
        CompletableFuture.allOf(results.values().toArray(CompletableFuture<?>[]::new)).join();
    }
}
