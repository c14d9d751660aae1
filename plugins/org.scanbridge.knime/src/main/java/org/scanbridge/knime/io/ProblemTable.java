package org.scanbridge.knime.io;

import java.util.List;
import java.util.Locale;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.knime.util.Columns;

/** The second table of the readers: what is wrong in the folder. */
public final class ProblemTable {

    /** File, Series, Problem, Effect, Message, Advice. */
    public static final DataTableSpec SPEC = new DataTableSpec(column("File"), column("Series"), column("Problem"),
        column("Effect"), column("Message"), column("Advice"));

    /** How many problems an error message spells out. */
    private static final int SHOWN = 3;

    private ProblemTable() {
    }

    private static DataColumnSpec column(final String name) {
        return new DataColumnSpecCreator(name, StringCell.TYPE).createSpec();
    }

    /** One row per problem. */
    public static BufferedDataTable create(final List<Problem> problems, final ExecutionContext exec) {
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        for (final Problem problem : problems) {
            rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), Columns.text(problem.file()),
                Columns.text(problem.series()), new StringCell(words(problem.kind())),
                new StringCell(words(problem.effect())), new StringCell(problem.message()),
                new StringCell(problem.remedy())));
        }
        rows.close();
        return rows.getTable();
    }

    /** The first of several problems in a message. */
    public static String listed(final List<Problem> problems) {
        final StringBuilder text = new StringBuilder();
        text.append(problems.size()).append(problems.size() == 1 ? " problem: " : " problems, the first: ");
        problems.stream().limit(SHOWN).forEach(p -> text.append(describe(p)).append(' '));
        return text.toString().strip();
    }

    /** A problem in one line. */
    public static String describe(final Problem problem) {
        return (problem.file().isEmpty() ? "" : problem.file() + ": ") + problem.message() + " " + problem.remedy();
    }

    /** {@code MISSING_SLICE} as {@code missing slice}. */
    private static String words(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("dicom", "DICOM");
    }
}
