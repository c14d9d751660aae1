package org.knime.node.parameters;

import java.util.Optional;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;

/**
 * What is connected to a node when its defaults are made. Arrays have one element per input port (index from 0,
 * without the flow-variable port); elements are null where nothing is connected or nothing is known yet.
 */
public interface NodeParametersInput {

    /** @return the types of the input ports */
    PortType[] getInPortTypes();

    /** @return the specs at the input ports; null elements where unknown */
    PortObjectSpec[] getInPortSpecs();

    /** @return the spec at an input port, empty where unknown */
    Optional<PortObjectSpec> getInPortSpec(int portIndex);

    /** @return the table specs at the input ports; null elements where unknown or not a table */
    DataTableSpec[] getInTableSpecs();

    /** @return the table spec at an input port, empty where unknown or not a table */
    Optional<DataTableSpec> getInTableSpec(int portIndex);

    /** @return the objects at the input ports; null elements where not executed */
    PortObject[] getInPortObjects();

    /** @return the object at an input port, empty where not executed */
    Optional<PortObject> getInPortObject(int portIndex);

    /** @return the tables at the input ports; null elements where not executed or not a table */
    BufferedDataTable[] getInTables();

    /** @return the table at an input port, empty where not executed or not a table */
    Optional<BufferedDataTable> getInTable(int portIndex);

    /** @return the types of the output ports */
    PortType[] getOutPortTypes();
}
