package org.scanbridge.knime.nodes.volumenormalizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnProperties;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.normalize.FittedNormalizer;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.normalize.Normalizer;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the Volume Normalizer: fit, then apply row by row; one image is in memory at a time. */
final class Normalization {

    /** How much of the progress is fitting, where something is fitted. */
    private static final double FITTING = 0.4;

    /** The column that says which foreground rule an image got. */
    private static final String FOREGROUND = "Foreground";

    private final VolumeNormalizerParameters m_parameters;

    private final DataTableSpec m_spec;

    private final SampleColumns m_columns;

    /** @throws InvalidSettingsException if a column is not there */
    Normalization(final VolumeNormalizerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_columns = SampleColumns.of(parameters, spec);
    }

    /** The output table. */
    DataTableSpec spec() {
        final String name = m_parameters.m_replace ? m_spec.getColumnSpec(m_columns.image()).getName()
            : DataTableSpec.getUniqueColumnName(m_spec, m_parameters.m_outputColumn.strip());
        final DataColumnSpecCreator creator = new DataColumnSpecCreator(name, VolumeCell.TYPE);
        creator.setProperties(new DataColumnProperties(
            Map.of(StudyTable.NORMALIZATION_PROPERTY, m_parameters.description())));
        final DataColumnSpec normalized = creator.createSpec();
        final DataTableSpecCreator table = new DataTableSpecCreator(m_spec);
        final DataTableSpec known = (m_parameters.m_replace ? table.replaceColumn(m_columns.image(), normalized)
            : table.addColumns(normalized)).createSpec();
        return m_parameters.tellsForeground() ? new DataTableSpecCreator(known).addColumns(new DataColumnSpecCreator(
            DataTableSpec.getUniqueColumnName(known, FOREGROUND), StringCell.TYPE).createSpec()).createSpec() : known;
    }

    /**
     * Normalizes a table.
     *
     * @param images the images
     * @param fitOn the images to fit to
     * @param learned a scale that was learned before; null to fit
     */
    void run(final BufferedDataTable images, final BufferedDataTable fitOn, final BufferedDataTable learned,
        final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(images, row -> m_parameters.bytes(m_columns, row)).require();
        final Progress progress = new KnimeProgress(exec);
        final Normalizer normalizer;
        Optional<String> leftOut = Optional.empty();
        if (learned != null) {
            normalizer = LearnedScale.read(learned, m_parameters);
        } else if (images.size() == 0) {
            // Nothing is to be normalized, so there need not be anything to fit to either.
            normalizer = Sample::image;
        } else {
            final Fit fit = new Fit(m_parameters, fitOn.getDataTableSpec());
            requireMemoryToFit(fitOn);
            normalizer = fit.normalizer(fitOn, progress.part(0, FITTING));
            leftOut = fit.warning();
            requireSites(normalizer, images, fit);
        }
        out.setOutData(1, LearnedScale.write(normalizer, m_parameters.description(), exec));
        apply(normalizer, images, leftOut, progress.part(FITTING, 1), exec, out);
    }

    /** Percentiles of several images keep a share of their voxels. */
    private void requireMemoryToFit(final BufferedDataTable fitOn) throws InvalidSettingsException, KNIMEException {
        if (m_parameters.learns()) {
            final SampleColumns columns = SampleColumns.of(m_parameters, fitOn.getDataTableSpec());
            final HeapNeed need = HeapNeed.ofRows(fitOn, row -> m_parameters.bytes(columns, row));
            final long largest = need.bytes();
            long kept = 0;
            for (final DataRow row : fitOn) {
                kept += m_parameters.bytesKept(columns, row);
            }
            need.add("fitting to " + fitOn.size() + " images", largest + kept);
            need.require();
        }
    }

    /** A site that nothing was learned from is a fault of the workflow, unless all that was learned from it was bad. */
    private void requireSites(final Normalizer normalizer, final BufferedDataTable images, final Fit fit)
        throws KNIMEException {
        if (normalizer instanceof FittedNormalizer fitted && m_columns.site() >= 0) {
            for (final DataRow row : images) {
                final String site = Columns.text(row, m_columns.site());
                if (!row.getCell(m_columns.image()).isMissing() && !fitted.maps().containsKey(site) && !fit.hasLeftOut(site)) {
                    throw new KNIMEException("The normalization was learned from sites " + fitted.maps().keySet()
                        + ", the image of " + RowName.of(row.getKey().getString()) + " (site " + site
                        + ") comes from none of them. Learn from images of that site too, or choose another scope.");
                }
            }
        }
    }

    private void apply(final Normalizer normalizer, final BufferedDataTable images, final Optional<String> leftOut,
        final Progress progress, final ExecutionContext exec, final ExecuteOutput out) throws IOException, KNIMEException {
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        long missing = 0;
        final Doubts doubts = new Doubts();
        final RowProblems problems = new RowProblems("normalized");
        for (final DataRow row : images) {
            progress.report((double)rows.size() / images.size(),
                "Normalizing image " + (rows.size() + 1) + " of " + images.size());
            DataCell cell = row.getCell(m_columns.image());
            DataCell foreground = DataType.getMissingCell();
            if (cell.isMissing()) {
                missing++;
            } else if (m_parameters.m_method != Method.NONE) {
                final VolumeInfo info = ((VolumeValue)cell).info();
                try {
                    final Sample sample = m_columns.sample(row);
                    final Volume normalized = normalizer.apply(sample);
                    if (m_parameters.tellsForeground()) {
                        foreground = new StringCell(ForegroundChoice.of(sample.image()).toString());
                    } else {
                        doubts.add(row.getKey().getString(), ForegroundChoice.doubt(
                            m_parameters.m_foreground.foreground(), m_parameters.background(), sample.image()));
                    }
                    cell = cells.create("normalized-" + rows.size(), normalized.withInfo(info));
                } catch (final IllegalArgumentException e) {
                    cell = problems.add(row.getKey().getString(), e.getMessage());
                    foreground = cell;
                }
            }
            rows.addRowToTable(row(row, cell, foreground));
        }
        rows.close();
        problems.requireAny(rows.size() - missing - problems.count());
        out.setOutData(0, rows.getTable());
        out.setInternalData(rows.getTable());
        final List<String> warnings = new ArrayList<>();
        if (images.size() == 0) {
            warnings.add("The input table has no rows; nothing was normalized.");
        } else if (missing > 0) {
            warnings.add(missing + " of " + images.size() + " rows have no image and keep a missing cell.");
        }
        problems.warning(images.size()).ifPresent(warnings::add);
        leftOut.ifPresent(warnings::add);
        doubts.warning(m_parameters.m_foreground.text(), images.size()).ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
    }

    private DataRow row(final DataRow row, final DataCell normalized, final DataCell foreground) {
        final List<DataCell> cells = new ArrayList<>();
        for (int c = 0; c < row.getNumCells(); c++) {
            cells.add(m_parameters.m_replace && c == m_columns.image() ? normalized : row.getCell(c));
        }
        if (!m_parameters.m_replace) {
            cells.add(normalized);
        }
        if (m_parameters.tellsForeground()) {
            cells.add(foreground);
        }
        return new DefaultRow(row.getKey(), cells.toArray(DataCell[]::new));
    }
}
