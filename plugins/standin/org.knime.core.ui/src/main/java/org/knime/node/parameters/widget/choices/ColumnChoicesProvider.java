package org.knime.node.parameters.widget.choices;

import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.node.parameters.NodeParametersInput;

/** Choices given as columns; the field stores the name of the column. */
public interface ColumnChoicesProvider extends ChoicesStateProvider<StringChoice> {

    /** @return the columns */
    default List<DataColumnSpec> columnChoices(final NodeParametersInput context) {
        return List.of();
    }

    @Override
    default List<StringChoice> computeState(final NodeParametersInput context) {
        return columnChoices(context).stream().map(c -> new StringChoice(c.getName(), c.getName())).toList();
    }
}
