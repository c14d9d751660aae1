package org.scanbridge.knime.nodes.segmentationstatistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.features.ClassStatistics;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ClassList;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowProblems;

/** One execution of Segmentation Statistics; one row is in memory at a time. */
final class Measuring {

    /** What is measured, in the order of the columns. */
    private static final List<String> MEASURES = List.of("volume (ml)", "mean", "SD", "skewness", "kurtosis", "minimum", "p10",
        "p25", "median", "p75", "p90", "maximum", "entropy");

    private static final LabelSet UNNAMED = LabelSet.of();

    private final SegmentationStatisticsParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_image;

    private final int m_segmentation;

    private final RowProblems m_problems = new RowProblems("measured");

    /** By class as it was asked for: what rows call it, by name in any case, with the numbers of such rows. */
    private final Map<String, SortedMap<String, Integer>> m_names = new LinkedHashMap<>();

    private long m_missing;

    /** @throws InvalidSettingsException if a column is not there */
    Measuring(final SegmentationStatisticsParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_image = Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
        m_segmentation = Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column");
    }

    /**
     * The output.
     *
     * @throws InvalidSettingsException if the table has one of the columns already
     */
    DataTableSpec spec(final List<String> classes) throws InvalidSettingsException {
        final List<DataColumnSpec> added = new ArrayList<>();
        for (final String name : classes) {
            for (final String measure : MEASURES) {
                final String title = name + " " + measure;
                if (m_spec.containsName(title)) {
                    throw new InvalidSettingsException("The table already has a column \"" + title
                        + "\". Rename it with the Column Renamer, or remove it first.");
                }
                added.add(new DataColumnSpecCreator(title, DoubleCell.TYPE).createSpec());
            }
        }
        return new DataTableSpecCreator(m_spec).addColumns(added.toArray(DataColumnSpec[]::new)).createSpec();
    }

    /** Fills the output. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(table, this::bytes).require();
        final Progress progress = new KnimeProgress(exec);
        final List<String> classes = classes(table, progress.part(0, 0.2));
        final Progress measuring = progress.part(0.2, 1);
        final BufferedDataContainer rows = exec.createDataContainer(spec(classes));
        for (final DataRow row : table) {
            measuring.report((double)rows.size() / table.size(), "Measuring row " + (rows.size() + 1) + " of " + table.size());
            rows.addRowToTable(Columns.append(row, results(row, classes)));
        }
        rows.close();
        m_problems.requireAny(table.size() - m_missing - m_problems.count());
        out.setOutData(0, rows.getTable());
        final List<String> warnings = new ArrayList<>();
        if (table.size() == 0) {
            warnings.add("The input table has no rows; nothing was measured."
                + (classes.isEmpty() ? " \"Classes\" is blank, so there are no columns of classes." : ""));
        }
        m_problems.warning(table.size()).ifPresent(warnings::add);
        if (m_missing > 0) {
            warnings.add(m_missing + " of " + table.size() + " rows have no image or no segmentation, and missing cells.");
        }
        mixed().ifPresent(warnings::add);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join(" ", warnings));
        }
    }

    private boolean isMissing(final DataRow row) {
        return row.getCell(m_image).isMissing() || row.getCell(m_segmentation).isMissing();
    }

    private long bytes(final DataRow row) {
        return isMissing(row) ? 0
            : NodeMemory.SEGMENTATION_STATISTICS.bytes(((VolumeValue)row.getCell(m_image)).geometry().voxelCount(),
                ((LabelVolumeValue)row.getCell(m_segmentation)).geometry().voxelCount());
    }

    private static boolean has(final String wanted, final LabelSet labels) {
        return labels.names().values().stream().anyMatch(wanted::equalsIgnoreCase)
            || isNumber(wanted) && labels.names().containsKey(Integer.valueOf(wanted));
    }

    private static boolean isNumber(final String wanted) {
        return wanted.matches("[1-9]\\d{0,2}");
    }

    /**
     * The classes that have columns: those that were asked for, or all, in the order of label values; none are known of a table
     * without rows.
     *
     * @throws InvalidSettingsException if no segmentation has one that was asked for, or there are no classes at all
     */
    private List<String> classes(final BufferedDataTable table, final Progress progress) throws InvalidSettingsException {
        final List<String> wanted = m_parameters.classes();
        final List<LabelSet> all = new ArrayList<>();
        long done = 0;
        for (final DataRow row : table) {
            progress.report((double)done++ / table.size(), "Looking for classes");
            if (!row.getCell(m_segmentation).isMissing()) {
                final LabelVolumeValue segmentation = (LabelVolumeValue)row.getCell(m_segmentation);
                // Classes without a name are known by the voxels alone.
                final boolean named = !wanted.isEmpty() && wanted.stream().allMatch(w -> has(w, segmentation.labels()));
                all.add(named ? segmentation.labels()
                    : ClassList.with(segmentation.labels(), segmentation.labelVolume().values()));
            }
        }
        for (final String name : wanted) {
            if (!all.isEmpty() && all.stream().noneMatch(labels -> has(name, labels))) {
                throw new InvalidSettingsException("\"Classes\" names \"" + name + "\", but no segmentation has such a class. The classes"
                    + " are: " + ClassList.text(all) + ". " + comma(name, all) + "Give names or numbers of these, or leave it blank.");
            }
        }
        if (!wanted.isEmpty()) {
            return wanted;
        }
        final SortedMap<Integer, Set<String>> names = new TreeMap<>();
        all.forEach(labels -> labels.names()
            .forEach((value, name) -> names.computeIfAbsent(value, v -> new LinkedHashSet<>()).add(name)));
        final Set<String> classes = new LinkedHashSet<>();
        // Names are the same in any case, as where they are looked up; columns have the spelling of the first row with the class.
        final SortedMap<String, String> spellings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.forEach(labels -> labels.names().values().forEach(name -> spellings.putIfAbsent(name, name)));
        names.values().forEach(n -> n.forEach(name -> classes.add(spellings.get(name))));
        if (classes.isEmpty() && table.size() > 0) {
            throw new InvalidSettingsException("No segmentation of column \"" + m_parameters.m_segmentationColumn
                + "\" has a class, so there is nothing to measure. Choose another \"Segmentation column\".");
        }
        return List.copyOf(classes);
    }

