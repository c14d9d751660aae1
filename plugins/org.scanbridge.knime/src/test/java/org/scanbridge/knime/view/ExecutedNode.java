package org.scanbridge.knime.view;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultView.ViewInput;
import org.knime.node.parameters.NodeParameters;

/** What a view knows of an executed node with one internal table. */
public record ExecutedNode(BufferedDataTable table) implements ViewInput {

    @Override
    public <S extends NodeParameters> S getParameters() {
        return null;
    }

    @Override
    public BufferedDataTable[] getInternalTables() {
        return new BufferedDataTable[]{table};
    }

    @Override
    public PortObject[] getInternalPortObjects() {
        return new PortObject[]{table};
    }
}
