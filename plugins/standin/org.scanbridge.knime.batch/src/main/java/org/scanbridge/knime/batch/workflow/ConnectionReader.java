package org.scanbridge.knime.batch.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;

/** Reads the connections of a workflow and drops, as load errors, those that cannot be. */
final class ConnectionReader {

    private final Set<Integer> m_ids;

    private final List<String> m_problems;

    private final List<Connection> m_connections = new ArrayList<>();

    /**
     * @param nodes the workflow's nodes
     * @param problems where load errors are added
     */
    ConnectionReader(final List<NodeRecord> nodes, final List<String> problems) {
        m_ids = nodes.stream().map(NodeRecord::id).collect(Collectors.toSet());
        m_problems = problems;
    }

    /**
     * @param settings the {@code connections} of workflow.knime
     * @return the good ones
     */
    List<Connection> read(final Optional<NodeSettings> settings) {
        if (settings.isPresent()) {
            for (String key : settings.get().keySet()) {
                try {
                    add(read(settings.get().getNodeSettings(key)));
                } catch (InvalidSettingsException ex) {
                    m_problems.add("Unable to insert connection \"" + key + "\": " + ex.getMessage());
                }
            }
        }
        return m_connections;
    }

    private static Connection read(final NodeSettings settings) throws InvalidSettingsException {
        return new Connection(settings.getInt("sourceID"), settings.getInt("sourcePort"), settings.getInt("destID"),
            settings.getInt("destPort"));
    }

    private void add(final Connection connection) throws InvalidSettingsException {
        for (int id : new int[]{connection.source(), connection.destination()}) {
            if (!m_ids.contains(id)) {
                throw new InvalidSettingsException("there is no node " + id);
            }
        }
        if (connection.sourcePort() < 0 || connection.destinationPort() < 0) {
            throw new InvalidSettingsException("negative port in " + connection);
        }
        if (m_connections.stream().anyMatch(c -> c.destination() == connection.destination()
            && c.destinationPort() == connection.destinationPort())) {
            throw new InvalidSettingsException("input port " + connection.destinationPort() + " of node "
                + connection.destination() + " is connected already");
        }
        if (reaches(connection.destination(), connection.source())) {
            throw new InvalidSettingsException("it would close a cycle over the nodes " + connection.source() + " and "
                + connection.destination());
        }
        m_connections.add(connection);
    }

    private boolean reaches(final int from, final int to) {
        final Set<Integer> seen = new HashSet<>();
        final Deque<Integer> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            final int id = open.pop();
            if (id == to) {
                return true;
            }
            if (seen.add(id)) {
                m_connections.stream().filter(c -> c.source() == id).forEach(c -> open.push(c.destination()));
            }
        }
        return false;
    }
}
