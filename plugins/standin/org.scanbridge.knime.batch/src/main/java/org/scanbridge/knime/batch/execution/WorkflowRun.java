package org.scanbridge.knime.batch.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeProgressMonitor;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.batch.report.NodeOutcome;
import org.scanbridge.knime.batch.report.RunListener;
import org.scanbridge.knime.batch.variables.VariableScope;
import org.scanbridge.knime.batch.workflow.Connection;

/**
 * Configures and executes the nodes of a workflow: each as soon as its predecessors are done, independent branches at
 * once. A node that fails stops only what depends on it.
 */
public final class WorkflowRun {

    private final Map<Integer, NodeContainer> m_nodes = new LinkedHashMap<>();

    private final Map<Integer, TreeMap<Integer, Connection>> m_inputs = new LinkedHashMap<>();

    private final Map<Integer, AtomicInteger> m_waiting = new ConcurrentHashMap<>();

    private final VariableScope m_workflowVariables;

    private final RunListener m_listener;

    private final LongSupplier m_nanos;

    /**
     * @param nodes the nodes
     * @param connections their connections: acyclic, between existing ports
     * @param workflowVariables the variables every node sees
     * @param listener hears what happens
     * @param nanos the clock, as {@link System#nanoTime()}; times are reported only
     */
    public WorkflowRun(final List<NodeContainer> nodes, final List<Connection> connections,
        final VariableScope workflowVariables, final RunListener listener, final LongSupplier nanos) {
        m_workflowVariables = workflowVariables;
        m_listener = listener;
        m_nanos = nanos;
        for (NodeContainer node : inOrder(nodes, connections)) {
            m_nodes.put(node.record().id(), node);
            m_inputs.put(node.record().id(), new TreeMap<>());
            m_waiting.put(node.record().id(), new AtomicInteger());
        }
        for (Connection connection : connections) {
            m_inputs.get(connection.destination()).put(connection.destinationPort(), connection);
            m_waiting.get(connection.source()).incrementAndGet();
        }
    }

    /** Sorts nodes so that none comes before a predecessor; otherwise the given order stays. */
    private static List<NodeContainer> inOrder(final List<NodeContainer> nodes, final List<Connection> connections) {
        final List<NodeContainer> open = new ArrayList<>(nodes);
        final List<NodeContainer> sorted = new ArrayList<>();
        final Set<Integer> done = new HashSet<>();
        while (!open.isEmpty()) {
            final NodeContainer next = open.stream()
                .filter(n -> connections.stream().filter(c -> c.destination() == n.record().id())
                    .allMatch(c -> done.contains(c.source())))
                .findFirst().orElseThrow(() -> new IllegalArgumentException("The connections close a cycle"));
            open.remove(next);
            sorted.add(next);
            done.add(next.record().id());
        }
        return sorted;
    }

    /** @return the nodes, none before a predecessor */
    public List<NodeContainer> nodes() {
        return List.copyOf(m_nodes.values());
    }

    /** @return whether every node was executed */
    public boolean isExecuted() {
        return m_nodes.values().stream().allMatch(n -> n.outcome() == NodeOutcome.EXECUTED);
    }

    /** Configures all nodes whose inputs are known. */
    public void configure() {
        for (NodeContainer node : m_nodes.values()) {
            final PortObjectSpec[] inputs = inputSpecs(node);
            if (hasInputs(node, inputs)) {
                configure(node, inputs);
            } else {
                unconnected(node).ifPresent(message -> complain(node, message));
            }
        }
    }

    /**
     * Executes all nodes and waits for the end.
     *
     * @param executor gives the threads that nodes run on
     * @param cancellation stops the run
     */
    public void execute(final Executor executor, final Cancellation cancellation) {
        final Map<NodeContainer, Set<NodeContainer>> graph = new LinkedHashMap<>();
        for (NodeContainer node : m_nodes.values()) {
            graph.put(node,
                inputs(node).values().stream().map(c -> m_nodes.get(c.source())).collect(Collectors.toSet()));
        }
        new GraphRunner<>(graph, executor, node -> {
            try {
                return execute(node, cancellation);
            } finally {
                releaseInputs(node);
            }
        }).run();
        if (cancellation.isCanceled()) {
            m_nodes.values().stream().filter(n -> n.outcome() == NodeOutcome.CONFIGURED)
                .forEach(n -> n.setOutcome(NodeOutcome.CANCELED));
        }
        m_nodes.values().forEach(this::explain);
    }

    /** Tells at a node that did not get its turn which predecessor it would have needed. */
    private void explain(final NodeContainer node) {
        if (node.outcome() != NodeOutcome.EXECUTED && node.report().message().isEmpty()) {
            inputs(node).values().stream().map(c -> m_nodes.get(c.source()))
                .filter(n -> n.outcome() != NodeOutcome.EXECUTED).findFirst()
                .ifPresent(n -> node.setMessage("Not executed, because " + n.label() + " was not"));
        }
    }

