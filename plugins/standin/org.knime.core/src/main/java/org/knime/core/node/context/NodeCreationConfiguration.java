package org.knime.core.node.context;

import java.util.Objects;
import java.util.Optional;

import org.knime.core.node.context.ports.PortsConfiguration;
import org.knime.core.standin.HostOnly;

/** With what a node is created. */
public final class NodeCreationConfiguration {

    private final Optional<PortsConfiguration> m_ports;

    /** @param ports the ports, if the factory tells */
    @HostOnly
    public NodeCreationConfiguration(final Optional<PortsConfiguration> ports) {
        m_ports = Objects.requireNonNull(ports, "ports");
    }

    /** @return the ports, if the factory tells */
    public Optional<PortsConfiguration> getPortConfig() {
        return m_ports;
    }
}
