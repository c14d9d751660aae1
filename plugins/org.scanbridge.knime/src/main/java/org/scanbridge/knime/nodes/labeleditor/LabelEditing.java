package org.scanbridge.knime.nodes.labeleditor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.components.LargestComponent;
import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.labels.LabelRules;
import org.scanbridge.imaging.labels.LabelUnion;
import org.scanbridge.imaging.labels.NumbersByName;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.util.ClassList;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.NotAnnotated;

/** One execution of the Label Editor. */
final class LabelEditing {

    /** How much of the progress is looking for the names of all rows. */
    private static final double NAMES = 0.4;

    private final LabelEditorParameters m_parameters;

    private final DataTableSpec m_spec;

    private final List<Integer> m_columns = new ArrayList<>();

    private final LabelRules m_rules;

    private final NotAnnotated m_notAnnotated;

    /** The classes of each edited segmentation, if some of them only mark what is not annotated. */
    private final List<LabelSet> m_edited = new ArrayList<>();

    /** Classes that were asked for and met in no row so far. */
    private final SortedSet<String> m_unmet = new TreeSet<>();

    /** Rules that met no class of any row so far. */
    private final List<String> m_unmetRules = new ArrayList<>();

    /** The classes of all rows before they were edited. */
    private final SortedSet<String> m_classes = new TreeSet<>();

    private long m_missing;

    private long m_incomplete;

    /** @throws InvalidSettingsException if a column is not there, or a new one is there already */
    LabelEditing(final LabelEditorParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        for (final String column : parameters.columns()) {
            m_columns.add(Columns.index(spec, column, LabelVolumeValue.class,
                m_columns.isEmpty() ? "Segmentation column" : "Further columns"));
        }
        m_rules = parameters.rules();
        m_unmetRules.addAll(m_rules.texts());
        m_notAnnotated = NotAnnotated.of(parameters.m_notAnnotated);
        m_unmet.addAll(parameters.split());
        m_unmet.addAll(parameters.m_parts == LabelEditorParameters.Parts.LARGEST_OF_EACH_CLASS ? parameters.inOnePiece()
            : List.of());
    }

    /** The output table. */
    DataTableSpec spec() throws InvalidSettingsException {
        final List<DataColumnSpec> added = new ArrayList<>();
        if (!m_parameters.m_replace) {
            added.add(column(m_parameters.m_outputColumn.strip()));
        }
        for (final String split : m_parameters.split()) {
            added.add(column(result() + " " + split));
        }
        return new DataTableSpecCreator(m_spec).addColumns(added.toArray(DataColumnSpec[]::new)).createSpec();
    }

    private String result() {
        return m_parameters.m_replace ? m_parameters.m_segmentationColumn : m_parameters.m_outputColumn.strip();
    }

    private DataColumnSpec column(final String name) throws InvalidSettingsException {
        if (m_spec.containsName(name)) {
            throw new InvalidSettingsException("The table already has a column \"" + name
                + "\". Choose another name in \"New column\".");
        }
        return new DataColumnSpecCreator(name, LabelVolumeCell.TYPE).createSpec();
    }

    /** Edits the segmentations of a table. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(table, this::bytes).require();
        final Progress progress = new KnimeProgress(exec);
        final NumbersByName numbers = new NumbersByName();
        if (m_parameters.m_byName) {
            long seen = 0;
            for (final DataRow row : table) {
                progress.report(NAMES * seen++ / table.size(), "Looking for classes in row " + seen);
                relabeled(row).ifPresent(l -> numbers.add(l.labels()));
            }
            m_missing = 0;
            m_incomplete = 0;
        }
        final VolumeCellFactory cells = VolumeCellFactory.of(exec);
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        for (final DataRow row : table) {
            final double from = m_parameters.m_byName ? NAMES : 0;
            progress.report(from + (1 - from) * rows.size() / table.size(), "Editing row " + (rows.size() + 1) + " of "
                + table.size());
            final Optional<LabelVolume> joined = relabeled(row);
            rows.addRowToTable(row(row, joined.map(l -> cleaned(m_parameters.m_byName ? numbers.apply(l) : l)), cells,
                rows.size()));
        }
        rows.close();
        if (!m_edited.isEmpty()) {
            m_notAnnotated.check(m_edited);
        }
        out.setOutData(0, rows.getTable());
        out.setInternalData(rows.getTable());
        final String warning = warning(table.size());
        if (!warning.isEmpty()) {
            out.setWarningMessage(warning);
        }
    }

    /** The columns joined and relabeled; empty if all are missing. */
    private Optional<LabelVolume> relabeled(final DataRow row) {
        final List<LabelVolume> parts = new ArrayList<>();
        final List<String> titles = new ArrayList<>();
        for (final int column : m_columns) {
            if (!row.getCell(column).isMissing()) {
                parts.add(((LabelVolumeValue)row.getCell(column)).labelVolume());
                titles.add(m_spec.getColumnSpec(column).getName());
            }
        }
        if (parts.isEmpty()) {
            m_missing++;
            return Optional.empty();
        }
        m_incomplete += parts.size() < m_columns.size() ? 1 : 0;
        final LabelVolume joined =
            m_columns.size() == 1 ? parts.get(0) : LabelUnion.join(parts, titles, m_parameters.priority());
        if (!m_unmetRules.isEmpty()) {
            m_unmetRules.retainAll(m_rules.unmet(joined));
            joined.values().stream().filter(value -> value > 0).map(joined.labels()::name).forEach(m_classes::add);
        }
        return Optional.of(m_rules.isEmpty() ? joined : m_rules.apply(joined));
    }

