package org.scanbridge.dicom.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.dicom.web.ScriptedServer.json;
import static org.scanbridge.dicom.web.ScriptedServer.multipart;
import static org.scanbridge.dicom.web.ScriptedServer.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.imaging.Progress;

import com.sun.net.httpserver.HttpExchange;

/** DICOMweb as PS3.18 defines it, and as servers and networks get it wrong. */
class DicomWebArchiveTest {

    private static final SeriesKey SERIES = new SeriesKey("1.2.3", "1.2.3.4");

    private static final byte[] A = {1, 2, 3};

    private static final byte[] B = {13, 10, 45, 45, 66};

    @TempDir
    Path m_folder;

    private static String match(final int n) {
        return "{\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.9." + n + "\"]},\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]},"
            + "\"0008103E\":{\"vr\":\"LO\",\"Value\":[\"" + (n % 2 == 0 ? "T1 axial" : "T2 axial") + "\"]}}";
    }

    private static String matches(final int from, final int to) {
        return "[" + IntStream.range(from, Math.max(from, to)).mapToObj(DicomWebArchiveTest::match).collect(Collectors.joining(",")) + "]";
    }

    private static int parameter(final HttpExchange e, final String name, final int absent) {
        for (final String pair : String.valueOf(e.getRequestURI().getQuery()).split("&")) {
            if (pair.startsWith(name + "=")) {
                return Integer.parseInt(pair.substring(name.length() + 1));
            }
        }
        return absent;
    }

    private static List<String> query(final Archive archive, final Map<Integer, String> keys) throws ArchiveException {
        final List<String> uids = new ArrayList<>();
        archive.query(new ArchiveQuery(QueryLevel.SERIES, keys, Set.of()), m -> uids.add(m.text(Tag.SERIES_INSTANCE_UID)),
            Progress.NONE);
        return uids;
    }

    /**
     * How a server gives 1203 matches: its own limit, and whether it knows limit and offset. It is asked once for each page and
     * once for the end, never for each match; where it knows no offset, for the first page twice and once for all.
     */
    @ParameterizedTest
    @CsvSource({"100000,true,true,4", "100,true,true,14", "500,true,true,4", "1203,false,false,3", "100000,true,false,3"})
    void findsAllMatches(final int own, final boolean limit, final boolean offset, final int requests) throws Exception {
        final int count = 1203;
        try (ScriptedServer server = new ScriptedServer(e -> {
            final int from = offset ? parameter(e, "offset", 0) : 0;
            json(e, 200, matches(from, Math.min(count, from + Math.min(own, limit ? parameter(e, "limit", count) : count))));
        }); Archive archive = server.connect()) {
            final List<String> found = query(archive, Map.of());
            assertEquals(count, found.size());
            assertEquals(count, new HashSet<>(found).size());
            assertEquals(requests, server.requests().size());
        }
    }

    @Test
    void countsMatchesThatMoveBetweenPagesOnce() throws Exception {
        // 510 matches, and one that is stored between the pages moves the others back.
        try (ScriptedServer server = new ScriptedServer(e -> {
            final int from = parameter(e, "offset", 0);
            json(e, 200, from == 0 ? matches(0, 500) : matches(Math.max(0, from - 1), Math.min(510, from + 499)));
        }); Archive archive = server.connect()) {
            assertEquals(510, query(archive, Map.of()).size());
        }
    }

