package org.scanbridge.knime.batch.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortType;
import org.scanbridge.knime.batch.nodes.InstalledNodes;
import org.scanbridge.knime.batch.nodes.NodeNotAvailableException;
import org.scanbridge.knime.batch.report.RunLog;
import org.scanbridge.knime.batch.variables.OverwrittenKeys;
import org.scanbridge.knime.batch.workflow.Connection;
import org.scanbridge.knime.batch.workflow.NodeRecord;
import org.scanbridge.knime.batch.workflow.Workflow;

/**
 * Makes the nodes of a workflow, gives them their stored settings and checks that connections fit their ports. What
 * goes wrong is a load error: it is logged at once and remembered. Used once.
 */
public final class WorkflowLoader {

    private final InstalledNodes m_nodes;

    private final RunLog m_log;

    private final List<String> m_errors = new ArrayList<>();

    private final List<String> m_missing = new ArrayList<>();

    /**
     * What a workflow became.
     *
     * @param nodes the nodes that could be made
     * @param connections the connections among them that fit
     * @param missing labels of the nodes that are not available
     * @param errors all load errors, those of reading included
     */
    public record Loaded(List<NodeContainer> nodes, List<Connection> connections, List<String> missing,
        List<String> errors) {

        /** Copies the lists. */
        public Loaded {
            nodes = List.copyOf(nodes);
            connections = List.copyOf(connections);
            missing = List.copyOf(missing);
            errors = List.copyOf(errors);
        }
    }

    /**
     * @param nodes makes the nodes
     * @param log where errors and warnings go
     */
    public WorkflowLoader(final InstalledNodes nodes, final RunLog log) {
        m_nodes = nodes;
        m_log = log;
    }

    /**
     * @param workflow the workflow as read
     * @return its nodes and connections
     */
    public Loaded load(final Workflow workflow) {
        workflow.problems().forEach(this::error);
        final List<NodeContainer> nodes = createNodes(workflow);
        return new Loaded(nodes, checkPorts(workflow, nodes), m_missing, m_errors);
    }

    private void error(final String message) {
        m_errors.add(message);
        m_log.error(message);
    }

    private List<NodeContainer> createNodes(final Workflow workflow) {
        final List<NodeContainer> nodes = new ArrayList<>();
        for (NodeRecord record : workflow.nodes()) {
            try {
                final NodeContainer node = new NodeContainer(record,
                    m_nodes.create(record, message -> m_log.warned(record.label(), message)));
                loadModel(node);
                checkOverwrites(node);
                nodes.add(node);
            } catch (NodeNotAvailableException ex) {
                error(ex.getMessage());
                m_missing.add(record.label());
            } catch (InvalidSettingsException ex) {
                error(record.label() + "  " + ex.getMessage());
            }
        }
        return nodes;
    }

    private void loadModel(final NodeContainer node) {
        if (node.record().model().isPresent()) {
            try {
                node.setModel(node.record().model().get());
            } catch (InvalidSettingsException ex) {
                error(node.label() + "  Loading model settings failed: " + ex.getMessage()
                    + " (the node's DEFAULT settings apply; use -failonloaderror to stop here)");
            }
        }
    }

    private void checkOverwrites(final NodeContainer node) throws InvalidSettingsException {
        if (node.record().settings().containsKey("variables")) {
            OverwrittenKeys.missing(node.record().settings().getNodeSettings("variables"), node.modelOrDefaults())
                .forEach(key -> m_log.warn(node.label() + "  A flow variable is set for \"" + key
                    + "\", which the node's stored settings do not have: it is ignored, as in KNIME"));
        }
    }

    private List<Connection> checkPorts(final Workflow workflow, final List<NodeContainer> nodes) {
        final Map<Integer, NodeContainer> byId =
            nodes.stream().collect(Collectors.toMap(n -> n.record().id(), n -> n));
        final List<Connection> good = new ArrayList<>();
        for (Connection connection : workflow.connections()) {
            final NodeContainer source = byId.get(connection.source());
            final NodeContainer destination = byId.get(connection.destination());
            if (source == null || destination == null) {
                continue; // its node is not available, and that was reported
            }
            final String problem = problem(connection, source, destination);
            if (problem == null) {
                good.add(connection);
            } else {
                error("Unable to insert connection from " + source.label() + " to " + destination.label() + ": "
                    + problem);
            }
        }
        return good;
    }

    /** @return why the connection cannot be, or null */
    private static String problem(final Connection connection, final NodeContainer source,
        final NodeContainer destination) {
        final PortType[] outputs = source.node().outPortTypes();
        final PortType[] inputs = destination.node().inPortTypes();
        if (connection.sourcePort() > outputs.length) {
            return "there is no output port " + connection.sourcePort();
        }
        if (connection.destinationPort() > inputs.length) {
            return "there is no input port " + connection.destinationPort();
        }
        if (connection.isVariableOnly()) {
            return connection.destinationPort() == 0 ? null : "a flow variable port cannot be connected to a data port";
        }
        final PortType out = outputs[connection.sourcePort() - 1];
        final PortType in = inputs[connection.destinationPort() - 1];
        // A generic output may turn out to be what the input needs; the object is checked when it gets there.
        return in.isSuperTypeOf(out) || out.isSuperTypeOf(in) ? null
            : "port types do not fit: " + out.getName() + " into " + in.getName();
    }
}
