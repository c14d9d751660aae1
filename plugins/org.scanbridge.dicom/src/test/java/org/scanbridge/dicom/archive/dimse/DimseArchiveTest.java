package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesCache;
import org.scanbridge.dicom.archive.SeriesFetch;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.imaging.Progress;

/** What is asked by DIMSE and made of the answers (PS3.4 annexes B and C, PS3.7, PS3.8), against an archive in memory. */
@Timeout(20)
class DimseArchiveTest {

    private static final SeriesKey SERIES = new SeriesKey("1.2.3", "1.2.3.4");

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    private final ScriptedPort m_port = new ScriptedPort();

    @TempDir
    Path m_folder;

    private static ArchiveSettings settings(final int receivingPort, final Duration timeout) {
        return new ArchiveSettings(URI.create("dicom://PACS@localhost:11112"), "BRIDGE", receivingPort, false, Optional.empty(),
            Set.of(), Credentials.NONE, timeout, 3);
    }

    private DimseArchive archive(final int receivingPort) throws ArchiveException {
        return archive(receivingPort, Duration.ofSeconds(10));
    }

    private DimseArchive archive(final int receivingPort, final Duration timeout) throws ArchiveException {
        final ArchiveSettings settings = settings(receivingPort, timeout);
        return new DimseArchive(settings, DimsePeer.of(settings), m_port,
            s -> s.equals(TransferSyntax.RLE) || s.equals(TransferSyntax.JPEG_LS_LOSSLESS), Duration.ZERO);
    }

    private static DataSet slice(final int n) {
        return TestSlices.axial(n, n, 1, 2, 3, 4, 5).build();
    }

    private void keepSlices(final int count) {
        for (int n = 0; n < count; n++) {
            m_port.m_instances.add(slice(n));
        }
    }

    private void keep(final String study, final String series, final String modality, final String accession) {
        m_port.m_instances.add(DataSet.builder().text(Tag.STUDY_INSTANCE_UID, study).text(Tag.SERIES_INSTANCE_UID, series)
            .text(Tag.SOP_INSTANCE_UID, series + ".1").text(Tag.SOP_CLASS_UID, CT).text(Tag.MODALITY, modality)
            .text(Tag.MODALITIES_IN_STUDY, modality).text(Tag.ACCESSION_NUMBER, accession).text(Tag.STUDY_DATE, "20240115")
            .text(Tag.PATIENT_ID, "P-" + accession).text(Tag.SERIES_DESCRIPTION, modality + " axial").build());
    }

    private List<DataSet> query(final ArchiveQuery query) throws ArchiveException {
        final List<DataSet> found = new ArrayList<>();
        archive(0).query(query, found::add, Progress.NONE);
        return found;
    }

    private List<String> asked(final String what) {
        return m_port.m_asked.stream().filter(a -> a.startsWith(what)).toList();
    }

    // Queries

