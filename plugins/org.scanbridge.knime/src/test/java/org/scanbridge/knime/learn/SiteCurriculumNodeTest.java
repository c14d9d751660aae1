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
import org.scanbridge.knime.nodes.sitecurriculum.SiteCurriculumNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The Site Curriculum Study on a tiny study, and its view in a real browser where there is one. */
class SiteCurriculumNodeTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private PortObject[] m_inputs;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        final TestStudy study = new TestStudy(m_bench);
        final BufferedDataTable training = study.table(both(study, 0, 2));
        final PortObject network = m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
        }, training).outputs()[0];
        m_inputs = new PortObject[]{network, training, study.table(List.of()), study.table(both(study, 3, 4))};
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private static List<TestStudy.Row> both(final TestStudy study, final int from, final int to) {
        final List<TestStudy.Row> rows = new ArrayList<>(study.rows(0, from, to));
        rows.addAll(study.rows(1, from, to));
        return rows;
    }

    private void tiny(final NodeSettings s) throws InvalidSettingsException {
        final NodeSettings columns = s.getNodeSettings("columns");
        columns.addString("imageColumn", "Image");
        columns.addString("segmentationColumn", "Segmentation");
        columns.addString("subjectColumn", "Subject");
        columns.addString("siteColumn", "Site");
        s.addString("folder", m_folder.resolve("results").toString());
        final NodeSettings training = s.getNodeSettings("training");
        training.addInt("steps", 2);
        training.addInt("batch", 2);
    }

    @Test
    void measuresEveryNetworkAtEverySite() throws Exception {
        final NodeHost node = m_bench.configured(new SiteCurriculumNodeFactory(), this::tiny, m_inputs);
        final List<DataRow> rows =
            Bench.rows((BufferedDataTable)node.execute(m_inputs, new DefaultNodeProgressMonitor())[0]);
        assertEquals(List.of("plain 1 A A", "plain 1 A B", "plain 2 A, B A", "plain 2 A, B B", "replay 2 A, B A",
            "replay 2 A, B B", "averaged 2 A, B A", "averaged 2 A, B B", "all at once 2 A, B A", "all at once 2 A, B B"),
            rows.stream().map(r -> r.getCell(0) + " " + r.getCell(1) + " " + r.getCell(2) + " " + r.getCell(3)).toList());
        final Path results = m_folder.resolve("results");
        final List<String> csv = Files.readAllLines(results.resolve("site-curriculum.csv"));
        assertEquals("method,sites,trained_sites,test_site,seed,dice,auc", csv.get(0));
        assertTrue(csv.get(10).startsWith("all at once,2,\"A, B\",B,"), csv.get(10));
        assertEquals(1 + 10, csv.size());
        assertTrue(Files.readString(results.resolve("site-curriculum.html")).contains("A, B (averaged)"));
        try (Stream<Path> states = Files.list(results.resolve("trainings"))) {
            assertEquals(4, states.count(), "A, then B; B with replay; all at once");
        }
        if (Browser.isInstalled()) {
            final String envelope =
                ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow().callInitialData().orElseThrow();
            try (Browser browser = new Browser(Files.createDirectory(m_folder.resolve("browser")))) {
                assertEquals("10 A|B|A", browser.run("report.html", envelope, """
                        const shown = new DOMParser().parseFromString(page.getElementById('report').srcdoc, 'text/html');
                        const heat = shown.getElementById('heat');
                        return heat.querySelectorAll('rect').length + ' '
                          + [...heat.querySelectorAll('text')].slice(0, 3).map(t => t.textContent).join('|');
                        """));
            }
        }
    }

    private static TestStudy.Row at(final String site, final TestStudy.Row row) {
        return new TestStudy.Row(row.subject(), site, row.image(), row.segmentation());
    }

    /** Rows are named by the keys that the tables give them. */
    @Test
    void namesRowsThatHaveNoSiteOrOneThatIsNotTrainedOn() throws Exception {
        final TestStudy study = new TestStudy(m_bench);
        final List<TestStudy.Row> training = both(study, 0, 2);
        training.add(at("", study.rows(0, 2, 3).get(0)));
        training.add(at(" ", study.rows(1, 2, 3).get(0)));
        final List<TestStudy.Row> test = both(study, 3, 4);
        test.add(at("", study.rows(0, 4, 5).get(0)));
        test.add(at("D", study.rows(1, 4, 5).get(0)));
        m_inputs[1] = study.table(training);
        m_inputs[3] = study.table(test);
        final Bench.Result result = m_bench.run(new SiteCurriculumNodeFactory(), this::tiny, m_inputs);
        final List<String> keys = Bench.rows((BufferedDataTable)m_inputs[1]).stream().map(r -> r.getKey().getString()).toList();
        assertEquals("Rows of the training table without a site, which are left out: " + keys.get(4) + ", " + keys.get(5)
            + ". Fill column \"Site\". Rows of the test table without a site, which are left out: " + keys.get(2)
            + ". Fill column \"Site\". Rows of the test table of sites that are not trained on, which are not measured: \"D\" ("
            + keys.get(3) + "). The order of the study is A, B.", result.warning());

        m_inputs[1] = study.table(List.of(at("A", training.get(0)), at("", training.get(2)), at("", training.get(3))));
        final String one = failed("order", "");
        assertTrue(one.contains("has 1 site") && one.contains("without a site, which are left out: " + keys.get(1) + ", "
            + keys.get(2) + ". Fill column \"Site\""), one);
    }

    @Test
    void refusesOrdersAndSharesThatMeanNothing() throws Exception {
        assertTrue(failed("order", "B, X").contains("names \"X\", but the training table has the sites A, B"));
        assertTrue(failed("order", "A").contains("has 1 site"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> m_bench.configured(new SiteCurriculumNodeFactory(), s -> {
            tiny(s);
            s.addDouble("share", 1);
        }, m_inputs)).getMessage().contains("\"Share of the later network\" is 1.0"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> m_bench.configured(new SiteCurriculumNodeFactory(), s -> {
            tiny(s);
            s.addInt("replay", -1);
        }, m_inputs)).getMessage().contains("Replayed subjects -1"));
    }

    private String failed(final String key, final String value) {
        final Exception e = assertThrows(Exception.class, () -> m_bench.run(new SiteCurriculumNodeFactory(), s -> {
            tiny(s);
            s.addString(key, value);
        }, m_inputs));
        assertTrue(e instanceof NodeExecutionException || e instanceof InvalidSettingsException, e.toString());
        return e.getMessage();
    }
}
