package org.scanbridge.knime.nodes.learnednormalizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnProperties;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.UnlikeTraining;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.LearnedNormalization;

/** Appends a column with what a generator makes of a column of images. */
public final class GeneratorTable {

    private final String m_imageColumn;

    private final BufferedDataContainer m_rows;

    private final VolumeCellFactory m_cells;

    private final List<String> m_withoutImage = new ArrayList<>();

    private final UnlikeTraining m_unlike;

    private final RowProblems m_problems = new RowProblems("normalized");

    /**
     * @param context of the executing node
     * @param spec of the tables that are added
     * @param imageColumn the images
     * @param outputColumn name of the new column
     * @param trained what normalizes, if its images are to be compared with those of its training; else empty
     */
    public GeneratorTable(final ExecutionContext context, final DataTableSpec spec, final String imageColumn,
        final String outputColumn, final List<Network> trained) throws InvalidSettingsException {
        m_imageColumn = imageColumn;
        m_rows = context.createDataContainer(spec(spec, imageColumn, outputColumn));
        m_cells = VolumeCellFactory.of(context);
        m_unlike = new UnlikeTraining(trained);
    }

    /**
     * The table's spec with the new column, which says how it was made.
     *
     * @throws InvalidSettingsException if there is no such image column, or the new name is taken
     */
    public static DataTableSpec spec(final DataTableSpec spec, final String imageColumn, final String outputColumn)
        throws InvalidSettingsException {
        final int image = Columns.index(spec, imageColumn, VolumeValue.class, "Image column");
        if (spec.containsName(outputColumn)) {
            throw new InvalidSettingsException("The table already has a column \"" + outputColumn
                + "\". Choose another name for the new column.");
        }
        final String before =
            spec.getColumnSpec(image).getProperties().getProperty(StudyTable.NORMALIZATION_PROPERTY);
        final DataColumnSpecCreator creator = new DataColumnSpecCreator(outputColumn, VolumeCell.TYPE);
        creator.setProperties(new DataColumnProperties(Map.of(StudyTable.NORMALIZATION_PROPERTY,
            (before == null ? "" : before + ", then ") + "learned normalization")));
        return new DataTableSpec(spec, new DataTableSpec(creator.createSpec()));
    }

    /**
     * Adds the rows of a table; a row without an image gets none.
     *
     * @param table with the columns of the spec
     * @param keys whether rows keep their keys; else they are numbered
     */
    public void add(final BufferedDataTable table, final LearnedNormalization normalization, final boolean keys,
        final Progress progress) throws IOException {
        final int image = table.getDataTableSpec().findColumnIndex(m_imageColumn);
        long done = 0;
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final Progress part = progress.part((double)done / table.size(), (done + 1.0) / table.size());
                final String message = "Image " + (done + 1) + " of " + table.size();
                DataCell cell = DataType.getMissingCell();
                if (row.getCell(image).isMissing()) {
                    m_withoutImage.add(row.getKey().getString());
                } else {
                    try {
                        final Volume volume = ((VolumeValue)row.getCell(image)).volume();
                        m_unlike.add(row.getKey().getString(),
                            new ChannelImages(List.of(m_imageColumn), List.of(volume), ""));
                        cell = m_cells.create("normalized-" + m_rows.size(),
                            normalization.apply(volume, (fraction, block) -> part.report(fraction, message)));
                    } catch (final LearningException e) {
                        cell = m_problems.add(row.getKey().getString(), e.getMessage());
                    }
                }
                m_rows.addRowToTable(append(keys ? row.getKey() : RowKey.createRowKey(m_rows.size()), row, cell));
                done++;
            }
        }
    }

    /** What normalizing the largest image of a table takes of Java's heap. */
    HeapNeed need(final BufferedDataTable table, final LearnedNormalization normalization) {
        final int image = table.getDataTableSpec().findColumnIndex(m_imageColumn);
        return HeapNeed.ofRows(table, row -> row.getCell(image).isMissing() ? 0
            : bytes(((VolumeValue)row.getCell(image)).geometry(), normalization));
    }

    private static long bytes(final Geometry grid, final LearnedNormalization normalization) {
        return Float.BYTES * (long)grid.voxelCount() + normalization.bytes(grid.size());
    }

    private static DataRow append(final RowKey key, final DataRow row, final DataCell cell) {
        final DataCell[] cells = new DataCell[row.getNumCells() + 1];
        for (int c = 0; c < row.getNumCells(); c++) {
            cells[c] = row.getCell(c);
        }
        cells[row.getNumCells()] = cell;
        return new DefaultRow(key, cells);
    }

    /** Keys of rows that had no image. */
    public List<String> withoutImage() {
        return List.copyOf(m_withoutImage);
    }

    /** Images unlike those of the training. */
    UnlikeTraining unlike() {
        return m_unlike;
    }

    /** Rows whose image could not be normalized. */
    RowProblems problems() {
        return m_problems;
    }

    /** The table; ends adding. */
    public BufferedDataTable close() {
        m_rows.close();
        return m_rows.getTable();
    }
}
