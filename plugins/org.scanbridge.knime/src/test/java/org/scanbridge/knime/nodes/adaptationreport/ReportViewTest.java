package org.scanbridge.knime.nodes.adaptationreport;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpServer;

/**
 * The page of the view in a real browser, embedded in an iframe that answers as KNIME does. Skipped where no Chromium is
 * installed.
 */
class ReportViewTest {

    private static final Path PAGES = Path.of("src/main/resources/web");

    /** Answers getConfig with ENVELOPE and writes into its own title what the embedded page shows. */
    private static final String EMBEDDER = """
            <!DOCTYPE html><title>waiting</title>
            <iframe id="f" sandbox="allow-downloads allow-scripts allow-same-origin"></iframe>
            <script>
            const frame = document.getElementById('f');
            let ready = false;
            window.addEventListener('message', e => {
              if (e.data.type === 'UIExtensionReady') { ready = true; }
              if (e.data.type === 'UIExtensionRequest' && e.data.payload.method === 'getConfig') {
                frame.contentWindow.postMessage({type: 'UIExtensionResponse', requestId: e.data.requestId,
                  payload: {initialData: JSON.stringify(ENVELOPE)}}, '*');
              }
            });
            setInterval(() => {
              const page = frame.contentDocument;
              const report = page && page.getElementById('report');
              const message = page && page.getElementById('message');
              if (report && !report.hidden) { document.title = 'ready ' + ready + ' shows ' + report.srcdoc; }
              else if (message && !message.textContent.startsWith('Loading')) {
                document.title = 'ready ' + ready + ' says ' + message.textContent;
              }
            }, 50);
            frame.src = 'report.html';
            </script>
            """;

    @TempDir
    Path m_profile;

    private HttpServer m_server;

    private String m_embedder;

    @BeforeEach
    void serve() throws IOException {
        m_server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        m_server.createContext("/", exchange -> {
            final String name = exchange.getRequestURI().getPath().substring(1);
            final byte[] bytes = name.equals("embedder") ? m_embedder.getBytes(StandardCharsets.UTF_8)
                : Files.exists(PAGES.resolve(name)) ? Files.readAllBytes(PAGES.resolve(name)) : new byte[0];
            exchange.getResponseHeaders().set("Content-Type", name.endsWith(".js") ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(bytes.length == 0 ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        m_server.start();
    }

    @AfterEach
    void stop() {
        m_server.stop(0);
    }

    @Test
    void showsTheReport() throws Exception {
        final String title = titleFor("{result: 'the report itself'}");
        assertTrue(title.startsWith("ready true shows the report itself"), title);
    }

    @Test
    void saysThatTheNodeIsNotExecuted() throws Exception {
        final String title = titleFor("{result: ''}");
        assertTrue(title.startsWith("ready true says Execute the node"), title);
    }

    @Test
    void showsKnimesErrorMessage() throws Exception {
        final String title = titleFor("{userError: {message: 'no data', details: ''}}");
        assertTrue(title.startsWith("ready true says no data"), title);
    }

    private String titleFor(final String envelope) throws Exception {
        final Optional<Path> chromium = chromium();
        assumeTrue(chromium.isPresent(), "no Chromium is installed, so the view is not looked at in a browser");
        m_embedder = EMBEDDER.replace("ENVELOPE", envelope);
        final Path dom = m_profile.resolve("dom.html");
        final Process process = new ProcessBuilder(chromium.get().toString(), "--headless", "--no-sandbox", "--disable-gpu",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--user-data-dir=" + m_profile.resolve("profile"), "--virtual-time-budget=5000", "--dump-dom",
            "http://127.0.0.1:" + m_server.getAddress().getPort() + "/embedder").redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("Chromium did not end within 2 minutes.");
        }
        final String html = Files.readString(dom);
        return html.substring(html.indexOf("<title>") + 7, html.indexOf("</title>"));
    }

    private static Optional<Path> chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(p -> Path.of(p, name)))
            .filter(Files::isExecutable).findFirst();
    }
}
