package org.scanbridge.knime.nodes.volumeaugmenter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Transformation;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowProblems;

import net.imglib2.parallel.TaskExecutors;

/** One execution of the Volume Augmenter; one image and one copy are in memory at a time. */
final class Augmenting {

    private static final String ORIGINAL_ROW = "Original Row";

    private static final String COPY = "Copy";

    /** Images up to this size are drawn more often for the view than the table needs. */
    private static final int SMALL = 1 << 20;

    private final VolumeAugmenterParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_image;

    private final int m_segmentation;

    private final List<String> m_names;

    private final RowProblems m_problems = new RowProblems("augmented");

    /** Number of copies that could be made. */
    private long m_copied;

    private final PreviewPictures m_preview = new PreviewPictures();

    /** @throws InvalidSettingsException if a column is not there */
    Augmenting(final VolumeAugmenterParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_image = Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
        m_segmentation = parameters.m_withSegmentation
            ? Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column") : -1;
        if (parameters.m_augmentation.paints() && m_segmentation < 0) {
            throw new InvalidSettingsException("\"Any MR contrast\" paints images from their segmentations: switch on \"Move"
                + " segmentations too\", or choose another kind under \"Scans to be ready for\".");
        }
        m_names = parameters.m_augmentation.drawnNames(parameters.m_flip);
    }

    /** @param fill what comes in from outside of an image; found once for all its copies */
    private AugmentationPipeline pipeline(final double fill) {
        return m_parameters.m_augmentation.pipeline(m_parameters.flipProbability(), image -> fill, TaskExecutors.multiThreaded());
    }

    /** The output table: the columns of the input, where the copy comes from, and what was drawn. */
    DataTableSpec spec() {
        DataTableSpec spec = m_spec;
        final List<String> names = new ArrayList<>(List.of(ORIGINAL_ROW, COPY));
        names.addAll(m_names);
        for (int n = 0; n < names.size(); n++) {
            final DataType type = n == 0 ? StringCell.TYPE : n == 1 ? IntCell.TYPE : DoubleCell.TYPE;
            spec = new DataTableSpecCreator(spec).addColumns(new DataColumnSpecCreator(
                DataTableSpec.getUniqueColumnName(spec, names.get(n)), type).createSpec()).createSpec();
        }
        return spec;
    }

