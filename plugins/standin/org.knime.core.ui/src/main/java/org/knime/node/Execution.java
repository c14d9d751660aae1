package org.knime.node;

import java.util.Arrays;
import java.util.function.Consumer;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortType;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.parameters.NodeParameters;

/** One call of execute: what the node reads and where it writes. */
final class Execution implements ExecuteInput, ExecuteOutput {

    private final NodeParameters m_parameters;

    private final PortObject[] m_inObjects;

    private final PortType[] m_outTypes;

    private final ExecutionContext m_context;

    private final PortObject[] m_outObjects;

    private final Consumer<String> m_warning;

    private PortObject[] m_internal;

    Execution(final NodeParameters parameters, final PortObject[] inObjects, final PortType[] outTypes,
        final ExecutionContext context, final Consumer<String> warning) {
        m_parameters = parameters;
        m_inObjects = inObjects;
        m_outTypes = outTypes;
        m_context = context;
        m_outObjects = new PortObject[outTypes.length];
        m_warning = warning;
    }

    PortObject[] result() {
        return m_outObjects;
    }

    /** @return what the node keeps for its view, or null */
    PortObject[] internal() {
        return m_internal;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S extends NodeParameters> S getParameters() {
        return (S)m_parameters;
    }

    @Override
    public ExecutionContext getExecutionContext() {
        return m_context;
    }

    @Override
    public PortObject[] getInPortObjects() {
        return m_inObjects.clone();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <D extends PortObject> D getInPortObject(final int portIndex) {
        return (D)m_inObjects[portIndex];
    }

    @Override
    public BufferedDataTable[] getInTables() {
        return Arrays.stream(m_inObjects).map(BufferedDataTable.class::cast).toArray(BufferedDataTable[]::new);
    }

    @Override
    public BufferedDataTable getInTable(final int portIndex) {
        return (BufferedDataTable)m_inObjects[portIndex];
    }

    @Override
    public PortType[] getOutPortTypes() {
        return m_outTypes.clone();
    }

    @Override
    public <D extends PortObject> void setOutData(final int portIndex, final D data) {
        m_outObjects[portIndex] = data;
    }

    @Override
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <D extends PortObject> void setOutData(final D... data) {
        if (data.length != m_outObjects.length) {
            throw new IllegalArgumentException(
                data.length + " output objects are set, but the node has " + m_outObjects.length + " output ports.");
        }
        System.arraycopy(data, 0, m_outObjects, 0, data.length);
    }

    @Override
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <D extends PortObject> void setInternalData(final D... data) {
        m_internal = Arrays.copyOf(data, data.length, PortObject[].class);
    }

    @Override
    public void setWarningMessage(final String message) {
        m_warning.accept(message);
    }
}
