package org.scanbridge.knime.nodes.networkreader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.nodes.adversarialnormalizationlearner.AdversarialNormalizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.domainadaptationlearner.DomainAdaptationLearnerNodeFactory;
import org.scanbridge.knime.nodes.domaingeneralizationlearner.DomainGeneralizationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.sitecurriculum.SiteCurriculumNodeFactory;
import org.scanbridge.knime.nodes.transferstudy.TransferStudyNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.architecture.PatchSize;

/** A network of other software in the nodes: read as its settings say, used, and not trained. */
class ForeignNetworkNodesTest {

    /**
     * The logits 0.5 - x and x - 0.5 of [n, 1, d, h, w], so that a voxel is of the second class where x > 0.5, with
     * probability 1 / (1 + e^(1 - 2x)). Made by {@code onnx.helper} of onnx 1.23.2.
     */
    private static final String THRESHOLD =
        "CAgSC29ubnguaGVscGVyOpkBChcKAXgKAXcKAWISBmxvZ2l0cyIEQ29udhIBZyoZCAIIAQgBCAEIARABQgF3SggAAIC/AACAPyoRCAIQAUIBYk"
            + "oIAAAAPwAAAL9aIwoBeBIeChwIARIYCgMSAW4KAggBCgMSAWQKAxIBaAoDEgF3YigKBmxvZ2l0cxIeChwIARIYCgMSAW4KAggCCgMSAWQK"
            + "AxIBaAoDEgF3QgQKABAR";

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_file;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_file = Files.write(m_folder.resolve("bought.onnx"), Base64.getDecoder().decode(THRESHOLD));
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private Result read(final Bench.Change change) throws Exception {
        return m_bench.run(new NetworkReaderNodeFactory(), s -> {
            s.addString("path", m_file.toString());
            change.apply(s);
        });
    }

    private NetworkPortObject network() throws Exception {
        return (NetworkPortObject)read(s -> {
            s.addString("axisOrder", "NCDHW");
            s.addString("activation", "SOFTMAX");
            s.addString("classes", "lesion");
            s.addInt("patchI", 8);
            s.addInt("patchJ", 8);
            s.addInt("patchK", 4);
        }).outputs()[0];
    }

    @Test
    void theSettingsSayWhatTheFileDoesNot() throws Exception {
        final String message = assertThrows(NodeExecutionException.class, () -> read(s -> {
            // nothing is said
        })).getMessage();
        assertTrue(message.contains("Choose \"Axis order\""), message);
        final NetworkPortObject network = network();
        assertEquals(Map.of(1, "lesion"), network.getSpec().labels().names());
        assertEquals(new PatchSize(8, 8, 4), network.getSpec().architecture().patchSize());
        assertTrue(network.getSummary().contains("network of other software (ONNX), 2 classes, patch 8×8×4; lesion"),
            network.getSummary());
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> s.addString("classes", "a, b, a")))
            .getMessage().contains("\"a\" twice"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> s.addInt("patchJ", -1))).getMessage()
            .contains("\"Patch size along j (rows)\" is -1"));
    }

    @Test
    void itSegmentsAsItComputes() throws Exception {
        final BufferedDataTable table = images(0);
        final PortObject[] inputs = new PortObject[6];
        inputs[0] = network();
        inputs[1] = table;
        final Result result =
            m_bench.run(new SegmentationPredictorNodeFactory(), s -> s.addBoolean("probabilities", true), inputs);
        final DataRow row = result.rows(0).get(0);
        final Volume image = ((VolumeValue)row.getCell(2)).volume();
        final int segmented = result.table(0).getDataTableSpec().findColumnIndex("prediction");
        final byte[] labels = ((LabelVolumeValue)row.getCell(segmented)).labelVolume().voxels();
        final int map = IntStream.range(0, row.getNumCells())
            .filter(c -> result.table(0).getDataTableSpec().getColumnSpec(c).getName().contains("lesion")).findFirst()
            .orElseThrow();
        final float[] p = ((VolumeValue)row.getCell(map)).volume().voxels();
        for (int v = 0; v < labels.length; v++) {
            final double x = image.voxels()[v];
            assertEquals(1 / (1 + Math.exp(1 - 2 * x)), p[v], 1e-5);
            if (Math.abs(x - 0.5) > 1e-5) {
                assertEquals(x > 0.5 ? 1 : 0, labels[v]);
            }
        }
    }

    private BufferedDataTable images(final int site) throws Exception {
        final TestStudy study = new TestStudy(m_bench);
        return study.table(study.rows(site, 0, 1));
    }

    @Test
    void noLearnerTrainsIt() throws Exception {
        final NetworkPortObject network = network();
        final BufferedDataTable table = images(0);
        for (final NodeFactory<?> learner : List.of(new SegmentationLearnerNodeFactory(),
            new DomainAdaptationLearnerNodeFactory(), new DomainGeneralizationLearnerNodeFactory(),
            new AdversarialNormalizationLearnerNodeFactory())) {
            assertRefused(learner, network, table, table);
        }
        assertRefused(new TransferStudyNodeFactory(), network, table, table, table);
        assertRefused(new SiteCurriculumNodeFactory(), network, table, table, table);
    }

    private void assertRefused(final NodeFactory<?> learner, final PortObject... inputs) {
        final String message = assertThrows(InvalidSettingsException.class, () -> m_bench.configured(learner, s -> {
            // the defaults
        }, inputs)).getMessage();
        assertTrue(message.startsWith("This network comes from an ONNX file and can be used, not trained."), message);
    }
}
