package org.scanbridge.knime.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortType;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.DefaultView.ViewInput;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.standin.PageView;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.json.JsonWriter;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.knime.node.standin.view.RpcCall;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.nodes.adaptationreport.AdaptationReportNodeFactory;
import org.scanbridge.knime.nodes.anomalydetector.AnomalyDetectorNodeFactory;
import org.scanbridge.knime.nodes.anomalylearner.AnomalyLearnerNodeFactory;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerNodeFactory;
import org.scanbridge.knime.nodes.labeleditor.LabelEditorNodeFactory;
import org.scanbridge.knime.nodes.lesionscorer.LesionScorerNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.segmentationscorer.SegmentationScorerNodeFactory;
import org.scanbridge.knime.nodes.sitecurriculum.SiteCurriculumNodeFactory;
import org.scanbridge.knime.nodes.syntheticsites.SyntheticSitesNodeFactory;
import org.scanbridge.knime.nodes.transferstudy.TransferStudyNodeFactory;
import org.scanbridge.knime.nodes.volumeaugmenter.VolumeAugmenterNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.nodes.volumeresampler.VolumeResamplerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.NodeNames;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.view.ExecutedNode;
import org.scanbridge.knime.view.ImageViewer;
import org.scanbridge.knime.view.SliceService;

/**
 * The dialogs of all nodes and the views in KNIME's own front end. Not part of the default build: it needs Node.js, Chromium and
 * packages of KNIME from npm. Run with {@code mvn -Pfrontend}.
 */
@EnabledIfSystemProperty(named = "scanbridge.frontend", matches = "true")
class FrontendTest {

    @TempDir
    static Path s_folder;

    private static Bench s_bench;

    private static KnimeFrontend s_frontend;

    private static BufferedDataTable s_study;

    @BeforeAll
    static void open() throws Exception {
        s_bench = new Bench(Files.createDirectory(s_folder.resolve("run")));
        s_frontend = new KnimeFrontend(Files.createDirectory(s_folder.resolve("browser")));
        s_study = study(0, 6);
        s_frontend.json("dialogs.json", JsonWriter.write(dialogs()));
    }

    @AfterAll
    static void close() {
        if (s_frontend != null) {
            s_frontend.close();
        }
        s_bench.close();
    }