    /** How to give a class whose name has a comma; empty if there is none. */
    private static String comma(final String wanted, final List<LabelSet> all) {
        return NameLists.meant(wanted, all.stream().flatMap(labels -> labels.names().values().stream()).toList())
            .map(name -> "Names are separated by commas there; the class \"" + name + "\", whose name has one, is given by its number, "
                + all.stream().flatMap(labels -> labels.names().entrySet().stream()).filter(e -> e.getValue().equalsIgnoreCase(name))
                    .map(Map.Entry::getKey).distinct().sorted().map(String::valueOf).collect(Collectors.joining(" or "))
                + ", or renamed with the Label Editor. ").orElse("");
    }

    /**
     * The label value of a class by name, or by number where a number was asked for and no class has that name; empty if there
     * is none.
     */
    private Optional<Integer> value(final String wanted, final LabelSet labels) {
        final List<Integer> named = labels.names().entrySet().stream().filter(e -> e.getValue().equalsIgnoreCase(wanted))
            .map(Map.Entry::getKey).toList();
        if (named.size() > 1) {
            throw new ImagingException("The segmentation has " + named.size() + " classes called " + wanted + ", with the numbers "
                + String.join(", ", named.stream().map(String::valueOf).toList())
                + ". Join them, or give them different names, with the Label Editor.");
        }
        // A blank setting means the names of the table, among which may be one such as "9".
        final boolean numbers = !m_parameters.classes().isEmpty();
        if (numbers && named.isEmpty() && isNumber(wanted) && labels.names().containsKey(Integer.valueOf(wanted))) {
            return Optional.of(Integer.valueOf(wanted));
        }
        return named.stream().findFirst();
    }

    private DataCell[] results(final DataRow row, final List<String> classes) {
        final DataCell[] cells = new DataCell[classes.size() * MEASURES.size()];
        Arrays.fill(cells, DataType.getMissingCell());
        if (isMissing(row)) {
            m_missing++;
            return cells;
        }
        try {
            final LabelVolumeValue segmentation = (LabelVolumeValue)row.getCell(m_segmentation);
            final SortedMap<Integer, ClassStatistics> statistics = ClassStatistics.of(((VolumeValue)row.getCell(m_image)).volume(),
                segmentation.labelVolume(), m_parameters.m_bins);
            final LabelSet labels = ClassList.with(segmentation.labels(), statistics.keySet());
            final Set<Integer> used = new HashSet<>();
            final List<Optional<Integer>> values = new ArrayList<>();
            for (final String name : classes) {
                final Optional<Integer> value = value(name, labels);
                if (value.isPresent() && !used.add(value.get())) {
                    throw new ImagingException("\"Classes\" names class " + labels.name(value.get()) + " of this segmentation twice, by name"
                        + " and by number. Name it once.");
                }
                values.add(value);
            }
            for (int c = 0; c < classes.size(); c++) {
                final String wanted = classes.get(c);
                values.get(c).filter(v -> !labels.name(v).equals(UNNAMED.name(v))).ifPresent(v -> m_names
                    .computeIfAbsent(wanted, w -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER)).merge(labels.name(v), 1, Integer::sum));
                fill(cells, c * MEASURES.size(),
                    values.get(c).map(statistics::get).orElse(new ClassStatistics(0, 0, Optional.empty())));
            }
        } catch (final ImagingException e) {
            Arrays.fill(cells, m_problems.add(row.getKey().getString(), e.getMessage()));
        }
        return cells;
    }

    /** A warning of classes that were asked for by number, and are different ones in different rows; one without a name may be any. */
    private Optional<String> mixed() {
        final String mixed = m_names.entrySet().stream().filter(e -> e.getValue().size() > 1)
            .map(e -> e.getKey() + " is " + e.getValue().entrySet().stream()
                .map(n -> n.getKey() + " in " + n.getValue() + (n.getValue() == 1 ? " row" : " rows")).collect(Collectors.joining(" and ")))
            .collect(Collectors.joining("; "));
        return mixed.isEmpty() ? Optional.empty() : Optional.of("\"Classes\" gives numbers that mean different classes in different rows,"
            + " whose columns mix them: " + mixed + ". Give names instead, or number the classes alike with the Label Editor.");
    }

    private static void fill(final DataCell[] cells, final int from, final ClassStatistics statistics) {
        cells[from] = new DoubleCell(statistics.milliliters());
        statistics.intensities().ifPresent(i -> {
            final double[] numbers = {i.mean(), i.standardDeviation(), i.skewness(), i.excessKurtosis(), i.minimum(),
                i.percentile10(), i.percentile25(), i.median(), i.percentile75(), i.percentile90(), i.maximum(), i.entropy()};
            for (int n = 0; n < numbers.length; n++) {
                cells[from + 1 + n] = new DoubleCell(numbers[n]);
            }
        });
    }
}