    private boolean execute(final NodeContainer node, final Cancellation cancellation) {
        final PortObjectSpec[] specs = inputSpecs(node);
        if (cancellation.isCanceled() || !hasInputs(node, specs)
            || !node.isConfiguredFor(specs) && !configure(node, specs)) {
            return false;
        }
        final long begin = m_nanos.getAsLong();
        m_listener.started(node.label());
        final NodeProgressMonitor monitor = new DefaultNodeProgressMonitor((fraction, message) -> m_listener.progressed(
            node.label(), fraction == null ? OptionalDouble.empty() : OptionalDouble.of(fraction),
            message == null ? "" : message));
        try {
            final PortObject[] objects =
                cancellation.call(monitor, () -> node.node().execute(inputObjects(node), monitor));
            warn(node);
            node.executed(objects, since(begin));
        } catch (CanceledExecutionException ex) {
            cancel(node, since(begin));
        } catch (NodeExecutionException | RuntimeException ex) {
            fail(node, ex, since(begin));
        }
        m_listener.finished(node.label(), node.outcome(), since(begin));
        return node.outcome() == NodeOutcome.EXECUTED;
    }

    private void cancel(final NodeContainer node, final Duration elapsed) {
        node.ended(NodeOutcome.CANCELED, elapsed, "Execution canceled");
        m_listener.warned(node.label(), "Execution canceled");
    }

    private void fail(final NodeContainer node, final Throwable ex, final Duration elapsed) {
        node.ended(NodeOutcome.FAILED, elapsed, ex.getMessage());
        // A KNIMEException is the node's own word to the user; anything else may be a mistake in the code.
        final Optional<Throwable> cause =
            Optional.ofNullable(ex.getCause()).filter(c -> !(c instanceof KNIMEException));
        m_listener.failed(node.label(), ex.getMessage(), cause);
    }

    private boolean configure(final NodeContainer node, final PortObjectSpec[] specs) {
        final List<VariableScope> byPort =
            inputs(node).values().stream().map(c -> m_nodes.get(c.source()).published()).toList();
        final VariableScope published = VariableScope.merge(byPort);
        try {
            node.configure(specs, m_workflowVariables.with(published.variables()), published);
            warn(node);
            return true;
        } catch (InvalidSettingsException ex) {
            complain(node, ex.getMessage());
            return false;
        }
    }

    private void warn(final NodeContainer node) {
        Optional.ofNullable(node.node().warningMessage()).ifPresent(message -> complain(node, message));
    }

    private void complain(final NodeContainer node, final String message) {
        if (!Optional.of(message).equals(node.report().message())) {
            node.setMessage(message);
            m_listener.warned(node.label(), message);
        }
    }

    private TreeMap<Integer, Connection> inputs(final NodeContainer node) {
        return m_inputs.get(node.record().id());
    }

    private PortObjectSpec[] inputSpecs(final NodeContainer node) {
        final PortObjectSpec[] specs = new PortObjectSpec[node.inputCount()];
        inputs(node).forEach((port, c) -> {
            if (!c.isVariableOnly()) {
                specs[port - 1] = m_nodes.get(c.source()).outSpec(c.sourcePort() - 1);
            }
        });
        return specs;
    }

    private PortObject[] inputObjects(final NodeContainer node) {
        final PortObject[] objects = new PortObject[node.inputCount()];
        inputs(node).forEach((port, c) -> {
            if (!c.isVariableOnly()) {
                objects[port - 1] = m_nodes.get(c.source()).outObject(c.sourcePort() - 1);
            }
        });
        return objects;
    }

    private void releaseInputs(final NodeContainer node) {
        for (Connection c : inputs(node).values()) {
            if (m_waiting.get(c.source()).decrementAndGet() == 0) {
                m_nodes.get(c.source()).releaseOutputs();
            }
        }
    }

    /** @return whether every input has a spec that the node needs or that is connected: KNIME waits for those, too */
    private boolean hasInputs(final NodeContainer node, final PortObjectSpec[] specs) {
        return IntStream.range(0, specs.length)
            .allMatch(port -> specs[port] != null || !node.needs(port) && !inputs(node).containsKey(port + 1));
    }

    private Optional<String> unconnected(final NodeContainer node) {
        for (int port = 0; port < node.inputCount(); port++) {
            if (!inputs(node).containsKey(port + 1) && node.needs(port)) {
                return Optional.of("Input port " + (port + 1) + " ("
                    + node.node().factory().getNodeDescription().getInportName(port) + ") is not connected");
            }
        }
        return Optional.empty();
    }

    private Duration since(final long begin) {
        return Duration.ofNanos(m_nanos.getAsLong() - begin);
    }
}
