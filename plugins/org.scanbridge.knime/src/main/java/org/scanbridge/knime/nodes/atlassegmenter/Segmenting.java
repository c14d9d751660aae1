package org.scanbridge.knime.nodes.atlassegmenter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.AtlasFit;
import org.scanbridge.imaging.atlas.AtlasSegmentation;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.port.AtlasPortObjectSpec;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.knime.util.RowProblems;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** One execution of the Atlas Segmenter; one image is in memory at a time. */
final class Segmenting {

    /** The second output. */
    static final DataTableSpec INTENSITIES = new DataTableSpec(column("Image row", StringCell.TYPE),
        column("Label", IntCell.TYPE), column("Class", StringCell.TYPE), column("Share", DoubleCell.TYPE),
        column("Mean", DoubleCell.TYPE), column("Standard deviation", DoubleCell.TYPE), column("Problem", StringCell.TYPE),
        column("Fit", DoubleCell.TYPE), column("Covered", DoubleCell.TYPE));

    private final AtlasSegmenterParameters m_parameters;

    private final BufferedDataTable m_table;

    private final int m_image;

    private final DataTableSpec m_spec;

    private final AtlasSegmenter m_segmenter;

    private final int m_labels;

    private final List<String> m_without = new ArrayList<>();

    private final List<String> m_doubted = new ArrayList<>();

    private final RowProblems m_failed = new RowProblems("segmented");

