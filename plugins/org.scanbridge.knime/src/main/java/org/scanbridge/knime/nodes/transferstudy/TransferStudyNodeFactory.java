package org.scanbridge.knime.nodes.transferstudy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.IntValue;
import org.knime.core.data.RowKey;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.LongCell;
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
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.SourceSite;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ReportView;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.StudyNotices;
import org.scanbridge.learning.method.TransferStudy;
import org.scanbridge.learning.method.TransferStudy.Row;
import org.scanbridge.learning.method.TransferStudy.Start;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.report.TransferPage;
import org.scanbridge.learning.study.TransferResults;
import org.scanbridge.learning.study.TransferStudyFiles;

/** Finds out how many cases of a new site, and which depth of fine-tuning, a network needs. */
public final class TransferStudyNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int TRAINING = 1;

    private static final int VALIDATION = 2;

    private static final int TEST = 3;

    /** How much of the progress is the study; the rest is measuring the source network at home. */
    private static final double STUDY = 0.99;

    private static final String SOURCE = "source network";

    private static final String TUNED = "fine-tuned";

    private static final String SCRATCH = "from scratch";

    private static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator("Start", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Trained Blocks", IntCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Cases", IntCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Seed", LongCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Dice", DoubleCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Lesion F1", DoubleCell.TYPE).createSpec(),
        new DataColumnSpecCreator("AUC", DoubleCell.TYPE).createSpec());

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Transfer Study") //
        .icon("icon.png") //
        .shortDescription("Finds out how many cases of a new site a network needs, and how deeply to retrain it.") //
        .fullDescription("""
                <p>Takes a network that was trained elsewhere and trains it on few labeled subjects of a new site: for every \
                number of subjects, and for every number of blocks that are trained while those before them stay as they \
                are. Beside it, networks are trained from scratch on the same subjects. Each is measured on the same test \
                subjects. This is the experiment of Ghafoorian et al. (2017), figure 2.</p>
                <p>The heat map in the view tells which depth is best for how many subjects; the curves tell what another \
                labeled subject would bring, and what the source network is worth.</p>
                <h3>How long it takes</h3>
                <p>Numbers of cases × (depths + 1) × repetitions trainings. Choose a folder for checkpoints: finished \
                networks are kept there as numbers, and an interrupted study goes on where it was.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Source network", "The network that was trained at another site.", NetworkPortObject.TYPE) //
            .addInputTable("Training images", "Labeled images of the new site to choose training subjects from.") //
            .addInputTable("Validation images", """
                    Labeled images of other subjects of the new site, which decide which weights of each training are kept. \
                    With an empty table the last ones are.""") //
            .addInputTable("Test images", "Labeled images of further subjects of the new site, on which Dice is measured.") //
            .addOutputTable("Results", """
                    One row per network: what it started from, how many blocks were trained on how many cases, the seed, the \
                    mean Dice over test images and classes, the mean F1 score of connected components (lesions of more \
                    than 3 mm³, found if they share a voxel), and the mean area under the ROC curve of the probabilities \
                    (AUC), which does not depend on a threshold.""")) //
        .model(m -> m.parametersClass(TransferStudyParameters.class) //
            .configure(TransferStudyNodeFactory::configure) //
            .execute(UnusedSettings.told(TransferStudyNodeFactory::execute))) //
        .addView(v -> ReportView.add(v, "Heat map over cases and trained blocks, and Dice over the number of cases.",
            TransferStudyNodeFactory::page)) //
        .nodeType(NodeType.Learner) //
        .keywords("transfer learning", "fine-tune", "few-shot", "learning curve", "frozen layers") //
        .addExternalResource("https://doi.org/10.1007/978-3-319-66179-7_59",
            "Ghafoorian et al.: Transfer learning for domain adaptation in MRI (MICCAI 2017)");

    /** For KNIME. */
    public TransferStudyNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final TransferStudyParameters parameters = ColumnGuesses.in(input, output);
        final NetworkPortObjectSpec network = input.getInPortSpec(NETWORK);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION), parameters.m_columns, network);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(TEST), parameters.m_columns);
        final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
        if (folder.isPresent()) {
            OutputFolder.checkWritable(folder.get(), "The study's results");
        }
        output.setOutSpec(0, SPEC);
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final TransferStudyParameters parameters = ColumnGuesses.in(input);
            final CaseTable cases =
                CaseTable.read(input.getInTable(TRAINING), input.getInTable(VALIDATION), parameters.m_columns);
            final Network source = input.<NetworkPortObject> getInPortObject(NETWORK).network();
            final List<TrainingCase> test = CaseTable.test(input.getInTable(TEST), parameters.m_columns, source);
            final Collection<String> sites = sites(parameters, cases.sites());
            cases.requireMemory(sites);
            CaseTable.requireMemory(input.getInTable(TEST), parameters.m_columns);
            CaseTable.requireMemoryForAreas(input.getInTable(TEST), parameters.m_columns, source);
            final Progress progress = new KnimeProgress(input.getExecutionContext());
            final StudyNotices notices = new StudyNotices();
            final List<Row> rows = TransferStudy.run(source, cases.cases(sites, source), atSites(test, sites), parameters.options(),
                parameters.checkpoints(), progress.part(0, STUDY), notices);
            final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
            if (folder.isPresent()) {
                TransferStudyFiles.write(new TransferResults(rows, home(source, test, sites, progress.part(STUDY, 1))),
                    folder.get());
                progress.report(1, "Results in " + folder.get());
            }
            final BufferedDataTable table = table(input.getExecutionContext(), rows);
            output.setOutData(0, table);
            output.setInternalData(table);
            final List<String> warnings = new ArrayList<>(notices.texts());
            cases.withoutValidation(sites).ifPresent(warnings::add);
            if (!warnings.isEmpty()) {
                output.setWarningMessage(String.join(" ", warnings));
            }
        });
    }

    /** The sites of the study, which are not the source. */
    private static Collection<String> sites(final TransferStudyParameters parameters, final Collection<String> all)
        throws InvalidSettingsException {
        if (parameters.m_sites == TransferStudyParameters.Sites.ALL_SITES) {
            return all;
        }
        final String source = SourceSite.of(parameters.m_sourceSite, all);
        final List<String> targets = all.stream().filter(s -> !s.equals(source)).toList();
        if (targets.isEmpty()) {
            throw new LearningException("The training table has only the source site " + source
                + ", so there is no new site to study. Connect its images, or choose \"All sites\" if they are those.");
        }
        return targets;
    }

    private static List<TrainingCase> atSites(final List<TrainingCase> test, final Collection<String> sites) {
        return test.stream().filter(c -> sites.contains(c.site())).toList();
    }

    /** The source network on the test images that are not of the study's sites; empty without any. */
    private static Optional<Row> home(final Network source, final List<TrainingCase> test, final Collection<String> sites,
        final Progress progress) {
        final List<TrainingCase> home = test.stream().filter(c -> !sites.contains(c.site())).toList();
        return home.stream().anyMatch(TrainingCase::labeled) ? Optional.of(TransferStudy.source(source, home, progress))
            : Optional.empty();
    }

    private static BufferedDataTable table(final ExecutionContext context, final List<Row> rows) {
        final BufferedDataContainer container = context.createDataContainer(SPEC);
        for (final Row row : rows) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey(container.size()), new StringCell(name(row.start())),
                new IntCell(row.tuned()), new IntCell(row.cases()), new LongCell(row.seed()), Columns.number(row.dice()),
                Columns.number(row.lesionF1()), Columns.number(row.auc())));
        }
        container.close();
        return container.getTable();
    }

    private static String name(final Start start) {
        return switch (start) {
            case SOURCE -> SOURCE;
            case FINE_TUNED -> TUNED;
            case SCRATCH -> SCRATCH;
        };
    }

    /** The page for the view; empty before execution. */
    private static String page(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return "";
        }
        final List<TransferPage.Point> points = new ArrayList<>();
        for (final DataRow row : input.getInternalTables()[0]) {
            final DataCell dice = row.getCell(4);
            points.add(new TransferPage.Point(((IntValue)row.getCell(1)).getIntValue(),
                SCRATCH.equals(((StringValue)row.getCell(0)).getStringValue()), ((IntValue)row.getCell(2)).getIntValue(),
                dice.isMissing() ? Double.NaN : ((DoubleValue)dice).getDoubleValue()));
        }
        return TransferPage.of(points);
    }
}
