package org.knime.node;

import java.util.function.Consumer;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortType;
import org.knime.node.DefaultNode.RequireModel;

/** The stage of building a {@link DefaultNode} that asks for its ports. */
public interface RequirePorts {

    /**
     * @param ports adds the ports in the order of their index; names must be unique within the node
     * @return the next stage
     */
    RequireModel ports(Consumer<PortsAdder> ports);

    /** Adds ports. Descriptions may contain the markup of node descriptions. */
    interface PortsAdder {

        /** Adds an input port. */
        PortsAdder addInputPort(String name, String description, PortType portType);

        /** Adds an output port. */
        PortsAdder addOutputPort(String name, String description, PortType portType);

        /** Adds an input port for a table. */
        default PortsAdder addInputTable(final String name, final String description) {
            return addInputPort(name, description, BufferedDataTable.TYPE);
        }

        /** Adds an output port for a table. */
        default PortsAdder addOutputTable(final String name, final String description) {
            return addOutputPort(name, description, BufferedDataTable.TYPE);
        }
    }
}
