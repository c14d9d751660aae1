package org.scanbridge.knime.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;

/**
 * A view's page in headless Chromium, embedded in an iframe that answers as KNIME does. With the system property
 * {@code scanbridge.screenshots} set to a folder it also takes pictures of the pages, for people to look at.
 */
public final class Browser implements AutoCloseable {

    private static final Path PAGES = Path.of("src/main/resources/web");

    private static final String SCREENSHOTS = "scanbridge.screenshots";

    /** Runs SCRIPT in the page once it no longer loads, and puts the result into its own title, encoded as a URI. */
    private static final String EMBEDDER = """
            <!DOCTYPE html><title>waiting</title><style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 99%; }</style>
            <iframe id="f" sandbox="allow-downloads allow-scripts allow-same-origin"></iframe>
            <script>
            const frame = document.getElementById('f');
            let ready = false;
            window.addEventListener('message', e => {
              if (e.data.type === 'UIExtensionReady') { ready = true; }
              if (e.data.type === 'UIExtensionRequest' && e.data.payload.method === 'getConfig') {
                frame.contentWindow.postMessage({type: 'UIExtensionResponse', requestId: e.data.requestId,
                  payload: {initialData: JSON.stringify(ENVELOPE), projectId: 'p', workflowId: 'w', nodeId: 'n'}}, '*');
              }
              if (e.data.type === 'UIExtensionRequest' && e.data.payload.method === 'callNodeDataService') {
                const late = new Promise(r => setTimeout(r, LATENCY));
                fetch('/rpc', { method: 'POST', body: e.data.payload.params[0].dataServiceRequest }).then(r => r.text())
                  .then(result => late.then(() => result)).then(result => frame.contentWindow.postMessage(
                    {type: 'UIExtensionResponse', requestId: e.data.requestId, payload: {result}}, '*'));
              }
            });
            let done = false;
            setInterval(() => {
              const page = frame.contentDocument;
              const message = page && page.getElementById('message');
              if (!done && ready && message && (message.hidden || !message.textContent.startsWith('Loading'))) {
                done = true;
                (async page => { SCRIPT })(page).then(String, e => 'error: ' + e.message)
                  .then(text => {
                    document.title = encodeURIComponent(text);
                    if (LIVE) { fetch('/result', { method: 'POST', body: text }); }
                  });
              }
            }, 50);
            frame.src = 'PAGE';
            </script>
            """;

    private final Path m_profile;

    private final HttpServer m_server;

    private String m_embedder = "";

    private UnaryOperator<String> m_dataService = request -> "";

    private final ExecutorService m_workers = Executors.newCachedThreadPool();

    private volatile CompletableFuture<String> m_result = new CompletableFuture<>();

    private int m_latency;

    private int m_seconds = 5;

    private String m_size = "1100,1000";

