package org.scanbridge.knime.util;

import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataValue;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.ColumnChoicesProvider;

/**
 * Offers the columns of a type of one input in a dialog: for nodes whose table is not their first input, where KNIME's own
 * provider looks.
 */
public abstract class PortColumns implements ColumnChoicesProvider {

    private final int m_port;

    private final Class<? extends DataValue> m_type;

    /**
     * @param port index of the input
     * @param type what the columns must hold
     */
    protected PortColumns(final int port, final Class<? extends DataValue> type) {
        m_port = port;
        m_type = type;
    }

    @Override
    public List<DataColumnSpec> columnChoices(final NodeParametersInput input) {
        return input.getInTableSpec(m_port).stream().flatMap(DataTableSpec::stream)
            .filter(c -> c.getType().isCompatible(m_type)).toList();
    }
}
