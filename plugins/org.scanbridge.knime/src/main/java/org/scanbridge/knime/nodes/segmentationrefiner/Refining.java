package org.scanbridge.knime.nodes.segmentationrefiner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.components.SmallComponents;
import org.scanbridge.imaging.crf.DenseCrf;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.knime.util.RowProblems;

/** One execution of the Segmentation Refiner; one row is in memory at a time. */
final class Refining {

    private final SegmentationRefinerParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_segmentation;

    /** Empty without a CRF. */
    private final List<Integer> m_images = new ArrayList<>();

    /** Indices of the columns with probabilities by the name of their class, in table order; empty without a CRF. */
    private final Map<String, Integer> m_maps;

    private final RowProblems m_problems = new RowProblems("refined");

    private long m_missing;

    /** In how many rows a class lost more than half of its voxels, by its name. */
    private final SortedMap<String, Integer> m_shrunk = new TreeMap<>();

    /** @throws InvalidSettingsException if a column is not there, or a new one is there already */
    Refining(final SegmentationRefinerParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_segmentation = Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column");
        m_maps = parameters.m_crf ? ProbabilityColumns.of(spec, parameters.m_segmentationColumn) : Map.of();
        if (parameters.m_crf) {
            for (final String image : parameters.images()) {
                m_images.add(Columns.index(spec, image, VolumeValue.class, m_images.isEmpty() ? "Image column" : "Further images"));
            }
            if (m_maps.isEmpty()) {
                throw new InvalidSettingsException("The table has no probabilities of \"" + parameters.m_segmentationColumn
                    + "\", in columns such as \"" + ProbabilityColumns.name(parameters.m_segmentationColumn, "lesion")
                    + "\". Switch on \"Probabilities\" in the Segmentation Predictor, choose another \"Segmentation column\", or"
                    + " switch off \"Refine by a dense CRF\".");
            }
        }
    }

    /** The output. */
    DataTableSpec spec() throws InvalidSettingsException {
        final String name = m_parameters.m_outputColumn.strip();
        final List<DataColumnSpec> added = new ArrayList<>();
        added.add(new DataColumnSpecCreator(name, LabelVolumeCell.TYPE).createSpec());
        if (m_parameters.m_probabilities) {
            m_maps.keySet().forEach(
                c -> added.add(new DataColumnSpecCreator(ProbabilityColumns.name(name, c), VolumeCell.TYPE).createSpec()));
        }
        for (final DataColumnSpec column : added) {
            if (m_spec.containsName(column.getName())) {
                throw new InvalidSettingsException("The table already has a column \"" + column.getName()
                    + "\". Choose another \"Name of the new column\".");
            }
        }
        return new DataTableSpecCreator(m_spec).addColumns(added.toArray(DataColumnSpec[]::new)).createSpec();
    }

