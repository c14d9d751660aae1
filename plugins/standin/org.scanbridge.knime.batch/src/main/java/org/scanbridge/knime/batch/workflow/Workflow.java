package org.scanbridge.knime.batch.workflow;

import java.nio.file.Path;
import java.util.List;

import org.knime.core.node.NodeSettings;
import org.knime.core.node.workflow.FlowVariable;

/**
 * A workflow directory as read from disk, before any node is made.
 *
 * @param directory the directory
 * @param settings the whole content of workflow.knime
 * @param variables the workflow variables
 * @param nodes the nodes, by ascending id
 * @param connections the connections; both ends are among the nodes, no input has two, and there is no cycle
 * @param problems what was wrong but did not prevent loading: KNIME's load errors
 */
public record Workflow(Path directory, NodeSettings settings, List<FlowVariable> variables, List<NodeRecord> nodes,
    List<Connection> connections, List<String> problems) {

    /** Name of the file that makes a directory a workflow. */
    public static final String FILE = "workflow.knime";

    /** Copies the lists. */
    public Workflow {
        variables = List.copyOf(variables);
        nodes = List.copyOf(nodes);
        connections = List.copyOf(connections);
        problems = List.copyOf(problems);
    }
}
