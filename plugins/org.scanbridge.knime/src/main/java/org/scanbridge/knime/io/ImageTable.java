package org.scanbridge.knime.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/** Builds the first table of the readers: one row per series. */
public final class ImageTable {

    private final BufferedDataContainer m_rows;

    private final VolumeCellFactory m_cells;

    /**
     * @param exec of the reading node
     * @param raters number of segmentation columns
     * @param attributes names of further text columns, at the end
     */
    public ImageTable(final ExecutionContext exec, final int raters, final List<String> attributes) {
        m_rows = exec.createDataContainer(spec(raters, attributes));
        m_cells = VolumeCellFactory.of(exec);
    }

    /**
     * Subject, Site, Series, Modality, Image, Segmentation, Segmentation 2 and so on, Input Hash, and text columns.
     *
     * @param raters number of segmentation columns
     * @param attributes names of the text columns; one that is taken gets a number
     */
    public static DataTableSpec spec(final int raters, final List<String> attributes) {
        final List<DataColumnSpec> fixed = new ArrayList<>(List.of(column(StudyTable.SUBJECT, StringCell.TYPE),
            column(StudyTable.SITE, StringCell.TYPE), column(StudyTable.SERIES, StringCell.TYPE),
            column(StudyTable.MODALITY, StringCell.TYPE), column(StudyTable.IMAGE, VolumeCell.TYPE)));
        for (int r = 1; r <= raters; r++) {
            fixed.add(column(StudyTable.SEGMENTATION + (r == 1 ? "" : " " + r), LabelVolumeCell.TYPE));
        }
        fixed.add(column(StudyTable.INPUT_HASH, StringCell.TYPE));
        DataTableSpec spec = new DataTableSpec(fixed.toArray(DataColumnSpec[]::new));
        for (final String name : attributes) {
            spec = new DataTableSpec(spec,
                new DataTableSpec(column(DataTableSpec.getUniqueColumnName(spec, name), StringCell.TYPE)));
        }
        return spec;
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /**
     * Appends a series; its voxels are on disk afterwards.
     *
     * @param segmentations of each rater
     * @param attributes the texts of the further columns; empty for a missing cell
     * @throws IOException if the voxels cannot be written
     */
    public void add(final Volume image, final List<Optional<LabelVolume>> segmentations, final String inputHash,
        final List<String> attributes) throws IOException {
        final long index = m_rows.size();
        final List<DataCell> cells = new ArrayList<>();
        cells.add(Columns.text(image.info().subject()));
        cells.add(Columns.text(image.info().site()));
        cells.add(Columns.text(image.info().series()));
        cells.add(Columns.text(image.info().modality()));
        cells.add(m_cells.create("image-" + index, image));
        for (int r = 0; r < segmentations.size(); r++) {
            cells.add(segmentations.get(r).isPresent()
                ? m_cells.create("segmentation-" + index + (r == 0 ? "" : "-" + (r + 1)), segmentations.get(r).get())
                : DataType.getMissingCell());
        }
        cells.add(Columns.text(inputHash));
        attributes.forEach(a -> cells.add(Columns.text(a)));
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(index), cells.toArray(DataCell[]::new)));
    }

    /** Number of series so far. */
    public long size() {
        return m_rows.size();
    }

    /** The table with all series. */
    public BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