    private long bytes(final DataRow row) {
        long columns = 0;
        long result = 0;
        for (final int column : m_columns) {
            if (!row.getCell(column).isMissing()) {
                final long voxels = ((LabelVolumeValue)row.getCell(column)).geometry().voxelCount();
                columns += voxels;
                result = result == 0 ? voxels : result;
            }
        }
        return NodeMemory.LABEL_EDITOR.bytes(columns, result,
            m_parameters.m_parts == LabelEditorParameters.Parts.ALL ? 0 : result);
    }

    /** Without small parts; the marks of what is not annotated are no parts. */
    private LabelVolume cleaned(final LabelVolume labels) {
        if (!m_notAnnotated.isEmpty()) {
            m_edited.add(ClassList.with(labels.labels(), labels.values()));
        }
        final SortedSet<Integer> marks = m_notAnnotated.values(labels.labels());
        final LabelVolume annotated = IgnoredVoxels.without(labels, labels, marks);
        final LabelVolume cleaned = switch (m_parameters.m_parts) {
            case ALL -> annotated;
            case LARGEST_OF_EACH_CLASS -> LargestComponent.ofEachClass(annotated, m_parameters.inOnePiece().isEmpty()
                ? annotated.values() : classes(annotated, m_parameters.inOnePiece()), Connectivity.CORNERS);
            case LARGEST_OF_FOREGROUND -> LargestComponent.ofForeground(annotated, Connectivity.CORNERS);
        };
        return marks.isEmpty() ? cleaned : marked(cleaned, labels, marks);
    }

    private static LabelVolume marked(final LabelVolume cleaned, final LabelVolume labels, final SortedSet<Integer> marks) {
        final byte[] voxels = cleaned.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            if (marks.contains(labels.voxels()[v] & 0xff)) {
                voxels[v] = labels.voxels()[v];
            }
        }
        return new LabelVolume(voxels, cleaned.geometry(), cleaned.info(), cleaned.labels());
    }

    /** The values of classes given by name or value; those that a segmentation lacks are left out. */
    private SortedSet<Integer> classes(final LabelVolume labels, final Collection<String> wanted) {
        final SortedSet<Integer> known = new TreeSet<>(labels.labels().names().keySet());
        known.addAll(labels.values());
        final SortedSet<Integer> values = new TreeSet<>();
        for (final String name : wanted) {
            for (final int value : known) {
                if (name.equals(String.valueOf(value)) || name.equalsIgnoreCase(labels.labels().name(value))) {
                    values.add(value);
                    m_unmet.remove(name);
                }
            }
        }
        return values;
    }

    private DataRow row(final DataRow row, final Optional<LabelVolume> result, final VolumeCellFactory cells, final long n)
        throws IOException {
        final List<DataCell> all = new ArrayList<>();
        for (int c = 0; c < row.getNumCells(); c++) {
            all.add(row.getCell(c));
        }
        final DataCell edited =
            result.isPresent() ? cells.create("edited-" + n, result.get()) : DataType.getMissingCell();
        if (m_parameters.m_replace) {
            all.set(m_columns.get(0), edited);
        } else {
            all.add(edited);
        }
        for (int s = 0; s < m_parameters.split().size(); s++) {
            all.add(result.isEmpty() ? DataType.getMissingCell()
                : cells.create("split-" + s + "-" + n, only(result.get(), m_parameters.split().get(s))));
        }
        return new DefaultRow(row.getKey(), all.toArray(DataCell[]::new));
    }

    private LabelVolume only(final LabelVolume labels, final String name) {
        final SortedSet<Integer> values = classes(labels, List.of(name));
        final byte[] voxels = labels.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            if (!values.contains(voxels[v] & 0xff)) {
                voxels[v] = 0;
            }
        }
        final TreeMap<Integer, String> names = new TreeMap<>(labels.labels().names());
        names.keySet().retainAll(values);
        return new LabelVolume(voxels, labels.geometry(), labels.info(), new LabelSet(names));
    }

    private String warning(final long rows) {
        final List<String> warnings = new ArrayList<>();
        if (rows == 0) {
            warnings.add("The input table has no rows; nothing was edited.");
        } else if (!m_unmet.isEmpty()) {
            warnings.add("No segmentation has the class " + String.join(", ", m_unmet) + ".");
        }
        if (m_missing < rows && !m_unmetRules.isEmpty()) {
            warnings.add((m_unmetRules.size() == 1 ? "The rule " : "The rules ") + m_unmetRules.stream()
                .map(rule -> '"' + rule + '"').collect(Collectors.joining(", ")) + " met no class in any row; "
                + (m_classes.isEmpty() ? "no segmentation has a class." : "the segmentations have "
                    + String.join(", ", m_classes) + "."));
        }
        if (m_missing > 0) {
            warnings.add(m_missing + " of " + rows + " rows have no segmentation and keep a missing cell.");
        }
        if (m_incomplete > 0) {
            warnings.add(m_incomplete + " of " + rows + " rows lack some of the joined columns; what these would show is"
                + " background there.");
        }
        return String.join(" ", warnings);
    }
}
