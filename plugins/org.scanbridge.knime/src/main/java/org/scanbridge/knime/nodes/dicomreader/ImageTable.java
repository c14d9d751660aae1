package org.scanbridge.knime.nodes.dicomreader;

import java.io.IOException;
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

/** Builds the reader's first table: one row per series. */
final class ImageTable {

    static final DataTableSpec SPEC = new DataTableSpec(column(StudyTable.SUBJECT, StringCell.TYPE),
        column(StudyTable.SITE, StringCell.TYPE), column(StudyTable.SERIES, StringCell.TYPE),
        column(StudyTable.MODALITY, StringCell.TYPE), column(StudyTable.IMAGE, VolumeCell.TYPE),
        column(StudyTable.SEGMENTATION, LabelVolumeCell.TYPE), column(StudyTable.INPUT_HASH, StringCell.TYPE));

    private final BufferedDataContainer m_rows;

    private final VolumeCellFactory m_cells;

    ImageTable(final ExecutionContext exec) {
        m_rows = exec.createDataContainer(SPEC);
        m_cells = VolumeCellFactory.of(exec);
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** Appends a series; its voxels are on disk afterwards. */
    void add(final Volume image, final Optional<LabelVolume> segmentation, final String inputHash)
        throws IOException {
        final long index = m_rows.size();
        final DataCell imageCell = m_cells.create("image-" + index, image);
        final DataCell labelCell = segmentation.isPresent()
            ? m_cells.create("segmentation-" + index, segmentation.get()) : DataType.getMissingCell();
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(index), Columns.text(image.info().subject()),
            Columns.text(image.info().site()), Columns.text(image.info().series()),
            Columns.text(image.info().modality()), imageCell, labelCell, Columns.text(inputHash)));
    }

    /** Number of series so far. */
    long size() {
        return m_rows.size();
    }

    BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
