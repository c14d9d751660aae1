package org.scanbridge.knime.nodes.imagetranslationlearner;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.nodes.learnednormalizer.GeneratorTable;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.learning.method.ImageTranslationOptions;
import org.scanbridge.learning.predict.ImageSimilarity;
import org.scanbridge.learning.predict.LearnedNormalization;
import org.scanbridge.learning.train.TranslationResult;

/** Appends the image in the look of the other side, and two similarities, to rows of either side. */
final class TranslatedImages implements AutoCloseable {

    private static final List<String> SIMILARITIES = List.of("Similarity", "Cycle Similarity");

    private final int m_image;

    private final int m_site;

    private final ImageTranslationOptions m_options;

    private final BufferedDataContainer m_rows;

    private final VolumeCellFactory m_cells;

    private final LearnedNormalization m_forward;

    private final LearnedNormalization m_backward;

    TranslatedImages(final ExecutionContext context, final DataTableSpec spec, final CaseColumns columns,
        final String outputColumn, final ImageTranslationOptions options, final TranslationResult result)
        throws InvalidSettingsException {
        m_image = spec.findColumnIndex(columns.image());
        m_site = spec.findColumnIndex(columns.site());
        m_options = options;
        m_rows = context.createDataContainer(spec(spec, columns.image(), outputColumn));
        m_cells = VolumeCellFactory.of(context);
        m_forward = new LearnedNormalization(result.forward());
        m_backward = new LearnedNormalization(result.backward());
    }

    /** @throws InvalidSettingsException if there is no such image column, or a new name is taken */
    static DataTableSpec spec(final DataTableSpec spec, final String imageColumn, final String outputColumn)
        throws InvalidSettingsException {
        DataTableSpec all = GeneratorTable.spec(spec, imageColumn, outputColumn);
        for (final String name : SIMILARITIES) {
            if (all.containsName(name)) {
                throw new InvalidSettingsException("The table already has a column \"" + name
                    + "\", which is the name of a new one. Rename it before.");
            }
            all = new DataTableSpec(all, new DataTableSpec(new DataColumnSpecCreator(name, DoubleCell.TYPE).createSpec()));
        }
        return all;
    }

    /** Adds the rows of a table; rows of sites on neither side get no image. */
    void add(final BufferedDataTable table, final Progress progress) throws IOException {
        long done = 0;
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final Progress part = progress.part((double)done / table.size(), (done + 1.0) / table.size());
                final String message = "Translating image " + (done + 1) + " of " + table.size();
                m_rows.addRowToTable(translated(row, (fraction, block) -> part.report(fraction, message)));
                done++;
            }
        }
    }

    private DataRow translated(final DataRow row, final Progress progress) throws IOException {
        final int before = row.getNumCells();
        final DataCell[] cells = new DataCell[before + 1 + SIMILARITIES.size()];
        for (int c = 0; c < before; c++) {
            cells[c] = row.getCell(c);
        }
        Arrays.fill(cells, before, cells.length, DataType.getMissingCell());
        final Optional<Boolean> source = isSource(Columns.text(row, m_site));
        if (source.isPresent() && !row.getCell(m_image).isMissing()) {
            final Volume image = ((VolumeValue)row.getCell(m_image)).volume();
            final Volume made = (source.get() ? m_forward : m_backward).apply(image, progress.part(0, 0.5));
            final Volume back = (source.get() ? m_backward : m_forward).apply(made, progress.part(0.5, 1));
            cells[before] = m_cells.create("translated-" + m_rows.size(), made);
            cells[before + 1] = Columns.number(ImageSimilarity.correlation(image, made));
            cells[before + 2] = Columns.number(ImageSimilarity.correlation(image, back));
        }
        return new DefaultRow(RowKey.createRowKey(m_rows.size()), cells);
    }

    /** Empty for sites on neither side. */
    private Optional<Boolean> isSource(final String site) {
        if (m_options.sources().contains(site)) {
            return Optional.of(true);
        }
        return m_options.targets().isEmpty() || m_options.targets().contains(site) ? Optional.of(false)
            : Optional.empty();
    }

    /** The table; ends adding. */
    BufferedDataTable table() {
        m_rows.close();
        return m_rows.getTable();
    }

    @Override
    public void close() {
        m_forward.close();
        m_backward.close();
    }
}
