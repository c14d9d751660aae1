package org.scanbridge.knime.nodes.intensitydivergencescorer;

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
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.knime.learn.TestStudy;
import org.scanbridge.knime.learn.TestStudy.Row;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The Intensity Divergence Scorer's view in a real browser. Skipped where no Chromium is installed. */
class DivergenceViewTest {

    private static final String MESSAGE = "return page.getElementById('message').textContent;";

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

    private String envelope(final boolean execute, final int subjects) throws Exception {
        final TestStudy study = new TestStudy(m_bench);
        final List<Row> rows = new ArrayList<>(study.rows(0, 0, subjects));
        rows.addAll(study.rows(1, 0, subjects));
        final BufferedDataTable table = study.table(rows);
        final PortObject[] inputs = {table};
        final NodeHost node = m_bench.configured(new IntensityDivergenceScorerNodeFactory(), s -> s.addInt("bins", 64), inputs);
        if (execute) {
            node.execute(inputs, new DefaultNodeProgressMonitor());
        }
        return ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow().callInitialData().orElseThrow();
    }

    @Test
    void laysTheHistogramsOfTheSitesOverEachOther() throws Exception {
        final String shown = m_browser.run("divergence.html", envelope(true, 1), """
                const sites = () => [...page.querySelectorAll('#chart path')].map(p => p.dataset.site).join('');
                const first = sites() + ' ' + page.getElementById('value').textContent.includes('of at most 0.6931 nats');
                const before = page.querySelector('#chart path').getAttribute('d');
                const choose = page.querySelector('#controls select');
                choose.selectedIndex = 2;
                choose.dispatchEvent(new Event('change'));
                const after = page.querySelector('#chart path').getAttribute('d');
                return [first, sites(), before !== after, page.querySelector('tr.chosen td').textContent,
                  page.querySelectorAll('#divergences tr').length, (after.match(/V/g) || []).length].join(' ');
                """);
        // Two curves each; overall, three classes and the heading; 64 bins and the way down.
        assertEquals("AB true AB true GM 5 65", shown);
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        assertTrue(m_browser.run("divergence.html", envelope(false, 1), MESSAGE).startsWith("Execute the node"));
        assertTrue(m_browser.run("divergence.html", envelope(true, 0), MESSAGE).contains("no rows"));
    }
}
