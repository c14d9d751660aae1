package org.knime.core.node.context.ports;

import java.util.List;

import org.knime.core.node.port.PortType;
import org.knime.core.standin.HostOnly;

/** The ports of a node. */
public final class PortsConfiguration {

    private final PortType[] m_inputs;

    private final PortType[] m_outputs;

    /** For the host. */
    @HostOnly
    public PortsConfiguration(final List<PortType> inputs, final List<PortType> outputs) {
        m_inputs = inputs.toArray(new PortType[0]);
        m_outputs = outputs.toArray(new PortType[0]);
    }

    /** @return the types of the input ports */
    public PortType[] getInputPorts() {
        return m_inputs.clone();
    }

    /** @return the types of the output ports */
    public PortType[] getOutputPorts() {
        return m_outputs.clone();
    }
}
