package org.knime.core.node;

import java.io.File;
import java.io.IOException;
import java.util.Map;

import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.standin.HostOnly;

/** For the host: calls what a node model only offers to its sub-classes. Nodes never use it. */
@HostOnly
public final class NodeModelAccess {

    private final NodeModel m_model;

    /** @param model the model */
    public NodeModelAccess(final NodeModel model) {
        m_model = model;
    }

    /** @return the types of the input ports */
    public PortType[] inputs() {
        return m_model.inputs();
    }

    /** @return the types of the output ports */
    public PortType[] outputs() {
        return m_model.outputs();
    }

    /** See {@link NodeModel#configure(PortObjectSpec[])}. */
    public PortObjectSpec[] configure(final PortObjectSpec[] specs) throws InvalidSettingsException {
        return m_model.configure(specs);
    }

    /** See {@link NodeModel#execute(PortObject[], ExecutionContext)}. */
    public PortObject[] execute(final PortObject[] objects, final ExecutionContext exec) throws Exception {
        return m_model.execute(objects, exec);
    }

    /** See {@link NodeModel#saveSettingsTo}. */
    public void save(final NodeSettingsWO settings) {
        m_model.saveSettingsTo(settings);
    }

    /** See {@link NodeModel#validateSettings}. */
    public void validate(final NodeSettingsRO settings) throws InvalidSettingsException {
        m_model.validateSettings(settings);
    }

    /** See {@link NodeModel#loadValidatedSettingsFrom}. */
    public void load(final NodeSettingsRO settings) throws InvalidSettingsException {
        m_model.loadValidatedSettingsFrom(settings);
    }

    /** See {@link NodeModel#reset()}. */
    public void reset() {
        m_model.reset();
    }

    /** See {@link NodeModel#saveInternals}. */
    public void saveInternals(final File folder, final ExecutionMonitor exec)
        throws IOException, CanceledExecutionException {
        m_model.saveInternals(folder, exec);
    }

    /** @return the message shown at the node, or null */
    public String warning() {
        return m_model.getWarningMessage();
    }

    /** Sets the message shown at the node. */
    public void setWarning(final String warning) {
        m_model.setWarningMessage(warning);
    }

    /** Hands over the variables that arrive at the node, and forgets those it offered before. */
    public void setFlowVariables(final Map<String, FlowVariable> incoming) {
        m_model.setFlowVariables(incoming);
    }

    /** @return the variables the node offers to the nodes after it */
    public Map<String, FlowVariable> pushedFlowVariables() {
        return m_model.pushedFlowVariables();
    }
}
