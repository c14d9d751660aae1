package org.scanbridge.knime.nodes.anomalydetector;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
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
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.ScoreCounts.BestDice;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.anomalydetector.AnomalyDetectorParameters.Regions;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.anomaly.AnomalyDetector;
import org.scanbridge.learning.anomaly.AnomalyEvaluation;
import org.scanbridge.learning.anomaly.AnomalyMap;
import org.scanbridge.learning.anomaly.AnomalyModel;
import org.scanbridge.learning.anomaly.AnomalyRegions;
import org.scanbridge.learning.anomaly.AnomalyScores;
import org.scanbridge.learning.architecture.PatchSize;

/** One execution of the Anomaly Detector; one image is in memory at a time. */
final class Detecting {

    /** The second output. */
    static final DataTableSpec REGIONS = new DataTableSpec(column("Image row", StringCell.TYPE),
        column("Region", StringCell.TYPE), column("Voxels", IntCell.TYPE), column("Mean", DoubleCell.TYPE),
        column("99th percentile", DoubleCell.TYPE), column("Marked (%)", DoubleCell.TYPE),
        column("Reference voxels", IntCell.TYPE));

    /** The third output. */
    static final DataTableSpec AGREEMENT = new DataTableSpec(column("Image row", StringCell.TYPE),
        column("Images", IntCell.TYPE), column("Reference share", DoubleCell.TYPE), column("Voxel ROC AUC", DoubleCell.TYPE),
        column("Average precision", DoubleCell.TYPE), column("Best possible Dice", DoubleCell.TYPE),
        column("Threshold of the best possible Dice", DoubleCell.TYPE), column("Region ROC AUC (mean)", DoubleCell.TYPE),
        column("Region ROC AUC (99th percentile)", DoubleCell.TYPE));

    /** The row of all images. */
    private static final String ALL = "(all)";

    private static final double PERCENT = 100;

    private static final double ML = 1e-3;

    private static final double HALF = 0.5;

    private final AnomalyDetectorParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_image;

    /** -1 if not used, as for the others. */
    private final int m_mask;

    private final int m_region;

    private final int m_reference;

    private final RowProblems m_problems = new RowProblems("looked at");

    /** Takes megabytes, so it is made after the memory was checked. */
    private AnomalyEvaluation m_pooled;

    private int m_compared;

    private int m_unreferenced;

    private final List<String> m_without = new ArrayList<>();

    /** Rows of which so much is marked that they must differ in kind, with how much. */
    private final List<String> m_flooded = new ArrayList<>();

    /** Rows whose reference is everywhere. */
    private final List<String> m_all = new ArrayList<>();

    /** @throws InvalidSettingsException if a column is not there, a new one is there already, or the reference is mask or regions, too */
    Detecting(final AnomalyDetectorParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_image = Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
        m_mask = parameters.m_masked
            ? Columns.index(spec, parameters.m_maskColumn, LabelVolumeValue.class, AnomalyDetectorParameters.MASK_COLUMN) : -1;
        m_region = parameters.m_regions == Regions.LABELS ? Columns.index(spec, parameters.m_regionColumn,
            LabelVolumeValue.class, AnomalyDetectorParameters.REGION_COLUMN) : -1;
        m_reference = parameters.m_compared ? Columns.index(spec, parameters.m_referenceColumn, LabelVolumeValue.class,
            AnomalyDetectorParameters.REFERENCE_COLUMN) : -1;
        notTheReference(m_mask, AnomalyDetectorParameters.MASK_COLUMN,
            "whatever was looked at would be unusual, and every map perfect. Choose a mask of the whole organ, or switch"
                + " off \"Look inside a mask only\" or \"Compare with a reference\".");
        notTheReference(m_region, AnomalyDetectorParameters.REGION_COLUMN,
            "every voxel of every region would be unusual, and no region could be compared. Choose segmentations of organs or"
                + " tissues, another kind of \"Regions\", or switch off \"Compare with a reference\".");
    }

