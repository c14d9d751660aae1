package org.scanbridge.knime.nodes.adaptationreport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.SoftwareVersion;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;
import org.scanbridge.knime.view.SliceService;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.report.DivergenceRow;
import org.scanbridge.learning.report.HistogramCurve;
import org.scanbridge.learning.report.Overlay;
import org.scanbridge.learning.report.ReportFolder;
import org.scanbridge.learning.report.ReportModel;
import org.scanbridge.learning.report.ReportPage;
import org.scanbridge.learning.report.RunManifest;
import org.scanbridge.learning.report.ScoreRow;
import org.scanbridge.learning.train.TrainingRecord;

/** Writes the report of an adaptation. */
public final class AdaptationReportNodeFactory extends DefaultNodeFactory {

    private static final int SCORES = 0;

    private static final int DIVERGENCE = 1;

    private static final int HISTOGRAMS = 2;

    static final int SEGMENTED = 3;

    private static final int FIRST_NETWORK = 4;

    private static final int PREDICTED = 7;

    private static final int LESIONS = 8;

    private static final int FROC = 9;

    /** The internal object with the segmented images, behind the page. */
    private static final int VIEWED = 1;

    /**
     * What the view begins with.
     *
     * @param page the report; empty before execution
     * @param images the segmented images; null if none were connected, or an earlier version executed the node
     */
    record Start(String page, ImageViewer.Start images) {
    }

