package org.knime.node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.knime.core.node.port.PortType;
import org.knime.node.RequirePorts.PortsAdder;

/** The ports of a node. Each is a fixed group whose id is the port's name, hence names are unique over both sides. */
record NodePorts(List<Port> inputs, List<Port> outputs) {

    record Port(String name, String description, PortType type) {
    }

    /** @throws IllegalArgumentException if two ports have the same name */
    static NodePorts of(final Consumer<PortsAdder> ports) {
        final List<Port> inputs = new ArrayList<>();
        final List<Port> outputs = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        ports.accept(new PortsAdder() {
            @Override
            public PortsAdder addInputPort(final String name, final String description, final PortType portType) {
                return add(inputs, new Port(name, description, portType));
            }

            @Override
            public PortsAdder addOutputPort(final String name, final String description, final PortType portType) {
                return add(outputs, new Port(name, description, portType));
            }

            private PortsAdder add(final List<Port> side, final Port port) {
                if (!names.add(port.name())) {
                    throw new IllegalArgumentException("Two ports are named \"" + port.name()
                        + "\"; names of input and output ports must be unique within a node.");
                }
                side.add(port);
                return this;
            }
        });
        return new NodePorts(List.copyOf(inputs), List.copyOf(outputs));
    }

    PortType[] inputTypes() {
        return inputs.stream().map(Port::type).toArray(PortType[]::new);
    }

    PortType[] outputTypes() {
        return outputs.stream().map(Port::type).toArray(PortType[]::new);
    }
}
