package org.knime.node.parameters.widget.choices.util;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataValue;
import org.knime.node.parameters.NodeParametersInput;

/** Finds columns of the connected tables, for defaults and choices. */
public final class ColumnSelectionUtil {

    private ColumnSelectionUtil() {
    }

    /** @return all columns of the table at an input port; empty where unknown */
    public static List<DataColumnSpec> getAllColumns(final NodeParametersInput context, final int portIndex) {
        return context.getInTableSpecs().length <= portIndex ? List.of()
            : context.getInTableSpec(portIndex).map(spec -> spec.stream().toList()).orElse(List.of());
    }

    /** @return the columns at an input port that have at least one of the data values; empty where unknown */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static List<DataColumnSpec> getCompatibleColumns(final NodeParametersInput context, final int portIndex,
        final Class<? extends DataValue>... valueClasses) {
        return getAllColumns(context, portIndex).stream().filter(hasOneOf(valueClasses)).toList();
    }

    /** @return the first column that has at least one of the data values */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static Optional<DataColumnSpec> getFirstCompatibleColumn(final DataTableSpec spec,
        final Class<? extends DataValue>... valueClasses) {
        return spec == null ? Optional.empty() : spec.stream().filter(hasOneOf(valueClasses)).findFirst();
    }

    private static Predicate<DataColumnSpec> hasOneOf(final Class<? extends DataValue>[] valueClasses) {
        return column -> Arrays.stream(valueClasses).anyMatch(column.getType()::isCompatible);
    }
}
