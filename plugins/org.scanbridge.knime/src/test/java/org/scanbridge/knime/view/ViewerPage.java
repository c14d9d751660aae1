package org.scanbridge.knime.view;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView.ViewInput;
import org.knime.node.standin.json.JsonWriter;
import org.knime.node.standin.view.RpcCall;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Browser;

/** The Image Viewer's page in a browser, on a table made for the test. */
final class ViewerPage implements AutoCloseable {

    /** Makes the table. */
    @FunctionalInterface
    interface Images {
        BufferedDataTable table(Bench bench) throws Exception;
    }

    private final Bench m_bench;

    private final Browser m_browser;

    private final String m_start;

    /**
     * Skips the test where no Chromium is installed.
     *
     * @param folder an empty folder
     */
    ViewerPage(final Path folder, final Images images) throws Exception {
        assumeTrue(Browser.isInstalled(), "no Chromium is installed, so the viewer is not looked at in a browser");
        m_bench = new Bench(Files.createDirectory(folder.resolve("run")));
        m_browser = new Browser(Files.createDirectory(folder.resolve("browser")));
        final ViewInput input = new ExecutedNode(images.table(m_bench));
        m_start = JsonWriter.write(Map.of("result", ImageViewer.start(input, 0, i -> 0)));
        final SliceService service = new SliceService(input, 0);
        m_browser.answer(request -> RpcCall.answer(Map.of("", service), request));
    }

    /** The browser, to be told the size of its window or the latency. */
    Browser browser() {
        return m_browser;
    }

    /** As {@link Browser#run}. */
    String run(final String script) throws Exception {
        return m_browser.run("images.html", m_start, script);
    }

    /** As {@link Browser#watch}. */
    String watch(final String script) throws Exception {
        return m_browser.watch("images.html", m_start, script);
    }

    @Override
    public void close() {
        m_browser.close();
        m_bench.close();
    }
}
