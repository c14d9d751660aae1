package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.knime.util.Columns;

/**
 * What the scorer's view shows: every score of every subject, with the names written once and referred to by their index,
 * so that hundreds of subjects stay below a megabyte.
 *
 * @param executed whether there is anything to show
 * @param scores names of the scores
 * @param names for subject, site, role, domain, model and class, in this order, the names that occur
 * @param rows for each row the indices of its six names
 * @param values for each row its scores; null where missing
 * @param statistics for each row of the statistics: site, role, model, class, score, then subjects, mean, SD, median and
 *            the ends of the confidence interval
 * @param images the images behind the scores; null if the node was executed by a version that kept none
 */
record ScoreView(boolean executed, List<String> scores, List<List<String>> names, List<int[]> rows,
    List<Double[]> values, List<Object[]> statistics, ScoredImages images) {

    private static final List<String> STATISTIC_NAMES = List.of("Site", "Role", "Model", "Class", "Score");

    private static final List<String> STATISTIC_NUMBERS =
        List.of("Subjects", "Mean", "SD", "Median", "CI Low", "CI High");

    /** Reads the tables that the execution left for the view. */
    static ScoreView of(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return new ScoreView(false, List.of(), List.of(), List.of(), List.of(), List.of(), null);
        }
        final BufferedDataTable[] tables = input.getInternalTables();
        final DataTableSpec spec = tables[0].getDataTableSpec();
        final int first = ScoreTable.NAMES.size();
        final List<String> scores = List.of(spec.getColumnNames()).subList(first,
            spec.getNumColumns() - (spec.containsName(ScoreTable.KIND) ? 1 : 0));
        final List<Set<String>> names = new ArrayList<>();
        ScoreTable.NAMES.forEach(n -> names.add(new LinkedHashSet<>()));
        for (final DataRow row : tables[0]) {
            for (int n = 0; n < first; n++) {
                names.get(n).add(Columns.text(row, n));
            }
        }
        final List<List<String>> lists = names.stream().map(List::copyOf).toList();
        final List<int[]> rows = new ArrayList<>();
        final List<Double[]> values = new ArrayList<>();
        for (final DataRow row : tables[0]) {
            final int[] indices = new int[first];
            for (int n = 0; n < first; n++) {
                indices[n] = lists.get(n).indexOf(Columns.text(row, n));
            }
            rows.add(indices);
            final Double[] numbers = new Double[scores.size()];
            for (int s = 0; s < numbers.length; s++) {
                numbers[s] = number(row.getCell(first + s));
            }
            values.add(numbers);
        }
        return new ScoreView(true, scores, lists, rows, values, statistics(tables[1]),
            tables.length > ScoredImages.IMAGES ? ScoredImages.of(input) : null);
    }

    private static List<Object[]> statistics(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        final List<Object[]> statistics = new ArrayList<>();
        for (final DataRow row : table) {
            final List<Object> values = new ArrayList<>();
            STATISTIC_NAMES.forEach(name -> values.add(Columns.text(row, spec.findColumnIndex(name))));
            STATISTIC_NUMBERS.forEach(name -> values.add(number(row.getCell(spec.findColumnIndex(name)))));
            statistics.add(values.toArray());
        }
        return statistics;
    }

    private static Double number(final DataCell cell) {
        return cell.isMissing() ? null : ((DoubleValue)cell).getDoubleValue();
    }
}