    @Test
    void seriesOfAllStudiesAreAskedForStudyByStudy() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        keep("1.1", "1.1.2", "SR", "A1");
        keep("1.2", "1.2.1", "MR", "A2");
        keep("1.3", "1.3.1", "CT", "A3");
        final List<DataSet> found = query(new ArchiveQuery(QueryLevel.SERIES,
            Map.of(Tag.MODALITY, "CT", Tag.STUDY_DATE, "20240101-20240131"),
            Set.of(Tag.PATIENT_ID, Tag.ACCESSION_NUMBER, Tag.SERIES_DESCRIPTION)));
        assertEquals(List.of("1.1 1.1.1 CT P-A1 A1 CT axial", "1.3 1.3.1 CT P-A3 A3 CT axial"),
            found.stream().map(m -> m.text(Tag.STUDY_INSTANCE_UID) + " " + m.text(Tag.SERIES_INSTANCE_UID) + " "
                + m.text(Tag.MODALITY) + " " + m.text(Tag.PATIENT_ID) + " " + m.text(Tag.ACCESSION_NUMBER) + " "
                + m.text(Tag.SERIES_DESCRIPTION)).toList());
        assertEquals(List.of("FIND STUDY 00080020=20240101-20240131 00080050= 00080061=CT 00100020= 0020000D=",
            "FIND SERIES 00080060=CT 0008103E= 0020000D=1.1 0020000E=",
            "FIND SERIES 00080060=CT 0008103E= 0020000D=1.3 0020000E="), asked("FIND"));
        assertEquals(1, asked("RELEASE").size(), "one association for all of it");
    }

    @Test
    void aStudyAndASeriesThatAreNamedAreNotAskedFor() throws Exception {
        keepSlices(3);
        final List<DataSet> found = query(ArchiveQuery.instancesOf(SERIES));
        assertEquals(3, found.size());
        assertTrue(found.stream().allMatch(m -> m.text(Tag.STUDY_INSTANCE_UID).equals("1.2.3")
            && m.text(Tag.SERIES_INSTANCE_UID).equals("1.2.3.4") && m.text(Tag.SOP_CLASS_UID).equals(CT)));
        assertEquals(List.of("FIND IMAGE 00080016= 00080018= 0020000D=1.2.3 0020000E=1.2.3.4"), asked("FIND"));
    }

    @Test
    void aNamedStudyIsAskedForIfSomethingElseIsWantedOfIt() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        query(new ArchiveQuery(QueryLevel.SERIES, Map.of(Tag.STUDY_INSTANCE_UID, "1.1"), Set.of(Tag.PATIENT_ID)));
        assertEquals(2, asked("FIND").size());
    }

    @Test
    void severalUidsAreAListAndSeveralOtherValuesAreLookedThrough() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        keep("1.2", "1.2.1", "MR", "A2");
        keep("1.3", "1.3.1", "SR", "A3");
        final List<DataSet> found = query(new ArchiveQuery(QueryLevel.SERIES,
            Map.of(Tag.STUDY_INSTANCE_UID, "1.1\\1.2\\1.3", Tag.MODALITY, "CT\\MR"), Set.of()));
        assertEquals(List.of("1.1.1", "1.2.1"), found.stream().map(m -> m.text(Tag.SERIES_INSTANCE_UID)).toList());
        assertEquals("FIND STUDY 00080061= 0020000D=1.1\\1.2\\1.3", asked("FIND").get(0));
    }

    @Test
    void numbersThatAreBinaryAreSentAsNumbers() throws Exception {
        keepSlices(1);
        assertEquals(1, query(new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.STUDY_INSTANCE_UID, "1.2.3", Tag.SERIES_INSTANCE_UID,
            "1.2.3.4", Tag.ROWS, "2"), Set.of())).size());
        final DataSet identifier = StudyRoot.identifier(StudyRoot.at(QueryLevel.INSTANCE,
            new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.ROWS, "2"), Set.of())), slice(0));
        assertEquals(VR.US, identifier.element(Tag.ROWS).orElseThrow().vr());
        assertEquals(2, identifier.integer(Tag.ROWS, 0));
        assertEquals(Kind.REFUSED, assertThrows(ArchiveException.class, () -> query(new ArchiveQuery(QueryLevel.INSTANCE,
            Map.of(Tag.ROWS, "many"), Set.of()))).kind());
    }

    @Test
    void eachLevelMayHaveACharacterSetOfItsOwn() throws Exception {
        final DataSet study = DataSet.parse(DicomOutput.bytes(DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 100")
            .bytes(Tag.STUDY_DESCRIPTION, VR.LO, "Sch\u00e4del".getBytes(StandardCharsets.ISO_8859_1)).build()));
        final DataSet series = DataSet.parse(DicomOutput.bytes(DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .text(Tag.SERIES_DESCRIPTION, "\u982d").empty(Tag.MODALITY).build()));
        final DataSet match = DataSet.parse(DicomOutput.bytes(StudyRoot.within(series, study)));
        assertEquals("Sch\u00e4del", match.text(Tag.STUDY_DESCRIPTION));
        assertEquals("\u982d", match.text(Tag.SERIES_DESCRIPTION));
        assertTrue(match.element(Tag.MODALITY).isEmpty(), "asked for and not told is absent");
        assertEquals("ISO_IR 192", StudyRoot.identifier(new ArchiveQuery(QueryLevel.STUDY, Map.of(Tag.STUDY_DESCRIPTION,
            "\u982d*"), Set.of()), DataSet.EMPTY).text(Tag.SPECIFIC_CHARACTER_SET));
    }

    @Test
    void aQueryThatBreaksIsAskedAgainAndToldOnce() throws Exception {
        keepSlices(2);
        m_port.m_scripts.add(s -> null);
        assertEquals(2, query(ArchiveQuery.instancesOf(SERIES)).size());
        assertEquals(2, asked("FIND").size());
    }

    /** PS3.4 table C.4-1, PS3.7 annex C.5. */
    @ParameterizedTest
    @CsvSource({"A900, REFUSED, 1, does not fit its kind", "C001, REFUSED, 1, cannot process", "0122, REFUSED, 1, not supported",
        "0124, NOT_ALLOWED, 1, not authorized", "A700, REFUSED, 3, no room or resources", "0213, REFUSED, 3, no resources",
        "FE00, REFUSED, 1, ended before", "1234, REFUSED, 1, does not know"})
    void refusalsOfAQuery(final String code, final Kind kind, final int tries, final String words) {
        for (int i = 0; i < 3; i++) {
            m_port.m_scripts.add(s -> new DimseStatus(Integer.parseInt(code, 16), "too bad", -1, -1, -1));
        }
        final ArchiveException e = assertThrows(ArchiveException.class, () -> query(ArchiveQuery.instancesOf(SERIES)));
        assertEquals(kind, e.kind());
        assertEquals(tries, asked("FIND").size());
        assertTrue(e.getMessage().contains("localhost:11112") && e.getMessage().contains("query of instances")
            && e.getMessage().contains(words) && e.getMessage().contains(code + "H") && e.getMessage().contains("too bad"),
            e.getMessage());
    }

    // Associations

    /** PS3.8 table 9-21. */
    @ParameterizedTest
    @CsvSource({"1, 1, 3, NOT_ALLOWED, 1, Own title", "1, 1, 7, NOT_ALLOWED, 1, Address", "1, 1, 1, NOT_ALLOWED, 1, without a reason",
        "1, 2, 2, REFUSED, 1, another version", "2, 3, 1, REFUSED, 3, congested", "2, 3, 2, REFUSED, 3, too many connections",
        "2, 1, 1, REFUSED, 3, for now"})
    void rejections(final int result, final int source, final int reason, final Kind kind, final int tries, final String words) {
        for (int i = 0; i < 3; i++) {
            m_port.m_openings.add(DimseException.rejected(result, source, reason, null));
        }
        final ArchiveException e = assertThrows(ArchiveException.class, () -> archive(0).check());
        assertEquals(kind, e.kind());
        assertEquals(tries, m_port.m_contexts.size());
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"NO_HOST, NOT_REACHABLE, 1", "NO_CONNECTION, NOT_REACHABLE, 3", "NO_TRUST, NOT_REACHABLE, 1", "SILENT, NOT_REACHABLE, 3",
        "ABORTED, BROKEN_ANSWER, 3", "BROKEN, BROKEN_ANSWER, 3", "PORT, NOT_ALLOWED, 1"})
    void failures(final DimseException.Failure failure, final Kind kind, final int tries) {
        for (int i = 0; i < 3; i++) {
            m_port.m_openings.add(new DimseException(failure, null));
        }
        assertEquals(kind, assertThrows(ArchiveException.class, () -> archive(0).check()).kind());
        assertEquals(tries, m_port.m_contexts.size());
    }

    @Test
    void anArchiveThatComesBackIsEnough() throws Exception {
        m_port.m_openings.add(new DimseException(DimseException.Failure.NO_CONNECTION, null));
        m_port.m_openings.add(new DimseException(DimseException.Failure.ABORTED, null));
        archive(0).check();
        assertEquals(3, m_port.m_contexts.size());
    }

    // Retrieval

    @Test
    void whatComesByGetAreWholeFiles() throws Exception {
        keepSlices(3);
        final List<byte[]> files = new ArrayList<>();
        archive(0).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
        assertEquals(3, files.size());
        for (int n = 0; n < 3; n++) {
            try (DicomFile file = DicomFile.parse(ByteSource.of(files.get(n)))) {
                assertEquals(TransferSyntax.EXPLICIT_LITTLE_ENDIAN, file.transferSyntax());
                assertEquals(CT, file.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID));
                assertEquals(slice(n).text(Tag.SOP_INSTANCE_UID), file.meta().text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID));
            }
            final byte[] sent = DicomOutput.bytes(slice(n));
            assertArrayEquals(sent, Arrays.copyOfRange(files.get(n), files.get(n).length - sent.length, files.get(n).length));
        }
        assertEquals(List.of("GET SERIES 0020000D=1.2.3 0020000E=1.2.3.4"), asked("GET"));
    }

    /** Each context has one transfer syntax in the end, so what is kept in several needs several. */
    @Test
    void eachCompressionThatIsDecodedHasAContextOfItsOwn() throws Exception {
        keepSlices(1);
        archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE);
        final List<DimseContext> contexts = m_port.m_contexts.get(m_port.m_contexts.size() - 1);
        assertEquals(List.of(List.of("1.2.840.10008.1.2.1", "1.2.840.10008.1.2"), List.of("1.2.840.10008.1.2.4.80"),
            List.of("1.2.840.10008.1.2.5")), contexts.stream().filter(c -> c.sopClass().equals(CT))
                .map(DimseContext::transferSyntaxes).toList());
        assertTrue(contexts.stream().allMatch(c -> c.receiving() != c.sopClass().equals(StudyRoot.GET)));
    }

    @Test
    void anArchiveThatDoesNotTellKindsIsOfferedAllOfThem() throws Exception {
        m_port.m_refused.add(StudyRoot.FIND);
        keepSlices(1);
        archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE);
        final Set<String> kinds = m_port.m_contexts.get(1).stream().map(DimseContext::sopClass).collect(Collectors.toSet());
        // CT, MR, PET, SEG, label map, RT structure set: PS3.4 table B.5-1
        assertTrue(kinds.containsAll(Set.of(CT, "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128",
            "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7", "1.2.840.10008.5.1.4.1.1.481.3")), kinds.toString());
        assertTrue(m_port.m_contexts.get(1).size() <= 128);
    }

    @Test
    void manyInstancesAreNamedInSeveralRequests() throws Exception {
        final Set<String> uids = new HashSet<>();
        for (int n = 0; n < 450; n++) {
            uids.add("1.2.3.4." + n);
            m_port.m_scripts.add(s -> new DimseStatus(0, "", 0, 0, 0));
        }
        m_port.m_scripts.add(0, s -> DimseStatus.of(0)); // for the query of kinds
        archive(0).retrieve(SERIES, uids, InputStream::readAllBytes, Progress.NONE);
        final List<String> requests = asked("GET IMAGE");
        assertEquals(3, requests.size());
        final Set<String> named = requests.stream()
            .flatMap(r -> List.of(r.replaceAll(".*00080018=(\\S+).*", "$1").split("\\\\")).stream()).collect(Collectors.toSet());
        assertEquals(uids, named);
    }

    @Test
    void lessThanAnnouncedIsNoWholeAnswer() {
        m_port.m_scripts.add(s -> DimseStatus.of(0));
        m_port.m_scripts.add(s -> {
            s.send(slice(0));
            s.send(slice(1));
            return new DimseStatus(0, "", 3, 0, 0);
        });
        final List<byte[]> files = new ArrayList<>();
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(0).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE));
        assertEquals(Kind.BROKEN_ANSWER, e.kind());
        assertTrue(e.getMessage().contains("2 of 3"), e.getMessage());
        assertEquals(2, files.size(), "what came before is whole, and not asked for again");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1 more", "B000, 1, 1 more", "B000, -1, any"})
    void whatTheArchiveCouldNotSendIsNamed(final String code, final int failed, final String words) {
        for (int i = 0; i < 4; i++) {
            m_port.m_scripts.add(i == 0 ? s -> DimseStatus.of(0)
                : s -> new DimseStatus(Integer.parseInt(code, 16), "", failed < 0 ? -1 : 0, failed, -1));
        }
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
        assertEquals(Kind.BROKEN_ANSWER, e.kind());
        assertTrue(e.getMessage().contains("could not send " + words), e.getMessage());
    }

    @Test
    void whatBreaksOffWithinAnImageIsToldToWhoReadsIt() {
        keepSlices(1);
        final List<String> seen = new ArrayList<>();
        m_port.m_scripts.add(s -> DimseStatus.of(0));
        for (int i = 0; i < 3; i++) {
            m_port.m_scripts.add(s -> {
                s.send(slice(0), new SequenceInputStream(new ByteArrayInputStream(new byte[100]), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new EOFException();
                    }
                }));
                return null; // and so the association breaks
            });
        }
        final ArchiveException e = assertThrows(ArchiveException.class, () -> archive(0).retrieve(SERIES, Set.of(), in -> {
            final ArchiveException broken = assertThrows(ArchiveException.class, in::readAllBytes);
            seen.add(broken.kind().name());
            throw broken;
        }, Progress.NONE));
        assertEquals(Kind.BROKEN_ANSWER, e.kind());
        assertEquals(List.of("BROKEN_ANSWER", "BROKEN_ANSWER", "BROKEN_ANSWER"), seen, "nothing came, so it was tried again");
    }

    @Test
    void aFullDiskEndsTheRetrieval() {
        keepSlices(5);
        final IOException full = new IOException("No space left on device");
        final List<Integer> tries = new ArrayList<>();
        assertSame(full, assertThrows(IOException.class, () -> archive(0).retrieve(SERIES, Set.of(), in -> {
            tries.add(1);
            throw full;
        }, Progress.NONE)));
        assertEquals(1, tries.size());
    }

    @Test
    void cancellingEndsTheWaiting() {
        keepSlices(2);
        assertThrows(CancellationException.class, () -> archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes,
            (fraction, message) -> {
                throw new CancellationException();
            }));
        assertEquals(0, asked("GET").size());
    }

    @Test
    void anArchiveWithoutGetIsToldApart() {
        m_port.m_refused.add(StudyRoot.GET);
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
        assertTrue(e.getMessage().contains("Receiving port"), e.getMessage());
    }

    @Test
    void moveSendsToOurOwnTitleAndPort() throws Exception {
        keepSlices(3);
        final List<byte[]> files = new ArrayList<>();
        try (DimseArchive archive = archive(11113)) {
            archive.retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
            archive.retrieve(SERIES, Set.of(slice(1).text(Tag.SOP_INSTANCE_UID)), in -> files.add(in.readAllBytes()), Progress.NONE);
        }
        assertEquals(4, files.size());
        assertEquals(List.of("LISTEN 11113"), asked("LISTEN"));
        assertEquals(2, asked("MOVE to BRIDGE").size());
        assertTrue(m_port.m_closed);
    }

    /** A801 is the standard's; C000 is what Orthanc 1.10 answers. */
    @ParameterizedTest
    @ValueSource(ints = {0xA801, 0xC000})
    void anUnknownDestinationNamesTitleAndPort(final int code) {
        m_port.m_scripts.add(s -> DimseStatus.of(code));
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(11113).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
        assertEquals(Kind.REFUSED, e.kind());
        assertTrue(e.getMessage().contains("\"BRIDGE\"") && e.getMessage().contains("11113"), e.getMessage());
    }

    @Test
    void whatArrivesAfterTheLastResponseIsWaitedFor() throws Exception {
        final ExecutorService later = Executors.newSingleThreadExecutor();
        try {
            m_port.m_scripts.add(s -> {
                s.send(slice(0));
                later.submit(() -> {
                    Thread.sleep(200);
                    return s.send(slice(1));
                });
                return new DimseStatus(0, "", 2, 0, 0);
            });
            final List<byte[]> files = new ArrayList<>();
            archive(11113).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
            assertEquals(2, files.size());
        } finally {
            later.shutdownNow();
        }
    }

    /** The connection on which an archive sends by C-MOVE is its own: aborting ours does not end it. */
    @Test
    void anArchiveThatStopsWithinAnImageHoldsUpNobody() throws Exception {
        final ExecutorService later = Executors.newCachedThreadPool();
        final CountDownLatch never = new CountDownLatch(1);
        try {
            for (int tries = 0; tries < 3; tries++) {
                m_port.m_scripts.add(s -> {
                    later.submit(() -> s.send(slice(0), new InputStream() {
                        @Override
                        public int read() throws IOException {
                            try {
                                never.await();
                            } catch (final InterruptedException e) {
                                throw new IOException(e);
                            }
                            return -1;
                        }
                    }));
                    return new DimseStatus(0, "", 1, 0, 0);
                });
            }
            final ArchiveException e = assertThrows(ArchiveException.class, () -> archive(11113, Duration.ofMillis(100))
                .retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
            assertEquals(Kind.BROKEN_ANSWER, e.kind());
        } finally {
            never.countDown();
            later.shutdownNow();
        }
    }

    @Test
    void studiesAreAskedForTheirModalities() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        keep("1.2", "1.2.1", "MR", "A2");
        assertEquals(List.of("1.2"), query(new ArchiveQuery(QueryLevel.STUDY, Map.of(Tag.MODALITY, "MR"), Set.of(Tag.ROWS))).stream()
            .map(m -> m.text(Tag.STUDY_INSTANCE_UID)).toList());
        assertEquals(List.of("FIND STUDY 00080061=MR 0020000D="), asked("FIND"));
    }

    @Test
    void whatNobodyAskedForIsNotTaken() throws Exception {
        keepSlices(1);
        final List<byte[]> files = new ArrayList<>();
        archive(11113).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
        assertEquals(0x0124, m_port.m_listener.receive(CT, "1.2.3", "1.2.840.10008.1.2.1", new ByteArrayInputStream(new byte[9])));
        assertEquals(1, files.size());
    }

    @Test
    void movesGoOneAfterTheOther() throws Exception {
        keepSlices(4);
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        try (DimseArchive archive = archive(11113)) {
            final List<Future<Integer>> counts = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                counts.add(threads.submit(() -> {
                    final List<byte[]> files = new ArrayList<>();
                    archive.retrieve(SERIES, Set.of(), in -> {
                        files.add(in.readAllBytes());
                        try {
                            Thread.sleep(20);
                        } catch (final InterruptedException e) {
                            throw new IOException(e);
                        }
                    }, Progress.NONE);
                    return files.size();
                }));
            }
            for (final Future<Integer> count : counts) {
                assertEquals(4, count.get(15, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** As the nodes do: what came is kept, what is missing is asked for by name, nothing comes twice. */
    @Test
    void aSeriesIsCompletedInTheCache() throws Exception {
        keepSlices(5);
        m_port.m_scripts.add(null); // how many instances, which this archive does not tell
        m_port.m_scripts.add(null); // which
        m_port.m_scripts.add(s -> {
            s.send(slice(0));
            s.send(slice(3));
            return null;
        });
        try (DimseArchive archive = archive(0);
                SeriesCache cache = SeriesCache.open(m_folder.resolve("cache"), 1 << 20, Progress.NONE)) {
            final SeriesFetch.Fetched fetched = new SeriesFetch(archive, cache, "PACS").fetch(SERIES, Progress.NONE);
            assertTrue(fetched.isWhole(), fetched.reason());
            assertEquals(5, fetched.files().size());
            assertEquals(1, asked("FIND IMAGE").size(), "kinds are known from the query of instances");
            assertEquals(1, asked("GET SERIES").size());
            assertEquals(3, asked("GET IMAGE").size());
        }
    }

    /** An archive that tells how many there are is not asked for a list; each kind of a CT series gets all compressions. */
    @Test
    void theKindsOfASeriesFollowFromItsModality() throws Exception {
        for (int n = 0; n < 3; n++) {
            m_port.m_instances.add(TestSlices.axial(n, n, 1, 2, 3, 4, 5).text(Tag.MODALITY, "CT")
                .text(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, "3").build());
        }
        try (DimseArchive archive = archive(0);
                SeriesCache cache = SeriesCache.open(m_folder.resolve("cache"), 1 << 20, Progress.NONE)) {
            assertTrue(new SeriesFetch(archive, cache, "PACS").fetch(SERIES, Progress.NONE).isWhole());
        }
        assertEquals(List.of(), asked("FIND IMAGE"));
        assertEquals(1, asked("GET").size());
        final List<DimseContext> proposed = m_port.m_contexts.get(m_port.m_contexts.size() - 1);
        // CT, Enhanced CT, Legacy Converted Enhanced CT (PS3.4 table B.5-1)
        for (final String kind : List.of(CT, CT + ".1", CT + ".2")) {
            for (final TransferSyntax syntax : List.of(TransferSyntax.RLE, TransferSyntax.JPEG_LS_LOSSLESS)) {
                assertTrue(proposed.stream().anyMatch(
                    c -> c.sopClass().equals(kind) && c.transferSyntaxes().equals(List.of(syntax.uid()))), kind + " " + syntax);
            }
        }
        assertTrue(proposed.stream().noneMatch(c -> c.sopClass().equals("1.2.840.10008.5.1.4.1.1.4")), "MR images in a CT series");
    }

    // Storage

    private Path file() throws IOException {
        final Path file = m_folder.resolve("slice.dcm");
        Files.write(file, DicomOutput.file(slice(7)));
        return file;
    }

    /** PS3.4 table B.2-1, PS3.7 annex C. */
    @ParameterizedTest
    @CsvSource({"0000, STORED, 1", "0111, ALREADY_THERE, 1", "B000, WARNING, 1", "B006, WARNING, 1", "B007, WARNING, 1",
        "A700, REFUSED, 3", "A900, REFUSED, 1", "C000, REFUSED, 1", "0122, REFUSED, 1", "0124, REFUSED, 1"})
    void whatBecomesOfAnInstance(final String code, final Outcome outcome, final int tries) throws Exception {
        for (int i = 0; i < 3; i++) {
            m_port.m_scripts.add(s -> DimseStatus.of(Integer.parseInt(code, 16)));
        }
        final StoreResult result = archive(0).store(file());
        assertEquals(outcome, result.outcome());
        assertEquals(tries, m_port.m_stored.size());
        assertEquals(slice(7).text(Tag.SOP_INSTANCE_UID), result.sopInstance());
        assertEquals(outcome == Outcome.STORED, result.message().isEmpty());
        assertEquals(outcome == Outcome.STORED ? StoreResult.NO_CODE : Integer.parseInt(code, 16), result.code());
    }

    @Test
    void theDataSetIsSentAsItIs() throws Exception {
        assertEquals(Outcome.STORED, archive(0).store(file()).outcome());
        assertEquals(List.of("1.2.840.10008.1.2.1 " + DicomOutput.bytes(slice(7)).length), m_port.m_stored);
        final DimseFile sent = DimseFile.of(file());
        try (InputStream in = sent.dataSet()) {
            assertArrayEquals(DicomOutput.bytes(slice(7)), in.readAllBytes());
        }
    }

    @Test
    void anArchiveThatKnowsOnlyTheDefaultTransferSyntaxGetsIt() throws Exception {
        m_port.m_syntaxes.add("1.2.840.10008.1.2");
        assertEquals(Outcome.STORED, archive(0).store(file()).outcome());
        assertTrue(m_port.m_stored.get(0).startsWith("1.2.840.10008.1.2 "), m_port.m_stored.toString());
    }

    @Test
    void aKindThatTheArchiveDoesNotTakeIsRefusedInItsResult() throws Exception {
        m_port.m_refused.add(CT);
        final StoreResult result = archive(0).store(file());
        assertEquals(Outcome.REFUSED, result.outcome());
        assertTrue(result.message().contains("CT image"), result.message());
        assertFalse(result.isThere());
    }

    @Test
    void aFileInGzipIsNotSentAsItIs() throws Exception {
        final Path file = m_folder.resolve("slice.dcm.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(DicomOutput.file(slice(7)));
        }
        assertTrue(assertThrows(IOException.class, () -> archive(0).store(file)).getMessage().contains("unpack"));
    }
}
