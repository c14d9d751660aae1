package org.scanbridge.knime.nodes.labelfusion;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.fusion.BestAgreement;
import org.scanbridge.imaging.fusion.Fused;
import org.scanbridge.imaging.fusion.MajorityVote;
import org.scanbridge.imaging.fusion.OpinionPool;
import org.scanbridge.imaging.fusion.Opinions;
import org.scanbridge.imaging.fusion.Staple;
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
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.knime.util.RowProblems;

/** One execution of Label Fusion; one row is in memory at a time. */
final class Fusing {

    /** The second output. */
    static final DataTableSpec RATERS = new DataTableSpec(column("Image row", StringCell.TYPE),
        column("Rater", StringCell.TYPE), column("Class", StringCell.TYPE), column("Sensitivity", DoubleCell.TYPE),
        column("Specificity", DoubleCell.TYPE));

    /** Ends the name of the column that says which column was taken. */
    private static final String TAKEN = " from";

    private final LabelFusionParameters m_parameters;

    private final DataTableSpec m_spec;

    private final List<String> m_names;

    private final List<Integer> m_columns = new ArrayList<>();

    private final double[] m_weights;

    private final NotAnnotated m_notAnnotated;

    /** The classes whose probabilities are appended. */
    private final List<String> m_probabilities;

    private final SortedSet<String> m_unmet = new TreeSet<>();

    private final SortedSet<String> m_sure = new TreeSet<>();

    private final SortedSet<String> m_twice = new TreeSet<>();

    private final SortedSet<String> m_withCommas = new TreeSet<>();

    /** The columns that lack a class, by its name. */
    private final SortedMap<String, SortedSet<String>> m_lacking = new TreeMap<>();

    private final RowProblems m_problems = new RowProblems("fused");

    private long m_ties;

    private long m_tied;

    private long m_missing;

    private long m_single;

    private long m_singleMaps;

    /** @throws InvalidSettingsException if a column is not there, or a new one is there already */
    Fusing(final LabelFusionParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_names = parameters.columns(spec);
        requireOnce();
        for (final String column : m_names) {
            requireNoComma(column);
            m_columns.add(Columns.index(spec, column, LabelVolumeValue.class,
                m_columns.isEmpty() ? "First column" : "Further columns"));
        }
        if (m_columns.size() < 2) {
            throw new InvalidSettingsException("There is one segmentation column, \"" + m_names.get(0)
                + "\", and nothing to fuse it with. Connect a table with several, such as the NIfTI Reader's with \"One column per"
                + " rater\", or append a model's with the Segmentation Predictor or the Atlas Segmenter.");
        }
        m_weights = parameters.weights(m_columns.size());
        m_notAnnotated = NotAnnotated.of(parameters.m_notAnnotated);
        m_probabilities = parameters.probabilities(spec, m_names);
        m_unmet.addAll(m_probabilities);
    }

    /** The first column may have been guessed, so that only now it is known which one is named again. */
    private void requireOnce() throws InvalidSettingsException {
        final Set<String> known = new HashSet<>();
        for (final String column : m_names) {
            if (!known.add(column)) {
                throw new InvalidSettingsException("Column \"" + column + "\" would vote twice: "
                    + (column.equals(m_names.get(0))
                        ? "it is the \"First column\" (chosen, or guessed where that is blank), and \"Further columns\" names it,"
                            + " too."
                        : "\"Further columns\" names it twice.")
                    + " Name it once; to give it more say, use \"Weights\".");
            }
        }
    }

    /** Part of a name that was cut at its comma is not in the table; what is missing is not the column, then. */
    private void requireNoComma(final String column) throws InvalidSettingsException {
        final List<String> commas = Columns.names(m_spec, LabelVolumeValue.class).stream().filter(n -> n.contains(",")).toList();
        if (!m_columns.isEmpty() && !m_spec.containsName(column) && !commas.isEmpty()) {
            throw new InvalidSettingsException("Column \"" + column + "\" (setting \"Further columns\") is not in the input table."
                + " Names are separated by commas there, so a column whose name has one, \"" + commas.get(0)
                + "\", cannot be named: rename it with the Column Renamer, or leave \"Further columns\" blank to fuse all.");
        }
    }

