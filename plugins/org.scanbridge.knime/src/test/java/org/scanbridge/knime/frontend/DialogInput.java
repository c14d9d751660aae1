package org.scanbridge.knime.frontend;

import java.util.Arrays;
import java.util.Optional;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.node.parameters.NodeParametersInput;

/**
 * What a dialog knows of the node's inputs, all of whose nodes in front were executed.
 *
 * @param types the types of the input ports
 * @param objects what lies at the input ports, null where nothing is connected
 */
record DialogInput(PortType[] types, PortObject[] objects) implements NodeParametersInput {

    @Override
    public PortType[] getInPortTypes() {
        return types.clone();
    }

    @Override
    public PortType[] getOutPortTypes() {
        return new PortType[0];
    }

    @Override
    public PortObjectSpec[] getInPortSpecs() {
        return Arrays.stream(objects).map(o -> o == null ? null : o.getSpec()).toArray(PortObjectSpec[]::new);
    }

    @Override
    public Optional<PortObjectSpec> getInPortSpec(final int port) {
        return Optional.ofNullable(objects[port]).map(PortObject::getSpec);
    }

    @Override
    public DataTableSpec[] getInTableSpecs() {
        return Arrays.stream(objects).map(o -> o instanceof BufferedDataTable t ? t.getDataTableSpec() : null)
            .toArray(DataTableSpec[]::new);
    }

    @Override
    public Optional<DataTableSpec> getInTableSpec(final int port) {
        return getInTable(port).map(BufferedDataTable::getDataTableSpec);
    }

    @Override
    public PortObject[] getInPortObjects() {
        return objects.clone();
    }

    @Override
    public Optional<PortObject> getInPortObject(final int port) {
        return Optional.ofNullable(objects[port]);
    }

    @Override
    public BufferedDataTable[] getInTables() {
        return Arrays.stream(objects).map(o -> o instanceof BufferedDataTable t ? t : null).toArray(BufferedDataTable[]::new);
    }

    @Override
    public Optional<BufferedDataTable> getInTable(final int port) {
        return objects[port] instanceof BufferedDataTable table ? Optional.of(table) : Optional.empty();
    }
}
