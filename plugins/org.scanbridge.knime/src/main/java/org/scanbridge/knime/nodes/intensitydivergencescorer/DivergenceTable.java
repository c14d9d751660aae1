package org.scanbridge.knime.nodes.intensitydivergencescorer;

import java.util.Map;
import java.util.OptionalDouble;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.LongCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.metrics.Histogram;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/** The first output: one row per image column and class. */
final class DivergenceTable {

    /** The class of the row that counts all classes. */
    static final String OVERALL = "overall";

    static final DataTableSpec SPEC = new DataTableSpec(column("Normalization", StringCell.TYPE),
        column("Description", StringCell.TYPE), column("Class", StringCell.TYPE), column("JSD", DoubleCell.TYPE),
        column("Bound", DoubleCell.TYPE), column("Sites", IntCell.TYPE), column("Voxels", LongCell.TYPE),
        column("Missing", LongCell.TYPE));

    private final BufferedDataContainer m_rows;

    DivergenceTable(final ExecutionContext exec) {
        m_rows = exec.createDataContainer(SPEC);
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** How a column was normalized; {@code not normalized} if nothing is known. */
    static String description(final DataColumnSpec column) {
        final String description = column.getProperties().getProperty(StudyTable.NORMALIZATION_PROPERTY);
        return description == null ? "not normalized" : description;
    }

    void add(final String column, final String description, final String className, final OptionalDouble jsd,
        final int sites, final Map<String, Histogram> histograms, final long missing) {
        final long voxels = histograms.values().stream().mapToLong(Histogram::total).sum();
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), new StringCell(column),
            new StringCell(description), new StringCell(className), Columns.number(jsd),
            new DoubleCell(Math.log(sites)), new IntCell(sites), new LongCell(voxels), new LongCell(missing)));
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
