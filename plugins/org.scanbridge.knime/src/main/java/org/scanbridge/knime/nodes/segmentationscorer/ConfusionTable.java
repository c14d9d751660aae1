package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.LongCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.metrics.ConfusionMatrix;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.util.Columns;

/** The scorer's fourth table: how many voxels of each class were taken for each class, over the images of a site. */
final class ConfusionTable {

    static final DataTableSpec SPEC = spec();

    /** Label values, the background first. */
    private final List<Integer> m_labels = new ArrayList<>();

    private final Map<ScoreGroup, long[][]> m_counts = new LinkedHashMap<>();

    /** @param classes label values without the background */
    ConfusionTable(final Iterable<Integer> classes) {
        m_labels.add(0);
        classes.forEach(m_labels::add);
    }

    private static DataTableSpec spec() {
        final List<DataColumnSpec> columns = new ArrayList<>(ScoreGroup.columns());
        columns.add(ScoreGroup.column("Reference Class", StringCell.TYPE));
        columns.add(ScoreGroup.column("Predicted Class", StringCell.TYPE));
        columns.add(ScoreGroup.column("Voxels", LongCell.TYPE));
        columns.add(ScoreGroup.column("Share of Reference", DoubleCell.TYPE));
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    void add(final ScoreGroup group, final ConfusionMatrix matrix) {
        final long[][] counts =
            m_counts.computeIfAbsent(group, g -> new long[m_labels.size()][m_labels.size()]);
        for (int t = 0; t < counts.length; t++) {
            for (int p = 0; p < counts.length; p++) {
                counts[t][p] += matrix.count(m_labels.get(t), m_labels.get(p));
            }
        }
    }

    BufferedDataTable create(final LabelSet names, final ExecutionContext exec) {
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        m_counts.forEach((group, counts) -> {
            for (int t = 0; t < counts.length; t++) {
                long reference = 0;
                for (final long count : counts[t]) {
                    reference += count;
                }
                for (int p = 0; p < counts.length; p++) {
                    final List<DataCell> cells = new ArrayList<>(group.cells());
                    cells.add(new StringCell(names.name(m_labels.get(t))));
                    cells.add(new StringCell(names.name(m_labels.get(p))));
                    cells.add(new LongCell(counts[t][p]));
                    cells.add(Columns.number(reference == 0 ? OptionalDouble.empty()
                        : OptionalDouble.of((double)counts[t][p] / reference)));
                    rows.addRowToTable(
                        new DefaultRow(RowKey.createRowKey(rows.size()), cells.toArray(DataCell[]::new)));
                }
            }
        });
        rows.close();
        return rows.getTable();
    }
}
