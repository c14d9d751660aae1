package org.scanbridge.dicom.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveSettings;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A server on this computer that answers what a test says, and remembers what it was asked. */
public final class ScriptedServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer m_server;

    private final ExecutorService m_threads = Executors.newCachedThreadPool();

    private final List<String> m_requests = Collections.synchronizedList(new ArrayList<>());

    private final List<String> m_authorizations = Collections.synchronizedList(new ArrayList<>());

    /** Answers a request. */
    @FunctionalInterface
    public interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** @param script of all requests */
    public ScriptedServer(final Script script) {
        this(create(), script);
    }

    ScriptedServer(final HttpServer server, final Script script) {
        m_server = server;
        m_server.setExecutor(m_threads);
        m_server.createContext("/", exchange -> {
            m_requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            m_authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            try {
                script.answer(exchange);
            } finally {
                exchange.close();
            }
        });
        m_server.start();
    }

    private static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of its service. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + m_server.getAddress().getPort() + "/dicom-web");
    }

    /** Settings that give up soon. */
    public ArchiveSettings settings() {
        return settings(address());
    }

    static ArchiveSettings settings(final URI address) {
        return new ArchiveSettings(address, "TEST", 0, false, java.util.Optional.empty(), Set.of(),
            org.scanbridge.dicom.archive.Credentials.NONE, PATIENCE, 3);
    }

    /** A connection with short pauses. */
    public Archive connect() throws ArchiveException {
        return connect(settings());
    }

    static Archive connect(final ArchiveSettings settings) throws ArchiveException {
        return new DicomWebConnector(new Pauses(Clock.systemUTC(), Duration.ofMillis(5))).connect(settings);
    }

    /** Method, path and query of each request. */
    public List<String> requests() {
        return m_requests;
    }

    /** The Authorization header of each request; "null" where there was none. */
    List<String> authorizations() {
        return m_authorizations;
    }

    /** Sends a body of known length. */
    public static void send(final HttpExchange exchange, final int status, final String type, final byte[] body)
        throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (!type.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", type);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    static void json(final HttpExchange exchange, final int status, final String text) throws IOException {
        send(exchange, status, "application/dicom+json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A multipart body. */
    public static byte[] multipart(final String boundary, final byte[]... parts) {
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            body.writeBytes(("--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(part);
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    @Override
    public void close() {
        m_server.stop(0);
        m_threads.shutdownNow();
    }
}
