package org.scanbridge.knime.nodes.volumenormalizer;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnProperties;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.normalize.FittedNormalizer;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerParameters.Method;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the Volume Normalizer: fit, then apply row by row; one image is in memory at a time. */
final class Normalization {

    /** How much of the progress is fitting, where something is fitted. */
    private static final double FITTING = 0.4;

    private final VolumeNormalizerParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_image;

    private final int m_site;

    /** @throws InvalidSettingsException if a column is not there */
    Normalization(final VolumeNormalizerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_image = imageColumn(parameters, spec);
        m_site = siteColumn(parameters, spec);
    }

    /** Checks the table that statistics come from. */
    static void requireFitColumns(final VolumeNormalizerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        imageColumn(parameters, spec);
        siteColumn(parameters, spec);
    }

    private static int imageColumn(final VolumeNormalizerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        return Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
    }

    private static int siteColumn(final VolumeNormalizerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        return parameters.needsSite() ? Columns.index(spec, parameters.m_siteColumn, StringValue.class, "Site column")
            : -1;
    }

    /** The output table. */
    DataTableSpec spec() {
        final String name = m_parameters.m_replace ? m_spec.getColumnSpec(m_image).getName()
            : DataTableSpec.getUniqueColumnName(m_spec, m_parameters.m_outputColumn.strip());
        final DataColumnSpecCreator creator = new DataColumnSpecCreator(name, VolumeCell.TYPE);
        creator.setProperties(new DataColumnProperties(
            Map.of(StudyTable.NORMALIZATION_PROPERTY, m_parameters.description())));
        final DataColumnSpec normalized = creator.createSpec();
        final DataTableSpecCreator table = new DataTableSpecCreator(m_spec);
        return (m_parameters.m_replace ? table.replaceColumn(m_image, normalized) : table.addColumns(normalized))
            .createSpec();
    }

    /** Normalizes a table. */
    void run(final BufferedDataTable images, final BufferedDataTable fitOn, final ExecutionContext exec,
        final ExecuteOutput out) throws IOException, InvalidSettingsException {
        final Progress progress = new KnimeProgress(exec);
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final Optional<FittedNormalizer> normalizer = images.size() == 0 || m_parameters.m_method == Method.NONE
            ? Optional.empty() : Optional.of(fit(fitOn, progress.part(0, FITTING)));
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        final Progress applying = progress.part(FITTING, 1);
        long missing = 0;
        for (final DataRow row : images) {
            applying.report((double)rows.size() / images.size(),
                "Normalizing image " + (rows.size() + 1) + " of " + images.size());
            DataCell cell = row.getCell(m_image);
            if (cell.isMissing()) {
                missing++;
            } else if (normalizer.isPresent()) {
                final Volume image = ((VolumeValue)cell).volume();
                final Volume normalized = normalizer.get().apply(sample(image, row, m_site));
                cell = cells.create("normalized-" + rows.size(), normalized.withInfo(image.info()));
            }
            rows.addRowToTable(row(row, cell));
        }
        rows.close();
        out.setOutData(0, rows.getTable());
        if (images.size() == 0) {
            out.setWarningMessage("The input table has no rows; nothing was normalized.");
        } else if (missing > 0) {
            out.setWarningMessage(missing + " of " + images.size() + " rows have no image and keep a missing cell.");
        }
    }

    private FittedNormalizer fit(final BufferedDataTable table, final Progress progress)
        throws InvalidSettingsException {
        final int image = imageColumn(m_parameters, table.getDataTableSpec());
        final int site = siteColumn(m_parameters, table.getDataTableSpec());
        try (Samples samples = new Samples(table, image, site, progress)) {
            return m_parameters.normalization().fit(() -> samples);
        }
    }

    /** The site that counts is the table's. */
    private static Sample sample(final Volume image, final DataRow row, final int site) {
        if (site < 0) {
            return Sample.of(image);
        }
        final VolumeInfo info = image.info();
        return Sample.of(image.withInfo(new VolumeInfo(info.modality(), Columns.text(row, site), info.subject(),
            info.series(), info.units())));
    }

    private DataRow row(final DataRow row, final DataCell normalized) {
        final int columns = row.getNumCells();
        final DataCell[] cells = new DataCell[m_parameters.m_replace ? columns : columns + 1];
        for (int c = 0; c < columns; c++) {
            cells[c] = row.getCell(c);
        }
        cells[m_parameters.m_replace ? m_image : columns] = normalized;
        return new DefaultRow(row.getKey(), cells);
    }

    /** The images of a table, one after the other; rows without an image are left out. */
    private static final class Samples implements Iterator<Sample>, AutoCloseable {

        private final CloseableRowIterator m_rows;

        private final long m_count;

        private final int m_imageColumn;

        private final int m_siteColumn;

        private final Progress m_progress;

        private long m_seen;

        private DataRow m_next;

        Samples(final BufferedDataTable table, final int image, final int site, final Progress progress) {
            m_rows = table.iterator();
            m_count = table.size();
            m_imageColumn = image;
            m_siteColumn = site;
            m_progress = progress;
            advance();
        }

        private void advance() {
            m_next = null;
            while (m_next == null && m_rows.hasNext()) {
                final DataRow row = m_rows.next();
                m_seen++;
                m_next = row.getCell(m_imageColumn).isMissing() ? null : row;
            }
        }

        @Override
        public boolean hasNext() {
            return m_next != null;
        }

        @Override
        public Sample next() {
            if (m_next == null) {
                throw new NoSuchElementException();
            }
            final DataRow row = m_next;
            m_progress.report((double)(m_seen - 1) / m_count, "Fitting to image " + m_seen + " of " + m_count);
            advance();
            return sample(((VolumeValue)row.getCell(m_imageColumn)).volume(), row, m_siteColumn);
        }

        @Override
        public void close() {
            m_rows.close();
        }
    }
}