    /** Augments a table. */
    void run(final BufferedDataTable rows, final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, KNIMEException {
        HeapNeed.ofRows(rows, this::bytes).require();
        final Progress progress = new KnimeProgress(exec);
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final BufferedDataContainer result = exec.createDataContainer(spec());
        final Set<String> keys = new HashSet<>();
        for (final DataRow row : rows) {
            keys.add(row.getKey().getString());
        }
        long done = 0;
        long missing = 0;
        for (final DataRow row : rows) {
            final Progress part = progress.part((double)done / rows.size(), (double)(done + 1) / rows.size());
            part.report(0, "Augmenting image " + (done + 1) + " of " + rows.size());
            done++;
            if (m_parameters.m_keepOriginals) {
                result.addRowToTable(row(row, row.getKey().getString(), 0, row.getCell(m_image),
                    m_segmentation < 0 ? null : row.getCell(m_segmentation), Map.of()));
            }
            if (row.getCell(m_image).isMissing()) {
                missing++;
            } else {
                augment(row, done, keys, cells, result, part);
            }
        }
        result.close();
        m_problems.requireAny(m_copied);
        out.setOutData(0, result.getTable());
        out.setInternalData(new PortObject[]{m_preview.table(exec), result.getTable()});
        final List<String> warnings = new ArrayList<>();
        if (rows.size() == 0) {
            warnings.add("The input table has no rows; there is nothing to make copies of.");
        } else if (missing > 0) {
            warnings.add(missing + " of " + rows.size() + " rows have no image, so there are no copies of them.");
        }
        m_problems.warning(rows.size()).ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join(" ", warnings));
        }
    }

    private long bytes(final DataRow row) {
        return row.getCell(m_image).isMissing() ? 0
            : NodeMemory.AUGMENTER.bytes(((VolumeValue)row.getCell(m_image)).geometry().voxelCount(),
                m_segmentation < 0 || row.getCell(m_segmentation).isMissing() ? 0
                    : ((LabelVolumeValue)row.getCell(m_segmentation)).geometry().voxelCount());
    }

    private void augment(final DataRow row, final long number, final Set<String> keys, final VolumeCellFactory cells,
        final BufferedDataContainer result, final Progress progress) throws IOException {
        final String key = row.getKey().getString();
        LabeledVolume original = null;
        DataCell bad = null;
        try {
            original = original(row);
        } catch (final ImagingException e) {
            bad = m_problems.add(key, e.getMessage());
        }
        final boolean hopeless = original == null;
        final IntensityWindow window = original == null ? null : PreviewPictures.window(original.image());
        if (original != null) {
            m_preview.add(key, original, window, Map.of());
        }
        final AugmentationPipeline pipeline =
            pipeline(original == null ? 0 : m_parameters.fill().applyAsDouble(original.image()));
        // A small image alone would leave the view nearly empty.
        final int shown = original != null && original.image().voxels().length <= SMALL && number == 1
            ? PreviewPictures.COUNT - 1 : 0;
        for (int copy = 1; copy <= Math.max(m_parameters.m_copies, shown); copy++) {
            progress.report(Math.min(1, (copy - 1.0) / m_parameters.m_copies),
                "Augmenting image " + number + ", copy " + Math.min(copy, m_parameters.m_copies));
            final boolean wanted = copy <= m_parameters.m_copies;
            final Transformation drawn =
                pipeline.draw(SeededRandom.of(m_parameters.m_seed, key.hashCode(), copy));
            LabeledVolume changed = null;
            if (!hopeless) {
                try {
                    changed = drawn.apply(original);
                } catch (final ImagingException e) {
                    // another copy may be spared what this one was to undergo; the row counts once
                    bad = bad == null ? m_problems.add(key, e.getMessage()) : bad;
                }
            }
            if (changed != null) {
                m_copied++;
                m_preview.add(key + ", copy " + copy + (wanted ? "" : " (only shown here)"), changed, window,
                    drawn.parameters());
            }
            if (wanted) {
                result.addRowToTable(row(row, unused(key + "_copy" + copy, keys), copy,
                    changed == null ? bad : cells.create("augmented-" + number + "-" + copy, changed.image()),
                    labels(changed, bad, number + "-" + copy, cells),
                    changed == null ? Map.of() : drawn.parameters()));
            }
        }
    }

    /** @return null to leave segmentation columns as they are */
    private DataCell labels(final LabeledVolume changed, final DataCell bad, final String name, final VolumeCellFactory cells)
        throws IOException {
        if (m_segmentation < 0) {
            return null;
        }
        return changed == null ? bad
            : changed.labels().isEmpty() ? DataType.getMissingCell()
                : cells.create("augmented-labels-" + name, changed.labels().get());
    }

    private LabeledVolume original(final DataRow row) {
        if (m_parameters.m_augmentation.paints() && row.getCell(m_segmentation).isMissing()) {
            throw new ImagingException("It has no segmentation, which \"Any MR contrast\""
                + " paints images from. Leave out the row, or choose another kind under \"Scans to be ready for\".");
        }
        return new LabeledVolume(((VolumeValue)row.getCell(m_image)).volume(),
            m_segmentation < 0 || row.getCell(m_segmentation).isMissing() ? Optional.empty()
                : Optional.of(((LabelVolumeValue)row.getCell(m_segmentation)).labelVolume()));
    }

    private static String unused(final String wanted, final Set<String> keys) {
        String key = wanted;
        while (!keys.add(key)) {
            key += "_";
        }
        return key;
    }

    /** @param labels null to leave segmentation columns as they are */
    private DataRow row(final DataRow row, final String key, final int copy, final DataCell image,
        final DataCell labels, final Map<String, Double> drawn) {
        final List<DataCell> cells = new ArrayList<>();
        for (int c = 0; c < row.getNumCells(); c++) {
            cells.add(c == m_image ? image : c == m_segmentation && labels != null ? labels : row.getCell(c));
        }
        cells.add(new StringCell(row.getKey().getString()));
        cells.add(new IntCell(copy));
        for (final String name : m_names) {
            cells.add(drawn.containsKey(name) ? new DoubleCell(drawn.get(name)) : DataType.getMissingCell());
        }
        return new DefaultRow(key, cells.toArray(DataCell[]::new));
    }
}
