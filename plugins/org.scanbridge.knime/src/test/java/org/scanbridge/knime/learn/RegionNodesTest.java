package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.learning.architecture.NetworkRegion;

/** From segmentations of which parts are not annotated to a network of regions and its predictions. */
class RegionNodesTest {

    private static final String[][] REGIONS = {{"brain", "CSF, GM, WM"}, {"tissue", "gm, 3"}, {"white", "WM"}};

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    /** The rows with the lower half of the slices marked with a value that is called unknown. */
    private static List<Row> marked(final List<Row> rows, final int value) {
        return rows.stream().map(r -> {
            final byte[] voxels = r.segmentation().voxels().clone();
            for (int v = 0; v < voxels.length / 2; v++) {
                voxels[v] = (byte)value;
            }
            final Map<Integer, String> names = new TreeMap<>(r.segmentation().labels().names());
            names.put(value, "unknown");
            return new Row(r.subject(), r.site(), r.image(), new LabelVolume(voxels, r.segmentation().geometry(),
                r.segmentation().info(), LabelSet.of(names)));
        }).toList();
    }

    /** Sites that give the mark different numbers. */
    private BufferedDataTable table(final int from, final int to) throws Exception {
        final List<Row> rows = new ArrayList<>(marked(m_study.rows(0, from, to), 4));
        rows.addAll(marked(m_study.rows(1, from, to), 9));
        return m_study.table(rows);
    }

    private static void add(final NodeSettings s, final String[]... regions) throws InvalidSettingsException {
        for (int n = 0; n < regions.length; n++) {
            final NodeSettings region = s.getNodeSettings("regions").addNodeSettings("" + n);
            region.addString("name", regions[n][0]);
            region.addString("classes", regions[n][1]);
        }
    }

