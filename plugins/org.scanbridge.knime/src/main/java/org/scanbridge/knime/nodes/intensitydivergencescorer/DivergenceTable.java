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
        column("Missing", LongCell.TYPE), column("Distance", DoubleCell.TYPE), column("Unit", StringCell.TYPE),
        column("Outside", DoubleCell.TYPE));

    /**
     * A column of images.
     *
     * @param name its name
     * @param description how it was normalized
     */
    record ImageColumn(String name, String description) {

        /** With {@code not normalized} if nothing is known. */
        static ImageColumn of(final DataColumnSpec column) {
            final String description = column.getProperties().getProperty(StudyTable.NORMALIZATION_PROPERTY);
            return new ImageColumn(column.getName(), description == null ? "not normalized" : description);
        }
    }

    /**
     * A divergence between sites.
     *
     * @param className the class whose voxels were counted, or {@link #OVERALL}
     * @param jsd the divergence; empty if a site has no voxel of the class
     * @param bound its largest possible value
     * @param unit nats or bits
     * @param histograms by site
     */
    record Measured(String className, OptionalDouble jsd, double bound, String unit, Map<String, Histogram> histograms) {
    }

    private final BufferedDataContainer m_rows;

    DivergenceTable(final ExecutionContext exec) {
        m_rows = exec.createDataContainer(SPEC);
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /**
     * Appends a row.
     *
     * @param image the image column
     * @param missing number of images left out
     * @param divergence what was measured
     */
    void add(final ImageColumn image, final long missing, final Measured divergence) {
        final long voxels = divergence.histograms().values().stream().mapToLong(Histogram::total).sum();
        final long outside = divergence.histograms().values().stream().mapToLong(h -> h.below() + h.above()).sum();
        final OptionalDouble jsd = divergence.jsd();
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), new StringCell(image.name()),
            new StringCell(image.description()), new StringCell(divergence.className()), Columns.number(jsd),
            new DoubleCell(divergence.bound()), new IntCell(divergence.histograms().size()), new LongCell(voxels),
            new LongCell(missing),
            Columns.number(jsd.isPresent() ? OptionalDouble.of(Math.sqrt(jsd.getAsDouble())) : jsd),
            new StringCell(divergence.unit()),
            Columns.number(voxels == 0 ? OptionalDouble.empty() : OptionalDouble.of((double)outside / voxels))));
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