    /** @throws InvalidSettingsException if the settings do not fit the inputs */
    Segmenting(final AtlasSegmenterParameters parameters, final AtlasPortObject atlas, final BufferedDataTable table)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_table = table;
        m_image = image(table.getDataTableSpec(), parameters);
        m_spec = spec(table.getDataTableSpec(), parameters, atlas.getSpec());
        m_labels = atlas.getSpec().labels().names().size();
        m_segmenter = new AtlasSegmenter(atlas.atlas(), parameters.options());
    }

    static int image(final DataTableSpec images, final AtlasSegmenterParameters parameters) throws InvalidSettingsException {
        return Columns.index(images, parameters.m_imageColumn, VolumeValue.class, "Image column");
    }

    /**
     * The first output.
     *
     * @param atlas null if not known and no probabilities are asked for
     */
    static DataTableSpec spec(final DataTableSpec images, final AtlasSegmenterParameters parameters,
        final AtlasPortObjectSpec atlas) throws InvalidSettingsException {
        final String name = parameters.m_outputColumn.strip();
        final List<DataColumnSpec> appended = new ArrayList<>();
        appended.add(column(name, LabelVolumeCell.TYPE));
        if (parameters.m_probabilities) {
            atlas.labels().names().values().forEach(l -> appended.add(column(ProbabilityColumns.name(name, l), VolumeCell.TYPE)));
        }
        if (parameters.m_corrected) {
            appended.add(column(name + " corrected", VolumeCell.TYPE));
        }
        for (final DataColumnSpec column : appended) {
            if (images.containsName(column.getName())) {
                throw new InvalidSettingsException("The table already has a column \"" + column.getName()
                    + "\". Choose another \"Name of the new column\".");
            }
        }
        return new DataTableSpec(images, new DataTableSpec(appended.toArray(DataColumnSpec[]::new)));
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** Fills both outputs. */
    void run(final ExecutionContext context, final ExecuteOutput output)
        throws IOException, KNIMEException {
        HeapNeed.ofRows(m_table, this::bytes).require();
        final BufferedDataContainer images = context.createDataContainer(m_spec);
        final BufferedDataContainer intensities = context.createDataContainer(INTENSITIES);
        final VolumeCellFactory cells = VolumeCellFactory.of(context);
        final Progress progress = new KnimeProgress(context);
        try (TaskExecutor workers = TaskExecutors.multiThreaded()) {
            for (final DataRow row : m_table) {
                final long n = images.size();
                final String image = "Image " + (n + 1) + " of " + m_table.size() + ": ";
                final Progress part = progress.part((double)n / m_table.size(), (n + 1.0) / m_table.size());
                images.addRowToTable(Columns.append(row,
                    results(row, n, cells, intensities, workers, (fraction, message) -> part.report(fraction, image + message))));
            }
        } finally {
            images.close();
            intensities.close();
        }
        m_failed.requireAny(m_table.size() - m_failed.count() - m_without.size());
        output.setOutData(0, images.getTable());
        output.setInternalData(images.getTable());
        output.setOutData(1, intensities.getTable());
        warn(output);
    }

    /** At least: of the image, only what lies within the atlas has probabilities, and at most as much as the atlas covers. */
    private long bytes(final DataRow row) {
        if (row.getCell(m_image).isMissing()) {
            return 0;
        }
        final long voxels = ((VolumeValue)row.getCell(m_image)).geometry().voxelCount();
        return NodeMemory.ATLAS_SEGMENTER.bytes(voxels, 0, m_parameters.m_probabilities ? voxels * m_labels : 0, 1);
    }

    private void warn(final ExecuteOutput output) {
        final List<String> warnings = new ArrayList<>();
        if (!m_without.isEmpty()) {
            warnings.add("Rows without an image got no segmentation: " + String.join(", ", m_without) + ".");
        }
        if (!m_doubted.isEmpty()) {
            warnings.add(m_doubted.size() + " of " + m_table.size() + " segmentations are doubtful, look at them. "
                + m_doubted.get(0) + " Leave out images that show another part of the body or too little of it, or that lie"
                + " otherwise than their headers say."
                + (m_doubted.size() > 1 ? " The table of class intensities tells all of them." : ""));
        }
        m_failed.warning(m_table.size()).ifPresent(w -> warnings.add(w
            + (m_failed.count() > 1 ? " The table of class intensities tells all reasons." : "")));
        if (!warnings.isEmpty()) {
            output.setWarningMessage(String.join(" ", warnings));
        }
    }

    private DataCell[] results(final DataRow row, final long number, final VolumeCellFactory cells,
        final BufferedDataContainer intensities, final TaskExecutor workers, final Progress progress) throws IOException {
        final DataCell[] results = new DataCell[m_spec.getNumColumns() - row.getNumCells()];
        Arrays.fill(results, DataType.getMissingCell());
        final String key = row.getKey().getString();
        if (row.getCell(m_image).isMissing()) {
            m_without.add(key);
            return results;
        }
        final AtlasSegmentation segmentation;
        try {
            segmentation = m_segmenter.segment(((VolumeValue)row.getCell(m_image)).volume(), m_parameters.m_probabilities,
                workers, progress);
        } catch (final ImagingException e) {
            Arrays.fill(results, m_failed.add(key, e.getMessage()));
            add(intensities, key, DataType.getMissingCell(), DataType.getMissingCell(), DataType.getMissingCell(),
                DataType.getMissingCell(), DataType.getMissingCell(), new StringCell(e.getMessage()),
                DataType.getMissingCell(), DataType.getMissingCell());
            return results;
        }
        int n = 0;
        results[n++] = cells.create("segmentation-" + number, segmentation.labels());
        for (final Volume map : segmentation.probabilities()) {
            results[n] = cells.create("probability-" + n++ + "-" + number, map);
        }
        if (m_parameters.m_corrected) {
            results[n] = cells.create("corrected-" + number, segmentation.corrected());
        }
        final AtlasFit fit = segmentation.fit();
        final Optional<String> doubt = fit.doubt();
        doubt.ifPresent(d -> m_doubted.add(key + ": " + d));
        for (final ClassIntensity c : segmentation.intensities()) {
            add(intensities, key, new IntCell(c.atlasClass().label()), new StringCell(c.atlasClass().name()),
                new DoubleCell(c.share()), Columns.number(c.mean()), Columns.number(c.spread()),
                Columns.text(doubt.orElse("")), Columns.number(fit.followed()),
                new DoubleCell(fit.covered()));
        }
        return results;
    }

    private static void add(final BufferedDataContainer table, final String key, final DataCell... cells) {
        final DataCell[] row = new DataCell[cells.length + 1];
        row[0] = new StringCell(key);
        System.arraycopy(cells, 0, row, 1, cells.length);
        table.addRowToTable(new DefaultRow(RowKey.createRowKey(table.size()), row));
    }
}
