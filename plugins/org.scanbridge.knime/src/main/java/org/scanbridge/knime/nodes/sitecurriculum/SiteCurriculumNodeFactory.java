package org.scanbridge.knime.nodes.sitecurriculum;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
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
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ReportView;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SiteCurriculum;
import org.scanbridge.learning.method.SiteCurriculum.Row;
import org.scanbridge.learning.method.SiteCurriculum.Way;
import org.scanbridge.learning.method.SiteCurriculumOptions;
import org.scanbridge.learning.method.StudyNotices;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.report.CsvTables;
import org.scanbridge.learning.report.CurriculumPage;

/** Finds out what a network forgets that learns one site after the other, and what helps. */
public final class SiteCurriculumNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int TRAINING = 1;

    private static final int VALIDATION = 2;

    private static final int TEST = 3;

    private static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator("Method", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Sites", IntCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Trained On", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Test Site", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Seed", LongCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Dice", DoubleCell.TYPE).createSpec(),
        new DataColumnSpecCreator("AUC", DoubleCell.TYPE).createSpec());

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Site Curriculum Study") //
        .icon("icon.png") //
        .shortDescription("Trains on one site after the other and tells what is forgotten of the earlier ones.") //
        .fullDescription("""
                <p>Hospitals join a study one by one, and images of the earlier ones may be gone by then. This node trains a network \
                on the first site, then further on the second, and so on, and after each measures it on the test images of all \
                sites. What a later site costs the earlier ones is read off the columns of the heat map in the view.</p>
                <p>Beside plain training it tries what helps against forgetting:</p>
                <ul>
                <li><b>replay</b>: some subjects of each earlier site are kept and trained on together with the new ones;</li>
                <li><b>averaged</b>: the weights before and after each site are averaged, as by the Network Average;</li>
                <li><b>all at once</b>: the control that sees all sites in one training, with as many steps as the others in \
                all.</li>
                </ul>
                <p>The network at the first input may be untrained (Network Builder) or trained before. A training keeps the weights \
                of its best validation, on the validation images of the sites that it trains on; without any, the last ones.</p>
                <h3>How long it takes</h3>
                <p>For S sites and each repetition one training for the first site and one for each further site and way, and a long \
                one for all at once. Choose a folder: states of trainings are kept there, and an interrupted study goes on after the \
                last finished training with the same numbers.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "What the training on the first site starts from.", NetworkPortObject.TYPE) //
            .addInputTable("Training images", "Labeled images of all sites.") //
            .addInputTable("Validation images", """
                    Labeled images of other subjects of the sites, which decide which weights of each training are kept. \
                    With an empty table the last ones are.""") //
            .addInputTable("Test images", "Labeled images of further subjects of every site, on which Dice is measured.") //
            .addOutputTable("Results", """
                    One row per network and test site: the method (plain, replay, averaged, all at once), the number of sites it was \
                    trained on and their names in order, the test site, the seed, the mean Dice over test images and classes, and \
                    the mean area under the ROC curve (AUC).""")) //
        .model(m -> m.parametersClass(SiteCurriculumParameters.class) //
            .configure(SiteCurriculumNodeFactory::configure) //
            .execute(UnusedSettings.told(SiteCurriculumNodeFactory::execute))) //
        .addView(v -> ReportView.add(v, "Heat map of the Dice at each site, after each site that was trained on.",
            SiteCurriculumNodeFactory::page)) //
        .nodeType(NodeType.Learner) //
        .keywords("catastrophic forgetting", "continual learning", "incremental learning", "replay", "rehearsal", "curriculum") //
        .addExternalResource("https://arxiv.org/abs/1811.11682",
            "Rolnick et al.: Experience replay for continual learning (NeurIPS 2019)");

    /** For KNIME. */
    public SiteCurriculumNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final SiteCurriculumParameters parameters = ColumnGuesses.in(input, output);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION), parameters.m_columns,
            input.getInPortSpec(NETWORK));
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
            final SiteCurriculumParameters parameters = ColumnGuesses.in(input);
            final CaseTable cases =
                CaseTable.read(input.getInTable(TRAINING), input.getInTable(VALIDATION), parameters.m_columns);
            final Network start = input.<NetworkPortObject> getInPortObject(NETWORK).network();
            final List<TrainingCase> test = CaseTable.test(input.getInTable(TEST), parameters.m_columns, start);
            final String site = parameters.m_columns.site();
            final UnplacedRows training = new UnplacedRows("training", input.getInTable(TRAINING), site);
            final SiteCurriculumOptions options = parameters.options(cases.sites(), training.withoutSite());
            // all at once is the training with the most images
            cases.requireMemory(options.order());
            CaseTable.requireMemory(input.getInTable(TEST), parameters.m_columns);
            CaseTable.requireMemoryForAreas(input.getInTable(TEST), parameters.m_columns, start);
            final Progress progress = new KnimeProgress(input.getExecutionContext());
            final StudyNotices notices = new StudyNotices();
            final List<Row> rows = SiteCurriculum.run(start, cases.cases(options.order(), start), test, options,
                parameters.checkpoints(), progress, notices);
            final BufferedDataTable table = table(input.getExecutionContext(), rows, options.order());
            final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
            if (folder.isPresent()) {
                Files.createDirectories(folder.get());
                Files.write(folder.get().resolve("site-curriculum.csv"), csv(rows, options.order()).getBytes(StandardCharsets.UTF_8));
                Files.write(folder.get().resolve("site-curriculum.html"), page(table).getBytes(StandardCharsets.UTF_8));
                progress.report(1, "Results in " + folder.get());
            }
            final List<String> warnings =
                new ArrayList<>(unplaced(training, new UnplacedRows("validation", input.getInTable(VALIDATION), site),
                    new UnplacedRows("test", input.getInTable(TEST), site), options.order()));
            warnings.addAll(notices.texts());
            cases.withoutValidation(options.order()).ifPresent(warnings::add);
            if (!warnings.isEmpty()) {
                output.setWarningMessage(String.join(" ", warnings));
            }
            output.setOutData(0, table);
            output.setInternalData(table);
        });
    }

    /** Training images of sites that an order leaves out are left out on purpose. */
    private static List<String> unplaced(final UnplacedRows training, final UnplacedRows validation, final UnplacedRows test,
        final List<String> order) {
        return Stream.of(training.withoutSite(), validation.withoutSite(), test.withoutSite(),
            validation.outside(order, "validated on"), test.outside(order, "measured")).flatMap(Optional::stream).toList();
    }

    private static BufferedDataTable table(final ExecutionContext context, final List<Row> rows, final List<String> order) {
        final BufferedDataContainer container = context.createDataContainer(SPEC);
        for (final Row row : rows) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey(container.size()), new StringCell(name(row.way())),
                new IntCell(row.sites()), new StringCell(trained(row, order)),
                new StringCell(row.tested()), new LongCell(row.seed()), Columns.number(row.dice()), Columns.number(row.auc())));
        }
        container.close();
        return container.getTable();
    }

    private static String trained(final Row row, final List<String> order) {
        return String.join(", ", order.subList(0, row.sites()));
    }

    private static String name(final Way way) {
        return switch (way) {
            case PLAIN -> "plain";
            case REPLAY -> "replay";
            case AVERAGED -> "averaged";
            case JOINT -> "all at once";
        };
    }

    private static String csv(final List<Row> rows, final List<String> order) {
        final StringBuilder csv = new StringBuilder("method,sites,trained_sites,test_site,seed,dice,auc\n");
        for (final Row row : rows) {
            CsvTables.line(csv, name(row.way()), Integer.toString(row.sites()), trained(row, order), row.tested(),
                Long.toString(row.seed()), digits(row.dice()), digits(row.auc()));
        }
        return csv.toString();
    }

    private static String digits(final double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
    }

    /** The page for the view; empty before execution. */
    private static String page(final ViewInput input) {
        return input.getInternalPortObjects() == null ? "" : page(input.getInternalTables()[0]);
    }

    private static String page(final BufferedDataTable table) {
        final List<CurriculumPage.Point> points = new ArrayList<>();
        for (final DataRow row : table) {
            final String method = ((StringValue)row.getCell(0)).getStringValue();
            final DataCell dice = row.getCell(5);
            points.add(new CurriculumPage.Point(
                ((StringValue)row.getCell(2)).getStringValue() + (name(Way.PLAIN).equals(method) ? "" : " (" + method + ")"),
                ((StringValue)row.getCell(3)).getStringValue(),
                dice.isMissing() ? Double.NaN : ((DoubleValue)dice).getDoubleValue()));
        }
        return CurriculumPage.of(points);
    }
}
