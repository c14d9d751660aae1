package org.scanbridge.knime.nodes.adaptationcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.data.DoubleValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.Computation;

/** The Adaptation Check with a network of random weights on a tiny study. */
class AdaptationCheckNodeTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(4, 2, 2, 24);

    private static final LabelSet NAMES = LabelSet.of("CSF", "GM", "WM");

    /** As if it had been trained, which random weights are not. */
    private static final Provenance TRAINED = new Provenance("supervised", 7, 10, 9, 0.5, List.of("A"), "ab".repeat(32), "", "",
        "", Computation.UNKNOWN, Map.of());

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    private int m_networks;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private NetworkPortObject network(final long seed, final LabelSet names) throws Exception {
        final Network random = Network.untrained(SPEC, seed);
        return NetworkPortObject.create(m_bench.context(), "network" + m_networks++,
            new Network(SPEC, random.weights(), names, TRAINED));
    }

    private Result run(final Bench.Change change, final PortObject... inputs) throws Exception {
        return m_bench.run(new AdaptationCheckNodeFactory(), s -> {
            s.addInt("shifts", 4);
            change.apply(s);
        }, inputs);
    }

    private static double number(final DataRow row, final int column) {
        return ((DoubleValue)row.getCell(column)).getDoubleValue();
    }

    private BufferedDataTable unlabeled() throws Exception {
        final List<Row> rows = new ArrayList<>();
        m_study.rows(1, 0, 2).forEach(r -> rows.add(new Row(r.subject(), r.site(), r.image(), null)));
        rows.add(new Row("B-009", "B", null, null));
        return m_study.table(rows);
    }

    @Test
    void everyImageGetsAVerdictForEveryClass() throws Exception {
        final BufferedDataTable labeled = m_study.table(m_study.rows(0, 0, 1));
        final Result result = run(s -> {
        }, network(3, NAMES), labeled, unlabeled(), network(4, NAMES));
        final List<DataRow> rows = result.rows(0);
        assertEquals(List.of("CSF", "GM", "WM", "all classes", "CSF", "GM", "WM", "all classes"),
            rows.stream().map(r -> r.getCell(3).toString()).toList());
        for (final DataRow row : rows) {
            assertEquals("B", row.getCell(2).toString());
            assertTrue(0 <= number(row, 5) && number(row, 5) <= number(row, 4));
            assertTrue(number(row, 4) <= number(row, 6) && number(row, 6) <= 1);
            // random weights are bad on the source
            assertTrue(number(row, 7) < 0.5);
            assertEquals("bad on the source already: look", row.getCell(8).toString());
            assertTrue(row.getCell(9).toString().contains("on the labeled images, less than 0.5"), row.getCell(9).toString());
            assertFalse(row.getCell(10).isMissing());
        }
        // the row without an image costs only itself
        assertTrue(result.warning().contains("It has no image in column \"Image\""), result.warning());
        assertTrue(result.warning().contains("On the labeled images themselves the Dice is less than 0.5: \"CSF\" 0."),
            result.warning());
        assertTrue(result.warning().contains("2 of 3 images have to be looked at by all classes together. Without a second"
            + " opinion, the predicted Dice"), result.warning());
        final DataRow site = result.rows(1).get(0);
        assertEquals("B", site.getCell(0).toString());
        assertEquals("2", site.getCell(1).toString());
        assertEquals((number(rows.get(3), 4) + number(rows.get(7), 4)) / 2, number(site, 2), 1e-12);
        assertEquals((number(rows.get(3), 10) + number(rows.get(7), 10)) / 2, number(site, 6), 1e-12);
        assertTrue(site.getCell(7).toString().contains("before the adaptation"));
        // neither is worse than on the source, where the network is bad already, and both have to be looked at
        assertEquals(List.of("0", "0", "2"), Stream.of(4, 5, 8).map(c -> site.getCell(c).toString()).toList());
    }

    /** The truth as a second opinion: agreement is the Dice. */
    @Test
    void aSecondOpinionIsCompared() throws Exception {
        final BufferedDataTable labeled = m_study.table(m_study.rows(0, 0, 1));
        final Bench.Change second = s -> {
            s.addBoolean("secondOpinion", true);
            s.addString("secondOpinionColumn", "Segmentation");
        };
        final Result result = run(second, network(3, NAMES), labeled, labeled, null);
        final int column = result.table(0).getDataTableSpec().findColumnIndex("Evidence: second opinion");
        for (final DataRow row : result.rows(0)) {
            assertEquals(number(row, 7), number(row, column), 1e-12, "true Dice of the only labeled image");
        }
        assertFalse(result.warning().contains("Without a second opinion"), result.warning());
        final List<Row> without = new ArrayList<>(m_study.rows(0, 0, 1));
        m_study.rows(1, 0, 1).forEach(r -> without.add(new Row(r.subject(), r.site(), r.image(), null)));
        final Result some = run(second, network(3, NAMES), labeled, m_study.table(without), null);
        assertEquals(4, some.rows(0).size());
        assertTrue(some.warning().contains("It has no second opinion"), some.warning());
    }

    @Test
    void whatDoesNotFitIsRefusedBefore() throws Exception {
        final BufferedDataTable labeled = m_study.table(m_study.rows(0, 0, 1));
        final NetworkPortObject network = network(3, NAMES);
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(s -> s.addBoolean("secondOpinion", true), network,
            labeled, unlabeled(), null)).getMessage().contains("Second opinion column"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(s -> s.addDouble("coverage", 1), network, labeled,
            unlabeled(), null)).getMessage().contains("\"Coverage of the intervals\" is 1; choose 0.5 to 0.99."));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(s -> {
        }, network, labeled, unlabeled(), network(3, LabelSet.of("CSF", "GM", "lesion")))).getMessage()
            .contains("Only networks of the same classes"));
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, network, unlabeled(), unlabeled(), null)).getMessage().contains("without an image"));
    }

    @Test
    void anUntrainedNetworkIsRefused() throws Exception {
        final BufferedDataTable labeled = m_study.table(m_study.rows(0, 0, 1));
        final NetworkPortObject network = network(3, NAMES);
        final Network random = Network.untrained(SPEC, 3);
        final NetworkPortObject untrained = NetworkPortObject.create(m_bench.context(), "untrained",
            new Network(SPEC, random.weights(), NAMES, random.provenance()));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(s -> {
        }, untrained, labeled, unlabeled(), null)).getMessage().startsWith("The network is not trained"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(s -> {
        }, network, labeled, unlabeled(), untrained)).getMessage()
            .startsWith("The network before the adaptation is not trained"));
    }

    /** Without WM in the truth: missing cells and a reason, for the network before, too. */
    @Test
    void aClassThatNoLabeledImageHasIsMissing() throws Exception {
        final Row row = m_study.rows(0, 0, 1).get(0);
        final Result result = run(s -> {
        }, network(3, NAMES), m_study.table(List.of(new Row(row.subject(), row.site(), row.image(),
            relabeled(row.segmentation(), NAMES, 0, 1, 2, 0)))), unlabeled(), network(4, NAMES));
        final DataRow matter = result.rows(0).get(2);
        assertEquals("WM", matter.getCell(3).toString());
        for (final int column : new int[]{4, 5, 6, 7, 10}) {
            assertTrue(matter.getCell(column).isMissing(), "column " + column);
        }
        assertEquals("cannot be predicted: look", matter.getCell(8).toString());
        assertTrue(matter.getCell(9).toString().contains("no labeled image has the class"));
        assertFalse(result.rows(0).get(3).getCell(4).isMissing());
        assertTrue(result.warning().contains("No labeled image has \"WM\""), result.warning());
    }

    /** 1 = WM and 3 = CSF against the network's 1 = CSF and 3 = WM: the same voxels, and no agreement at all. */
    @Test
    void aSecondOpinionWithOtherNamesIsRefused() throws Exception {
        final Row row = m_study.rows(0, 0, 1).get(0);
        final BufferedDataTable swapped = m_study.table(List.of(new Row(row.subject(), row.site(), row.image(),
            relabeled(row.segmentation(), LabelSet.of("WM", "GM", "CSF"), 0, 3, 2, 1))));
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
            s.addBoolean("secondOpinion", true);
            s.addString("secondOpinionColumn", "Segmentation");
        }, network(3, NAMES), swapped, swapped, null)).getMessage();
        assertTrue(message.contains("In column \"Segmentation\" the label value 1 is \"WM\", but the network calls it \"CSF\"."),
            message);
        final String judged = assertThrows(NodeExecutionException.class, () -> run(s -> {
            s.addBoolean("secondOpinion", true);
            s.addString("secondOpinionColumn", "Segmentation");
        }, network(3, NAMES), m_study.table(m_study.rows(0, 0, 1)), swapped, null)).getMessage();
        assertTrue(judged.contains("the label value 1 is \"WM\", but the network calls it \"CSF\"."), judged);
    }

    /** As the learners do: of such a class no voxel would be left to compare with. */
    @Test
    void notAnnotatedThatIsAClassIsRefused() throws Exception {
        final BufferedDataTable labeled = m_study.table(m_study.rows(0, 0, 1));
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.getNodeSettings("columns").addString("notAnnotated", "WM"), network(3, NAMES), labeled, unlabeled(),
                null)).getMessage();
        assertTrue(message.contains("\"Not annotated\" of this node names \"WM\" (label value 3), but the network has that as a"
            + " class"), message);
    }

    /** The first network is a single one, which does not tell; the ensemble before it does. */
    @Test
    void theNetworkBeforeIsAskedForKnownSubjectsToo() throws Exception {
        final List<Row> labeled = m_study.rows(0, 0, 1);
        final Network network = new Network(SPEC, Network.untrained(SPEC, 3).weights(), NAMES, TRAINED);
        final NetworkPortObject before = NetworkPortObject.create(m_bench.context(), new Ensemble(List.of(
            Ensemble.Member.of(network, "1", List.of(labeled.get(0).subject())), Ensemble.Member.of(network, "2", List.of()))));
        final Result result = run(s -> {
        }, network(3, NAMES), m_study.table(labeled), unlabeled(), before);
        assertTrue(result.warning().contains("1 of 1 labeled images are of subjects that networks of the ensemble before the"
            + " adaptation were trained or validated on, so the \"Predicted Dice before\" may be too high."), result.warning());
    }

    @Test
    void nothingToJudgeIsSaid() throws Exception {
        final Result result = run(s -> {
        }, network(3, NAMES), m_study.table(m_study.rows(0, 0, 1)), m_study.table(List.of()), null);
        assertEquals(0, result.rows(0).size() + result.rows(1).size());
        assertTrue(result.warning().startsWith("The images to judge have no rows, so nothing was judged"), result.warning());
    }

    private static LabelVolume relabeled(final LabelVolume labels, final LabelSet names, final int... values) {
        final byte[] voxels = labels.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)values[voxels[v]];
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), names);
    }
}