    /** The first output. */
    DataTableSpec spec() throws InvalidSettingsException {
        final String name = m_parameters.m_outputColumn.strip();
        final List<DataColumnSpec> added = new ArrayList<>();
        added.add(column(name, LabelVolumeCell.TYPE));
        m_probabilities.forEach(c -> added.add(column(
            ProbabilityColumns.name(name, c.equals("0") ? ProbabilityColumns.BACKGROUND : c), VolumeCell.TYPE)));
        if (takes()) {
            added.add(column(name + TAKEN, StringCell.TYPE));
        }
        for (final DataColumnSpec column : added) {
            if (m_spec.containsName(column.getName())) {
                throw new InvalidSettingsException("The table already has a column \"" + column.getName()
                    + "\". Choose another \"Name of the new column\".");
            }
        }
        return new DataTableSpecCreator(m_spec).addColumns(added.toArray(DataColumnSpec[]::new)).createSpec();
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** Fills both outputs. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(table, this::bytes).require();
        final List<LabelVolumeValue> all = new ArrayList<>();
        for (final DataRow row : m_notAnnotated.isEmpty() ? List.<DataRow> of() : table) {
            m_columns.stream().map(row::getCell).filter(c -> !c.isMissing()).forEach(c -> all.add((LabelVolumeValue)c));
        }
        if (!all.isEmpty()) {
            m_notAnnotated.checkSegmentations(all);
        }
        final Progress progress = new KnimeProgress(exec);
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        final BufferedDataContainer raters = exec.createDataContainer(RATERS);
        for (final DataRow row : table) {
            progress.report((double)rows.size() / table.size(), "Fusing row " + (rows.size() + 1) + " of " + table.size());
            rows.addRowToTable(Columns.append(row, results(row, rows.size(), cells, raters)));
        }
        rows.close();
        raters.close();
        m_problems.requireAny(table.size() - m_missing - m_problems.count());
        out.setOutData(0, rows.getTable());
        out.setInternalData(rows.getTable());
        out.setOutData(1, raters.getTable());
        final String warning = warning(table.size());
        if (!warning.isEmpty()) {
            out.setWarningMessage(warning);
        }
    }

    private boolean takes() {
        return m_parameters.m_method == LabelFusionParameters.Method.BEST;
    }

    private boolean pools() {
        return m_parameters.m_method == LabelFusionParameters.Method.MEAN
            || m_parameters.m_method == LabelFusionParameters.Method.PRODUCT;
    }

    private long bytes(final DataRow row) {
        long voxels = 0;
        long columns = 0;
        long maps = m_probabilities.isEmpty() ? 0 : 1;
        int largest = 0;
        final SortedSet<Integer> classes = new TreeSet<>();
        for (final int column : m_columns) {
            if (!row.getCell(column).isMissing()) {
                final LabelVolumeValue value = (LabelVolumeValue)row.getCell(column);
                voxels = value.geometry().voxelCount();
                columns += voxels;
                classes.addAll(value.labels().names().keySet());
                final int its = maps(row, column, value.labels()).size();
                maps += pools() ? its : 0;
                largest = Math.max(largest, its);
            }
        }
        return NodeMemory.LABEL_FUSION.bytes(columns, voxels, voxels * (maps + (pools() ? classes.size() + 1 : 0)
            + (takes() && !m_probabilities.isEmpty() ? largest : 0)));
    }

    /** The columns with probabilities of a segmentation's classes that the row has. */
    private List<Integer> maps(final DataRow row, final int column, final LabelSet labels) {
        final List<Integer> found = new ArrayList<>();
        final List<String> names = new ArrayList<>(labels.names().values());
        names.add(ProbabilityColumns.BACKGROUND);
        for (final String name : names) {
            final int index = m_spec.findColumnIndex(ProbabilityColumns.name(m_spec.getColumnSpec(column).getName(), name));
            if (index >= 0 && row.getCell(index) instanceof VolumeValue) {
                found.add(index);
            }
        }
        return found;
    }

    private DataCell[] results(final DataRow row, final long number, final VolumeCellFactory cells,
        final BufferedDataContainer raters) throws IOException {
        final int maps = m_probabilities.size();
        final DataCell[] results = new DataCell[1 + maps + (takes() ? 1 : 0)];
        Arrays.fill(results, DataType.getMissingCell());
        final List<Integer> present = m_columns.stream().filter(c -> !row.getCell(c).isMissing()).toList();
        if (present.isEmpty()) {
            m_missing++;
            return results;
        }
        final String key = row.getKey().getString();
        try {
            final Opinions opinions = opinions(row, present);
            final Optional<BestAgreement.Choice> choice = takes() ? Optional.of(choice(present, opinions)) : Optional.empty();
            final Fused fused = fuse(row, present, opinions, choice);
            if (present.size() == 1) {
                final boolean hasMaps =
                    pools() && !maps(row, present.get(0), ((LabelVolumeValue)row.getCell(present.get(0))).labels()).isEmpty();
                m_single += hasMaps ? 0 : 1;
                m_singleMaps += hasMaps ? 1 : 0;
            }
            note(opinions);
            m_ties += fused.ties();
            m_tied += fused.ties() > 0 ? 1 : 0;
            results[0] = cells.create("fused-" + number, fused.labels());
            final Map<Integer, String> appended = new HashMap<>();
            choice.ifPresent(c -> results[1 + maps] = new StringCell(opinions.raters().get(c.rater())));
            for (int p = 1; p <= maps; p++) {
                final int index = index(m_probabilities.get(p - 1), fused, opinions.labels());
                final String earlier = index < 0 ? null : appended.putIfAbsent(index, m_probabilities.get(p - 1));
                if (earlier != null) {
                    m_twice.add(earlier + " and " + m_probabilities.get(p - 1));
                }
                results[p] = index < 0 ? DataType.getMissingCell()
                    : cells.create("probability-" + p + "-" + number, fused.probability().apply(index));
            }
            add(key, fused, opinions.labels(), raters);
        } catch (final ImagingException e) {
            Arrays.fill(results, m_problems.add(key, e.getMessage()));
        }
        return results;
    }