    /** @param profile an empty folder for Chromium's files */
    public Browser(final Path profile) throws IOException {
        m_profile = profile;
        m_server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        m_server.createContext("/", exchange -> {
            final String name = exchange.getRequestURI().getPath().substring(1);
            if (name.equals("result")) {
                m_result.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            }
            final byte[] bytes = name.equals("rpc")
                ? m_dataService.apply(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8)
                : name.equals("embedder") ? m_embedder.getBytes(StandardCharsets.UTF_8)
                : Files.isRegularFile(PAGES.resolve(name)) ? Files.readAllBytes(PAGES.resolve(name)) : new byte[0];
            // KNIME knows no content type for style sheets; a browser that insists on one does without them
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (!name.endsWith(".css")) {
                exchange.getResponseHeaders().set("Content-Type",
                    name.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8");
            }
            exchange.sendResponseHeaders(bytes.length == 0 ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        m_server.setExecutor(m_workers);
        m_server.start();
    }

    /** Answers the calls of the page's data service from now on: a JSON-RPC request gives a response. */
    public void answer(final UnaryOperator<String> dataService) {
        m_dataService = dataService;
    }

    /** Every answer of the data service takes so many milliseconds from now on. */
    public void latency(final int milliseconds) {
        m_latency = milliseconds;
    }

    /** A script may take so many seconds of the page's time from now on; 5 at first. */
    public void patience(final int seconds) {
        m_seconds = seconds;
    }

    /** The size of the window in pixels from now on; 1100 × 1000 at first. */
    public void size(final int width, final int height) {
        m_size = width + "," + height;
    }

    /** Prints a page that needs nothing beside it, as a person would with "Save as PDF". */
    public Path print(final String html) throws Exception {
        m_embedder = html;
        final Path pdf = m_profile.resolve("printed.pdf");
        chromium("--print-to-pdf=" + pdf);
        return pdf;
    }

    /** Whether there is a Chromium to test with. */
    public static boolean isInstalled() {
        return chromium().isPresent();
    }

    /** Where Chromium is; empty if it is not installed. */
    public static Optional<Path> chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(p -> Path.of(p, name)))
            .filter(Files::isExecutable).findFirst();
    }

    /**
     * Opens a page and runs a script in it.
     *
     * @param page file name, such as {@code scores.html}
     * @param envelope the view's initial data as KNIME's envelope, in JSON
     * @param script body of an asynchronous JavaScript function of {@code page}, the page's document; returns what is
     *            tested
     * @return what the script returned, as text
     */
    public String run(final String page, final String envelope, final String script) throws Exception {
        m_embedder = EMBEDDER.replace("PAGE", page).replace("SCRIPT", script).replace("LATENCY", String.valueOf(m_latency))
            .replace("ENVELOPE", envelope.replace("</", "<\\/"));
        m_embedder = m_embedder.replace("LIVE", "false");
        final String html = chromium("--dump-dom");
        final String title = URLDecoder.decode(
            html.substring(html.indexOf("<title>") + 7, html.indexOf("</title>")).replace("+", "%2B"),
            StandardCharsets.UTF_8);
        final String folder = System.getProperty(SCREENSHOTS);
        if (folder != null) {
            Files.createDirectories(Path.of(folder));
            chromium("--hide-scrollbars",
                "--screenshot=" + Path.of(folder, page.replace(".html", "") + "-" + System.nanoTime() + ".png").toAbsolutePath());
        }
        return title;
    }

    /**
     * As {@link #run}, but in real time: with 60 frames a second, which a page in virtual time does not get.
     *
     * @throws java.util.concurrent.TimeoutException if the script does not come to its end within the patience
     */
    public String watch(final String page, final String envelope, final String script) throws Exception {
        m_embedder = EMBEDDER.replace("PAGE", page).replace("SCRIPT", script).replace("LATENCY", String.valueOf(m_latency))
            .replace("LIVE", "true").replace("ENVELOPE", envelope.replace("</", "<\\/"));
        m_result = new CompletableFuture<>();
        final List<String> command = command();
        command.add("--remote-debugging-port=0"); // else it ends as soon as the page is loaded
        command.add("http://127.0.0.1:" + m_server.getAddress().getPort() + "/embedder");
        final Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            return m_result.get(m_seconds, TimeUnit.SECONDS);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private List<String> command() {
        return new ArrayList<>(List.of(chromium().orElseThrow().toString(), "--headless", "--no-sandbox", "--disable-gpu",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--user-data-dir=" + m_profile.resolve("profile"), "--window-size=" + m_size));
    }

    private String chromium(final String... arguments) throws Exception {
        final Path out = m_profile.resolve("out.html");
        final List<String> command = command();
        command.add("--virtual-time-budget=" + 1000 * m_seconds);
        command.addAll(List.of(arguments));
        command.add("http://127.0.0.1:" + m_server.getAddress().getPort() + "/embedder");
        final Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("Chromium did not end within 2 minutes.");
        }
        return Files.readString(out);
    }

    @Override
    public void close() {
        m_server.stop(0);
        m_workers.shutdownNow();
    }
}
