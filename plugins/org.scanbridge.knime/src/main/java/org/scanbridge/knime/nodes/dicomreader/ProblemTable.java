package org.scanbridge.knime.nodes.dicomreader;

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

/** The reader's second table: what is wrong in the folder. */
final class ProblemTable {

    static final DataTableSpec SPEC = new DataTableSpec(column("File"), column("Series"), column("Problem"),
        column("Effect"), column("Message"), column("Advice"));

    private ProblemTable() {
    }

    private static DataColumnSpec column(final String name) {
        return new DataColumnSpecCreator(name, StringCell.TYPE).createSpec();
    }

    static BufferedDataTable create(final List<Problem> problems, final ExecutionContext exec) {
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

    /** {@code MISSING_SLICE} as {@code missing slice}. */
    private static String words(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("dicom", "DICOM");
    }
}