    private void note(final Opinions opinions) {
        opinions.lacking().forEach((value, columns) -> m_lacking
            .computeIfAbsent(opinions.labels().name(value), n -> new TreeSet<>()).addAll(columns));
        opinions.labels().names().forEach((value, name) -> {
            if (name.contains(",")) {
                m_withCommas.add("\"" + name + "\" by " + value);
            }
        });
    }

    private Opinions opinions(final DataRow row, final List<Integer> present) {
        final List<String> names = new ArrayList<>();
        final List<LabelVolume> segmentations = new ArrayList<>();
        final List<Set<Integer>> open = new ArrayList<>();
        for (final int column : present) {
            final LabelVolume labels = ((LabelVolumeValue)row.getCell(column)).labelVolume();
            names.add(m_spec.getColumnSpec(column).getName());
            segmentations.add(labels);
            open.add(m_notAnnotated.values(labels.labels()));
        }
        return new Opinions(names, segmentations, open);
    }

    private Fused fuse(final DataRow row, final List<Integer> present, final Opinions opinions,
        final Optional<BestAgreement.Choice> choice) {
        final double[] weights = present.stream().mapToDouble(c -> m_weights[m_columns.indexOf(c)]).toArray();
        return switch (m_parameters.m_method) {
            case MAJORITY -> new MajorityVote(weights).fuse(opinions);
            case STAPLE -> new Staple().fuse(opinions);
            case MEAN -> new OpinionPool(false, weights).fuse(opinions, probabilities(row, present, opinions));
            case PRODUCT -> new OpinionPool(true, weights).fuse(opinions, probabilities(row, present, opinions));
            case BEST -> taken(row, present, opinions, choice.orElseThrow());
        };
    }

    /** @throws ImagingException if there is nothing to choose by */
    private BestAgreement.Choice choice(final List<Integer> present, final Opinions opinions) {
        final boolean reference = present.get(0).equals(m_columns.get(0));
        if (present.size() < 2 || !reference) {
            final String lacking = reference ? "all further columns are" : "\"" + m_names.get(0) + "\" is";
            throw new ImagingException("Nothing can be compared: " + lacking + " missing. Leave the row out with the Row Filter, or"
                + " fuse by another method.");
        }
        return new BestAgreement().choose(opinions);
    }

    private Fused taken(final DataRow row, final List<Integer> present, final Opinions opinions,
        final BestAgreement.Choice choice) {
        final List<OpinionPool.Maps> maps = new ArrayList<>(Collections.nCopies(present.size(), OpinionPool.Maps.NONE));
        if (!m_probabilities.isEmpty()) {
            maps.set(choice.rater(), probabilities(row, List.of(present.get(choice.rater())), opinions).get(0));
        }
        return new BestAgreement().fuse(opinions, maps, choice);
    }

    /** @throws ImagingException if a column has probabilities of some of its classes only, or they lie on another grid */
    private List<OpinionPool.Maps> probabilities(final DataRow row, final List<Integer> present, final Opinions opinions) {
        final List<OpinionPool.Maps> all = new ArrayList<>();
        for (final int column : present) {
            final String name = m_spec.getColumnSpec(column).getName();
            final LabelSet own = ((LabelVolumeValue)row.getCell(column)).labels();
            if (maps(row, column, own).isEmpty()) {
                m_sure.add(name);
                all.add(OpinionPool.Maps.NONE);
                continue;
            }
            final Geometry geometry = ((LabelVolumeValue)row.getCell(column)).geometry();
            final int voxels = ((LabelVolumeValue)row.getCell(column)).labelVolume().voxels().length;
            final List<String> titles = new ArrayList<>();
            final SortedSet<Integer> open = m_notAnnotated.values(own);
            final List<float[]> maps = new ArrayList<>();
            for (final int value : opinions.values()) {
                final String title = ProbabilityColumns.name(name, value == 0 ? ProbabilityColumns.BACKGROUND : own.name(value));
                final int index = m_spec.findColumnIndex(title);
                titles.add(title);
                if (index >= 0 && row.getCell(index) instanceof VolumeValue volume) {
                    if (!volume.geometry().sameGrid(geometry)) {
                        throw new ImagingException("The probabilities \"" + title + "\" and the segmentation \"" + name
                            + "\" lie on different grids: " + volume.geometry() + " and "
                            + geometry.beside(volume.geometry()) + ". Resample them to one grid with the Volume Resampler.");
                    }
                    maps.add(volume.volume().voxels());
                } else if (value == 0) {
                    maps.add(null);
                } else if (own.names().containsKey(value) && !open.contains(value)) {
                    throw new ImagingException("There are probabilities of \"" + name + "\", but none of its class \""
                        + own.name(value) + "\": column \"" + title + "\" is not there or empty. Append all, or choose \"Majority"
                        + " vote\".");
                } else {
                    maps.add(new float[voxels]);
                }
            }
            all.add(new OpinionPool.Maps(maps, titles));
        }
        return all;
    }

