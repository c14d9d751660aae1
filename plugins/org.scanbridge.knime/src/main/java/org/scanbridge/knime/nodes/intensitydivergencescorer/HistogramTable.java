package org.scanbridge.knime.nodes.intensitydivergencescorer;

import java.util.Map;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.metrics.Histogram;
import org.scanbridge.knime.util.StudyTable;

/** The second output: one row per image column, class, site and bin. */
final class HistogramTable {

    static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator("Normalization", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator(StudyTable.SITE, StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Class", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Bin Center", DoubleCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Density", DoubleCell.TYPE).createSpec());

    private final BufferedDataContainer m_rows;

    HistogramTable(final ExecutionContext exec) {
        m_rows = exec.createDataContainer(SPEC);
    }

    /** Appends the histograms of all sites; a site without voxels of the class has no curve. */
    void add(final String column, final String className, final Map<String, Histogram> histograms) {
        histograms.forEach((site, histogram) -> {
            if (histogram.total() > 0) {
                add(column, className, site, histogram);
            }
        });
    }

    private void add(final String column, final String className, final String site, final Histogram histogram) {
        final double[] shares = histogram.shares();
        for (int b = 0; b < shares.length; b++) {
            m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), new StringCell(column),
                new StringCell(site), new StringCell(className), new DoubleCell(histogram.range().center(b)),
                new DoubleCell(shares[b] / histogram.range().width())));
        }
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
