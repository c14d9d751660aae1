package org.scanbridge.learning.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One graph of each kind, for all tests of a class: making a graph and preparing its first step take longer than all of its
 * steps.
 *
 * @param <S> says what to build; equal ones get the same graph
 * @param <G> what is built
 */
final class KeptGraphs<S, G extends SteppedGraph> implements AutoCloseable {

    /** A graph, and its state when it was new. */
    private record Made<G>(G graph, Map<String, float[]> initial) {
    }

    private final Function<S, G> m_build;

    private final Map<S, Made<G>> m_graphs = new HashMap<>();

    KeptGraphs(final Function<S, G> build) {
        m_build = build;
    }

    /** A graph in its initial state, which stays open. */
    G initial(final S spec) {
        final Made<G> made = m_graphs.computeIfAbsent(spec, s -> {
            final G graph = m_build.apply(s);
            return new Made<>(graph, graph.state());
        });
        made.graph.restore(made.initial);
        return made.graph;
    }

    @Override
    public void close() {
        m_graphs.values().forEach(made -> made.graph.close());
    }
}
