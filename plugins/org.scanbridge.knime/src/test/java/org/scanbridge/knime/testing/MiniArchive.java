package org.scanbridge.knime.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An archive in memory that speaks as much DICOMweb as the nodes use (PS3.18 section 10), on this computer only. */
public final class MiniArchive implements AutoCloseable {

    private static final String BOUNDARY = "mini";

    /** An object. */
    private record Stored(DataSet data, byte[] file, String accession) {

        String text(final int tag) {
            return tag == Tag.ACCESSION_NUMBER ? accession : data.text(tag);
        }
    }

    private final Map<String, Stored> m_objects = Collections.synchronizedMap(new LinkedHashMap<>());

    private final List<String> m_requests = Collections.synchronizedList(new ArrayList<>());

    private final ExecutorService m_threads = Executors.newCachedThreadPool();

    private final HttpServer m_server;

    private volatile Predicate<String> m_withheld = uid -> false;

    /** Starts it, empty. */
    public MiniArchive() throws IOException {
        m_server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        m_server.setExecutor(m_threads);
        m_server.createContext("/dicom-web", exchange -> {
            m_requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            try {
                answer(exchange);
            } finally {
                exchange.close();
            }
        });
        m_server.start();
    }

    /** The address of its service. */
    public String address() {
        return "http://127.0.0.1:" + m_server.getAddress().getPort() + "/dicom-web";
    }

    /** Method and path of each request. */
    public List<String> requests() {
        return m_requests;
    }

    /** Number of objects. */
    public int size() {
        return m_objects.size();
    }

    /** The file of an object with this modality. */
    public byte[] file(final String modality) {
        return m_objects.values().stream().filter(o -> o.text(Tag.MODALITY).equals(modality)).findFirst().orElseThrow().file();
    }

    /** Objects that it tells of but does not send. */
    public void withhold(final Predicate<String> sopInstance) {
        m_withheld = sopInstance;
    }

    /** Puts the files of a folder into it. */
    public void add(final Path folder, final String accession) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                add(Files.readAllBytes(file), accession);
            }
        }
    }

    private String add(final byte[] file, final String accession) throws IOException {
        final DataSet data = DicomFile.parse(ByteSource.of(file)).data();
        m_objects.put(data.text(Tag.SOP_INSTANCE_UID), new Stored(data, file, accession));
        return data.text(Tag.SOP_INSTANCE_UID);
    }

    private void answer(final HttpExchange exchange) throws IOException {
        final byte[] body = exchange.getRequestBody().readAllBytes();
        final String[] path = exchange.getRequestURI().getPath().substring("/dicom-web".length()).split("/");
        if (exchange.getRequestMethod().equals("POST")) {
            final String uid = add(part(body), "");
            json(exchange, "{\"00081199\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]}}]}}");
            return;
        }
        List<Stored> found = new ArrayList<>(m_objects.values());
        for (int p = 1; p + 1 < path.length; p += 2) {
            final String uid = path[p + 1];
            final int tag = switch (path[p]) {
                case "studies" -> Tag.STUDY_INSTANCE_UID;
                case "series" -> Tag.SERIES_INSTANCE_UID;
                default -> Tag.SOP_INSTANCE_UID;
            };
            found = found.stream().filter(o -> o.text(tag).equals(uid)).toList();
        }
        if (path.length % 2 == 1) {
            retrieve(exchange, found);
        } else {
            query(exchange, path[path.length - 1], found);
        }
    }

    private void retrieve(final HttpExchange exchange, final List<Stored> found) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (final Stored object : found) {
            if (!m_withheld.test(object.text(Tag.SOP_INSTANCE_UID))) {
                out.writeBytes(("\r\n--" + BOUNDARY + "\r\nContent-Type: application/dicom\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                out.writeBytes(object.file());
            }
        }
        if (out.size() == 0) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        out.writeBytes(("\r\n--" + BOUNDARY + "--").getBytes(StandardCharsets.US_ASCII));
        exchange.getResponseHeaders().set("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + BOUNDARY);
        exchange.sendResponseHeaders(200, out.size());
        exchange.getResponseBody().write(out.toByteArray());
    }

    private static void query(final HttpExchange exchange, final String level, final List<Stored> all) throws IOException {
        final int unique = switch (level) {
            case "studies" -> Tag.STUDY_INSTANCE_UID;
            case "series" -> Tag.SERIES_INSTANCE_UID;
            default -> Tag.SOP_INSTANCE_UID;
        };
        Stream<Stored> matches = all.stream();
        long offset = 0;
        for (final String pair : String.valueOf(exchange.getRequestURI().getRawQuery()).split("&")) {
            final String[] parts = pair.split("=", 2);
            if (parts[0].matches("[0-9A-F]{8}")) {
                final String value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
                final int tag = Integer.parseUnsignedInt(parts[0], 16);
                matches = matches.filter(o -> o.text(tag).equals(value));
            } else if (parts[0].equals("offset")) {
                offset = Long.parseLong(parts[1]);
            }
        }
        final Map<String, Stored> distinct = new LinkedHashMap<>();
        final Map<String, Integer> counts = new LinkedHashMap<>();
        matches.forEach(o -> {
            distinct.putIfAbsent(o.text(unique), o);
            counts.merge(o.text(unique), 1, Integer::sum);
        });
        json(exchange, distinct.entrySet().stream().skip(offset).map(e -> "{" + Stream.of(Tag.STUDY_INSTANCE_UID,
            Tag.SERIES_INSTANCE_UID, Tag.SOP_INSTANCE_UID, Tag.MODALITY, Tag.PATIENT_ID, Tag.SERIES_DESCRIPTION,
            Tag.ACCESSION_NUMBER).map(t -> String.format("\"%08X\":{\"Value\":[\"%s\"]}", t, e.getValue().text(t)))
            .collect(Collectors.joining(",")) + ",\"00201209\":{\"vr\":\"IS\",\"Value\":[" + counts.get(e.getKey()) + "]}}")
            .collect(Collectors.joining(",", "[", "]")));
    }

    private static void json(final HttpExchange exchange, final String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/dicom+json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The only part of a body. */
    private static byte[] part(final byte[] body) {
        final String text = new String(body, StandardCharsets.ISO_8859_1);
        final int from = text.indexOf("\r\n\r\n") + 4;
        return text.substring(from, text.lastIndexOf("\r\n--")).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        m_server.stop(0);
        m_threads.shutdownNow();
    }
}
