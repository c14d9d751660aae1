package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.transferstudy.TransferStudyNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The Transfer Study on a tiny study, and its view in a real browser where there is one. */
class TransferStudyNodeTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private PortObject[] m_inputs;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        final TestStudy study = new TestStudy(m_bench);
        final BufferedDataTable training = study.table(study.rows(1, 0, 2));
        final PortObject network = m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
        }, training).outputs()[0];
        m_inputs = new PortObject[]{network, training, study.table(List.of()), study.table(study.rows(1, 3, 4))};
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private void tiny(final NodeSettings s) throws InvalidSettingsException {
        final NodeSettings columns = s.getNodeSettings("columns");
        columns.addString("imageColumn", "Image");
        columns.addString("segmentationColumn", "Segmentation");
        columns.addString("subjectColumn", "Subject");
        columns.addString("siteColumn", "Site");
        s.addString("cases", "1, 2");
        s.addString("tuned", "1, 99");
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 2);
        training.addInt("batch", 2);
        training.addString("checkpointFolder", m_folder.resolve("kept").toString());
    }

    @Test
    void measuresEveryNetworkAndShowsThem() throws Exception {
        final NodeHost node = m_bench.configured(new TransferStudyNodeFactory(), this::tiny, m_inputs);
        final List<DataRow> rows =
            Bench.rows((BufferedDataTable)node.execute(m_inputs, new DefaultNodeProgressMonitor())[0]);
        assertEquals(List.of("source network 0 0", "fine-tuned 1 1", "fine-tuned 3 1", "from scratch 3 1", "fine-tuned 1 2",
            "fine-tuned 3 2", "from scratch 3 2"),
            rows.stream().map(r -> r.getCell(0) + " " + r.getCell(1) + " " + r.getCell(2)).toList());
        try (Stream<Path> files = Files.list(m_folder.resolve("kept"))) {
            assertEquals(1, files.filter(f -> f.toString().endsWith(".csv")).count());
        }
        if (Browser.isInstalled()) {
            final String envelope =
                ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow().callInitialData().orElseThrow();
            try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")))) {
                assertEquals("6 3 6 last block|last 3 blocks|from scratch", browser.run("report.html", envelope, """
                        const shown = new DOMParser().parseFromString(page.getElementById('report').srcdoc, 'text/html');
                        const heat = shown.getElementById('heat');
                        return heat.querySelectorAll('rect').length + ' '
                          + shown.querySelectorAll('#curves polyline').length + ' '
                          + shown.querySelectorAll('#curves circle').length + ' '
                          + [...heat.querySelectorAll('text')].slice(0, 3).map(t => t.textContent).join('|');
                        """));
            }
        }
    }

    @Test
    void studiesTheTargetSitesAndWritesTheResults() throws Exception {
        final TestStudy study = new TestStudy(m_bench);
        final List<TestStudy.Row> training = new ArrayList<>(study.rows(0, 0, 2));
        training.addAll(study.rows(1, 0, 2));
        final List<TestStudy.Row> test = new ArrayList<>(study.rows(0, 3, 4));
        test.addAll(study.rows(1, 3, 4));
        final PortObject[] inputs = {m_inputs[0], study.table(training), study.table(List.of()), study.table(test)};
        final Path results = m_folder.resolve("results");
        assertEquals(7, m_bench.run(new TransferStudyNodeFactory(), s -> {
            tiny(s);
            s.addString("sites", "TARGET_SITES");
            s.addString("folder", results.toString());
            s.getNodeSettings("training").addString("checkpointFolder", "");
        }, inputs).rows(0).size());
        final List<String> csv = Files.readAllLines(results.resolve("networks.csv"));
        assertEquals(1 + 1 + 7, csv.size());
        assertTrue(csv.get(1).startsWith("source,source,0,0,0,"), csv.get(1));
        final String page = Files.readString(results.resolve("transfer-learning.md"));
        for (final String verdict : List.of("| T1 |", "| T2 |", "| cases | last block tuned | last 3 tuned | from scratch |")) {
            assertTrue(page.contains(verdict), page);
        }
        assertTrue(Files.readString(results.resolve("transfer-learning.html")).contains("id=\"heat\""));
        try (Stream<Path> files = Files.list(results.resolve("trainings"))) {
            assertEquals(1, files.filter(f -> f.toString().endsWith(".csv")).count());
        }
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new TransferStudyNodeFactory(), s -> {
                tiny(s);
                s.addString("sites", "TARGET_SITES");
            }, m_inputs));
        assertTrue(e.getMessage().contains("only the source site"), e.getMessage());
    }

    @Test
    void refusesBadNumbers() throws Exception {
        assertTrue(assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new TransferStudyNodeFactory(), s -> {
                tiny(s);
                s.addString("cases", "1, two");
            }, m_inputs)).getMessage().contains("\"two\""));
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new TransferStudyNodeFactory(), s -> {
                tiny(s);
                s.addString("cases", "5");
            }, m_inputs));
        assertTrue(e.getMessage().contains("only 2 subjects"), e.getMessage());
    }
}
