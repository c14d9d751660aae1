package org.scanbridge.knime.batch.execution;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.variable.SettingsOverwriter;
import org.scanbridge.knime.batch.report.NodeOutcome;
import org.scanbridge.knime.batch.report.NodeReport;
import org.scanbridge.knime.batch.variables.VariableScope;
import org.scanbridge.knime.batch.workflow.NodeRecord;

/**
 * A node of a workflow together with its state in a run. Written by one thread at a time; a run orders the threads so
 * that what a node reads of its predecessors is complete.
 */
public final class NodeContainer {

    private final NodeRecord m_record;

    private final NodeHost m_node;

    private Optional<NodeSettings> m_model;

    private PortObjectSpec[] m_inSpecs;

    private PortObjectSpec[] m_outSpecs;

    private PortObject[] m_outObjects;

    private VariableScope m_published = VariableScope.EMPTY;

    private NodeOutcome m_outcome = NodeOutcome.IDLE;

    private Optional<Duration> m_elapsed = Optional.empty();

    private Optional<String> m_message = Optional.empty();

    /**
     * @param record the node as stored
     * @param node the node itself
     */
    public NodeContainer(final NodeRecord record, final NodeHost node) {
        m_record = record;
        m_node = node;
        m_model = Optional.empty();
    }

    /** @return the node as stored */
    public NodeRecord record() {
        return m_record;
    }

    /** @return the node itself */
    public NodeHost node() {
        return m_node;
    }

    /**
     * @param port a data input port, counted from 0
     * @return whether the node cannot run without it
     */
    boolean needs(final int port) {
        return !m_node.inPortTypes()[port].isOptional();
    }

    int inputCount() {
        return m_node.inPortTypes().length;
    }

    /** @return name and id */
    public String label() {
        return m_record.label();
    }

    /** @return the model settings the node was given, before variables overwrite them; empty = its defaults */
    public Optional<NodeSettings> model() {
        return m_model;
    }

    /** @return the model settings the node was given, else the defaults it would save */
    public NodeSettings modelOrDefaults() {
        return m_model.orElseGet(m_node::saveSettings);
    }

    /**
     * Gives the node model settings.
     *
     * @param model the settings
     * @throws InvalidSettingsException if the node refuses them; nothing changes then
     */
    public void setModel(final NodeSettings model) throws InvalidSettingsException {
        load(model);
        m_model = Optional.of(model);
    }

    /** A node that fails on settings in an unforeseen way must not end the run. */
    private void load(final NodeSettings model) throws InvalidSettingsException {
        try {
            m_node.loadSettings(model);
        } catch (RuntimeException | LinkageError ex) {
            throw new InvalidSettingsException("Coding issue: " + ex, ex);
        }
    }

    /**
     * Configures the node.
     *
     * @param inSpecs the specs at its inputs
     * @param scope the variables it sees
     * @param published the variables its predecessors published
     * @throws InvalidSettingsException if the variables do not fit, or the node cannot run on these inputs
     */
    void configure(final PortObjectSpec[] inSpecs, final VariableScope scope, final VariableScope published)
        throws InvalidSettingsException {
        m_outSpecs = null;
        m_outcome = NodeOutcome.IDLE;
        m_node.setFlowVariables(scope.byName());
        m_published = published;
        if (m_record.variables().isPresent()) {
            m_published = published.with(overwriteSettings(m_record.variables().get(), scope));
        }
        m_outSpecs = m_node.configure(inSpecs);
        m_published = m_published.with(m_node.pushedFlowVariables().values());
        m_inSpecs = inSpecs.clone();
        m_outcome = NodeOutcome.CONFIGURED;
    }

    private List<FlowVariable> overwriteSettings(final SettingsOverwriter variables, final VariableScope scope)
        throws InvalidSettingsException {
        try {
            final NodeSettings effective = variables.overwrite(modelOrDefaults(), scope.byName());
            load(effective);
            return variables.exposed(effective);
        } catch (InvalidSettingsException ex) {
            throw new InvalidSettingsException("Errors loading flow variables into node : " + ex.getMessage(), ex);
        }
    }

    boolean isConfiguredFor(final PortObjectSpec[] inSpecs) {
        return m_outSpecs != null && Arrays.equals(m_inSpecs, inSpecs);
    }

    void executed(final PortObject[] objects, final Duration elapsed) {
        m_outObjects = objects;
        m_published = m_published.with(m_node.pushedFlowVariables().values());
        m_outcome = NodeOutcome.EXECUTED;
        m_elapsed = Optional.of(elapsed);
    }

    void ended(final NodeOutcome outcome, final Duration elapsed, final String message) {
        m_outcome = outcome;
        m_elapsed = Optional.of(elapsed);
        m_message = Optional.of(message);
    }

    void setOutcome(final NodeOutcome outcome) {
        m_outcome = outcome;
    }

    void setMessage(final String message) {
        m_message = Optional.of(message);
    }

    /** Lets go of the results, which no successor needs any more; they may hold much memory. */
    void releaseOutputs() {
        m_outObjects = null;
    }

    /** @return the spec at the data output port, counted from 0; {@code null} if it is not known */
    PortObjectSpec outSpec(final int port) {
        return m_outObjects != null ? m_outObjects[port].getSpec() : m_outSpecs == null ? null : m_outSpecs[port];
    }

    PortObject outObject(final int port) {
        return m_outObjects[port];
    }

    VariableScope published() {
        return m_published;
    }

    /** @return how the node stands */
    public NodeOutcome outcome() {
        return m_outcome;
    }

    /** @return the node's line of the summary */
    public NodeReport report() {
        return new NodeReport(label(), m_outcome, m_elapsed, m_message);
    }
}
