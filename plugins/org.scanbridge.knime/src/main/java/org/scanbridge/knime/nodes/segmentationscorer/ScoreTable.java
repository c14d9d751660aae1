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

/** The scorer's first table: one row per image, model and class or region. */
final class ScoreTable {

    /** The columns that say what a row is a score of. */
    static final List<String> NAMES =
        List.of(StudyTable.SUBJECT, StudyTable.SITE, StudyTable.ROLE, "Domain", "Model", "Class");

    /** The column that tells regions from classes; only there if regions are scored. */
    static final String KIND = "Kind";

    private final BufferedDataContainer m_rows;

    private final boolean m_kinds;

    ScoreTable(final List<Score> scores, final boolean regions, final ExecutionContext exec) {
        m_kinds = regions;
        m_rows = exec.createDataContainer(spec(scores, regions));
    }

    static DataTableSpec spec(final List<Score> scores, final boolean regions) {
        final List<DataColumnSpec> columns = new ArrayList<>();
        NAMES.forEach(name -> columns.add(ScoreGroup.column(name, StringCell.TYPE)));
        scores.forEach(score -> columns.add(ScoreGroup.column(score.title(), DoubleCell.TYPE)));
        if (regions) {
            columns.add(ScoreGroup.column(KIND, StringCell.TYPE));
        }
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
        if (m_kinds) {
            cells.add(new StringCell(scored.region() ? StudyTable.REGION : "class"));
        }
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), cells.toArray(DataCell[]::new)));
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
