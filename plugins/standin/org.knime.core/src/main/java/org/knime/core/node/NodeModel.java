package org.knime.core.node;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType;

/** What a node does. One instance serves one node; the host never calls it from two threads at once. */
public abstract class NodeModel {

    private final PortType[] m_inputs;

    private final PortType[] m_outputs;

    private Map<String, FlowVariable> m_incoming = Map.of();

    private final Map<String, FlowVariable> m_pushed = new LinkedHashMap<>();

    private String m_warning;

    /**
     * @param nrInDataPorts the number of table inputs
     * @param nrOutDataPorts the number of table outputs
     */
    protected NodeModel(final int nrInDataPorts, final int nrOutDataPorts) {
        this(tables(nrInDataPorts), tables(nrOutDataPorts));
    }

    /**
     * @param inPortTypes the types of the inputs
     * @param outPortTypes the types of the outputs
     */
    protected NodeModel(final PortType[] inPortTypes, final PortType[] outPortTypes) {
        m_inputs = inPortTypes == null ? new PortType[0] : inPortTypes.clone();
        m_outputs = outPortTypes == null ? new PortType[0] : outPortTypes.clone();
    }

    private static PortType[] tables(final int n) {
        final PortType[] types = new PortType[n];
        Arrays.fill(types, BufferedDataTable.TYPE);
        return types;
    }

    PortType[] inputs() {
        return m_inputs.clone();
    }

    PortType[] outputs() {
        return m_outputs.clone();
    }

    /**
     * Checks settings against the inputs' specs and tells the outputs'. Any element may be null where unknown.
     *
     * @throws InvalidSettingsException if the node cannot be executed like this
     */
    protected PortObjectSpec[] configure(final PortObjectSpec[] inSpecs) throws InvalidSettingsException {
        return configure(Arrays.copyOf(inSpecs, inSpecs.length, DataTableSpec[].class));
    }

    /** The same for nodes with tables only. */
    protected DataTableSpec[] configure(final DataTableSpec[] inSpecs) throws InvalidSettingsException {
        throw new IllegalStateException("NodeModel.configure() implementation missing!");
    }

    /** Computes the outputs. */
    protected PortObject[] execute(final PortObject[] inObjects, final ExecutionContext exec) throws Exception {
        return execute(Arrays.copyOf(inObjects, inObjects.length, BufferedDataTable[].class), exec);
    }

    /** The same for nodes with tables only. */
    protected BufferedDataTable[] execute(final BufferedDataTable[] inData, final ExecutionContext exec)
        throws Exception {
        throw new IllegalStateException("NodeModel.execute() implementation missing!");
    }

    /** Writes the settings in use. */
    protected abstract void saveSettingsTo(NodeSettingsWO settings);

    /** Checks settings without taking them over. */
    protected abstract void validateSettings(NodeSettingsRO settings) throws InvalidSettingsException;

    /** Takes settings over. */
    protected abstract void loadValidatedSettingsFrom(NodeSettingsRO settings) throws InvalidSettingsException;

    /** Forgets results. */
    protected abstract void reset();

    /** Writes what a view needs after reloading. */
    protected abstract void saveInternals(File nodeInternDir, ExecutionMonitor exec)
        throws IOException, CanceledExecutionException;

    /** Reads what {@link #saveInternals} wrote. */
    protected abstract void loadInternals(File nodeInternDir, ExecutionMonitor exec)
        throws IOException, CanceledExecutionException;

    /** Sets the message shown at the node; null for none. */
    protected final void setWarningMessage(final String warningMessage) {
        m_warning = warningMessage;
    }

    /** @return the message shown at the node, or null */
    protected final String getWarningMessage() {
        return m_warning;
    }

    void setFlowVariables(final Map<String, FlowVariable> incoming) {
        m_incoming = incoming;
        m_pushed.clear();
    }

    Map<String, FlowVariable> pushedFlowVariables() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(m_pushed));
    }

    /** Offers a variable to the nodes after this one. */
    protected final void pushFlowVariableString(final String name, final String value) {
        m_pushed.put(name, new FlowVariable(name, VariableType.StringType.INSTANCE, value));
    }

    /** Offers a variable to the nodes after this one. */
    protected final void pushFlowVariableInt(final String name, final int value) {
        m_pushed.put(name, new FlowVariable(name, VariableType.IntType.INSTANCE, value));
    }

    /** Offers a variable to the nodes after this one. */
    protected final void pushFlowVariableDouble(final String name, final double value) {
        m_pushed.put(name, new FlowVariable(name, VariableType.DoubleType.INSTANCE, value));
    }

    private <T> T peek(final String name, final VariableType<T> type) {
        final FlowVariable v = m_pushed.getOrDefault(name, m_incoming.get(name));
        if (v == null || !v.getVariableType().equals(type)) {
            throw new NoSuchElementException("No such variable \"" + name + "\" of type " + type);
        }
        return v.getValue(type);
    }

    /** @return the value of a variable; NoSuchElementException if there is none of that type */
    protected final String peekFlowVariableString(final String name) {
        return peek(name, VariableType.StringType.INSTANCE);
    }

    /** @return the value of a variable; NoSuchElementException if there is none of that type */
    protected final int peekFlowVariableInt(final String name) {
        return peek(name, VariableType.IntType.INSTANCE);
    }

    /** @return the value of a variable; NoSuchElementException if there is none of that type */
    protected final double peekFlowVariableDouble(final String name) {
        return peek(name, VariableType.DoubleType.INSTANCE);
    }
}
