package org.scanbridge.knime.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortType;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerNodeFactory;
import org.scanbridge.knime.nodes.labeleditor.LabelEditorNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.normalizationstudy.NormalizationStudyNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.segmentationscorer.SegmentationScorerNodeFactory;
import org.scanbridge.knime.nodes.segmentationwriter.SegmentationWriterNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.testing.Bench;

/** What dialogs offer for settings that name what lies at the inputs. */
class SuggestionsTest {

    private static final List<String> CLASSES = List.of("liver", "2", "unknown");

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private BufferedDataTable m_table;

    /** Two sites; three classes, one of them with a comma in its name; two segmentation columns. */
    @BeforeEach
    void table() throws Exception {
        m_bench = new Bench(m_folder);
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final LabelVolume labels = new LabelVolume(new byte[]{0, 1, 2, (byte)255, 0, 0, 0, 0},
            Geometry.axial(new int[]{2, 2, 2}, 1, 1, 1), new VolumeInfo("MR", "", "S", "", ""),
            new LabelSet(new TreeMap<>(Map.of(1, "liver", 2, "tumor, necrotic", 255, "unknown"))));
        final DataCell[] row = {new StringCell("Mitte"), new StringCell("training"), cells.create("s", labels),
            cells.create("m", labels)};
        final DataCell[] other = {new StringCell("Campus"), new StringCell("test"), cells.create("s2", labels),
            cells.create("m2", labels)};
        m_table = m_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Role", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
                new DataColumnSpecCreator("model", LabelVolumeCell.TYPE).createSpec()),
            List.of(row, other));
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    /** What a control of a new node's dialog offers, with settings changed. */
    private List<Object> offered(final DefaultNodeFactory factory, final String scope, final Bench.Change change,
        final PortObject... objects) throws Exception {
        final Class<? extends NodeParameters> type = ((StandinNodeFactory)factory).getModelParametersClass().orElseThrow();
        final NodeSettings settings = new NodeSettings("model");
        NodeParametersPersistence.save(NodeParametersPersistence.createDefaults(type), settings);
        change.apply(settings);
        final PortType[] ports;
        try (RunDirectory run = RunDirectory.create("ports")) {
            ports = new NodeHost(factory.getClass().getName(), factory, run, w -> {
            }).inPortTypes();
        }
        final PortObject[] connected = Arrays.copyOf(objects, ports.length);
        final List<?> updates = (List<?>)DialogJson
            .of(NodeParametersPersistence.load(type, settings), new DialogInput(ports, connected)).get("initialUpdates");
        return updates.stream().map(Map.class::cast).filter(u -> String.valueOf(u.get("scope")).endsWith("/" + scope))
            .flatMap(u -> ((List<?>)u.get("value")).stream()).map(v -> (Object)((Map<?, ?>)v).get("id")).toList();
    }

    private static void asItIs(final NodeSettings settings) {
        // a new node
    }

    @Test
    void classesAreOffered() throws Exception {
        for (final DefaultNodeFactory factory : List.of(new SegmentationScorerNodeFactory(), new NetworkBuilderNodeFactory(),
            new IntensityDivergenceScorerNodeFactory(), new NormalizationStudyNodeFactory(), new LabelEditorNodeFactory())) {
            assertEquals(CLASSES, offered(factory, "notAnnotated", SuggestionsTest::asItIs, m_table), factory.getNodeName());
        }
        assertEquals(List.of("unknown, liver", "unknown, 2"), offered(new SegmentationScorerNodeFactory(), "notAnnotated",
            s -> s.addString("notAnnotated", "unknown"), m_table));
        assertEquals(CLASSES, offered(new LabelEditorNodeFactory(), "split", SuggestionsTest::asItIs, m_table));
        assertEquals(List.of("liver = 1", "tumor, necrotic = 2", "unknown = 255"),
            offered(new LabelEditorNodeFactory(), "rules", SuggestionsTest::asItIs, m_table));
        assertEquals(List.of("model"), offered(new LabelEditorNodeFactory(), "furtherColumns",
            s -> s.addString("segmentationColumn", "Segmentation"), m_table));
    }

    @Test
    void regionsAreUnionsOfClasses() throws Exception {
        final List<String> unions = List.of("liver", "2", "unknown", "liver, 2", "liver, unknown", "2, unknown",
            "liver, 2, unknown");
        assertEquals(unions, offered(new SegmentationScorerNodeFactory(), "classes", SuggestionsTest::asItIs, m_table));
        assertEquals(unions, offered(new SegmentationWriterNodeFactory(), "classes", SuggestionsTest::asItIs, m_table));
    }

    @Test
    void classesOfANetworkAreOffered() throws Exception {
        final PortObject network = m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("baseWidth", 4);
            s.addInt("levels", 2);
            s.addInt("patchSize", 16);
        }, m_table).outputs()[0];
        assertEquals(List.of("liver", "unknown"), offered(new SegmentationPredictorNodeFactory(), "classesInOnePiece",
            SuggestionsTest::asItIs, network, m_table));
    }

    @Test
    void sitesAndRowsAreOffered() throws Exception {
        assertEquals(List.of("Campus", "Mitte"), offered(new IntensityDivergenceScorerNodeFactory(), "site",
            SuggestionsTest::asItIs, m_table));
        assertEquals(List.of("Mitte, Campus"), offered(new NormalizationStudyNodeFactory(), "controlSites",
            s -> s.addString("controlSites", "Mitte"), m_table));
        assertEquals(List.of("test", "training"), offered(new VolumeNormalizerNodeFactory(), "fitValue",
            SuggestionsTest::asItIs, m_table));
        assertEquals(List.of("Row0", "Row1"), offered(new VolumeNormalizerNodeFactory(), "referenceRow",
            SuggestionsTest::asItIs, m_table));
    }

    /** Before the nodes in front were executed only the spec is there: nothing is offered, and a text field is shown. */
    @Test
    void nothingIsOfferedOfWhatIsNotKnown() throws Exception {
        assertEquals(List.of(), offered(new NetworkBuilderNodeFactory(), "classes", SuggestionsTest::asItIs));
        assertEquals(List.of(), offered(new SegmentationWriterNodeFactory(), "folderColumn", SuggestionsTest::asItIs, m_table));
    }
}
