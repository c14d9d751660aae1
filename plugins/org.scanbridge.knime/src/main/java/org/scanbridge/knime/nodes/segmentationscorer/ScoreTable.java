package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.report.ScoreRow;

/** The scorer's first table: one row per image, model and class. */
final class ScoreTable {

    /** The columns that say what a row is a score of. */
    static final List<String> NAMES =
        List.of(StudyTable.SUBJECT, StudyTable.SITE, StudyTable.ROLE, "Domain", "Model", "Class");

    private final BufferedDataContainer m_rows;

    ScoreTable(final List<Score> scores, final ExecutionContext exec) {
        m_rows = exec.createDataContainer(spec(scores));
    }

    static DataTableSpec spec(final List<Score> scores) {
        final List<DataColumnSpec> columns = new ArrayList<>();
        NAMES.forEach(name -> columns.add(ScoreGroup.column(name, StringCell.TYPE)));
        scores.forEach(score -> columns.add(ScoreGroup.column(score.title(), DoubleCell.TYPE)));
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    void add(final ScoredClass scored) {
        final ScoreRow row = scored.row();
        final List<DataCell> cells = new ArrayList<>();
        for (final String text : List.of(row.subject(), row.site(), row.role(), row.domain(), row.model(),
            row.className())) {
            cells.add(Columns.text(text));
        }
        scored.values().forEach(value -> cells.add(Columns.number(value)));
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), cells.toArray(DataCell[]::new)));
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
