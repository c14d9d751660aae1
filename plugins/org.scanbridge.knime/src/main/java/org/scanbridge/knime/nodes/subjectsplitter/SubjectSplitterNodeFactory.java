package org.scanbridge.knime.nodes.subjectsplitter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.IntStream;

import org.knime.core.data.DataCell;
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
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.imaging.split.Part;
import org.scanbridge.imaging.split.SubjectFolds;
import org.scanbridge.imaging.split.SubjectSplit;
import org.scanbridge.knime.nodes.subjectsplitter.SubjectSplitterParameters.Travelers;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.UnusedSettings;

/** Divides a study into training, validation and test subjects. */
public final class SubjectSplitterNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Divides the rows of a study into training, validation and test, <b>by subject</b>: all images of a
            subject go to the same part, else scores would measure memory. Every site is divided in the same
            proportions. With shares, each part of a size above 0 gets at least one subject of every site.</p>
            <p>A subject with images from several sites, such as a volunteer who traveled between scanners, stays in one
            part as well.</p>
            <p>For <b>cross-validation</b>, the training subjects are also divided into folds, by subject and for every site
            alike. The <b>Segmentation Learner</b> trains the networks of all folds, the <b>Segmentation Predictor</b>
            segments every subject with the network that has not seen it. A column Fold that the study already has is
            replaced then, and a warning says so.</p>
            <p>Who goes where depends on the seed and on the subjects of the site, not on the order of the rows and not
            on the other sites.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Subject Splitter") //
        .icon("icon.png") //
        .shortDescription("Divides a study into training, validation and test by subject, for every site alike.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Study", "Rows with a subject and a site.")
            .addOutputTable("Training", "The rows of the training subjects, with the columns Role (training) and, if asked for, Fold.")
            .addOutputTable("Validation", "The rows of the validation subjects, with the column Role (validation).")
            .addOutputTable("Test", "The rows of the test subjects, with the column Role (test).")) //
        .model(m -> m.parametersClass(SubjectSplitterParameters.class) //
            .configure(SubjectSplitterNodeFactory::configure) //
            .execute(UnusedSettings.told(SubjectSplitterNodeFactory::execute))) //
        .nodeType(NodeType.Manipulator) //
        .keywords("partition", "train", "validation", "test", "stratified", "patient", "hold-out", "cross-validation", "fold");

    /** For KNIME. */
    public SubjectSplitterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final DataTableSpec spec = in.getInTableSpec(0);
        final SubjectSplitterParameters parameters = ColumnGuesses.in(in, out);
        columns(parameters, spec);
        for (final Part part : Part.values()) {
            out.setOutSpec(part.ordinal(), spec(spec, parameters));
        }
    }

    private static StudyColumns columns(final SubjectSplitterParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        return StudyColumns.of(spec, parameters.m_subjectColumn, parameters.m_siteColumn, null, null);
    }

    private static DataTableSpec spec(final DataTableSpec spec, final SubjectSplitterParameters parameters) {
        final DataTableSpec kept = kept(spec, parameters);
        final DataTableSpec role = new DataTableSpecCreator(kept).addColumns(new DataColumnSpecCreator(
            DataTableSpec.getUniqueColumnName(kept, StudyTable.ROLE), StringCell.TYPE).createSpec()).createSpec();
        return parameters.m_folds == 0 ? role : new DataTableSpecCreator(role).addColumns(new DataColumnSpecCreator(
            StudyTable.FOLD, StringCell.TYPE).createSpec()).createSpec();
    }

    /** Index of a column with the folds of another division, which new folds replace; -1 if there is none. */
    private static int replaced(final DataTableSpec spec, final SubjectSplitterParameters parameters) {
        return parameters.m_folds == 0 ? -1 : spec.findColumnIndex(StudyTable.FOLD);
    }

    /** The columns of the study without the one that is replaced. */
    private static DataTableSpec kept(final DataTableSpec spec, final SubjectSplitterParameters parameters) {
        final int replaced = replaced(spec, parameters);
        return replaced < 0 ? spec : new DataTableSpec(IntStream.range(0, spec.getNumColumns()).filter(c -> c != replaced)
            .mapToObj(spec::getColumnSpec).toArray(DataColumnSpec[]::new));
    }

    private static DataRow without(final DataRow row, final int column) {
        return column < 0 ? row : new DefaultRow(row.getKey(), IntStream.range(0, row.getNumCells())
            .filter(c -> c != column).mapToObj(row::getCell).toArray(DataCell[]::new));
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final SubjectSplitterParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> split(parameters, in.getInTable(0), in.getExecutionContext(), out));
    }

    private static void split(final SubjectSplitterParameters parameters, final BufferedDataTable table,
        final ExecutionContext exec, final ExecuteOutput out) throws InvalidSettingsException, KNIMEException {
        final StudyColumns columns = columns(parameters, table.getDataTableSpec());
        final List<SubjectSplit.Subject> subjects = subjects(table, columns);
        final SubjectSplit split = parameters.m_travelers == Travelers.STOP
            ? SubjectSplit.of(subjects, parameters.proportions(), parameters.m_seed)
            : SubjectSplit.keepingTogether(subjects, parameters.proportions(), parameters.m_seed);
        final Optional<SubjectFolds> folds = parameters.m_folds == 0 ? Optional.empty()
            : Optional.of(SubjectFolds.of(
                subjects.stream().filter(s -> split.part(s.id()) == Part.TRAINING).toList(), parameters.m_folds,
                parameters.m_seed));
        final Map<Part, BufferedDataContainer> parts = new EnumMap<>(Part.class);
        for (final Part part : Part.values()) {
            parts.put(part, exec.createDataContainer(spec(table.getDataTableSpec(), parameters)));
        }
        final KnimeProgress progress = new KnimeProgress(exec);
        final int replaced = replaced(table.getDataTableSpec(), parameters);
        long seen = 0;
        for (final DataRow row : table) {
            progress.report((double)seen++ / table.size(), "Splitting row " + seen + " of " + table.size());
            final String subject = columns.row(row).subject();
            final Part part = split.part(subject);
            parts.get(part).addRowToTable(appended(without(row, replaced), role(part), folds.map(f -> part == Part.TRAINING
                ? new StringCell("" + f.fold(subject)) : DataType.getMissingCell())));
        }
        parts.forEach((part, rows) -> {
            rows.close();
            out.setOutData(part.ordinal(), rows.getTable());
        });
        final List<String> warnings = new ArrayList<>();
        if (replaced >= 0) {
            warnings.add("Column \"" + StudyTable.FOLD + "\" of the input table was replaced by the new folds. To keep the old"
                + " ones, rename it before, or set \"Folds\" to 0.");
        }
        final SortedMap<String, SortedSet<String>> travelers = SubjectSplit.travelers(subjects);
        if (!travelers.isEmpty()) {
            warnings.add(travelers.size() + " subjects have images from several sites and stay in one part each,"
                + " such as " + travelers.firstKey() + " (" + String.join(", ", travelers.get(travelers.firstKey()))
                + "). If they are different people with the same id, give them different ids.");
        }
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join(" ", warnings));
        }
    }

    private static List<SubjectSplit.Subject> subjects(final BufferedDataTable table, final StudyColumns columns)
        throws KNIMEException {
        final List<SubjectSplit.Subject> subjects = new ArrayList<>();
        for (final DataRow row : table) {
            final StudyRow r = columns.row(row);
            if (r.subject().isBlank()) {
                throw new KNIMEException(RowName.first(r.key()) + " has no subject, so its images could end up in two parts."
                    + " Fill the subject column, or filter the row out.");
            }
            subjects.add(new SubjectSplit.Subject(r.subject(), r.site()));
        }
        if (subjects.isEmpty()) {
            throw new KNIMEException("The input table has no rows; there are no subjects to split.");
        }
        return subjects;
    }

    private static String role(final Part part) {
        return switch (part) {
            case TRAINING -> StudyTable.TRAINING;
            case VALIDATION -> StudyTable.VALIDATION;
            case TEST -> StudyTable.TEST;
        };
    }

    private static DataRow appended(final DataRow row, final String role, final Optional<DataCell> fold) {
        return fold.isPresent() ? Columns.append(row, new StringCell(role), fold.get())
            : Columns.append(row, new StringCell(role));
    }
}
