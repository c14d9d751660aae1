package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.metrics.OverlapMetric;
import org.scanbridge.imaging.metrics.SegmentVolume;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.report.ScoreRow;

/** The scorer's first table: one row per subject, model and class. */
final class ScoreTable {

    static final DataTableSpec SPEC = spec();

    private final BufferedDataContainer m_rows;

    ScoreTable(final ExecutionContext exec) {
        m_rows = exec.createDataContainer(SPEC);
    }

    private static DataTableSpec spec() {
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (final String text : List.of(StudyTable.SUBJECT, StudyTable.SITE, StudyTable.ROLE, "Domain", "Model",
            "Class")) {
            columns.add(new DataColumnSpecCreator(text, StringCell.TYPE).createSpec());
        }
        for (final OverlapMetric metric : OverlapMetric.values()) {
            columns.add(new DataColumnSpecCreator(metric.title(), DoubleCell.TYPE).createSpec());
        }
        for (final String number : List.of("HD95 (mm)", "ASSD (mm)", "Volume (ml)", "Reference Volume (ml)",
            "Volume Difference")) {
            columns.add(new DataColumnSpecCreator(number, DoubleCell.TYPE).createSpec());
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    void add(final ClassScore score) {
        final ScoreRow row = score.row();
        final List<DataCell> cells = new ArrayList<>();
        for (final String text : List.of(row.subject(), row.site(), row.role(), row.domain(), row.model(),
            row.className())) {
            cells.add(Columns.text(text));
        }
        for (final OverlapMetric metric : OverlapMetric.values()) {
            cells.add(Columns.number(metric.of(score.counts())));
        }
        cells.add(Columns.number(distance(score, SurfaceDistances::hausdorff95)));
        cells.add(Columns.number(distance(score, SurfaceDistances::averageSymmetric)));
        cells.add(new DoubleCell(score.volume()));
        cells.add(new DoubleCell(score.referenceVolume()));
        cells.add(Columns.number(SegmentVolume.relativeDifference(score.volume(), score.referenceVolume())));
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), cells.toArray(DataCell[]::new)));
    }

    private static OptionalDouble distance(final ClassScore score, final ToDoubleFunction<SurfaceDistances> metric) {
        return score.distances().isPresent() ? OptionalDouble.of(metric.applyAsDouble(score.distances().get()))
            : OptionalDouble.empty();
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