    private static final PortType OPTIONAL_NETWORK =
        PortTypeRegistry.getInstance().getPortType(NetworkPortObject.class, true);

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Adaptation Report") //
        .icon("icon.png") //
        .shortDescription("Puts scores, divergences, training curves and pictures of an adaptation on one page.") //
        .fullDescription("""
                <p>Writes one HTML page that needs no network and no other file, so that it can be mailed or archived, with \
                the numbers beside it as CSV and everything needed to repeat the run as <tt>manifest.json</tt>. The page is \
                also the node's view, which shows the segmented images, too, slice by slice.</p>
                <p>Its first line is the <b>gap closure</b>: how much of the Dice that is lost on a new site the adaptation \
                won back, (adapted − source-only) / (oracle − source-only), with a bootstrap interval over subjects. It is \
                stated as it is, also where the adaptation did harm.</p>
                <p>Only the scores are required. Each further input adds its section. The page also shows what else the scores \
                table has: distances, surface Dice, lesion scores. Divergences are shown in nats, whatever they were measured \
                in.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Scores", "First output of the Segmentation Scorer.") //
            .addInputPort("Divergence", "Optional: first output of the Intensity Divergence Scorer.",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addInputPort("Histograms", "Optional: second output of the Intensity Divergence Scorer.",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addInputPort("Segmented images", """
                    Optional: the table of the last Segmentation Predictor, for the pictures and the input hashes.""",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addInputPort("Source-only network", "Optional: for its training curve and settings.", OPTIONAL_NETWORK) //
            .addInputPort("Adapted network", "Optional: for its training curve and settings.", OPTIONAL_NETWORK) //
            .addInputPort("Oracle network", "Optional: for its training curve and settings.", OPTIONAL_NETWORK) //
            .addInputPort("Predicted Dice", "Optional: first output of the Adaptation Check.",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addInputPort("Lesions", "Optional: first output of the Lesion Scorer, for recall, precision, F1 and CPM.",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addInputPort("FROC", "Optional: third output of the Lesion Scorer, for the curves.",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addOutputTable("Files", "The files that were written, one path per row.")) //
        .model(m -> m.parametersClass(AdaptationReportParameters.class) //
            .configure(AdaptationReportNodeFactory::configure) //
            .execute(UnusedSettings.told(AdaptationReportNodeFactory::execute))) //
        .addView(v -> v.withoutParameters() //
            .description("The report, and with segmented images at the fourth input those images.") //
            .page(p -> ImageViewer.resources(p.fromFile().bundleClass(AdaptationReportNodeFactory.class).basePath("web")
                .relativeFilePath("adaptation.html")).addResourceFile("adaptation.js")) //
            .initialData(d -> d.data(AdaptationReportNodeFactory::start)) //
            .dataService(d -> d.handler(input -> new SliceService(input, VIEWED)))) //
        .nodeType(NodeType.Visualizer) //
        .keywords("HTML", "Dice", "gap closure", "manifest", "export", "results");

    /** For KNIME. */
    public AdaptationReportNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final AdaptationReportParameters parameters = ColumnGuesses.in(input, output);
        final PortObjectSpec[] specs = input.getInPortSpecs();
        ReportTables.checkScores((DataTableSpec)specs[SCORES]);
        if (specs[DIVERGENCE] != null) {
            ReportTables.checkDivergence((DataTableSpec)specs[DIVERGENCE]);
        }
        if (specs[HISTOGRAMS] != null) {
            ReportTables.checkHistograms((DataTableSpec)specs[HISTOGRAMS]);
        }
        if (specs[PREDICTED] != null) {
            ReportTables.checkPredicted((DataTableSpec)specs[PREDICTED]);
        }
        if (specs[LESIONS] != null) {
            ReportTables.checkLesions((DataTableSpec)specs[LESIONS]);
        }
        if (specs[FROC] != null) {
            ReportTables.checkFroc((DataTableSpec)specs[FROC]);
        }
        if (specs[SEGMENTED] != null && parameters.m_subjects > 0) {
            checkSegmented((DataTableSpec)specs[SEGMENTED], parameters);
        }
        final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
        if (folder.isPresent()) {
            OutputFolder.checkWritable(folder.get(), "The report");
        }
        output.setOutSpec(0, filesSpec());
    }

    private static void checkSegmented(final DataTableSpec spec, final AdaptationReportParameters parameters)
        throws InvalidSettingsException {
        Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
        Columns.index(spec, parameters.m_referenceColumn, LabelVolumeValue.class, "Reference column");
        Columns.index(spec, StudyTable.SUBJECT, StringValue.class, "Subject");
    }

    private static DataTableSpec filesSpec() {
        return new DataTableSpec(new DataColumnSpecCreator("Path", StringCell.TYPE).createSpec());
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final AdaptationReportParameters parameters = ColumnGuesses.in(input);
            final ExecutionContext context = input.getExecutionContext();
            final Progress progress = new KnimeProgress(context);
            progress.report(0, "Reading the tables");
            final ReportModel model = model(parameters, input.getInPortObjects(), progress);
            final String page = ReportPage.write(model);
            final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
            final List<Path> files = new ArrayList<>();
            if (folder.isPresent()) {
                progress.report(0.9, "Writing " + folder.get());
                files.addAll(ReportFolder.write(model, page, folder.get()));
            }
            output.setOutData(0, texts(context, filesSpec(), files.stream().map(Path::toString).toList()));
            final DataTableSpec pageSpec = new DataTableSpec(new DataColumnSpecCreator("Page", StringCell.TYPE).createSpec());
            final BufferedDataTable written = texts(context, pageSpec, List.of(page));
            final PortObject segmented = input.getInPortObjects()[SEGMENTED];
            output.setInternalData(segmented == null ? new PortObject[]{written} : new PortObject[]{written, segmented});
            if (model.checked() && model.predicted().isEmpty()) {
                output.setWarningMessage("Input \"Predicted Dice\" has no rows for all classes, so the report says that nothing was"
                    + " judged. Look at the images to judge of the Adaptation Check, or disconnect the input.");
            }
            progress.report(1, files.isEmpty() ? "Open the view to see the report" : "Report: " + files.get(0));
        });
    }

    private static ReportModel model(final AdaptationReportParameters parameters, final PortObject[] inputs,
        final Progress progress) throws IOException, KNIMEException {
        final List<ScoreRow> scores = ReportTables.scores((BufferedDataTable)inputs[SCORES]);
        if (scores.isEmpty()) {
            throw new LearningException("The scores table has no rows, so there is nothing to report. Look at the Segmentation "
                + "Scorer's input.");
        }
        final List<DivergenceRow> divergence =
            inputs[DIVERGENCE] == null ? List.of() : ReportTables.divergence((BufferedDataTable)inputs[DIVERGENCE]);
        final List<HistogramCurve> histograms =
            inputs[HISTOGRAMS] == null ? List.of() : ReportTables.histograms((BufferedDataTable)inputs[HISTOGRAMS]);
        List<Overlay> overlays = List.of();
        final Set<String> inputHashes = new TreeSet<>();
        List<RunManifest.Subject> subjects = List.of();
        final Map<String, String> normalizations = new LinkedHashMap<>();
        if (inputs[SEGMENTED] != null) {
            final BufferedDataTable segmented = (BufferedDataTable)inputs[SEGMENTED];
            progress.report(0.2, "Painting the pictures");
            overlays = parameters.m_subjects == 0 ? List.of() : new OverlayPictures(parameters, scores).paint(segmented);
            subjects = subjects(segmented);
            inputHashes.addAll(inputHashes(segmented));
            for (final DataColumnSpec column : segmented.getDataTableSpec()) {
                if (column.getProperties().containsProperty(StudyTable.NORMALIZATION_PROPERTY)) {
                    normalizations.put(column.getName(),
                        column.getProperties().getProperty(StudyTable.NORMALIZATION_PROPERTY));
                }
            }
        }
        progress.report(0.6, "Reading the networks");
        final List<RunManifest.Model> models = networks(parameters, inputs);
        final RunManifest manifest =
            new RunManifest(SoftwareVersion.get(), settings(parameters), normalizations, inputHashes, subjects, models);
        return new ReportModel(parameters.m_title, parameters.roles(), scores, divergence, histograms,
            models.stream().map(TrainedModels::of).toList(), overlays, manifest.toJson(),
            ReportTables.further((BufferedDataTable)inputs[SCORES]),
            inputs[PREDICTED] == null ? List.of() : ReportTables.predicted((BufferedDataTable)inputs[PREDICTED]),
            inputs[PREDICTED] != null,
            inputs[LESIONS] == null ? List.of() : ReportTables.lesions((BufferedDataTable)inputs[LESIONS]),
            inputs[FROC] == null ? List.of() : ReportTables.froc((BufferedDataTable)inputs[FROC]));
    }

    private static Map<String, String> settings(final AdaptationReportParameters parameters) {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("title", parameters.m_title);
        settings.put("sourceOnlyModel", parameters.m_sourceOnly);
        settings.put("adaptedModel", parameters.m_adapted);
        settings.put("oracleModel", parameters.m_oracle);
        return settings;
    }

    private static List<RunManifest.Subject> subjects(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        return ReportTables.rows(table, row -> new RunManifest.Subject(ReportTables.text(spec, row, StudyTable.SUBJECT),
            ReportTables.text(spec, row, StudyTable.SITE)));
    }

    private static List<String> inputHashes(final BufferedDataTable table) {
        final DataTableSpec spec = table.getDataTableSpec();
        return ReportTables.rows(table, row -> ReportTables.text(spec, row, StudyTable.INPUT_HASH)).stream()
            .filter(h -> !h.isEmpty()).toList();
    }

    private static List<RunManifest.Model> networks(final AdaptationReportParameters parameters, final PortObject[] inputs)
        throws IOException {
        final List<String> names = List.of(parameters.m_sourceOnly, parameters.m_adapted, parameters.m_oracle);
        final List<RunManifest.Model> models = new ArrayList<>();
        for (int n = 0; n < names.size(); n++) {
            if (inputs[FIRST_NETWORK + n] instanceof NetworkPortObject port) {
                final List<Network> networks = port.networks();
                for (int m = 0; m < networks.size(); m++) {
                    final boolean single = networks.size() == 1;
                    models.add(new RunManifest.Model(
                        names.get(n) + (single ? "" : " (network " + (m + 1) + " of " + networks.size() + ")"),
                        networks.get(m).hash(), networks.get(m).provenance(),
                        TrainingRecord.load(single ? port.directory() : Ensemble.directory(port.directory(), m))));
                }
            }
        }
        return models;
    }

    private static BufferedDataTable texts(final ExecutionContext context, final DataTableSpec spec, final List<String> texts) {
        final BufferedDataContainer container = context.createDataContainer(spec);
        for (int n = 0; n < texts.size(); n++) {
            container.addRowToTable(new DefaultRow("Row" + n, new StringCell(texts.get(n))));
        }
        container.close();
        return container.getTable();
    }

    private static Start start(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return new Start("", null);
        }
        final BufferedDataTable[] tables = input.getInternalTables();
        try (CloseableRowIterator rows = tables[0].iterator()) {
            return new Start(rows.hasNext() ? ((StringValue)rows.next().getCell(0)).getStringValue() : "",
                tables.length > VIEWED ? ImageViewer.start(input, VIEWED, i -> 0) : null);
        }
    }
}