    /** @return index of a class given by name or value; −1 if the row has none */
    private int index(final String wanted, final Fused fused, final LabelSet labels) {
        for (int n = 0; n < fused.values().size(); n++) {
            final int value = fused.values().get(n);
            if (wanted.equals(String.valueOf(value)) || wanted.equalsIgnoreCase(labels.name(value))) {
                m_unmet.remove(wanted);
                return n;
            }
        }
        return -1;
    }

    private static void add(final String row, final Fused fused, final LabelSet labels, final BufferedDataContainer raters) {
        for (final Fused.Rater rater : fused.raters()) {
            for (int n = 0; n < fused.values().size(); n++) {
                if (fused.values().get(n) > 0) {
                    raters.addRowToTable(new DefaultRow(RowKey.createRowKey(raters.size()), new StringCell(row),
                        new StringCell(rater.name()), new StringCell(labels.name(fused.values().get(n))),
                        Columns.number(rater.sensitivity()[n]), Columns.number(rater.specificity()[n])));
                }
            }
        }
    }

    /** What a class that some columns do not know means. */
    private Optional<String> lacking(final String name, final SortedSet<String> columns) {
        final String known = "The class \"" + name + "\" is not known to " + String.join(", ", columns) + " in some rows";
        if (!takes()) {
            return Optional.of(known + ", which counts there as saying that it is nowhere. If nobody looked for it"
                + " there, fuse only columns that know it: choose them in \"First column\" and \"Further columns\".");
        }
        return columns.contains(m_names.get(0))
            ? Optional.of(known + ". What \"" + m_names.get(0) + "\" does not know, the others are not compared by.")
            : Optional.of(known + ", which counts there as saying that it is nowhere.");
    }

    private String warning(final long rows) {
        final List<String> warnings = new ArrayList<>();
        if (rows == 0) {
            warnings.add("The input table has no rows; nothing was fused.");
        } else if (!m_unmet.isEmpty()) {
            warnings.add("No segmentation has the class " + String.join(", ", m_unmet) + ", so its probabilities are missing."
                + (m_withCommas.isEmpty() ? "" : " A class whose name has a comma is named by its label value: "
                    + String.join(", ", m_withCommas) + "."));
        }
        if (!m_twice.isEmpty()) {
            warnings.add("\"Append probabilities of\" names the same class twice, so two columns are alike: "
                + String.join(", ", m_twice) + ".");
        }
        m_lacking.forEach((name, columns) -> lacking(name, columns).ifPresent(warnings::add));
        m_problems.warning(rows).ifPresent(warnings::add);
        if (m_missing > 0) {
            warnings.add(m_missing + " of " + rows + " rows have no segmentation and get a missing cell.");
        }
        if (m_single > 0) {
            warnings.add(m_single + " of " + rows + " rows have one segmentation only, which is the result.");
        }
        if (m_singleMaps > 0) {
            warnings.add(m_singleMaps + " of " + rows + " rows have one segmentation only; the result is the class with the largest"
                + " of its probabilities, which may differ from the segmentation if that was changed afterwards.");
        }
        if (m_parameters.m_method == LabelFusionParameters.Method.STAPLE && m_columns.size() == 2) {
            warnings.add("STAPLE of two columns cannot tell which of them is right; use three or more, or another method.");
        }
        if (m_ties > 0) {
            warnings.add("On " + m_ties + " voxels of " + m_tied + " rows several classes had the same say; the one of the"
                + " earliest column was taken.");
        }
        if (!m_sure.isEmpty()) {
            warnings.add("There are no probabilities of " + String.join(", ", m_sure)
                + " in some rows, so its labels count as sure there.");
        }
        return String.join(" ", warnings);
    }
}