    private NetworkPortObject builder(final BufferedDataTable table, final String notAnnotated, final String[]... regions)
        throws Exception {
        return (NetworkPortObject)m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
            s.addString("notAnnotated", notAnnotated);
            add(s, regions);
        }, new PortObject[]{table}).outputs()[0];
    }

    private PortObject[] learn(final PortObject network, final String notAnnotated) throws Exception {
        return m_bench.run(new SegmentationLearnerNodeFactory(), s -> {
            final NodeSettings columns = s.getNodeSettings("columns");
            columns.addString("imageColumn", "Image");
            columns.addString("notAnnotated", notAnnotated);
            final NodeSettings training = s.getNodeSettings("training");
            training.addInt("steps", 3);
            training.addInt("batch", 2);
            training.addInt("validationInterval", 3);
        }, new PortObject[]{network, table(0, 1), table(1, 2)}).outputs();
    }

    @Test
    void networksOfRegionsLearnFromWhatIsAnnotated() throws Exception {
        final NetworkPortObject untrained = builder(table(0, 2), "Unknown", REGIONS);
        assertEquals(4, untrained.getSpec().architecture().classes());
        assertEquals(Map.of(1, "CSF", 2, "GM", 3, "WM"), untrained.getSpec().labels().names());
        assertEquals(List.of(new NetworkRegion("brain", List.of(1, 2, 3)), new NetworkRegion("tissue", List.of(2, 3)),
            new NetworkRegion("white", List.of(3))), untrained.getSpec().architecture().regions());
        final NetworkPortObject trained = (NetworkPortObject)learn(untrained, "unknown")[0];
        assertEquals(Map.of(1, "CSF", 2, "GM", 3, "WM"), trained.network().labels().names());
        assertEquals(untrained.getSpec().architecture(), trained.getSpec().architecture());
        final BufferedDataTable predicted = (BufferedDataTable)m_bench.run(new SegmentationPredictorNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("outputColumn", "found");
            s.addBoolean("probabilities", true);
        }, new PortObject[]{trained, m_study.table(m_study.rows(0, 2, 3)), null, null, null, null}).outputs()[0];
        final DataTableSpec spec = predicted.getDataTableSpec();
        assertEquals(List.of("found", "found p(brain)", "found p(tissue)", "found p(white)"),
            List.of(spec.getColumnNames()).subList(4, 8));
        final DataRow row = Bench.rows(predicted).get(0);
        final LabelVolume labels = ((LabelVolumeValue)row.getCell(4)).labelVolume();
        final Volume brain = ((VolumeValue)row.getCell(5)).volume();
        final Volume tissue = ((VolumeValue)row.getCell(6)).volume();
        final Volume white = ((VolumeValue)row.getCell(7)).volume();
        for (int v = 0; v < labels.voxels().length; v++) {
            final double b = brain.voxels()[v];
            final double t = tissue.voxels()[v];
            final double w = white.voxels()[v];
            final double[] p = {(1 - b) * (1 - t) * (1 - w), b * (1 - t) * (1 - w), b * t * (1 - w), b * t * w};
            double most = 0;
            for (final double x : p) {
                most = Math.max(most, x);
            }
            assertEquals(most, p[labels.voxels()[v]], 1e-6);
        }
    }

    @Test
    void withoutTheSettingTheMarkIsAClass() throws Exception {
        final BufferedDataTable ofOneSite = m_study.table(marked(m_study.rows(0, 0, 2), 4));
        assertEquals(5, builder(ofOneSite, "").getSpec().architecture().classes());
        final NetworkPortObject untrained = builder(table(0, 2), "unknown");
        final String refused = assertThrows(NodeExecutionException.class, () -> learn(untrained, "")).getMessage();
        assertTrue(refused.contains("label value") && refused.contains("\"Not annotated\""), refused);
        final String unknown = assertThrows(NodeExecutionException.class, () -> learn(untrained, "nothing")).getMessage();
        assertTrue(unknown.contains("\"Not annotated\" is \"nothing\"") && unknown.contains("unknown"), unknown);
    }

    @Test
    void numbersThatNoSegmentationHasAreRefused() throws Exception {
        final BufferedDataTable table = table(0, 2);
        final String builder =
            assertThrows(NodeExecutionException.class, () -> builder(table, "200")).getMessage();
        assertTrue(builder.contains("\"Not annotated\" is \"200\"") && builder.contains("1 = CSF, 2 = GM, 3 = WM"), builder);
        final NetworkPortObject untrained = builder(table, "unknown");
        final String learner = assertThrows(NodeExecutionException.class, () -> learn(untrained, "200")).getMessage();
        assertTrue(learner.contains("\"Not annotated\" is \"200\"") && learner.contains("9 = unknown"), learner);
        final String all =
            assertThrows(NodeExecutionException.class, () -> builder(table, "unknown, CSF, GM, 3")).getMessage();
        assertTrue(all.contains("\"Not annotated\" names all classes"), all);
    }

    @Test
    void networksWithAClassOfTheMarkAreRefused() throws Exception {
        final NetworkPortObject untrained = builder(m_study.table(marked(m_study.rows(0, 0, 2), 4)), "");
        for (final String mark : List.of("unknown", "4")) {
            final String message = assertThrows(NodeExecutionException.class, () -> learn(untrained, mark)).getMessage();
            assertTrue(message.contains("\"Not annotated\" of this learner names \"unknown\"")
                && message.contains("\"Not annotated\" of the Network Builder"), message);
        }
    }

    @Test
    void regionsAreTheClassOfTheirNameOrHaveAnother() throws Exception {
        final BufferedDataTable table = table(0, 2);
        final String name = assertThrows(NodeExecutionException.class, () -> builder(table, "unknown",
            new String[]{"gm", "CSF, GM"}, new String[]{"CSF", "CSF"}, new String[]{"WM", "WM"})).getMessage();
        assertTrue(name.contains("Region \"gm\" has the name of a class"), name);
        final String equal = assertThrows(NodeExecutionException.class, () -> builder(table, "unknown", REGIONS[0],
            new String[]{"all", "1, 2, 3"}, REGIONS[1], REGIONS[2])).getMessage();
        assertTrue(equal.contains("\"brain\" and \"all\" consist of the same classes"), equal);
        assertEquals(3, builder(table, "unknown", new String[]{"CSF", "1"}, new String[]{"GM", "GM"},
            new String[]{"WM", "3"}).getSpec().architecture().regions().size());
    }

    @Test
    void regionsMustTellTheClassesApart() throws Exception {
        final BufferedDataTable table = table(0, 2);
        final String same = assertThrows(NodeExecutionException.class,
            () -> builder(table, "unknown", REGIONS[0], REGIONS[2])).getMessage();
        assertTrue(same.contains("\"CSF\" and \"GM\""), same);
        final String outside =
            assertThrows(NodeExecutionException.class, () -> builder(table, "unknown", REGIONS[2])).getMessage();
        assertTrue(outside.contains("No region contains the class \"CSF\""), outside);
        final String none = assertThrows(NodeExecutionException.class,
            () -> builder(table, "unknown", new String[]{"x", "skull"})).getMessage();
        assertTrue(none.contains("skull") && none.contains("CSF"), none);
        assertThrows(InvalidSettingsException.class, () -> builder(table, "", new String[]{"", "CSF"}));
        // without a table, classes have numbers
        final NetworkPortObject numbered = (NetworkPortObject)m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("classes", 2);
            s.addInt("patchSize", 8);
            add(s, new String[]{"organ", "1, 2"}, new String[]{"lesion", "2"});
        }, new PortObject[]{null}).outputs()[0];
        assertEquals(2, numbered.getSpec().architecture().outputs());
    }
}
