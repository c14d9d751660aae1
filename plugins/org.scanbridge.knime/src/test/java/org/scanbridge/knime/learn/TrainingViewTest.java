package org.scanbridge.knime.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.nodes.networkbuilder.NetworkBuilderNodeFactory;
import org.scanbridge.knime.nodes.segmentationlearner.SegmentationLearnerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The Segmentation Learner's view in a real browser. Skipped where no Chromium is installed. */
class TrainingViewTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Browser m_browser;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the view is not looked at in a browser");
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_browser = new Browser(Files.createDirectory(m_folder.resolve("browser")));
    }

    @AfterEach
    void close() {
        if (m_browser != null) {
            m_browser.close();
            m_bench.close();
        }
    }

    @Test
    void showsTheCurves() throws Exception {
        final TestStudy study = new TestStudy(m_bench);
        final List<Row> rows = new ArrayList<>(study.rows(0, 0, 2));
        final BufferedDataTable table = study.table(rows);
        final PortObject network = m_bench.run(new NetworkBuilderNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            s.addInt("baseWidth", 4);
            s.addInt("levels", 1);
            s.addInt("patchSize", 16);
        }, table).outputs()[0];
        final PortObject[] inputs = {network, table, study.table(study.rows(0, 2, 3))};
        final NodeHost node = m_bench.configured(new SegmentationLearnerNodeFactory(), s -> {
            final NodeSettings columns = s.getNodeSettings("columns");
            columns.addString("imageColumn", "Image");
            columns.addString("segmentationColumn", "Segmentation");
            columns.addString("subjectColumn", "Subject");
            columns.addString("siteColumn", "Site");
            final NodeSettings training = s.getNodeSettings("training");
            training.addInt("steps", 30);
            training.addInt("batch", 2);
            training.addInt("validationInterval", 10);
            training.addString("judge", "LOSS");
        }, inputs);
        assertTrue(shown(node).startsWith("Execute the node"));
        node.execute(inputs, new DefaultNodeProgressMonitor());
        assertEquals("Loss|Dice|Learning rate|Validation AUC 2 30 steps.", shown(node));
    }

    /** Titles of the charts, curves in the first, and the status; or what is said instead. */
    private String shown(final NodeHost node) throws Exception {
        final String envelope =
            ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow().callInitialData().orElseThrow();
        return m_browser.run("report.html", envelope, """
                const frame = page.getElementById('report');
                if (frame.hidden) { return page.getElementById('message').textContent; }
                const curves = new DOMParser().parseFromString(frame.srcdoc, 'text/html');
                return [...curves.querySelectorAll('text.title')].map(t => t.textContent).join('|') + ' '
                  + curves.querySelector('svg').querySelectorAll('polyline').length + ' '
                  + curves.getElementById('status').textContent;
                """);
    }
}
