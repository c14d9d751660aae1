package org.scanbridge.knime.util;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.parameters.NodeParametersInput;
import org.scanbridge.knime.data.LabelVolumeValue;

/**
 * Names that the inputs of a node hold, for its dialog. What is not known yet, because the nodes before were not executed, is
 * left out.
 */
public final class KnownNames {

    /** A dialog must open at once, and a study repeats its classes in every row. */
    private static final int MOST_ROWS = 200;

    private KnownNames() {
    }

    /**
     * The values of a text column, as far as the tables' domains say them.
     *
     * @param column name of the column; blank or null for the usual one
     * @param usual name of the usual one, in any case
     * @return the values in the order of the alphabet
     */
    static List<String> values(final NodeParametersInput context, final String column, final String usual) {
        final TreeSet<String> values = new TreeSet<>();
        Arrays.stream(context.getInTableSpecs()).filter(Objects::nonNull).forEach(spec -> {
            final DataColumnSpec found = column == null || column.isBlank() ? usual(spec, usual) : spec.getColumnSpec(column);
            final Set<DataCell> known = found == null ? null : found.getDomain().getValues();
            if (known != null) {
                known.stream().filter(StringValue.class::isInstance).forEach(v -> values.add(((StringValue)v).getStringValue()));
            }
        });
        values.remove("");
        return List.copyOf(values);
    }

    private static DataColumnSpec usual(final DataTableSpec spec, final String name) {
        return Columns.names(spec, StringValue.class).stream().filter(name::equalsIgnoreCase).findFirst()
            .map(spec::getColumnSpec).orElse(null);
    }

    /** The names of classes by their label values, of the first rows of the tables. */
    public static Map<Integer, Set<String>> classes(final NodeParametersInput context) {
        final Map<Integer, Set<String>> classes = new LinkedHashMap<>();
        Arrays.stream(context.getInTables()).filter(Objects::nonNull).forEach(table -> add(table, classes));
        return classes;
    }

    /** The names of the classes, in the order of their label values; the value itself where a name has a comma in it. */
    static List<String> classNames(final NodeParametersInput context) {
        final Set<String> names = new LinkedHashSet<>();
        classes(context).entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> e.getValue()
            .forEach(name -> names.add(name.indexOf(',') < 0 ? name : String.valueOf(e.getKey()))));
        return List.copyOf(names);
    }

    /** The ids of the first rows of the first table. */
    static List<String> rows(final NodeParametersInput context) {
        final List<String> ids = new ArrayList<>();
        context.getInTable(0).ifPresent(table -> {
            try (CloseableRowIterator rows = table.iterator()) {
                while (ids.size() < MOST_ROWS && rows.hasNext()) {
                    ids.add(rows.next().getKey().getString());
                }
            }
        });
        return ids;
    }

    private static void add(final BufferedDataTable table, final Map<Integer, Set<String>> classes) {
        final int[] columns = Columns.names(table.getDataTableSpec(), LabelVolumeValue.class).stream()
            .mapToInt(table.getDataTableSpec()::findColumnIndex).toArray();
        if (columns.length == 0) {
            return;
        }
        try (CloseableRowIterator rows = table.iterator()) {
            for (int row = 0; row < MOST_ROWS && rows.hasNext(); row++) {
                final DataRow cells = rows.next();
                for (final int column : columns) {
                    if (cells.getCell(column) instanceof LabelVolumeValue segmentation) {
                        segmentation.labels().names().forEach(
                            (value, name) -> classes.computeIfAbsent(value, v -> new TreeSet<>()).add(name));
                    }
                }
            }
        }
    }
}
