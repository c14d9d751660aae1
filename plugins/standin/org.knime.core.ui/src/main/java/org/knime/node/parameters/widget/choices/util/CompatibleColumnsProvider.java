package org.knime.node.parameters.widget.choices.util;

import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataValue;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.ColumnChoicesProvider;

/** The columns of the first input table whose cells have a certain data value. */
public class CompatibleColumnsProvider implements ColumnChoicesProvider {

    private final Class<? extends DataValue> m_valueClass;

    /** @param valueClass the data value the columns must have */
    protected CompatibleColumnsProvider(final Class<? extends DataValue> valueClass) {
        m_valueClass = valueClass;
    }

    @Override
    public List<DataColumnSpec> columnChoices(final NodeParametersInput context) {
        return ColumnSelectionUtil.getCompatibleColumns(context, 0, m_valueClass);
    }

    /** The columns of strings. */
    public static final class StringColumnsProvider extends CompatibleColumnsProvider {

        /** Made by the dialog. */
        public StringColumnsProvider() {
            super(StringValue.class);
        }
    }

    /** The columns of numbers. */
    public static final class DoubleColumnsProvider extends CompatibleColumnsProvider {

        /** Made by the dialog. */
        public DoubleColumnsProvider() {
            super(DoubleValue.class);
        }
    }
}
