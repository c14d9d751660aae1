package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.IntCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.networkreader.NetworkReaderNodeFactory;
import org.scanbridge.knime.nodes.networkwriter.NetworkWriterNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.learning.network.Ensemble;

/** What the nodes say of folds that teach nothing and of subjects that only look new. */
class FoldsHonestyTest {

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

    private NetworkPortObject untrained() throws Exception {
        return (NetworkPortObject)m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addInt("baseWidth", 4);
            s.addInt("levels", 2);
            s.addInt("patchSize", 16);
        }, m_study.table(m_study.rows(0, 0, 1))).outputs()[0];
    }

    /** Two networks that nobody trained, said to have seen these subjects. */
    private NetworkPortObject ensemble(final List<String> first, final List<String> second) throws Exception {
        final NetworkPortObject network = untrained();
        return NetworkPortObject.create(m_bench.context(), new Ensemble(List.of(
            Ensemble.Member.of(network.network(), "1", first), Ensemble.Member.of(network.network(), "2", second))));
    }

    private BufferedDataTable renamed(final UnaryOperator<String> ids) throws Exception {
        return m_study.table(m_study.rows(0, 0, 2).stream()
            .map(r -> new TestStudy.Row(ids.apply(r.subject()), r.site(), r.image(), r.segmentation())).toList());
    }

    private Result unseen(final NetworkPortObject ensemble, final BufferedDataTable table, final String subjectColumn)
        throws Exception {
        return m_bench.run(new SegmentationPredictorNodeFactory(), s -> {
            s.addString("members", "UNSEEN");
            s.addString("subjectColumn", subjectColumn);
        }, ensemble, table, null, null, null, null);
    }

    private List<String> subjects() {
        return m_study.rows(0, 0, 2).stream().map(TestStudy.Row::subject).toList();
    }

    /** The same people under other ids count as new: that must be told, and a blank is no other id. */
    @Test
    void tellsHowManySubjectsAreNewToAllNetworks() throws Exception {
        final List<String> ids = subjects();
        final NetworkPortObject ensemble = ensemble(ids.subList(1, 2), ids.subList(0, 1));
        assertNull(unseen(ensemble, renamed(id -> id), "Subject").warning());
        assertNull(unseen(ensemble, renamed(id -> id + " "), "Subject").warning());
        final String pseudonyms = unseen(ensemble, renamed(id -> "P-" + id), "Subject").warning();
        assertTrue(pseudonyms.contains("2 of 2 rows are of subjects new to all networks"), pseudonyms);
        assertTrue(pseudonyms.contains("pseudonym key"), pseudonyms);
        final String first = ids.get(0);
        final String one = unseen(ensemble, renamed(id -> id.equals(first) ? id : "P-" + id), "Subject").warning();
        assertTrue(one.contains("1 of 2 rows"), one);
        final String site = unseen(ensemble, renamed(id -> id), "Site").warning();
        assertTrue(site.contains("2 of 2 rows") && site.contains("\"Subject column\" (now \"Site\")"), site);
    }

    /** There need not have been a validation table. */
    @Test
    void tellsBothReasonsWhyAllNetworksHaveSeenASubject() throws Exception {
        final List<String> ids = subjects();
        final String warning = unseen(ensemble(ids, ids.subList(0, 1)), renamed(id -> id), "Subject").warning();
        assertTrue(warning.contains("have seen subject " + ids.get(0)), warning);
        assertTrue(warning.contains("none of the subjects there has a segmentation"), warning);
    }

    /** With a column Fold of integers, as the CSV Reader makes it. */
    private BufferedDataTable folds(final List<TestStudy.Row> rows, final int... folds) throws Exception {
        final BufferedDataTable table = m_study.table(rows);
        final List<DataCell[]> cells = new ArrayList<>();
        for (final DataCell[] row : Bench.rows(table).stream().map(Bench::cells).toList()) {
            cells.add(Stream.concat(Stream.of(row), Stream.of(new IntCell(folds[cells.size()]))).toArray(DataCell[]::new));
        }
        return m_bench.table(new DataTableSpec(table.getDataTableSpec(),
            new DataTableSpec(new DataColumnSpecCreator("Fold", IntCell.TYPE).createSpec())), cells);
    }

    private static TestStudy.Row unlabeled(final TestStudy.Row row) {
        return new TestStudy.Row(row.subject(), row.site(), row.image(), null);
    }

    private Result learn(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new SegmentationLearnerNodeFactory(), s -> {
            s.getNodeSettings("training").addInt("steps", 1);
            s.getNodeSettings("training").addInt("batch", 1);
            s.addBoolean("crossValidation", true);
            change.apply(s);
        }, untrained(), table, m_study.table(List.of()));
    }

    /** Integers are folds like text; the fold with unlabeled subjects only gets no network. */
    @Test
    void namesFoldsWithoutLabeledSubjects() throws Exception {
        final List<TestStudy.Row> rows = new ArrayList<>(m_study.rows(0, 0, 2));
        rows.add(unlabeled(m_study.rows(0, 2, 3).get(0)));
        final Result result = learn(folds(rows, 1, 2, 3), s -> {
        });
        assertEquals(2, ((NetworkPortObject)result.outputs()[0]).getSpec().members());
        assertTrue(result.warning().startsWith("Fold 3 has no labeled subject to train on, so there are 2 networks for 3"
            + " folds."), result.warning());
    }

    @Test
    void saysThatTheSitesToTrainOnHaveNoSegmentation() throws Exception {
        final List<TestStudy.Row> rows = new ArrayList<>(m_study.rows(0, 0, 2));
        m_study.rows(1, 0, 2).forEach(r -> rows.add(unlabeled(r)));
        final BufferedDataTable table = folds(rows, 1, 2, 1, 2);
        final String message = assertThrows(NodeExecutionException.class, () -> learn(table, s -> {
            s.addString("trainOn", "TARGET_SITES");
            s.addString("sourceSite", rows.get(0).site());
        })).getMessage();
        assertTrue(message.contains("None of the images to train on, those of " + rows.get(2).site()
            + ", has a segmentation"), message);
        assertFalse(message.contains("Subject Splitter"), message);
    }

    /** One file for each network, which is read by itself. */
    @Test
    void anEnsembleAsOnnxIsReadOneByOne() throws Exception {
        final NetworkPortObject ensemble = ensemble(List.of("a"), List.of("b"));
        final Path folder = Path.of(m_bench.run(new NetworkWriterNodeFactory(), s -> {
            s.addString("folder", m_folder.resolve("onnx").toString());
            s.addString("form", "ONNX");
            s.addString("name", "both");
        }, ensemble).rows(0).get(0).getCell(0).toString());
        final NetworkPortObject second = (NetworkPortObject)m_bench.run(new NetworkReaderNodeFactory(),
            s -> s.addString("path", folder.resolve("both-2.onnx").toString())).outputs()[0];
        assertEquals(ensemble.networks().get(1).labels(), second.network().labels());
        assertTrue(second.ensemble().isEmpty());
        final String description = new NetworkWriterNodeFactory().getNodeDescription().getXMLDescription().getTextContent()
            .replaceAll("\\s+", " ");
        assertTrue(description.contains("NAME-2.onnx and so on, which the Network Reader reads one by one"), description);
    }
}