    private void notTheReference(final int column, final String title, final String why) throws InvalidSettingsException {
        if (column >= 0 && column == m_reference) {
            throw new InvalidSettingsException("\"" + title + "\" and \"" + AnomalyDetectorParameters.REFERENCE_COLUMN
                + "\" are both \"" + m_spec.getColumnSpec(column).getName() + "\": " + why);
        }
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** The first output. */
    DataTableSpec spec() throws InvalidSettingsException {
        final String name = m_parameters.m_outputColumn.strip();
        final List<DataColumnSpec> added = new ArrayList<>();
        added.add(column(name, VolumeCell.TYPE));
        if (m_parameters.m_segmentation) {
            added.add(column(name + " marked", LabelVolumeCell.TYPE));
        }
        added.add(column(name + " mean", DoubleCell.TYPE));
        added.add(column(name + " 99th percentile", DoubleCell.TYPE));
        added.add(column(name + " marked (%)", DoubleCell.TYPE));
        added.add(column(name + " marked (ml)", DoubleCell.TYPE));
        added.add(column(name + " healthy images below (%)", DoubleCell.TYPE));
        if (m_reference >= 0) {
            added.add(column(name + " ROC AUC", DoubleCell.TYPE));
            added.add(column(name + " average precision", DoubleCell.TYPE));
            added.add(column(name + " best possible Dice", DoubleCell.TYPE));
        }
        for (final DataColumnSpec column : added) {
            if (m_spec.containsName(column.getName())) {
                throw new InvalidSettingsException("The table already has a column \"" + column.getName()
                    + "\". Choose another \"Name of the new column\".");
            }
        }
        return new DataTableSpecCreator(m_spec).addColumns(added.toArray(DataColumnSpec[]::new)).createSpec();
    }

    /** Fills the outputs. */
    void run(final AnomalyModel model, final BufferedDataTable table, final ExecutionContext context, final ExecuteOutput out)
        throws IOException, InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(table, row -> bytes(row, model.spec().patchSize())).require();
        m_pooled = new AnomalyEvaluation();
        final float threshold = model.healthy().threshold(m_parameters.m_healthyPercent);
        final Progress progress = new KnimeProgress(context);
        final VolumeCellFactory cells = VolumeCellFactory.of(context);
        final BufferedDataContainer images = context.createDataContainer(spec());
        final BufferedDataContainer regions = context.createDataContainer(REGIONS);
        final BufferedDataContainer agreement = context.createDataContainer(AGREEMENT);
        try (AnomalyDetector detector = new AnomalyDetector(model)) {
            final Tables tables = new Tables(cells, regions, agreement);
            for (final DataRow row : table) {
                final long n = images.size();
                final String message = "Image " + (n + 1) + " of " + table.size() + ": ";
                final Progress part = progress.part((double)n / table.size(), (n + 1.0) / table.size());
                images.addRowToTable(Columns.append(row, results(row, n, detector, model, threshold, tables,
                    (fraction, step) -> part.report(fraction, message + step))));
            }
        } finally {
            images.close();
            regions.close();
            if (m_compared > 1) {
                add(agreement, ALL, m_compared, m_pooled);
            }
            agreement.close();
        }
        m_problems.requireAny(table.size() - m_problems.count() - m_without.size());
        out.setOutData(0, images.getTable());
        out.setOutData(1, regions.getTable());
        out.setOutData(2, agreement.getTable());
        out.setInternalData(images.getTable());
        warn(out, table.size(), model);
    }

    /** Where results of a row go. */
    private record Tables(VolumeCellFactory cells, BufferedDataContainer regions, BufferedDataContainer agreement) {
    }

