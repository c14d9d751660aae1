package org.scanbridge.knime.nodes.segmentationscorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeHost;
import org.knime.node.standin.PageView;
import org.knime.node.standin.StandinNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;
import org.scanbridge.knime.testing.TinyStudy;
import org.scanbridge.knime.testing.TinyStudy.Subject;

/** The Segmentation Scorer's view, from the node's tables to a real browser. Skipped where no Chromium is installed. */
class ScoreViewTest {

    private static final byte[] TRUTH = TinyStudy.labels(1, 1, 1, 1, 2, 2, 0, 0);

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

    private String envelope(final boolean execute, final Subject... subjects) throws Exception {
        final BufferedDataTable table =
            TinyStudy.table(m_bench, List.of("Segmentation", "source-only", "adapted"), subjects);
        final PortObject[] inputs = {table};
        final NodeHost node = m_bench.configured(new SegmentationScorerNodeFactory(), s -> {
        }, inputs);
        if (execute) {
            node.execute(inputs, new DefaultNodeProgressMonitor());
        }
        final PageView view = ((StandinNodeFactory)node.factory()).createView(node.model()).orElseThrow();
        m_browser.answer(request -> view.callDataService(request).orElseThrow());
        return view.callInitialData().orElseThrow();
    }

    /** Six subjects at two sites; models err at random, the adapted one less. The last one is named to do harm. */
    private static Subject[] subjects() {
        final Random random = new Random(3);
        final List<Subject> subjects = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            final byte[][] columns = {TRUTH, TRUTH.clone(), TRUTH.clone()};
            columns[1][random.nextInt(8)] = (byte)random.nextInt(3);
            columns[1][random.nextInt(8)] = (byte)random.nextInt(3);
            columns[2][random.nextInt(8)] = (byte)random.nextInt(3);
            subjects.add(TinyStudy.subject(n == 5 ? "<b>x</b>" : "S-" + n, n % 2 == 0 ? "A" : "B", null, columns));
        }
        return subjects.toArray(Subject[]::new);
    }

    @Test
    void showsDotsStatisticsAndSubjects() throws Exception {
        final String shown = m_browser.run("scores.html", envelope(true, subjects()), """
                const charts = page.querySelectorAll('#charts svg');
                return [charts.length, charts[0].querySelectorAll('circle').length, charts[0].querySelectorAll('rect').length,
                  page.querySelectorAll('#subjects tr').length, page.querySelectorAll('#subjects b').length,
                  [...page.querySelectorAll('#statistics tr')].length,
                  [...charts].map(c => c.querySelector('.title').textContent).join('/'),
                  page.querySelector('#subjects').textContent.includes('<b>x</b>')].join(' ');
                """);
        // Two classes; 6 subjects × 2 models as dots, 2 sites × 2 models as boxes; a line per subject and model;
        // statistics of 2 sites × 2 models × (2 classes and their mean), each with a heading.
        assertEquals("2 12 4 13 0 13 CSF/GM true", shown);
    }

    @Test
    void anotherScoreAndAClickChangeThePage() throws Exception {
        final String shown = m_browser.run("scores.html", envelope(true, subjects()), """
                const choose = page.querySelector('#controls select');
                choose.selectedIndex = [...choose.options].findIndex(o => o.textContent === 'Volume (ml)');
                choose.dispatchEvent(new Event('change'));
                page.querySelector('circle[data-subject="S-2"]').dispatchEvent(new Event('click'));
                const marked = [...page.querySelectorAll('circle.chosen')].map(c => c.dataset.subject);
                const rows = [...page.querySelectorAll('#subjects tr.chosen')].length;
                page.querySelectorAll('#subjects th')[0].dispatchEvent(new Event('click'));
                page.querySelectorAll('#subjects th')[0].dispatchEvent(new Event('click'));
                return [new Set(marked).size, marked[0], marked.length, rows,
                  page.querySelectorAll('#statistics tr').length,
                  page.querySelectorAll('#subjects td')[0].textContent].join(' ');
                """);
        // Marked in 2 drawings for 2 models. Volumes have no mean over classes: 2 × 2 × 2 rows and the heading.
        assertEquals("1 S-2 4 2 9 S-4", shown);
    }

    /** A click on a dot shows its subject's images: reference, that model, and where they differ; another click another subject. */
    @Test
    void aClickShowsTheImagesBehindAScore() throws Exception {
        final String shown = m_browser.run("scores.html", envelope(true, subjects()), """
                const until = async condition => {
                  for (let n = 0; n < 400 && !condition(); n++) { await new Promise(r => setTimeout(r, 5)); }
                };
                const panes = () => [...page.querySelectorAll('.stage')].map(s => s.dataset.pane).join(', ');
                const subject = () => page.querySelector('.subject').textContent;
                const images = page.getElementById('images');
                const out = [images.hidden];
                const dot = (name, n) => [...page.querySelectorAll('#charts svg')][0]
                  .querySelectorAll('circle[data-subject="' + name + '"]')[n].dispatchEvent(new Event('click'));
                dot('S-2', 1);
                await until(() => [...page.querySelectorAll('.stage .wait')].length === 3
                  && [...page.querySelectorAll('.stage .wait')].every(w => !w.textContent));
                out.push(images.hidden, subject().includes('S-2'), panes());
                dot('S-3', 0);
                out.push(subject().includes('S-3'), page.querySelectorAll('.stage').length);
                await until(() => page.querySelectorAll('.stage').length === 3);
                out.push(panes());
                dot('S-3', 0);
                out.push(images.hidden);
                return out.join('|');
                """);
        assertEquals("true|false|true|Segmentation, adapted, adapted against Segmentation|true|0"
            + "|Segmentation, source-only, source-only against Segmentation|true", shown);
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        final String message = "return page.getElementById('message').textContent;";
        assertTrue(m_browser.run("scores.html", envelope(false, subjects()), message).startsWith("Execute the node"));
        assertTrue(m_browser.run("scores.html", envelope(true), message).contains("no rows"));
        assertEquals("no data",
            m_browser.run("scores.html", "{\"userError\":{\"message\":\"no data\",\"details\":\"\"}}", message));
    }
}
