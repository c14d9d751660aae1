package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataType;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.networkreader.NetworkReaderNodeFactory;
import org.scanbridge.knime.nodes.networkwriter.NetworkWriterNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.nodes.subjectsplitter.SubjectSplitterNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.network.Network;

/** Folds from the Subject Splitter to honest segmentations, with networks of a few steps. */
class CrossValidationNodesTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private TestStudy m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = new TestStudy(m_bench);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private Result run(final NodeFactory<?> factory, final Bench.Change change, final PortObject... inputs) throws Exception {
        return m_bench.run(factory, change, inputs);
    }

    private NetworkPortObject untrained(final BufferedDataTable table) throws Exception {
        return (NetworkPortObject)run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
        }, table).outputs()[0];
    }

    private static void training(final NodeSettings s) throws InvalidSettingsException {
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 2);
        training.addInt("batch", 2);
        training.addInt("validationInterval", 2);
    }

    private static void folds(final NodeSettings s) throws InvalidSettingsException {
        training(s);
        s.addBoolean("crossValidation", true);
    }

    /** Three folds of three subjects, one at B, and a validation subject. */
    private BufferedDataTable[] divided() throws Exception {
        final List<TestStudy.Row> rows = new ArrayList<>(m_study.rows(0, 0, 2));
        rows.addAll(m_study.rows(1, 0, 1));
        final BufferedDataTable all = run(new SubjectSplitterNodeFactory(), s -> {
            s.addDouble("validation", 0);
            s.addDouble("test", 0);
            s.addInt("folds", 3);
        }, m_study.table(rows)).table(0);
        return new BufferedDataTable[]{all, m_study.table(m_study.rows(0, 2, 3))};
    }

    private static String fold(final BufferedDataTable table, final DataRow row) {
        return row.getCell(table.getDataTableSpec().findColumnIndex("Fold")).toString();
    }

    private BufferedDataTable without(final BufferedDataTable table, final String fold) {
        return m_bench.table(table.getDataTableSpec(),
            Bench.rows(table).stream().filter(r -> !fold(table, r).equals(fold)).map(Bench::cells).toList());
    }

    private static List<byte[]> segmentations(final Result result) {
        final int column = result.table(0).getDataTableSpec().findColumnIndex("prediction");
        return result.rows(0).stream().map(r -> r.getCell(column).isMissing() ? null
            : ((LabelVolumeValue)r.getCell(column)).labelVolume().voxels()).toList();
    }

    private Result predict(final NetworkPortObject network, final BufferedDataTable table, final boolean unseen)
        throws Exception {
        return run(new SegmentationPredictorNodeFactory(), s -> s.addString("members", unseen ? "UNSEEN" : "ALL"), network,
            table, null, null, null, null);
    }

    /** Painted patches are drawn from the segmentations of the other folds alone, and by the seed and the step alone. */
    @Test
    void foldsOfPaintedPatchesGiveTheBitsOfSingleTrainings() throws Exception {
        final BufferedDataTable[] study = divided();
        final NetworkPortObject start = untrained(study[0]);
        final Bench.Change painted = s -> {
            training(s);
            s.getNodeSettings("training").addBoolean("augment", true);
            s.getNodeSettings("training").getNodeSettings("augmentation").addString("scans", "ANY_CONTRAST");
        };
        final NetworkPortObject ensemble = (NetworkPortObject)run(new SegmentationLearnerNodeFactory(), s -> {
            painted.apply(s);
            s.addBoolean("crossValidation", true);
        }, start, study[0], study[1]).outputs()[0];
        final List<Network> members = ensemble.networks();
        assertEquals(3, members.size());
        final Network single = ((NetworkPortObject)run(new SegmentationLearnerNodeFactory(), painted, start,
            without(study[0], "2"), study[1]).outputs()[0]).network();
        assertEquals(single.weights().hash(), members.get(1).weights().hash());
        assertNotEquals(single.provenance().options().get("augmentation"), "none");
        assertNotEquals(single.weights().hash(), ((NetworkPortObject)run(new SegmentationLearnerNodeFactory(),
            CrossValidationNodesTest::training, start, without(study[0], "2"), study[1]).outputs()[0]).network().weights().hash());
    }

    @Test
    void foldsGiveTheBitsOfSingleTrainingsAndHonestSegmentations() throws Exception {
        final BufferedDataTable[] study = divided();
        final NetworkPortObject start = untrained(study[0]);
        final Result trained = run(new SegmentationLearnerNodeFactory(), CrossValidationNodesTest::folds, start, study[0],
            study[1]);
        final NetworkPortObject ensemble = (NetworkPortObject)trained.outputs()[0];
        assertEquals(3, ensemble.getSpec().members());
        assertEquals(List.of("1", "1", "2", "2", "3", "3"), trained.rows(1).stream()
            .map(r -> r.getCell(r.getNumCells() - 1).toString()).toList());
        final List<NetworkPortObject> single = new ArrayList<>();
        for (final String fold : List.of("1", "2", "3")) {
            single.add((NetworkPortObject)run(new SegmentationLearnerNodeFactory(), CrossValidationNodesTest::training, start,
                without(study[0], fold), study[1]).outputs()[0]);
        }
        assertEquals(single.stream().map(n -> n.network().weights().hash()).toList(),
            ensemble.networks().stream().map(n -> n.weights().hash()).toList());
        assertNotEquals(ensemble.networks().get(0).weights().hash(), ensemble.networks().get(1).weights().hash());

        // every subject by the network that left it out, a new one by all
        final List<byte[]> honest = segmentations(predict(ensemble, study[0], true));
        final List<DataRow> rows = Bench.rows(study[0]);
        for (int r = 0; r < rows.size(); r++) {
            final NetworkPortObject its = single.get(Integer.parseInt(fold(study[0], rows.get(r))) - 1);
            assertArrayEquals(segmentations(predict(its, study[0], false)).get(r), honest.get(r), "row " + r);
        }
        final BufferedDataTable fresh = m_study.table(m_study.rows(1, 3, 4));
        assertArrayEquals(segmentations(predict(ensemble, fresh, false)).get(0),
            segmentations(predict(ensemble, fresh, true)).get(0));
        final Result three = run(new SegmentationPredictorNodeFactory(), s -> {
        }, single.get(0), fresh, single.get(1), single.get(2), null, null);
        assertArrayEquals(segmentations(three).get(0), segmentations(predict(ensemble, fresh, false)).get(0));
        // the validation subject chose the weights of all networks
        final NodeExecutionException e =
            assertThrows(NodeExecutionException.class, () -> predict(ensemble, study[1], true));
        assertTrue(e.getMessage().contains("All networks of the ensemble have seen subject"), e.getMessage());
        final InvalidSettingsException noEnsemble =
            assertThrows(InvalidSettingsException.class, () -> predict(single.get(0), study[0], true));
        assertTrue(noEnsemble.getMessage().contains("One network for each fold"), noEnsemble.getMessage());
        writtenAndRead(ensemble);
        refusedElsewhere(ensemble, study);
    }

    private void writtenAndRead(final NetworkPortObject ensemble) throws Exception {
        for (final String form : List.of("ZIP", "FOLDER")) {
            final Result written = run(new NetworkWriterNodeFactory(), s -> {
                s.addString("folder", m_folder.resolve(form).toString());
                s.addString("form", form);
            }, ensemble);
            final String path = written.rows(0).get(0).getCell(0).toString();
            final String hash = written.rows(0).get(0).getCell(1).toString();
            final NetworkPortObject read = (NetworkPortObject)run(new NetworkReaderNodeFactory(), s -> {
                s.addString("path", path);
                s.addString("expectedHash", hash);
            }).outputs()[0];
            assertEquals(ensemble.getSpec(), read.getSpec());
            assertEquals(ensemble.ensemble().orElseThrow().hash(), read.ensemble().orElseThrow().hash());
            assertEquals(ensemble.ensemble().orElseThrow().members().stream().map(m -> m.seen()).toList(),
                read.ensemble().orElseThrow().members().stream().map(m -> m.seen()).toList());
        }
        final Network second = ((NetworkPortObject)run(new NetworkReaderNodeFactory(),
            s -> s.addString("path", m_folder.resolve("FOLDER").resolve("network").resolve("member-2").toString()))
            .outputs()[0]).network();
        assertEquals(ensemble.networks().get(1).weights().hash(), second.weights().hash());
    }

    private void refusedElsewhere(final NetworkPortObject ensemble, final BufferedDataTable[] study) {
        final InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
            () -> run(new SegmentationLearnerNodeFactory(), CrossValidationNodesTest::training, ensemble, study[0], study[1]));
        assertTrue(e.getMessage().contains("ensemble of 3 networks"), e.getMessage());
    }

    /** What is done already is not done again. */
    @Test
    void aCrossValidationGoesOnWhereItWas() throws Exception {
        final BufferedDataTable[] study = divided();
        final NetworkPortObject start = untrained(study[0]);
        final Bench.Change saved = s -> {
            folds(s);
            s.getNodeSettings("training").addString("checkpointFolder", m_folder.resolve("saved").toString());
        };
        final NetworkPortObject first =
            (NetworkPortObject)run(new SegmentationLearnerNodeFactory(), saved, start, study[0], study[1]).outputs()[0];
        final List<Path> folders;
        try (Stream<Path> list = Files.list(m_folder.resolve("saved"))) {
            folders = list.sorted().toList();
        }
        assertEquals(3, folders.size(), "each network has a place of its own");
        final NetworkPortObject again =
            (NetworkPortObject)run(new SegmentationLearnerNodeFactory(), saved, start, study[0], study[1]).outputs()[0];
        assertEquals(first.ensemble().orElseThrow().hash(), again.ensemble().orElseThrow().hash());
    }

    @Test
    void leaksAndMissingFoldsAreRefused() throws Exception {
        final BufferedDataTable all = divided()[0];
        final NetworkPortObject start = untrained(all);
        final int fold = all.getDataTableSpec().findColumnIndex("Fold");
        final List<DataCell[]> twice =
            new ArrayList<>(Bench.rows(all).stream().map(Bench::cells).toList());
        final DataCell[] other = twice.get(0).clone();
        other[fold] = twice.get(1)[fold].toString().equals(twice.get(0)[fold].toString()) ? twice.get(2)[fold] : twice.get(1)[fold];
        twice.add(other);
        final BufferedDataTable leaking = m_bench.table(all.getDataTableSpec(), twice);
        final BufferedDataTable none = m_bench.table(all.getDataTableSpec(), List.of());
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(new SegmentationLearnerNodeFactory(),
            CrossValidationNodesTest::folds, start, leaking, none)).getMessage().contains("is in the folds"));
        other[fold] = DataType.getMissingCell();
        final BufferedDataTable gap = m_bench.table(all.getDataTableSpec(), twice);
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(new SegmentationLearnerNodeFactory(),
            CrossValidationNodesTest::folds, start, gap, none)).getMessage().contains("has no fold"));
        final BufferedDataTable plain = m_study.table(m_study.rows(0, 0, 2));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(new SegmentationLearnerNodeFactory(),
            CrossValidationNodesTest::folds, start, plain, plain)).getMessage().contains("Folds column"));
    }
}
