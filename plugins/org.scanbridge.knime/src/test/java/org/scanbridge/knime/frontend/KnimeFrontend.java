package org.scanbridge.knime.frontend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.knime.node.standin.json.JsonParser;
import org.scanbridge.knime.testing.Browser;

import com.sun.net.httpserver.HttpServer;

/**
 * KNIME's dialog component and embedder of views, built by npm from the packages that KNIME publishes, in headless Chromium. The
 * packages stay in {@code target}; nothing of them is shipped.
 */
final class KnimeFrontend implements AutoCloseable {

    private static final Path SOURCES = Path.of("src/test/frontend");

    private static final Path BUILD = Path.of("target/frontend");

    private static final Path PAGES = Path.of("src/main/resources/web");

    private final Path m_folder;

    private final HttpServer m_server;

    private final ExecutorService m_workers = Executors.newCachedThreadPool();

    private final Map<String, String> m_json = new ConcurrentHashMap<>();

    private final Map<String, UnaryOperator<String>> m_services = new ConcurrentHashMap<>();

    private volatile CompletableFuture<String> m_result = new CompletableFuture<>();

    private int m_profiles;

    /** @param folder an empty folder for Chromium's files */
    KnimeFrontend(final Path folder) throws Exception {
        m_folder = folder;
        build();
        m_server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        m_server.createContext("/", exchange -> {
            final String path = exchange.getRequestURI().getPath().substring(1);
            final byte[] body = exchange.getRequestBody().readAllBytes();
            final byte[] bytes = answer(path, new String(body, StandardCharsets.UTF_8));
            exchange.getResponseHeaders().set("Content-Type", path.endsWith(".js") ? "text/javascript"
                : path.endsWith(".css") && !path.startsWith("web/") ? "text/css" : path.endsWith(".json") ? "application/json"
                : "text/html; charset=utf-8");
            exchange.sendResponseHeaders(bytes == null ? 404 : 200, bytes == null || bytes.length == 0 ? -1 : bytes.length);
            if (bytes != null) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        m_server.setExecutor(m_workers);
        m_server.start();
    }

    private byte[] answer(final String path, final String body) throws IOException {
        if (path.equals("result")) {
            m_result.complete(body);
            return new byte[0];
        }
        if (path.equals("progress")) {
            Files.writeString(BUILD.resolve("progress.txt"), body + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new byte[0];
        }
        if (path.endsWith("-page")) {
            final String script = path.replace("-page", "");
            return ("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + script + "</title><link rel=\"stylesheet\" href=\"/"
                + script + ".css\"></head><body></body><script type=\"module\" src=\"/" + script + ".js\"></script></html>")
                    .getBytes(StandardCharsets.UTF_8);
        }
        if (path.startsWith("rpc/")) {
            return m_services.get(path.substring(4)).apply(body).getBytes(StandardCharsets.UTF_8);
        }
        if (m_json.containsKey(path)) {
            return m_json.get(path).getBytes(StandardCharsets.UTF_8);
        }
        final Path file = path.startsWith("web/") ? PAGES.resolve(path.substring(4)) : BUILD.resolve("build").resolve(path);
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : path.endsWith(".css") ? new byte[0] : null;
    }

    private static void build() throws Exception {
        Files.createDirectories(BUILD);
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(BUILD.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        // KNIME's packages ask for a calendar on GitHub by peer rules that npm cannot fulfill; ours come from the registry alone
        run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps", "--loglevel=error");
        run("npm", "run", "build", "--silent");
    }

    private static void run(final String... command) throws Exception {
        final Path log = BUILD.toAbsolutePath().resolve("npm.log");
        final Process process;
        try {
            process = new ProcessBuilder(command).directory(BUILD.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        } catch (final IOException e) {
            throw new IllegalStateException("npm cannot be run. Install Node.js 20 or newer, or leave out -Pfrontend.", e);
        }
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " failed:\n" + Files.readString(log));
        }
    }

    /** What the pages read under a name. */
    void json(final String name, final String json) {
        m_json.put(name, json);
    }

    /** Answers the calls of a view's data service. */
    void service(final String view, final UnaryOperator<String> service) {
        m_services.put(view, service);
    }

    /**
     * Opens a page in real time and waits for what it reports.
     *
     * @param page {@code dialogs} or {@code views}, with a query
     * @return what it reported
     */
    Map<?, ?> report(final String page, final int seconds) throws Exception {
        m_result = new CompletableFuture<>();
        final List<String> command = command(1280, 900);
        command.add("--remote-debugging-port=0"); // else it ends as soon as the page is loaded
        command.add(address(page));
        final Process process = start(command);
        try {
            return (Map<?, ?>)JsonParser.parse(m_result.get(seconds, TimeUnit.SECONDS));
        } finally {
            end(process);
        }
    }

    /** Takes a picture of a page. */
    void screenshot(final String page, final int width, final int height, final Path file) throws Exception {
        Files.createDirectories(file.toAbsolutePath().getParent());
        final List<String> command = command(width, height);
        command.addAll(List.of("--hide-scrollbars", "--force-device-scale-factor=1", "--virtual-time-budget=15000",
            "--screenshot=" + file.toAbsolutePath(), address(page)));
        final Process process = start(command);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            end(process);
            throw new IllegalStateException("Chromium did not take the picture " + file + " within 2 minutes.");
        }
    }

    private String address(final String page) {
        final String[] parts = page.split("\\?", 2);
        return "http://127.0.0.1:" + m_server.getAddress().getPort() + "/" + parts[0] + "-page"
            + (parts.length > 1 ? "?" + parts[1] : "");
    }

    private List<String> command(final int width, final int height) {
        return new ArrayList<>(List.of(Browser.chromium().orElseThrow(() -> new IllegalStateException(
            "No Chromium is installed. Install it, or leave out -Pfrontend.")).toString(), "--headless", "--no-sandbox",
            "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--user-data-dir=" + m_folder.resolve("profile" + m_profiles++),
            "--window-size=" + width + "," + height));
    }

    private static Process start(final List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void end(final Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        m_server.stop(0);
        m_workers.shutdownNow();
    }
}