    private void warn(final ExecuteOutput out, final long rows, final AnomalyModel model) {
        final List<String> warnings = new ArrayList<>();
        if (rows == 0) {
            warnings.add("The input table has no rows; nothing was looked at.");
        }
        if (!m_without.isEmpty()) {
            warnings.add("Rows without an image" + (m_mask < 0 ? "" : ", a mask") + (m_region < 0 ? "" : ", regions")
                + " got no map: " + String.join(", ", m_without) + ".");
        }
        if (m_unreferenced > 0) {
            warnings.add(m_unreferenced + " of " + rows + " rows have no reference and were not compared.");
        }
        if (rows > 0 && model.masked().isPresent() && model.masked().get() != m_mask >= 0) {
            warnings.add(m_mask < 0 ? "The model learned from what is inside a mask, but \"Look inside a mask only\" is off: what"
                + " is outside, such as the skull, is unusual to it. Switch it on, or remove the outside first."
                : "The model learned from whole images, but \"Look inside a mask only\" is on: images without an outside are unusual"
                    + " to it. Switch it off, or learn inside a mask, too.");
        }
        if (!m_flooded.isEmpty()) {
            warnings.add("Of what was looked at, more than half is marked (" + String.join(", ", m_flooded) + "), where at most "
                + m_parameters.m_healthyPercent + " % was in healthy images. Are the images normalized otherwise than those"
                + " that were learned from? Check \"Image column\".");
        }
        if (!m_all.isEmpty()) {
            warnings.add("Everything that was looked at is unusual by the reference, so that an average precision of 1 says"
                + " nothing: " + String.join(", ", m_all) + ". Check "
                + (m_mask < 0 ? "" : "\"" + AnomalyDetectorParameters.MASK_COLUMN + "\" and ") + "\""
                + AnomalyDetectorParameters.REFERENCE_COLUMN + "\".");
        }
        if (m_parameters.m_healthyPercent / PERCENT * model.healthy().voxels() < 1) {
            warnings.add("The model was calibrated on " + model.healthy().voxels() + " healthy voxels; "
                + m_parameters.m_healthyPercent + " % of them is less than one, so nothing that large was ever seen in them.");
        }
        m_problems.warning(rows).ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join(" ", warnings));
        }
    }

    private long bytes(final DataRow row, final PatchSize patch) {
        if (row.getCell(m_image).isMissing()) {
            return 0;
        }
        final Geometry grid = ((VolumeValue)row.getCell(m_image)).geometry();
        return NodeMemory.ANOMALY_DETECTOR.bytes(grid.voxelCount(), (long)grid.size(0) * grid.size(1) * patch.k(),
            patch.voxels(), 1);
    }

    private boolean isMissing(final DataRow row, final int column) {
        return column >= 0 && row.getCell(column).isMissing();
    }

    private DataCell[] results(final DataRow row, final long number, final AnomalyDetector detector, final AnomalyModel model,
        final float threshold, final Tables tables, final Progress progress) throws IOException, InvalidSettingsException {
        final DataCell[] results = new DataCell[spec().getNumColumns() - m_spec.getNumColumns()];
        Arrays.fill(results, DataType.getMissingCell());
        final String key = row.getKey().getString();
        if (isMissing(row, m_image) || isMissing(row, m_mask) || isMissing(row, m_region)) {
            m_without.add(key);
            return results;
        }
        try {
            final AnomalyMap map = detector.map(((VolumeValue)row.getCell(m_image)).volume(),
                m_mask < 0 ? Optional.empty() : Optional.of(((LabelVolumeValue)row.getCell(m_mask)).labelVolume()),
                RowName.of(key), progress);
            final boolean[] reference = reference(row, map);
            final List<AnomalyRegions.Scored> scored = regions(row, map).scores(map, threshold, reference);
            final AnomalyScores scores = map.scores(threshold);
            // where a large share is allowed in healthy images, half is nothing unusual
            if (scores.share() > Math.max(HALF, 2 * m_parameters.m_healthyPercent / PERCENT)) {
                m_flooded.add(key + ": " + Math.round(PERCENT * scores.share()) + " %");
            }
            int n = 0;
            results[n++] = tables.cells.create("anomaly-" + number, map.map());
            if (m_parameters.m_segmentation) {
                results[n++] = tables.cells.create("marked-" + number, map.marked(threshold, m_parameters.m_removedVolume));
            }
            results[n++] = new DoubleCell(scores.mean());
            results[n++] = new DoubleCell(scores.tail());
            results[n++] = new DoubleCell(PERCENT * scores.share());
            results[n++] = new DoubleCell(scores.marked() * map.map().geometry().voxelVolume() * ML);
            results[n++] = new DoubleCell(PERCENT * model.healthy().below(scores.mean()) / model.healthy().images());
            if (reference != null) {
                final AnomalyEvaluation evaluation = new AnomalyEvaluation();
                evaluation.add(map, reference, scored);
                m_pooled.addAll(evaluation);
                m_compared++;
                if (evaluation.prevalence().orElse(0) == 1) {
                    m_all.add(key);
                }
                add(tables.agreement, key, 1, evaluation);
                results[n++] = Columns.number(evaluation.voxelArea());
                results[n++] = Columns.number(evaluation.averagePrecision());
                results[n++] = Columns.number(dice(evaluation));
            } else if (m_reference >= 0) {
                m_unreferenced++;
            }
            for (final AnomalyRegions.Scored region : scored) {
                final AnomalyScores s = region.scores();
                append(tables.regions, new StringCell(key), new StringCell(region.name()), new IntCell(s.voxels()),
                    new DoubleCell(s.mean()), new DoubleCell(s.tail()), new DoubleCell(PERCENT * s.share()),
                    reference == null ? DataType.getMissingCell() : new IntCell(region.positives()));
            }
        } catch (final LearningException e) {
            Arrays.fill(results, m_problems.add(key, e.getMessage()));
        }
        return results;
    }

    /** {@code null} without one. */
    private boolean[] reference(final DataRow row, final AnomalyMap map) {
        if (m_reference < 0 || isMissing(row, m_reference)) {
            return null;
        }
        final LabelVolume labels = labels(row, m_reference, map, "reference");
        final boolean[] positive = new boolean[labels.voxels().length];
        for (int v = 0; v < positive.length; v++) {
            positive[v] = labels.voxels()[v] != 0;
        }
        return positive;
    }

    private AnomalyRegions regions(final DataRow row, final AnomalyMap map) {
        return m_region < 0 ? AnomalyRegions.cubes(map.map().geometry(), m_parameters.m_regionSize)
            : AnomalyRegions.of(labels(row, m_region, map, "segmentation of regions"));
    }

    private static LabelVolume labels(final DataRow row, final int column, final AnomalyMap map, final String what) {
        final LabelVolume labels = ((LabelVolumeValue)row.getCell(column)).labelVolume();
        if (!labels.geometry().sameGrid(map.map().geometry())) {
            throw new LearningException("The " + what + " is on another grid (" + labels.geometry() + ") than the image ("
                + map.map().geometry().beside(labels.geometry())
                + "). Resample it onto the image's grid with the Volume Resampler.");
        }
        return labels;
    }

    private static OptionalDouble dice(final AnomalyEvaluation evaluation) {
        final Optional<BestDice> best = evaluation.bestDice();
        return best.isPresent() ? OptionalDouble.of(best.get().dice()) : OptionalDouble.empty();
    }

    private static void add(final BufferedDataContainer table, final String image, final int images,
        final AnomalyEvaluation e) {
        final Optional<BestDice> best = e.bestDice();
        append(table, new StringCell(image), new IntCell(images), Columns.number(e.prevalence()),
            Columns.number(e.voxelArea()), Columns.number(e.averagePrecision()), Columns.number(dice(e)),
            best.isPresent() ? new DoubleCell(best.get().threshold()) : DataType.getMissingCell(),
            Columns.number(e.regionAreaOfMean()), Columns.number(e.regionAreaOfTail()));
    }

    private static void append(final BufferedDataContainer table, final DataCell... cells) {
        table.addRowToTable(new DefaultRow(RowKey.createRowKey(table.size()), cells));
    }
}
