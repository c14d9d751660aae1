package org.scanbridge.knime.nodes.intensitydivergencescorer;

import java.util.List;
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
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.SiteWeight;
import org.scanbridge.knime.util.Columns;

/** The third output: the divergence of every two sites, which tells the one that stands apart. */
final class PairTable {

    static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator("Normalization", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Class", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Site 1", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Site 2", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("JSD", DoubleCell.TYPE).createSpec());

    private final BufferedDataContainer m_rows;

    PairTable(final ExecutionContext exec) {
        m_rows = exec.createDataContainer(SPEC);
    }

    /** Appends every two sites of an image column and class. */
    void add(final String image, final String className, final Map<String, Histogram> histograms,
        final JensenShannonDivergence divergence, final SiteWeight weight) {
        final List<String> sites = List.copyOf(histograms.keySet());
        for (int a = 0; a < sites.size(); a++) {
            for (int b = a + 1; b < sites.size(); b++) {
                final Histogram first = histograms.get(sites.get(a));
                final Histogram second = histograms.get(sites.get(b));
                m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), new StringCell(image),
                    new StringCell(className), new StringCell(sites.get(a)), new StringCell(sites.get(b)),
                    Columns.number(divergence.of(List.of(first, second),
                        List.of(weight.of(sites.get(a), first), weight.of(sites.get(b), second))))));
            }
        }
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
