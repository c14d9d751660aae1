package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.knime.core.standin.run.NodeHost;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.domainadaptationlearner.DomainAdaptationLearnerNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;

/** Network Builder, Segmentation Learner, Domain Adaptation Learner, Segmentation Predictor on a tiny study. */
class LearningNodesTest {

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

    private PortObject[] execute(final NodeFactory<?> factory, final PortObject[] inputs, final Bench.Change change)
        throws Exception {
        return m_bench.run(factory, change, inputs).outputs();
    }

    private NetworkPortObject builder(final BufferedDataTable table) throws Exception {
        return (NetworkPortObject)execute(new NetworkBuilderNodeFactory(), new PortObject[]{table}, s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
        })[0];
    }

    private static void shortTraining(final NodeSettings s) throws InvalidSettingsException {
        final NodeSettings columns = s.getNodeSettings("columns");
        columns.addString("imageColumn", "Image");
        columns.addString("segmentationColumn", "Segmentation");
        columns.addString("subjectColumn", "Subject");
        columns.addString("siteColumn", "Site");
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 3);
        training.addInt("batch", 2);
        training.addInt("validationInterval", 3);
    }

    private BufferedDataTable both(final int from, final int to) throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, from, to));
        rows.addAll(m_study.rows(1, from, to));
        return m_study.table(rows);
    }

    @Test
    void builderTakesTheClassesFromTheSegmentations() throws Exception {
        final NetworkPortObject network = builder(m_study.table(m_study.rows(0, 0, 2)));
        assertEquals(4, network.getSpec().architecture().classes());
        assertEquals(List.of("CSF", "GM", "WM"), List.copyOf(network.getSpec().labels().names().values()));
        assertFalse(network.getSpec().trained());
    }

    private List<Row> withValues(final List<Row> rows, final int... values) {
        return rows.stream().map(r -> {
            final byte[] voxels = r.segmentation().voxels().clone();
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = (byte)values[voxels[v]];
            }
            return new Row(r.subject(), r.site(), r.image(), new LabelVolume(voxels, r.segmentation().geometry(),
                r.segmentation().info(), LabelSet.of()));
        }).toList();
    }

    private LabelVolume segmented(final PortObject network, final BufferedDataTable images) throws Exception {
        final BufferedDataTable table = (BufferedDataTable)execute(new SegmentationPredictorNodeFactory(),
            new PortObject[]{network, images, null, null, null, null}, s -> s.addString("imageColumn", "Image"))[0];
        return ((LabelVolumeValue)Bench.rows(table).get(0)
            .getCell(table.getDataTableSpec().getNumColumns() - 1)).labelVolume();
    }

    /** From the table to the prediction, a label map that jumps is the same as one whose values do not. */
    @Test
    void valuesThatJumpMakeAsManyClassesAsThereAre() throws Exception {
        final BufferedDataTable plain = m_study.table(withValues(m_study.rows(0, 0, 2), 0, 1, 2, 3));
        final BufferedDataTable jumping = m_study.table(withValues(m_study.rows(0, 0, 2), 0, 10, 150, 255));
        final NetworkPortObject untrained = builder(jumping);
        assertEquals(4, untrained.getSpec().architecture().classes());
        assertEquals(Map.of(10, "class 10", 150, "class 150", 255, "class 255"), untrained.getSpec().labels().names());
        final BufferedDataTable validation = m_study.table(withValues(m_study.rows(0, 2, 3), 0, 10, 150, 255));
        final PortObject trained = execute(new SegmentationLearnerNodeFactory(),
            new PortObject[]{untrained, jumping, validation}, LearningNodesTest::shortTraining)[0];
        final PortObject same = execute(new SegmentationLearnerNodeFactory(), new PortObject[]{builder(plain), plain,
            m_study.table(withValues(m_study.rows(0, 2, 3), 0, 1, 2, 3))}, LearningNodesTest::shortTraining)[0];
        assertEquals(((NetworkPortObject)same).network().weights().hash(),
            ((NetworkPortObject)trained).network().weights().hash());
        final LabelVolume expected = segmented(same, plain);
        final LabelVolume actual = segmented(trained, plain);
        for (int v = 0; v < expected.voxels().length; v++) {
            assertEquals(new int[]{0, 10, 150, 255}[expected.voxels()[v]], actual.voxels()[v] & 0xff);
        }
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(), new PortObject[]{untrained, plain, validation},
                LearningNodesTest::shortTraining));
        assertTrue(e.getMessage().contains("label value 1") && e.getMessage().contains("[10, 150, 255]"), e.getMessage());
    }

    /** A mask of 0 and 255 has one class. */
    @Test
    void aMaskOf255HasOneClass() throws Exception {
        final NetworkPortObject network = builder(m_study.table(withValues(m_study.rows(0, 0, 2), 0, 255, 255, 255)));
        assertEquals(2, network.getSpec().architecture().classes());
        assertEquals(Map.of(255, "class 255"), network.getSpec().labels().names());
    }

    @Test
    void builderWithoutTableCountsClassesWithoutTheBackground() throws Exception {
        final PortObject[] none = {null};
        final NetworkPortObject network = (NetworkPortObject)execute(new NetworkBuilderNodeFactory(), none,
            s -> s.addInt("classes", 2))[0];
        assertEquals(3, network.getSpec().architecture().classes());
    }

    @Test
    void builderRefusesOneValueWithTwoNames() throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, 0, 2));
        final Row second = rows.get(1);
        rows.set(1, new Row(second.subject(), second.site(), second.image(), new LabelVolume(second.segmentation().voxels(),
            second.segmentation().geometry(), second.segmentation().info(), LabelSet.of("liver", "spleen", "kidney"))));
        final NodeExecutionException e = assertThrows(NodeExecutionException.class, () -> builder(m_study.table(rows)));
        assertTrue(e.getMessage().contains("Label value 1 is \"CSF\"") && e.getMessage().contains("\"liver\""), e.getMessage());
    }

    @Test
    void builderNamesThePatchSizeThatDoesNotFit() throws Exception {
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new NetworkBuilderNodeFactory(), s -> s.addInt("patchSize", 30), (PortObject)null));
        assertTrue(e.getMessage().contains("30") && e.getMessage().contains("4"), e.getMessage());
    }

    @Test
    void learnerTrainsOnTheChosenSiteAndIsRepeatable() throws Exception {
        final BufferedDataTable training = both(0, 2);
        final NetworkPortObject untrained = builder(training);
        final PortObject[] inputs = {untrained, training, both(2, 3)};
        final PortObject[] first = execute(new SegmentationLearnerNodeFactory(), inputs, s -> {
            shortTraining(s);
            s.addString("trainOn", "SOURCE_SITE");
        });
        final NetworkPortObject network = (NetworkPortObject)first[0];
        assertEquals(List.of("A"), network.network().provenance().sites());
        assertTrue(network.getSpec().trained());
        assertEquals(3, ((BufferedDataTable)first[1]).size());
        final PortObject[] again = execute(new SegmentationLearnerNodeFactory(), inputs, s -> {
            shortTraining(s);
            s.addString("trainOn", "SOURCE_SITE");
        });
        assertEquals(network.network().weights().hash(), ((NetworkPortObject)again[0]).network().weights().hash());
    }

    @Test
    void learnerAugmentsPatchesOnlyIfAsked() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final PortObject[] inputs = {builder(training), training, both(1, 2)};
        final Bench.Change severe = s -> {
            shortTraining(s);
            s.getNodeSettings("training").getNodeSettings("augmentation").getNodeSettings("intensity")
                .addDouble("gammaProbability", 1);
        };
        final String plain = weights(inputs, LearningNodesTest::shortTraining);
        assertEquals(plain, weights(inputs, severe), "settings below the switch have no effect");
        final Bench.Change on = s -> {
            severe.apply(s);
            s.getNodeSettings("training").addBoolean("augment", true);
        };
        final String augmented = weights(inputs, on);
        assertNotEquals(plain, augmented);
        assertEquals(augmented, weights(inputs, on));
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class, () -> weights(inputs, s -> {
            on.apply(s);
            s.getNodeSettings("training").getNodeSettings("augmentation").getNodeSettings("spatial")
                .addDouble("affineProbability", 2);
        }));
        assertTrue(e.getMessage().contains("Rotate, scale and shift"), e.getMessage());
    }

    private String weights(final PortObject[] inputs, final Bench.Change change) throws Exception {
        return ((NetworkPortObject)execute(new SegmentationLearnerNodeFactory(), inputs, change)[0]).network().weights()
            .hash();
    }

    @Test
    void learnerChoosesItsColumnsByTypeAndName() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final PortObject[] inputs = {builder(training), training, both(1, 2)};
        final NodeSettings columns = m_bench.configured(new SegmentationLearnerNodeFactory(), s -> {
        }, inputs).saveSettings().getNodeSettings("columns");
        assertEquals("Image", columns.getString("imageColumn"));
        assertEquals("Segmentation", columns.getString("segmentationColumn"));
        assertEquals("Subject", columns.getString("subjectColumn"));
        assertEquals("Site", columns.getString("siteColumn"));
    }

    @Test
    void learnerRefusesASubjectOnBothSides() throws Exception {
        final BufferedDataTable training = both(0, 2);
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(),
                new PortObject[]{builder(training), training, both(1, 3)}, LearningNodesTest::shortTraining));
        assertTrue(e.getMessage().contains("A-002"), e.getMessage());
    }

    @Test
    void learnerNamesTheSitesThereAre() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(),
                new PortObject[]{builder(training), training, both(1, 2)}, s -> {
                    shortTraining(s);
                    s.addString("trainOn", "SOURCE_SITE");
                    s.addString("sourceSite", "Z");
                }));
        assertTrue(e.getMessage().contains("\"Z\"") && e.getMessage().contains("A, B"), e.getMessage());
    }

    @Test
    void learnerSaysThatThereIsNoTargetSite() throws Exception {
        final BufferedDataTable training = m_study.table(m_study.rows(0, 0, 1));
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(),
                new PortObject[]{builder(training), training, m_study.table(List.of())}, s -> {
                    shortTraining(s);
                    s.addString("trainOn", "TARGET_SITES");
                }));
        assertTrue(e.getMessage().contains("only the source site A"), e.getMessage());
    }

    @Test
    void learnerRefusesAnEmptyTableAndAMissingImage() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final NetworkPortObject network = builder(training);
        assertTrue(assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(),
                new PortObject[]{network, m_study.table(List.of()), training}, LearningNodesTest::shortTraining)).getMessage()
                    .contains("no rows"));
        final BufferedDataTable withoutImage = m_study.table(List.of(new Row("S", "A", null, null)));
        assertTrue(assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(), new PortObject[]{network, withoutImage, training},
                LearningNodesTest::shortTraining)).getMessage().contains("Row0"));
    }

    @Test
    void learnerStopsWhenCancelled() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final PortObject[] inputs = {builder(training), training, both(1, 2)};
        final NodeHost node =
            m_bench.configured(new SegmentationLearnerNodeFactory(), LearningNodesTest::shortTraining, inputs);
        final DefaultNodeProgressMonitor monitor = new DefaultNodeProgressMonitor();
        monitor.setExecuteCanceled();
        assertThrows(CanceledExecutionException.class, () -> node.execute(inputs, monitor));
    }

    /** Cancelled in the middle and executed again, the learner does the rest only and gives the same bits. */
    @Test
    void learnerGoesOnFromItsCheckpoints() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final PortObject[] inputs = {builder(training), training, both(1, 2)};
        final Bench.Change longer = s -> {
            shortTraining(s);
            s.getNodeSettings("training").addInt("steps", 8);
        };
        final String straight =
            ((NetworkPortObject)execute(new SegmentationLearnerNodeFactory(), inputs, longer)[0]).network().weights().hash();
        final Path folder = m_folder.resolve("checkpoints");
        final NodeHost node = m_bench.configured(new SegmentationLearnerNodeFactory(), s -> {
            longer.apply(s);
            s.getNodeSettings("training").addString("checkpointFolder", folder.toString());
            s.getNodeSettings("training").addInt("checkpointInterval", 2);
        }, inputs);
        final DefaultNodeProgressMonitor[] cancelled = new DefaultNodeProgressMonitor[1];
        cancelled[0] = new DefaultNodeProgressMonitor((fraction, message) -> {
            if (message != null && message.startsWith("Step 6 ")) {
                cancelled[0].setExecuteCanceled();
            }
        });
        assertThrows(CanceledExecutionException.class, () -> node.execute(inputs, cancelled[0]));
        final List<String> steps = new ArrayList<>();
        final PortObject[] outputs = node.execute(inputs, new DefaultNodeProgressMonitor((fraction, message) -> {
            if (message != null && message.startsWith("Step ")) {
                steps.add(message.substring(0, 6));
            }
        }));
        assertEquals(straight, ((NetworkPortObject)outputs[0]).network().weights().hash());
        assertEquals("Step 5", steps.get(0), "four steps were done and saved");
        try (Stream<Path> pages = Files.walk(folder)) {
            assertEquals(1, pages.filter(p -> p.endsWith("training.html")).count());
        }
    }

    @Test
    void learnerTrainsWithEveryOption() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final PortObject[] outputs = execute(new SegmentationLearnerNodeFactory(),
            new PortObject[]{builder(training), training, both(1, 2)}, s -> {
                shortTraining(s);
                s.addString("keep", "LAST");
                final NodeSettings t = s.getNodeSettings("training");
                t.addString("optimizer", "SGD");
                t.addDouble("weightDecay", 1e-4);
                t.addDouble("clipNorm", 1);
                t.addString("schedule", "PLATEAU");
                t.addDouble("warmUp", 0.5);
                t.addString("judge", "AUC");
                t.addInt("patience", 3);
                t.addString("overlap", "TVERSKY");
                t.addDouble("focalGamma", 2);
                t.addString("classWeights", "0.5, 1, 1, 2");
                t.addString("device", "CPU");
            });
        final Map<String, String> options = ((NetworkPortObject)outputs[0]).network().provenance().options();
        assertEquals("TVERSKY", options.get("diceForm"));
        assertEquals("[0.5, 1.0, 1.0, 2.0]", options.get("classWeights"));
        assertTrue(options.get("optimizer").contains("SGD"), options.get("optimizer"));
        final BufferedDataTable curve = (BufferedDataTable)outputs[1];
        final DataRow last = StreamSupport.stream(curve.spliterator(), false).reduce((a, b) -> b).orElseThrow();
        assertFalse(last.getCell(curve.getDataTableSpec().findColumnIndex("Validation AUC")).isMissing());
    }

    @Test
    void learnerSaysThatAGpuIsMissing() throws Exception {
        final BufferedDataTable training = both(0, 1);
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> execute(new SegmentationLearnerNodeFactory(), new PortObject[]{builder(training), training, both(1, 2)}, s -> {
                shortTraining(s);
                s.getNodeSettings("training").addString("device", "GPU");
                s.getNodeSettings("training").addInt("gpu", 3);
            }));
        assertTrue(e.getMessage().startsWith("GPU 3 was chosen"), e.getMessage());
    }

    @Test
    void builderBuildsEveryArchitecture() throws Exception {
        final PortObject[] none = {null};
        for (final String architecture : List.of("PATCH_CNN", "DEEP_MEDIC")) {
            final NetworkPortObject network = (NetworkPortObject)execute(new NetworkBuilderNodeFactory(), none, s -> {
                s.addString("architecture", architecture);
                s.addInt("baseWidth", 3);
                s.addInt("patchSize", 9);
            })[0];
            assertEquals(architecture, network.getSpec().architecture().kind().name());
        }
        final NetworkPortObject deep = (NetworkPortObject)execute(new NetworkBuilderNodeFactory(), none, s -> {
            s.addBoolean("deepSupervision", true);
            s.addString("normalization", "INSTANCE");
        })[0];
        assertTrue(deep.getSpec().architecture().deepSupervision());
    }

    @Test
    void adaptationNeverLooksAtATargetLabel() throws Exception {
        final BufferedDataTable training = both(0, 2);
        final NetworkPortObject network = builder(training);
        final List<Row> poisoned = new ArrayList<>(m_study.rows(0, 0, 2));
        for (final Row row : m_study.rows(1, 0, 2)) {
            final byte[] wrong = row.segmentation().voxels().clone();
            for (int v = 0; v < wrong.length; v++) {
                wrong[v] = (byte)(3 - wrong[v]);
            }
            poisoned.add(new Row(row.subject(), row.site(), row.image(), new LabelVolume(wrong, row.segmentation().geometry(),
                row.segmentation().info(), row.segmentation().labels())));
        }
        final String clean = adapt(network, training);
        assertEquals(clean, adapt(network, m_study.table(poisoned)), "labels of the target site changed the weights");
        final List<Row> unlabeled = new ArrayList<>(m_study.rows(0, 0, 2));
        m_study.rows(1, 0, 2).forEach(r -> unlabeled.add(new Row(r.subject(), r.site(), r.image(), null)));
        assertEquals(clean, adapt(network, m_study.table(unlabeled)), "missing labels of the target site changed the weights");
        final List<Row> otherImages = new ArrayList<>(m_study.rows(0, 0, 2));
        otherImages.addAll(m_study.rows(1, 3, 5));
        assertFalse(clean.equals(adapt(network, m_study.table(otherImages))), "the target images are not used at all");
    }

    private String adapt(final NetworkPortObject network, final BufferedDataTable training) throws Exception {
        return ((NetworkPortObject)execute(new DomainAdaptationLearnerNodeFactory(),
            new PortObject[]{network, training, both(2, 3)}, LearningNodesTest::shortTraining)[0]).network().weights().hash();
    }

    @Test
    void predictorAppendsSegmentationsOnTheImagesGrid() throws Exception {
        final List<Row> rows = new ArrayList<>(m_study.rows(0, 0, 1));
        rows.add(new Row("S", "A", null, null));
        final BufferedDataTable table = m_study.table(rows);
        final NetworkPortObject network = builder(m_study.table(m_study.rows(0, 0, 1)));
        final PortObject[] inputs = {network, table, null, null, null, null};
        final NodeHost node = m_bench.configured(new SegmentationPredictorNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addString("outputColumn", "model");
        }, inputs);
        assertTrue(node.warningMessage().contains("not trained"), node.warningMessage());
        final BufferedDataTable out = (BufferedDataTable)node.execute(inputs, new DefaultNodeProgressMonitor())[0];
        final List<DataRow> outRows = StreamSupport.stream(out.spliterator(), false).toList();
        final int column = out.getDataTableSpec().findColumnIndex("model");
        final LabelVolume labels = ((LabelVolumeValue)outRows.get(0).getCell(column)).labelVolume();
        assertTrue(labels.geometry().sameGrid(rows.get(0).image().geometry()));
        assertTrue(labels.maxValue() <= 3);
        assertTrue(outRows.get(1).getCell(column).isMissing());
        assertTrue(node.warningMessage().contains("Row1"), node.warningMessage());
        assertArrayEquals(new String[]{"Subject", "Site", "Image", "Segmentation", "model"},
            out.getDataTableSpec().getColumnNames());
    }

    @Test
    void predictorRefusesAColumnNameThatIsTaken() throws Exception {
        final BufferedDataTable table = m_study.table(m_study.rows(0, 0, 1));
        final PortObject[] inputs = {builder(table), table, null, null, null, null};
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new SegmentationPredictorNodeFactory(), s -> {
                s.addString("imageColumn", "Image");
                s.addString("outputColumn", "Segmentation");
            }, inputs));
        assertTrue(e.getMessage().contains("already has a column \"Segmentation\""), e.getMessage());
    }
}