    /**
     * A table that fits every table port: sites with long names, models, roles, scores.
     *
     * @param from the first subject; those of even numbers are of one site
     * @param to the subject after the last one
     */
    private static BufferedDataTable study(final int from, final int to) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(s_bench.context());
        final PhantomStudy phantoms = new PhantomStudy(SiteProtocols.defaultStudy(), 24, 7);
        final List<DataCell[]> rows = new ArrayList<>();
        for (int n = from; n < to; n++) {
            final PhantomStudy.Subject s = phantoms.subject(n % 2, n);
            final String site = n % 2 == 0 ? "A" : "Universitätsklinikum, Scanner 3 T in the new building";
            rows.add(new DataCell[]{new StringCell("S-" + n), new StringCell(site), new StringCell(n < 4 ? "training" : "test"),
                new StringCell("series " + n), new StringCell("/data/study"), new StringCell(n % 2 == 0 ? "source-only" : "adapted"),
                cells.create("i" + n, s.image()), cells.create("n" + n, s.image()), cells.create("l" + n, s.labels()),
                cells.create("a" + n, s.labels())});
        }
        final List<DataColumnSpecCreator> columns = new ArrayList<>();
        for (final String text : List.of("Subject", "Site", "Role", "Series", "Folder", "Model")) {
            columns.add(new DataColumnSpecCreator(text, StringCell.TYPE));
        }
        columns.add(new DataColumnSpecCreator("Image", VolumeCell.TYPE));
        columns.add(new DataColumnSpecCreator("Normalized", VolumeCell.TYPE));
        columns.add(new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE));
        columns.add(new DataColumnSpecCreator("source-only", LabelVolumeCell.TYPE));
        return s_bench.table(new DataTableSpec(columns.stream().map(DataColumnSpecCreator::createSpec)
            .toArray(DataColumnSpec[]::new)), rows);
    }

    /** A study whose sites, subjects, models and classes have names as hospitals give them, without a space to break at, too. */
    private static BufferedDataTable longNames() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(s_bench.context());
        final PhantomStudy phantoms = new PhantomStudy(SiteProtocols.defaultStudy(), 24, 7);
        final SortedMap<Integer, String> classes = new TreeMap<>(Map.of(1, "cerebrospinal fluid of the ventricles and the sulci", 2,
            "cortical_and_subcortical_gray_matter_of_both_hemispheres", 3, "normal-appearing white matter, without lesions"));
        final String[] sites = {"Universitätsklinikum Campus Mitte, Scanner 3 T in the new building",
            "Department_of_Neuroradiology_1.5T_Scanner_before_the_upgrade_of_2019", "C"};
        final List<DataCell[]> rows = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            final PhantomStudy.Subject s = phantoms.subject(n % 2, n);
            final LabelVolume labels = new LabelVolume(s.labels().voxels(), s.labels().geometry(), s.labels().info(),
                new LabelSet(classes));
            rows.add(new DataCell[]{new StringCell("SUBJECT-0123456789abcdef0123456789abcdef-" + n), new StringCell(sites[n % 3]),
                new StringCell(n < 4 ? "training" : "test"), cells.create("li" + n, s.image()), cells.create("ll" + n, labels),
                cells.create("la" + n, labels)});
        }
        return s_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Role", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
                new DataColumnSpecCreator("domain_adversarial_training_with_consistency_seed_1", LabelVolumeCell.TYPE).createSpec()),
            rows);
    }

    /** What each dialog opens with, by the name of its node: with its tables connected, and without those that it can do without. */
    private static Map<String, Object> dialogs() throws Exception {
        final Map<String, Object> dialogs = new LinkedHashMap<>();
        for (final String name : NodeNames.factories()) {
            final DefaultNodeFactory factory = (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
            final PortType[] ports;
            try (RunDirectory run = RunDirectory.create("ports")) {
                ports = new NodeHost(name, factory, run, w -> {
                }).inPortTypes();
            }
            final PortObject[] connected = Arrays.stream(ports)
                .map(p -> p.getPortObjectClass() == BufferedDataTable.class ? s_study : null).toArray(PortObject[]::new);
            dialogs.put(factory.getNodeName(), dialog(factory, ports, connected));
            if (Arrays.stream(ports).anyMatch(PortType::isOptional)) {
                for (int p = 0; p < ports.length; p++) {
                    connected[p] = ports[p].isOptional() ? null : connected[p];
                }
                dialogs.put(factory.getNodeName() + " alone", dialog(factory, ports, connected));
            }
        }
        return dialogs;
    }

    private static Map<String, Object> dialog(final DefaultNodeFactory factory, final PortType[] ports, final PortObject[] objects)
        throws Exception {
        final NodeParameters parameters = NodeParametersPersistence
            .createDefaults(((StandinNodeFactory)factory).getModelParametersClass().orElseThrow());
        final DialogInput input = new DialogInput(ports, objects);
        ColumnGuesses.defaults(parameters, input);
        return DialogJson.of(parameters, input);
    }

    @Test
    void everyDialogIsWhole() throws Exception {
        // of one node only, for whoever works on its dialog
        final String only = URLEncoder.encode(System.getProperty("scanbridge.frontend.only", ""), StandardCharsets.UTF_8);
        final Map<?, ?> report = s_frontend.report("dialogs?only=" + only, 1800);
        assertTrue(((Number)report.get("dialogs")).intValue() >= NodeNames.factories().size(), "dialogs: " + report.get("dialogs"));
        Files.writeString(Path.of("target/frontend/heights.txt"), String.valueOf(report.get("heights")).replace(", ", "\n"));
        assertEquals("", String.join("\n", ((List<?>)report.get("problems")).stream().map(Objects::toString).toList()));
    }

    /** Executes a node and offers its view to the pages. */
    private static PortObject[] view(final List<Object> views, final DefaultNodeFactory factory, final Bench.Change change,
        final PortObject... connected) throws Exception {
        final PortObject[] inputs = Arrays.copyOf(connected,
            factory.getNodeDescription().getXMLDescription().getElementsByTagName("inPort").getLength());
        final NodeHost node = s_bench.configured(factory, change, inputs);
        final PortObject[] outputs = node.execute(inputs, new DefaultNodeProgressMonitor());
        final PageView view = ((StandinNodeFactory)factory).createView(node.model()).orElseThrow();
        add(views, factory.getNodeName(), view.getPage().getRelativePath(), view.callInitialData().orElseThrow());
        s_frontend.service("v" + (views.size() - 1), request -> view.callDataService(request).orElse(""));
        return outputs;
    }

    private static void add(final List<Object> views, final String name, final String page, final String start) {
        final boolean again = views.stream().anyMatch(v -> ((Map<?, ?>)v).get("name").equals(name));
        views.add(DialogJson.map("id", "v" + views.size(), "name", again ? name + " with long names" : name, "page", page, "initialData", start));
    }

    private static void shortTraining(final NodeSettings s) throws InvalidSettingsException {
        s.getNodeSettings("columns").addString("imageColumn", "Image");
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 3);
        training.addInt("batch", 2);
        training.addInt("validationInterval", 3);
    }

    /** A view of every page, with what a real execution gives it. */
    private static List<Object> views() throws Exception {
        final List<Object> views = new ArrayList<>();
        final Bench.Change nothing = s -> {
        };
        view(views, new LabelEditorNodeFactory(), nothing, s_study);
        view(views, new VolumeNormalizerNodeFactory(), nothing, s_study);
        view(views, new VolumeResamplerNodeFactory(), s -> s.addDouble("edge", 2), s_study);
        view(views, new VolumeAugmenterNodeFactory(), nothing, s_study);
        final PortObject[] scores = view(views, new SegmentationScorerNodeFactory(), s -> s.addBoolean("lesions", true), s_study);
        final PortObject[] divergence = view(views, new IntensityDivergenceScorerNodeFactory(), nothing, s_study);
        final PortObject network = s_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("baseWidth", 4);
            s.addInt("levels", 2);
            s.addInt("patchSize", 16);
        }, s_study).outputs()[0];
        final BufferedDataTable none = s_bench.table(s_study.getDataTableSpec(), List.of());
        final PortObject trained =
            view(views, new SegmentationLearnerNodeFactory(), FrontendTest::shortTraining, network, s_study, none)[0];
        final PortObject[] predicted = view(views, new SegmentationPredictorNodeFactory(),
            s -> s.addString("imageColumn", "Image"), trained, s_study);
        view(views, new AdaptationReportNodeFactory(), nothing, scores[0], divergence[0], divergence[1], predicted[0], trained);
        view(views, new TransferStudyNodeFactory(), s -> {
            shortTraining(s);
            s.addString("sites", "TARGET_SITES");
            s.addString("cases", "1, 2");
            s.addString("tuned", "1, 99");
        }, trained, study(0, 4), none, study(4, 6));
        view(views, new SiteCurriculumNodeFactory(), FrontendTest::shortTraining, network, study(0, 4), none, study(4, 6));
        view(views, new LesionScorerNodeFactory(), s -> s.addString("segmentationColumn", "Segmentation"), s_study);
        final PortObject[] healthy = view(views, new AnomalyLearnerNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addInt("patchSize", 16);
            s.addInt("patchSlices", 16);
            s.addInt("width", 4);
            s.addInt("levels", 2);
            s.addInt("latent", 4);
            s.addInt("steps", 3);
            s.addDouble("heldOut", 34);
        }, s_study);
        view(views, new AnomalyDetectorNodeFactory(), s -> s.addString("imageColumn", "Image"), healthy[0], s_study);
        final PortObject[] sites = s_bench.run(new SyntheticSitesNodeFactory(), s -> {
            s.addInt("size", 16);
            s.addInt("subjectsPerSite", 1);
            s.addString("folder", s_folder.resolve("study").toString());
        }).outputs();
        view(views, new DicomReaderNodeFactory(), nothing, sites);
        final BufferedDataTable named = longNames();
        final PortObject[] longScores = view(views, new SegmentationScorerNodeFactory(), s -> s.addBoolean("lesions", true), named);
        final PortObject[] longDivergence = view(views, new IntensityDivergenceScorerNodeFactory(), nothing, named);
        view(views, new AdaptationReportNodeFactory(), nothing, longScores[0], longDivergence[0], longDivergence[1], named);
        return views;
    }

    @Test
    void everyViewIsWhole() throws Exception {
        final List<Object> views = views();
        s_frontend.json("views.json", JsonWriter.write(views));
        final Map<?, ?> report = s_frontend.report("views", 900);
        assertEquals(views.size(), ((Number)report.get("views")).intValue());
        assertEquals("", String.join("\n", ((List<?>)report.get("problems")).stream().map(Objects::toString).toList()));
    }

    /** A series of 300 slices of 512 × 512, from disk through the view's data service, as a person scrolls it. */
    @ParameterizedTest(name = "{0} ms")
    @CsvSource({"0, 120", "150, 60", "1000, 30"})
    void scrollingIsAFilm(final int latency, final int notches) throws Exception {
        final Geometry grid = Geometry.axial(new int[]{512, 512, 300}, 0.5, 0.5, 1);
        final float[] voxels = new float[grid.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            // every slice has another gray everywhere, beside a pattern that does not compress to nothing
            voxels[v] = v / (512 * 512) * 3 + (v % 512 * 7 + v / 512 % 512 * 13) % 97;
        }
        final DataCell cell = VolumeCellFactory.of(s_bench.context()).create("large",
            new Volume(voxels, grid, new VolumeInfo("CT", "A", "S-1", "", "")));
        final BufferedDataTable table = s_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec()), List.<DataCell[]> of(new DataCell[]{cell}));
        final ViewInput input = new ExecutedNode(table);
        final List<Object> views = new ArrayList<>();
        add(views, "series", "images.html", JsonWriter.write(DialogJson.map("result", ImageViewer.start(input, 0, i -> 0))));
        final SliceService service = new SliceService(input, 0);
        s_frontend.service("v0", request -> RpcCall.answer(Map.of("", service), request));
        s_frontend.json("views.json", JsonWriter.write(views));
        final Map<?, ?> report = s_frontend.report("views?scroll=series&latency=" + latency + "&notches=" + notches, 180);
        final double pictures = ((Number)report.get("pictures")).doubleValue();
        final double seconds = ((Number)report.get("span")).doubleValue() / 1000;
        final double frames = ((Number)report.get("framesPerSecond")).doubleValue();
        System.out.printf("%d ms: %d notches in %.0f ms, %.0f pictures in %.2f s (%.1f a second), ends on %s; idle: %.0f frames/s%n",
            latency, notches, ((Number)report.get("wheeled")).doubleValue(), pictures, seconds, pictures / seconds,
            report.get("number"), frames);
        assertEquals(true, report.get("settled"), report.toString());
        assertEquals(true, report.get("ends"), report.toString());
        assertEquals(List.of(), report.get("errors"));
        if (latency == 0) {
            assumeTrue(frames >= 50 && ((Number)report.get("wheeled")).doubleValue() <= 1.5 * 16 * notches,
                () -> "the machine is busy with something else: an idle page gets " + frames + " frames a second, so speed cannot"
                    + " be measured: " + report);
            assertTrue(pictures / seconds >= 20, report.toString());
        } else if (latency == 150) {
            assertTrue(pictures >= 20, report.toString());
        } else {
            assertTrue(pictures >= 2, report.toString());
        }
    }

    /** Pictures of all dialogs and views, for a person to look at. */
    @Test
    @EnabledIfSystemProperty(named = "scanbridge.frontend.pictures", matches = "true")
    void takesPicturesOfEverything() throws Exception {
        final Path pictures = Files.createDirectories(Path.of("target/frontend/pictures"));
        final String only = System.getProperty("scanbridge.frontend.only", "");
        for (final String name : dialogs().keySet().stream().filter(n -> n.startsWith(only)).toList()) {
            s_frontend.screenshot("dialogs?advanced=true&width=400&dialog=" + URLEncoder.encode(name, StandardCharsets.UTF_8), 400,
                2400, pictures.resolve("dialog " + name + ".png"));
        }
        final List<Object> views = views();
        s_frontend.json("views.json", JsonWriter.write(views));
        for (final Object view : views) {
            final String name = (String)((Map<?, ?>)view).get("name");
            for (final int[] size : new int[][]{{360, 500}, {960, 700}, {1200, 300}}) {
                if (name.startsWith(only)) {
                    s_frontend.screenshot("views?view=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&width=" + size[0]
                        + "&height=" + size[1], Math.max(500, size[0]), size[1], pictures.resolve("view " + name + " " + size[0] + ".png"));
                }
            }
        }
    }

    /** The pictures of the documentation. */
    @Test
    void takesPicturesOfThreeDialogs() throws Exception {
        final Path images = Path.of("../../docs/images");
        s_frontend.screenshot("dialogs?dialog=DICOM+Reader&width=400", 400, 1460, images.resolve("dialog-dicom-reader.png"));
        s_frontend.screenshot("dialogs?dialog=Volume+Resampler&width=400&set=grid%3DSPACING", 400, 1000, images.resolve("dialog-volume-resampler.png"));
        s_frontend.screenshot("dialogs?dialog=Volume+Augmenter&width=400&open=true", 400, 1200,
            images.resolve("dialog-volume-augmenter.png"));
        assertTrue(Files.size(images.resolve("dialog-volume-augmenter.png")) > 10_000);
    }

    /** The pictures of docs/views.md. */
    @Test
    void takesPicturesOfTheViews() throws Exception {
        final Path images = Path.of("../../docs/images");
        final List<Object> views = views();
        s_frontend.json("views.json", JsonWriter.write(views));
        for (final Object view : views) {
            final String name = (String)((Map<?, ?>)view).get("name");
            if (!name.endsWith("with long names")) {
                final Path picture = images.resolve("view-" + name.toLowerCase(Locale.ROOT).replace(' ', '-') + ".png");
                s_frontend.screenshot("views?view=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&width=960&height=700", 960,
                    700, picture);
                assertTrue(Files.readString(Path.of("../../docs/views.md")).contains(picture.getFileName().toString()), name);
            }
        }
    }
}
