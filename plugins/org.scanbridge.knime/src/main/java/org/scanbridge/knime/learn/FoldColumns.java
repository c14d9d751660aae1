package org.scanbridge.knime.learn;

import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.LongValue;
import org.knime.core.data.StringValue;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.ColumnChoicesProvider;

/** Offers the columns of the second input that can hold folds: text and integers. */
public final class FoldColumns implements ColumnChoicesProvider {

    @Override
    public List<DataColumnSpec> columnChoices(final NodeParametersInput input) {
        return input.getInTableSpec(1).stream().flatMap(DataTableSpec::stream)
            .filter(c -> c.getType().isCompatible(StringValue.class) || c.getType().isCompatible(LongValue.class)).toList();
    }
}