    /** PS3.18 8.3.4.4: a server says with a warning that it has more; 206 is what some say instead. */
    @ParameterizedTest
    @ValueSource(ints = {200, 206})
    void saysThatMatchesAreMissing(final int status) throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> {
            if (status == 200) {
                e.getResponseHeaders().set("Warning", "299 archive: There are 7 additional results that can be requested");
            }
            json(e, status, matches(0, 3));
        }); Archive archive = server.connect()) {
            final ArchiveException e = assertThrows(ArchiveException.class, () -> query(archive, Map.of()));
            assertEquals(Kind.BROKEN_ANSWER, e.kind());
            assertTrue(e.getMessage().contains("only the first 3 matches"), e.getMessage());
        }
    }

    @Test
    void takesNoContentForNone() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> send(e, 204, "", new byte[0])); Archive archive = server.connect()) {
            assertEquals(List.of(), query(archive, Map.of()));
        }
    }

    /** PS3.18 8.3.4.1: keys with percent signs in UTF-8, ranges of dates, includefield. */
    @Test
    void asksAsTheStandardSays() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> json(e, 200, "[]")); Archive archive = server.connect()) {
            archive.query(new ArchiveQuery(QueryLevel.SERIES, Map.of(Tag.STUDY_DATE, "20240101-20240131", Tag.PATIENT_NAME,
                "M\u00fcller^A?*", Tag.STUDY_INSTANCE_UID, "1.2.3"), Set.of(Tag.MODALITY)), m -> {
                }, Progress.NONE);
            assertEquals(List.of("GET /dicom-web/studies/1.2.3/series?00080020=20240101-20240131&00100010=M%C3%BCller%5EA%3F*"
                + "&includefield=00080020&includefield=00080060&includefield=00100010&includefield=0020000D"
                + "&limit=500&offset=0"), server.requests());
        }
    }

    @Test
    void leavesOutWhatAServerShouldNotHaveGiven() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> json(e, 200, matches(0, 4))); Archive archive = server.connect()) {
            assertEquals(List.of("1.9.0", "1.9.2"), query(archive, Map.of(Tag.SERIES_DESCRIPTION, "*t1*")));
        }
    }

    @Test
    void looksStudyByStudyWhereItMust() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> {
            switch (e.getRequestURI().getPath()) {
                case "/dicom-web/series" -> send(e, 404, "text/plain", "no".getBytes(StandardCharsets.US_ASCII));
                case "/dicom-web/studies" -> json(e, 200, "[{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.5\"]}},"
                    + "{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.6\"]}}]");
                default -> json(e, 200, "[{\"0020000E\":{\"vr\":\"UI\",\"Value\":[\""
                    + e.getRequestURI().getPath().split("/")[3] + ".7\"]}}]");
            }
        }); Archive archive = server.connect()) {
            final List<String> found = new ArrayList<>();
            archive.query(new ArchiveQuery(QueryLevel.SERIES, Map.of(Tag.MODALITY, "MR"), Set.of()),
                m -> found.add(m.text(Tag.STUDY_INSTANCE_UID) + " " + m.text(Tag.SERIES_INSTANCE_UID)), Progress.NONE);
            assertEquals(List.of("1.5 1.5.7", "1.6 1.6.7"), found);
            assertTrue(server.requests().get(2).contains("/studies?00080061=MR"), server.requests().toString());
        }
    }

    // Busy servers, redirects, encryption, credentials

    /** RFC 9110 10.2.3: seconds, or a date in one of the forms of 5.6.7. */
    @Test
    void understandsRetryAfter() {
        final Pauses pauses = new Pauses(Clock.fixed(Instant.parse("1994-11-06T08:49:07Z"), ZoneOffset.UTC), Duration.ofMillis(1));
        assertEquals(Optional.of(Duration.ofSeconds(120)), pauses.asked(" 120 "));
        assertEquals(Optional.of(Duration.ofSeconds(30)), pauses.asked("Sun, 06 Nov 1994 08:49:37 GMT"));
        assertEquals(Optional.of(Duration.ofSeconds(0)), pauses.asked("Sun, 06 Nov 1994 08:48:37 GMT"));
        assertEquals(Optional.empty(), pauses.asked("soon"));
        assertEquals(Optional.empty(), pauses.asked("-5"));
    }

    @ParameterizedTest
    @CsvSource({"429,1", "503,'Sun, 06 Nov 1994 08:49:37 GMT'", "503,''", "502,''", "504,''"})
    void waitsForABusyServer(final int status, final String retryAfter) throws Exception {
        final AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(e -> {
            if (asked.incrementAndGet() < 3) {
                if (!retryAfter.isEmpty()) {
                    e.getResponseHeaders().set("Retry-After", retryAfter.equals("1") && asked.get() > 1 ? "0" : retryAfter);
                }
                send(e, status, "text/plain", A);
            } else {
                json(e, 200, parameter(e, "offset", 0) == 0 ? matches(0, 2) : "[]");
            }
        }); Archive archive = server.connect()) {
            assertEquals(2, query(archive, Map.of()).size());
        }
    }

    @Test
    void givesUpAfterTheTriesOfTheSettings() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> send(e, 503, "text/plain", "too busy".getBytes(StandardCharsets.UTF_8)));
                Archive archive = server.connect()) {
            final ArchiveException e = assertThrows(ArchiveException.class, () -> query(archive, Map.of()));
            assertEquals(Kind.REFUSED, e.kind());
            assertTrue(e.getMessage().contains("503: too busy"), e.getMessage());
            assertEquals(3, server.requests().size());
        }
        try (ScriptedServer server = new ScriptedServer(e -> {
            e.getResponseHeaders().set("Retry-After", "86400");
            send(e, 429, "", new byte[0]);
        }); Archive archive = server.connect()) {
            assertTrue(assertThrows(ArchiveException.class, () -> query(archive, Map.of())).getMessage().contains("86400 s"));
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void followsRedirectsOnlyWhereItMayAndWithoutCredentials() throws Exception {
        try (ScriptedServer other = new ScriptedServer(e -> json(e, 200, parameter(e, "offset", 0) == 0 ? matches(0, 2) : "[]"));
                ScriptedServer server = new ScriptedServer(e -> {
                    e.getResponseHeaders().set("Location", other.address().resolve(e.getRequestURI()).toString());
                    send(e, 307, "", new byte[0]);
                })) {
            final ArchiveSettings settings =
                server.settings().withCredentials(new Credentials("rad", "s3cret", "", Optional.empty(), ""));
            try (Archive archive = ScriptedServer.connect(settings)) {
                final ArchiveException e = assertThrows(ArchiveException.class, () -> query(archive, Map.of()));
                assertEquals(Kind.NOT_ALLOWED, e.kind());
                assertTrue(e.getMessage().contains("Further hosts"), e.getMessage());
                assertEquals(List.of(), other.requests());
            }
            final ArchiveSettings allowed = new ArchiveSettings(settings.address(), "", 0, false, Optional.empty(),
                Set.of("127.0.0.1"), settings.credentials(), settings.timeout(), 1);
            try (Archive archive = ScriptedServer.connect(allowed)) {
                assertEquals(2, query(archive, Map.of()).size());
                assertEquals(Set.of("null"), new HashSet<>(other.authorizations()));
                assertEquals(Set.of("Basic cmFkOnMzY3JldA=="), new HashSet<>(server.authorizations())); // RFC 7617
            }
        }
    }

    @Test
    void followsRedirectsOfTheSameServerAndNotInCircles() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> {
            if (e.getRequestURI().getPath().startsWith("/dicom-web/series")) {
                e.getResponseHeaders().set("Location", e.getRequestURI().toString().replace("/dicom-web/series", "/new/series"));
                send(e, 301, "", new byte[0]);
            } else {
                json(e, 200, parameter(e, "offset", 0) == 0 ? matches(0, 2) : "[]");
            }
        }); Archive archive = ScriptedServer.connect(server.settings().withCredentials(
            new Credentials("", "", "t0ken", Optional.empty(), "")))) {
            assertEquals(2, query(archive, Map.of()).size());
            assertEquals(Set.of("Bearer t0ken"), new HashSet<>(server.authorizations()));
        }
        try (ScriptedServer server = new ScriptedServer(e -> {
            e.getResponseHeaders().set("Location", e.getRequestURI().toString());
            send(e, 302, "", new byte[0]);
        }); Archive archive = server.connect()) {
            assertEquals(Kind.BROKEN_ANSWER, assertThrows(ArchiveException.class, () -> query(archive, Map.of())).kind());
        }
    }

    @Test
    void neverTellsCredentials() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> send(e, 401, "text/plain",
            ("bad " + e.getRequestHeaders().getFirst("Authorization") + " s3cret").getBytes(StandardCharsets.UTF_8)));
                Archive archive = ScriptedServer.connect(server.settings().withCredentials(
                    new Credentials("rad", "s3cret", "", Optional.empty(), "")))) {
            final ArchiveException e = assertThrows(ArchiveException.class, archive::check);
            assertEquals(Kind.NOT_ALLOWED, e.kind());
            assertFalse(e.getMessage().contains("s3cret") || e.getMessage().contains("cmFkOnMzY3JldA=="), e.getMessage());
            assertFalse(new Credentials("rad", "s3cret", "", Optional.empty(), "pw").toString().matches(".*(s3cret|pw|rad).*"));
        }
    }

    @Test
    void encryptsWhatLeavesThisComputer() throws Exception {
        final ArchiveSettings settings = ArchiveSettings.of(URI.create("http://archive.example.org:8042/dicom-web"));
        final ArchiveException e = assertThrows(ArchiveException.class, () -> new DicomWebConnector().connect(settings));
        assertEquals(Kind.NOT_ALLOWED, e.kind());
        assertTrue(e.getMessage().contains("Allow connections without encryption"), e.getMessage());
        assertThrows(ArchiveException.class, () -> new DicomWebConnector()
            .connect(ArchiveSettings.of(URI.create("http://127.0.0.1.example.org/dicom-web"))));
        new DicomWebConnector().connect(ArchiveSettings.of(URI.create("http://localhost:8042/dicom-web"))).close();
        new DicomWebConnector().connect(ArchiveSettings.of(URI.create("http://[::1]:8042/dicom-web"))).close();
        assertThrows(IllegalArgumentException.class, () -> ArchiveSettings.of(URI.create("https://rad:s3cret@archive/")));
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        final ScriptedServer gone = new ScriptedServer(e -> {
        });
        gone.close();
        try (Archive archive = gone.connect()) {
            assertEquals(Kind.NOT_REACHABLE, assertThrows(ArchiveException.class, archive::check).kind());
        }
    }

    // Retrieval

    private static List<byte[]> retrieve(final Archive archive, final Set<String> instances) throws IOException {
        final List<byte[]> files = new ArrayList<>();
        archive.retrieve(SERIES, instances, in -> files.add(in.readAllBytes()), Progress.NONE);
        return files;
    }

    private static byte[] gzip(final byte[] bytes) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void retrievesTheStoredTransferSyntaxAndElseWhatThereIs() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> {
            if (e.getRequestHeaders().getFirst("Accept").endsWith("transfer-syntax=*")) {
                send(e, 406, "text/plain", A);
            } else {
                send(e, 200, "multipart/related; boundary=\"x y\"; type=\"application/dicom\"", multipart("x y", A, B));
            }
        }); Archive archive = server.connect()) {
            for (int n = 0; n < 2; n++) {
                final List<byte[]> files = retrieve(archive, Set.of());
                assertArrayEquals(A, files.get(0));
                assertArrayEquals(B, files.get(1));
            }
            // What worked is asked for first the next time.
            assertEquals(List.of("GET /dicom-web/studies/1.2.3/series/1.2.3.4", "GET /dicom-web/studies/1.2.3/series/1.2.3.4",
                "GET /dicom-web/studies/1.2.3/series/1.2.3.4"), server.requests());
        }
    }

    @Test
    void readsCompressedAnswersAndSingleInstances() throws Exception {
        try (ScriptedServer server = new ScriptedServer(e -> {
            if (e.getRequestURI().getPath().endsWith("/instances/1.1")) {
                send(e, 200, "application/dicom", A);
            } else {
                e.getResponseHeaders().set("Content-Encoding", "gzip");
                send(e, 200, "multipart/related; boundary=b", gzip(multipart("b", B)));
            }
        }); Archive archive = server.connect()) {
            final List<byte[]> files = retrieve(archive, Set.of("1.1", "1.2"));
            assertArrayEquals(A, files.get(0));
            assertArrayEquals(B, files.get(1));
        }
    }

    /** Cut off in every way: less than announced, without the last boundary, in the middle of gzip, of another type. */
    @ParameterizedTest
    @ValueSource(strings = {"length", "boundary", "gzip", "type", "no boundary", "encoding", "part", "chunked"})
    void takesNoHalfAnswer(final String how) throws Exception {
        final byte[] whole = multipart("b", A, B);
        try (ScriptedServer server = new ScriptedServer(e -> {
            e.getRequestBody().readAllBytes();
            e.getResponseHeaders().set("Content-Type", "multipart/related; boundary=b");
            switch (how) {
                case "length", "chunked" -> {
                    e.sendResponseHeaders(200, how.equals("length") ? whole.length : 0);
                    e.getResponseBody().write(whole, 0, whole.length - 20);
                    e.getResponseBody().flush();
                    throw new IOException("the server goes down");
                }
                case "boundary" -> send(e, 200, "", java.util.Arrays.copyOf(whole, whole.length - 6));
                case "gzip" -> {
                    e.getResponseHeaders().set("Content-Encoding", "gzip");
                    final byte[] zipped = gzip(whole);
                    send(e, 200, "", java.util.Arrays.copyOf(zipped, zipped.length - 12));
                }
                case "type" -> send(e, 200, "application/zip", whole);
                case "no boundary" -> send(e, 200, "multipart/related", whole);
                case "encoding" -> {
                    e.getResponseHeaders().set("Content-Encoding", "br");
                    send(e, 200, "", whole);
                }
                default -> send(e, 200, "", new String(whole, StandardCharsets.ISO_8859_1)
                    .replace("application/dicom", "text/plain").getBytes(StandardCharsets.ISO_8859_1));
            }
        }); Archive archive = server.connect()) {
            final Kind kind = assertThrows(ArchiveException.class, () -> retrieve(archive, Set.of())).kind();
            // A connection that is reset takes along what lay in it unread, and that may be all of the answer.
            final boolean reset = how.equals("length") || how.equals("chunked");
            assertTrue(kind == Kind.BROKEN_ANSWER || reset && kind == Kind.NOT_REACHABLE, kind.toString());
        }
    }

    @Test
    void waitsNoLongerThanTheSettingsForTheNextPiece() throws Exception {
        final ArchiveSettings impatient;
        try (ScriptedServer server = new ScriptedServer(e -> {
            e.getResponseHeaders().set("Content-Type", "multipart/related; boundary=b");
            e.sendResponseHeaders(200, 0);
            e.getResponseBody().write(multipart("b", A), 0, 30);
            e.getResponseBody().flush();
            try {
                Thread.sleep(20_000);
            } catch (final InterruptedException x) {
                Thread.currentThread().interrupt();
            }
        })) {
            impatient = new ArchiveSettings(server.address(), "", 0, false, Optional.empty(), Set.of(), Credentials.NONE,
                Duration.ofSeconds(2), 1); // long enough for the headers on a busy machine
            try (Archive archive = ScriptedServer.connect(impatient)) {
                final ArchiveException e = assertThrows(ArchiveException.class, () -> retrieve(archive, Set.of()));
                assertTrue(e.getMessage().contains("nothing came"), e.getMessage());
            }
        }
    }

    // Storage: PS3.18 10.5.3 and annex I

    private static final String STORED = "\"00081199\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"%s\"]}%s}]}";

    private static final String FAILED =
        "\"00081198\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"%s\"]},\"00081197\":{\"vr\":\"US\",\"Value\":[%s]}}]}";

    private StoreResult store(final int status, final String body, final boolean there) throws Exception {
        final Path file = m_folder.resolve("slice.dcm");
        TestSlices.write(file, TestSlices.axial(1, 1, 2, 3, 4, 5, 6).text(Tag.SOP_INSTANCE_UID, "1.2.3.4.5"));
        final byte[][] sent = new byte[1][];
        try (ScriptedServer server = new ScriptedServer(e -> {
            if (e.getRequestMethod().equals("POST")) {
                sent[0] = e.getRequestBody().readAllBytes();
                final MediaType type = MediaType.parse(e.getRequestHeaders().getFirst("Content-Type"));
                assertEquals("application/dicom", type.parameter("type").orElseThrow());
                final MultipartStream parts =
                    new MultipartStream(new java.io.ByteArrayInputStream(sent[0]), type.parameter("boundary").orElseThrow());
                sent[0] = parts.next().orElseThrow().body().readAllBytes();
                json(e, status, body);
            } else {
                json(e, 200, there ? "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3.4.5\"]}}]" : "[]");
            }
        }); Archive archive = server.connect()) {
            final StoreResult result = archive.store(file);
            assertArrayEquals(Files.readAllBytes(file), sent[0]);
            return result;
        }
    }

    @Test
    void tellsWhatBecameOfAnInstance() throws Exception {
        assertEquals(Outcome.STORED, store(200, "{" + String.format(STORED, "1.2.3.4.5", "") + "}", false).outcome());
        assertEquals(Outcome.STORED, store(200, "", false).outcome());
        final StoreResult warning = store(202, "{" + String.format(STORED, "1.2.3.4.5",
            ",\"00081196\":{\"vr\":\"US\",\"Value\":[45056]}") + "}", true);
        assertEquals(Outcome.WARNING, warning.outcome());
        assertEquals(0xB000, warning.code());
        assertTrue(warning.message().contains("changed by the archive"), warning.message());
        final StoreResult failed = store(409, "[{" + String.format(FAILED, "1.2.3.4.5", "42752") + "}]", false);
        assertEquals(Outcome.REFUSED, failed.outcome());
        assertTrue(failed.message().contains("no room") && failed.message().contains("A700"), failed.message());
        assertTrue(store(409, "{" + String.format(FAILED, "1.2.3.4.5", "\"290\"") + "}", false).message().contains("SOP class"));
        assertEquals(Outcome.ALREADY_THERE, store(409, "{" + String.format(FAILED, "1.2.3.4.5", "273") + "}", true).outcome());
        assertEquals(Outcome.REFUSED, store(413, "", false).outcome());
    }

    /** An answer that does not name the instance says nothing of it: it is looked for. */
    @Test
    void looksForWhatNobodySaysAnythingOf() throws Exception {
        assertEquals(Outcome.WARNING, store(202, "", true).outcome());
        assertEquals(Outcome.REFUSED, store(202, "", false).outcome());
        assertEquals(Outcome.REFUSED, store(409, "", false).outcome());
        assertEquals(Outcome.REFUSED, store(200, "{" + String.format(STORED, "9.9", "") + "}", false).outcome());
    }
}
