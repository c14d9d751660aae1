package org.scanbridge.knime.batch.execution;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.workflow.FlowVariable;
import org.scanbridge.knime.batch.nodes.InstalledNodes;
import org.scanbridge.knime.batch.report.NodeOutcome;
import org.scanbridge.knime.batch.report.RunListener;
import org.scanbridge.knime.batch.report.RunLog;
import org.scanbridge.knime.batch.variables.VariableScope;
import org.scanbridge.knime.batch.workflow.NodeRecord;
import org.scanbridge.knime.batch.workflow.Workflow;

/**
 * The states that the nodes of a workflow have once it is loaded and nothing was executed: KNIME configures every node
 * whose inputs are known, and stores CONFIGURED or IDLE accordingly. It warns of a workflow whose files say something else
 * and marks it as changed, although the user did nothing.
 *
 * @param nodes the states by node id
 */
public record LoadedStates(Map<Integer, String> nodes) {

    private static final String IDLE = "IDLE";

    private static final String CONFIGURED = "CONFIGURED";

    private static final String EXECUTED = "EXECUTED";

    /** Copies the map. */
    public LoadedStates {
        nodes = Map.copyOf(nodes);
    }

    /**
     * Makes the nodes anew and configures them; the user hears of nothing.
     *
     * @param workflow the workflow
     * @param models model settings that replace those read, by node id
     * @param variables the workflow variables
     * @param installed makes the nodes
     * @return the state of every node; a node that is not available is idle
     */
    public static LoadedStates of(final Workflow workflow, final Map<Integer, NodeSettings> models,
        final List<FlowVariable> variables, final InstalledNodes installed) {
        final WorkflowLoader.Loaded loaded = new WorkflowLoader(installed,
            new RunLog(new PrintStream(OutputStream.nullOutputStream()), Duration.ofDays(1), () -> 0)).load(workflow);
        final Map<Integer, String> states = new TreeMap<>();
        workflow.nodes().forEach(n -> states.put(n.id(), IDLE));
        for (NodeContainer node : loaded.nodes()) {
            final NodeSettings model = models.get(node.record().id());
            if (model != null) {
                try {
                    node.setModel(model);
                } catch (InvalidSettingsException ex) {
                    throw new IllegalStateException(node.label() + " refuses the settings that it had: " + ex.getMessage(), ex);
                }
            }
        }
        new WorkflowRun(loaded.nodes(), loaded.connections(), VariableScope.of(variables), new Silence(), () -> 0)
            .configure();
        loaded.nodes().stream().filter(n -> n.outcome() == NodeOutcome.CONFIGURED)
            .forEach(n -> states.put(n.record().id(), CONFIGURED));
        return new LoadedStates(states);
    }

    /** @return the state of the workflow as a whole: that of its least advanced node */
    public String workflow() {
        return nodes.containsValue(IDLE) ? IDLE : CONFIGURED;
    }

    /**
     * What KNIME warns of on loading. A workflow that was saved with results is not compared: this executor does not read
     * them, so it does not know what KNIME would know.
     *
     * @param workflow the workflow as stored
     * @return one warning for each node, and for the workflow, that is stored in another state
     */
    public List<String> changes(final Workflow workflow) {
        final List<String> changes = new ArrayList<>();
        if (workflow.nodes().stream().anyMatch(NodeRecord::executed)) {
            return changes;
        }
        workflow.nodes().forEach(n -> changed(n.settings(), nodes.get(n.id())).ifPresent(c -> changes.add(n.label() + "  " + c)));
        changed(workflow.settings(), workflow()).ifPresent(c -> changes.add("Workflow  " + c));
        return changes;
    }

    /** A missing state is a load error already. */
    private static Optional<String> changed(final NodeSettings stored, final String state) {
        final String before = stored.getString("state", state);
        return before.equals(state) || before.equals(EXECUTED) ? Optional.empty()
            : Optional.of("State has changed from " + before + " to " + state);
    }

    /** The run that counts reports all this. */
    private static final class Silence implements RunListener {

        @Override
        public void started(final String label) {
            // nothing is executed
        }

        @Override
        public void progressed(final String label, final OptionalDouble fraction, final String message) {
            // nothing is executed
        }

        @Override
        public void warned(final String label, final String message) {
            // reported later
        }

        @Override
        public void failed(final String label, final String message, final Optional<Throwable> cause) {
            // nothing is executed
        }

        @Override
        public void finished(final String label, final NodeOutcome outcome, final Duration elapsed) {
            // nothing is executed
        }
    }
}