    /** Fills the output. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(table, this::bytes).require();
        final Progress progress = new KnimeProgress(exec);
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        try {
            for (final DataRow row : table) {
                final long done = rows.size();
                final String message = "Refining row " + (done + 1) + " of " + table.size();
                final Progress part = progress.part((double)done / table.size(), (done + 1.0) / table.size());
                part.report(0, message);
                rows.addRowToTable(Columns.append(row,
                    results(row, done, cells, (fraction, step) -> part.report(fraction, message + ": " + step))));
            }
        } finally {
            rows.close();
        }
        m_problems.requireAny(table.size() - m_missing - m_problems.count());
        out.setOutData(0, rows.getTable());
        out.setInternalData(rows.getTable());
        final List<String> warnings = new ArrayList<>();
        if (table.size() == 0) {
            warnings.add("The input table has no rows; nothing was refined.");
        }
        if (m_missing > 0) {
            warnings.add(m_missing + " of " + table.size() + " rows have no segmentation, image or probabilities and get missing"
                + " cells.");
        }
        m_shrunk.forEach((name, count) -> warnings.add("In " + count + " of " + table.size() + " rows the CRF took away more than half"
            + " of class \"" + name + "\". That happens where its probabilities are hardly larger than the others': look at them,"
            + " train longer, or enter smaller weights."));
        m_problems.warning(table.size()).ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join(" ", warnings));
        }
    }

    private boolean isMissing(final DataRow row) {
        return row.getCell(m_segmentation).isMissing() || m_images.stream().anyMatch(c -> row.getCell(c).isMissing())
            || m_maps.values().stream().anyMatch(c -> row.getCell(c).isMissing());
    }

    private long bytes(final DataRow row) {
        if (isMissing(row)) {
            return 0;
        }
        final long voxels = ((LabelVolumeValue)row.getCell(m_segmentation)).geometry().voxelCount();
        final long parts = m_parameters.m_removedVolume > 0 ? voxels : 0;
        if (!m_parameters.m_crf) {
            return NodeMemory.REFINER.bytes(0, voxels, parts, 0, 0, 0);
        }
        final long classes = m_maps.size() + (m_maps.containsKey(ProbabilityColumns.BACKGROUND) ? 0 : 1);
        final long appearance = m_parameters.m_appearanceWeight > 0 ? voxels : 0;
        return NodeMemory.REFINER.bytes(voxels * m_images.size(), voxels, parts, voxels * classes, appearance,
            appearance * (m_images.size() - 1));
    }

    private DataCell[] results(final DataRow row, final long number, final VolumeCellFactory cells, final Progress progress)
        throws IOException {
        final DataCell[] results = new DataCell[1 + (m_parameters.m_probabilities ? m_maps.size() : 0)];
        Arrays.fill(results, DataType.getMissingCell());
        if (isMissing(row)) {
            m_missing++;
            return results;
        }
        try {
            final LabelVolumeValue segmentation = (LabelVolumeValue)row.getCell(m_segmentation);
            if (!m_parameters.m_crf) {
                results[0] = cells.create("refined-" + number, withoutSmallParts(segmentation.labelVolume()));
                return results;
            }
            final SortedMap<Integer, Volume> maps = maps(row, segmentation);
            final List<Volume> images = m_images.stream().map(c -> ((VolumeValue)row.getCell(c)).volume()).toList();
            final List<Volume> refined =
                new DenseCrf(m_parameters.crf()).refine(List.copyOf(maps.values()), images, progress);
            final List<Integer> values = List.copyOf(maps.keySet());
            final LabelVolume labels = mostProbable(refined, values, maps.get(0), segmentation.labels());
            noteShrunk(List.copyOf(maps.values()), values, labels);
            results[0] = cells.create("refined-" + number, withoutSmallParts(labels));
            int r = 1;
            for (final String name : m_parameters.m_probabilities ? m_maps.keySet() : List.<String> of()) {
                final int at = values.indexOf(ProbabilityColumns.value(name, segmentation.labels()).orElseThrow());
                results[r] = cells.create("probability-" + r + "-" + number, refined.get(at));
                r++;
            }
        } catch (final ImagingException e) {
            Arrays.fill(results, m_problems.add(row.getKey().getString(), e.getMessage()));
        }
        return results;
    }

    private LabelVolume withoutSmallParts(final LabelVolume labels) {
        return m_parameters.m_removedVolume > 0 ? SmallComponents.remove(labels, labels.values(), m_parameters.m_removedVolume,
            m_parameters.connectivity()) : labels;
    }

    /** By label value, the background's as 0. */
    private SortedMap<Integer, Volume> maps(final DataRow row, final LabelVolumeValue segmentation) {
        final SortedMap<Integer, Volume> maps = new TreeMap<>();
        final Geometry grid = segmentation.geometry();
        for (final Map.Entry<String, Integer> map : m_maps.entrySet()) {
            final String title = ProbabilityColumns.name(m_parameters.m_segmentationColumn, map.getKey());
            final int value = ProbabilityColumns.value(map.getKey(), segmentation.labels())
                .orElseThrow(() -> new ImagingException("\"" + title + "\" holds probabilities of what is no class of the"
                    + " segmentation, perhaps a region; regions overlap, and a CRF chooses among classes. Train a network of classes,"
                    + " or switch off \"Refine by a dense CRF\"."));
            final Volume volume = ((VolumeValue)row.getCell(map.getValue())).volume();
            ProbabilityColumns.requireGrid(title, volume, grid);
            if (maps.put(value, volume) != null) {
                throw new ImagingException("Two columns hold probabilities of the class with the label value " + value + ", one of"
                    + " them \"" + title + "\". Remove one with the Column Filter.");
            }
        }
        requireAll(segmentation, maps);
        maps.computeIfAbsent(0, background -> rest(maps.values().stream().toList()));
        return maps;
    }

    /** A class without probabilities would be taken for background wherever it is. */
    private void requireAll(final LabelVolumeValue segmentation, final SortedMap<Integer, Volume> maps) {
        final LabelSet labels = segmentation.labels();
        final SortedSet<Integer> classes = new TreeSet<>(labels.names().keySet());
        classes.addAll(segmentation.labelVolume().values());
        classes.removeAll(maps.keySet());
        if (!classes.isEmpty()) {
            final String name = labels.name(classes.first());
            throw new ImagingException("There are probabilities of \"" + m_parameters.m_segmentationColumn + "\", but none of its class \""
                + name + "\": column \"" + ProbabilityColumns.name(m_parameters.m_segmentationColumn, name)
                + "\" is not there. Append those of all classes in the node that made the segmentation, or switch off \"Refine by a"
                + " dense CRF\".");
        }
    }

    /** The background has what the classes leave. */
    private static Volume rest(final List<Volume> maps) {
        final float[] rest = new float[maps.get(0).voxels().length];
        Arrays.fill(rest, 1);
        for (final Volume map : maps) {
            for (int v = 0; v < rest.length; v++) {
                rest[v] -= map.voxels()[v];
            }
        }
        return maps.get(0).withVoxels(rest);
    }

    /** Smoothing evens out edges; where it takes most of a class away, the network was not sure of any of it. */
    private void noteShrunk(final List<Volume> before, final List<Integer> values, final LabelVolume after) {
        final long[] had = new long[256];
        final long[] has = new long[256];
        for (int v = 0; v < after.voxels().length; v++) {
            had[values.get(mostProbable(before, v))]++;
            has[after.voxels()[v] & 0xff]++;
        }
        for (int value = 1; value < had.length; value++) {
            if (2 * has[value] < had[value]) {
                m_shrunk.merge(after.labels().name(value), 1, Integer::sum);
            }
        }
    }

    /** Index of the most probable map at a voxel, of equals the first. */
    private static int mostProbable(final List<Volume> maps, final int voxel) {
        int best = 0;
        for (int l = 1; l < maps.size(); l++) {
            best = maps.get(l).voxels()[voxel] > maps.get(best).voxels()[voxel] ? l : best;
        }
        return best;
    }

    /** Of equally probable classes that with the smallest label value. */
    private static LabelVolume mostProbable(final List<Volume> maps, final List<Integer> values, final Volume like,
        final LabelSet labels) {
        final byte[] voxels = new byte[like.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)(int)values.get(mostProbable(maps, v));
        }
        return new LabelVolume(voxels, like.geometry(), like.info(), labels);
    }
}
