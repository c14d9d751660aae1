package org.scanbridge.dicom.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.SeriesFetch.Fetched;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.KnownHeaders;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;

/** What comes of a series when connections break, files are damaged, and the cache is full. */
class SeriesFetchTest {

    private static final SeriesKey KEY = new SeriesKey("1.2.3", "1.2.3.4");

    @TempDir
    Path m_folder;

    /** An archive that fails as a test says. */
    private static final class FlakyArchive implements Archive {

        private final Map<String, byte[]> m_files = new TreeMap<>();

        private final List<Set<String>> m_asked = new ArrayList<>();

        private final List<QueryLevel> m_levels = new ArrayList<>();

        /** Number of Series Related Instances as it tells it; blank if it does not know. */
        private String m_count = "";

        /** How many instances are still sent before the connection breaks off. */
        private int m_left = Integer.MAX_VALUE;

        /** What becomes of a file on the way. */
        private UnaryOperator<byte[]> m_way = f -> f;

        FlakyArchive(final int instances) {
            for (int n = 0; n < instances; n++) {
                final String uid = "1.2.3.4." + n;
                m_files.put(uid, DicomOutput.file(slice(n).build()));
            }
        }

        static DataSetBuilder slice(final int n) {
            return TestSlices.axial(n, n, 2, 3, 4, 5, 6).text(Tag.SOP_INSTANCE_UID, "1.2.3.4." + n);
        }

        @Override
        public void check() {
            // always there
        }

        @Override
        public void query(final ArchiveQuery query, final Consumer<DataSet> matches, final Progress progress) {
            m_levels.add(query.level());
            if (query.level() == QueryLevel.SERIES) {
                matches.accept(DataSet.builder().text(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, m_count).build());
                return;
            }
            final String wanted = query.keys().get(Tag.SOP_INSTANCE_UID);
            m_files.keySet().stream().filter(u -> wanted == null || wanted.equals(u))
                .forEach(u -> matches.accept(DataSet.builder().text(Tag.SOP_INSTANCE_UID, u).build()));
        }

        @Override
        public void retrieve(final SeriesKey series, final Set<String> instances, final InstanceReceiver receiver,
            final Progress progress) throws IOException {
            m_asked.add(new TreeSet<>(instances));
            for (final String uid : instances.isEmpty() ? m_files.keySet() : instances) {
                if (m_left-- <= 0) {
                    m_left = Integer.MAX_VALUE;
                    throw new ArchiveException(Kind.BROKEN_ANSWER, "broke off");
                }
                receiver.receive(new ByteArrayInputStream(m_way.apply(m_files.get(uid))));
            }
        }

        @Override
        public StoreResult store(final Path file) {
            return new StoreResult("", "", Outcome.STORED, StoreResult.NO_CODE, "");
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private SeriesCache cache(final long limit) throws IOException {
        return SeriesCache.open(m_folder.resolve("cache"), limit, Progress.NONE);
    }

    private static Fetched fetch(final Archive archive, final SeriesCache cache) throws IOException {
        return new SeriesFetch(archive, cache, "test").fetch(KEY, Progress.NONE);
    }

    /** What was told before is believed if as many come, and only then. */
    @Test
    void asksForTheNumberOfInstancesOnlyIfItIsNotToldOrNotRight() throws Exception {
        for (final int told : new int[]{4, 5, 6}) {
            final FlakyArchive archive = new FlakyArchive(5);
            archive.m_count = "5";
            try (SeriesCache cache = SeriesCache.open(m_folder.resolve("cache" + told), 1 << 20, Progress.NONE)) {
                final Fetched fetched = new SeriesFetch(archive, cache, "test").fetch(KEY, OptionalInt.of(told), Progress.NONE);
                assertTrue(fetched.isWhole());
                assertEquals(5, fetched.files().size());
                assertEquals(5, fetched.announced());
            }
            assertEquals(told == 5 ? List.of() : List.of(QueryLevel.INSTANCE), archive.m_levels);
            assertEquals(List.of(Set.of()), archive.m_asked, "sent once");
        }
        final FlakyArchive broken = new FlakyArchive(5);
        broken.m_left = 4;
        try (SeriesCache cache = cache(1 << 20)) {
            // as many as were told, but the answer broke off: there may be more
            final Fetched fetched = new SeriesFetch(broken, cache, "test").fetch(KEY, OptionalInt.of(4), Progress.NONE);
            assertEquals(5, fetched.files().size());
            assertTrue(fetched.isWhole());
            assertThrows(IllegalArgumentException.class,
                () -> new SeriesFetch(broken, cache, "test").fetch(KEY, OptionalInt.of(0), Progress.NONE));
        }
    }

    /** The headers that are read on the way make the same study as those of the files. */
    @Test
    void remembersTheHeadersOfWhatComes() throws Exception {
        final FlakyArchive archive = new FlakyArchive(5);
        archive.m_count = "5";
        final DicomStudyOptions options = DicomStudyOptions.defaults().withSiteRule(SiteRule.INSTITUTION);
        final KnownHeaders headers = new KnownHeaders(options);
        final ExecutorService worker = Executors.newSingleThreadExecutor();
        try (SeriesCache cache = cache(1 << 20)) {
            final Fetched fetched = new SeriesFetch(archive, cache, "test", headers).fetch(KEY, Progress.NONE);
            assertEquals(5, headers.size());
            final DicomStudyReader reader = new DicomStudyReader(options);
            try (Study read = reader.read(cache.images(), fetched.files(), Progress.NONE, worker)) {
                for (final Path file : fetched.files().values()) {
                    // what is read of the header now would be seen; the pixels stand at the end
                    final byte[] bytes = Files.readAllBytes(file);
                    Arrays.fill(bytes, 0, 200, (byte)0);
                    Files.write(file.resolveSibling(file.getFileName() + ".spoiled"), bytes);
                }
                final Map<String, Path> spoiled = new TreeMap<>();
                fetched.files().forEach((path, file) -> spoiled.put(path, file.resolveSibling(file.getFileName() + ".spoiled")));
                try (Study known = reader.read(cache.images(), spoiled, headers, Progress.NONE, worker)) {
                    assertEquals(1, known.series().size());
                    assertEquals(read.series().get(0).geometry().toString(), known.series().get(0).geometry().toString());
                    assertEquals(read.series().get(0).info(), known.series().get(0).info());
                    assertEquals(read.inputHash(), known.inputHash());
                    assertArrayEquals(read.series().get(0).readVolume(p -> { }).voxels(),
                        known.series().get(0).readVolume(p -> { }).voxels());
                }
                headers.clear();
                try (Study unknown = reader.read(cache.images(), spoiled, headers, Progress.NONE, worker)) {
                    assertEquals(List.of(), unknown.series(), "without what is known, the spoiled headers are read");
                }
            }
        } finally {
            worker.shutdownNow();
        }
    }

    @Test
    void goesOnByInstanceWhereASeriesBrokeOff() throws Exception {
        final FlakyArchive archive = new FlakyArchive(5);
        archive.m_left = 2;
        try (SeriesCache cache = cache(1 << 20)) {
            final Fetched fetched = fetch(archive, cache);
            assertTrue(fetched.isWhole());
            assertEquals(List.of(Set.of(), Set.of("1.2.3.4.2"), Set.of("1.2.3.4.3"), Set.of("1.2.3.4.4")), archive.m_asked);
            final Set<String> contents = new TreeSet<>();
            for (final Path file : fetched.files().values()) {
                contents.add(Arrays.toString(Files.readAllBytes(file)));
            }
            final Set<String> expected = new TreeSet<>();
            archive.m_files.values().forEach(f -> expected.add(Arrays.toString(f)));
            assertEquals(expected, contents);
        }
        // another run finds all of it
        archive.m_asked.clear();
        try (SeriesCache cache = cache(1 << 20)) {
            assertTrue(fetch(archive, cache).isWhole());
            assertEquals(List.of(), archive.m_asked);
            // the archive has another image, and one less
            archive.m_files.remove("1.2.3.4.0");
            archive.m_files.put("1.2.3.4.9", DicomOutput.file(FlakyArchive.slice(9).build()));
            final Fetched changed = fetch(archive, cache);
            assertEquals(5, changed.files().size());
            assertEquals(List.of(Set.of("1.2.3.4.9")), archive.m_asked);
        }
    }

    /** The number of instances is enough to know that all came; a wrong one, or half an answer, is not trusted. */
    @Test
    void listsInstancesOnlyWhereTheirNumberDiffers() throws Exception {
        for (final String count : List.of("4", "3", "5")) {
            final FlakyArchive archive = new FlakyArchive(4);
            archive.m_count = count;
            try (SeriesCache cache = SeriesCache.open(m_folder.resolve("n" + count), 1 << 20, Progress.NONE)) {
                assertEquals(4, fetch(archive, cache).files().size());
            }
            assertEquals(List.of(Set.of()), archive.m_asked);
            assertEquals(count.equals("4") ? List.of(QueryLevel.SERIES) : List.of(QueryLevel.SERIES, QueryLevel.INSTANCE),
                archive.m_levels);
        }
        final FlakyArchive broken = new FlakyArchive(4);
        broken.m_count = "4";
        broken.m_left = 3;
        try (SeriesCache cache = cache(1 << 20)) {
            assertTrue(fetch(broken, cache).isWhole());
            assertEquals(List.of(Set.of(), Set.of("1.2.3.4.3")), broken.m_asked);
        }
    }

    @Test
    void takesNoDamagedOrForeignFile() throws Exception {
        final List<UnaryOperator<byte[]>> ways = List.of(f -> Arrays.copyOf(f, f.length - 4), f -> new byte[100],
            f -> DicomOutput.file(FlakyArchive.slice(1).text(Tag.SERIES_INSTANCE_UID, "9.9").build()),
            f -> DicomOutput.file(FlakyArchive.slice(1).text(Tag.SOP_INSTANCE_UID, "9.9").build()),
            f -> DicomOutput.file(FlakyArchive.slice(1).text(Tag.STUDY_INSTANCE_UID, "9.9").build()));
        for (final UnaryOperator<byte[]> way : ways) {
            final FlakyArchive archive = new FlakyArchive(3);
            archive.m_way = f -> Arrays.equals(f, archive.m_files.get("1.2.3.4.1")) ? way.apply(f) : f;
            try (SeriesCache cache = SeriesCache.open(m_folder.resolve("w" + ways.indexOf(way)), 1 << 20, Progress.NONE)) {
                final Fetched fetched = fetch(archive, cache);
                assertFalse(fetched.isWhole());
                assertEquals(2, fetched.files().size());
                assertTrue(fetched.reason().contains("was dropped"), fetched.reason());
            }
        }
    }

    @Test
    void leavesNothingHalfWritten() throws Exception {
        final FlakyArchive archive = new FlakyArchive(2);
        archive.m_way = f -> {
            throw new CancellationException("in the middle");
        };
        try (SeriesCache cache = SeriesCache.open(m_folder.resolve("other"), 1 << 20, Progress.NONE)) {
            assertThrows(CancellationException.class, () -> fetch(archive, cache));
        }
        try (Stream<Path> files = Files.walk(m_folder.resolve("other"))) {
            assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".dcm") || f.toString().endsWith(".part")).toList());
        }
    }

    /** As after a computer that lost its power: the series' folder holds a whole instance and one that was being written. */
    @Test
    void takesNothingHalfWrittenForAnInstance() throws Exception {
        final Path root = m_folder.resolve("power");
        final FlakyArchive archive = new FlakyArchive(2);
        final long size = archive.m_files.values().stream().mapToLong(f -> f.length).sum();
        final Path half;
        try (SeriesCache cache = SeriesCache.open(root, 1 << 20, Progress.NONE)) {
            final Fetched fetched = fetch(archive, cache);
            half = fetched.files().values().iterator().next().resolveSibling("0.part");
        }
        Files.write(half, new byte[100]);
        try (SeriesCache cache = SeriesCache.open(root, 1 << 20, Progress.NONE)) {
            assertFalse(Files.exists(half));
            assertEquals(size, cache.size());
            Files.write(half, new byte[100]); // as while another thread writes it
            final Fetched fetched = fetch(archive, cache);
            assertEquals(2, fetched.files().size());
            assertTrue(fetched.isWhole());
            assertTrue(Files.exists(half));
        }
    }

    /** The series that was not used for longest goes first, one in use never. */
    @Test
    void keepsItsLimit() throws Exception {
        final FlakyArchive archive = new FlakyArchive(2);
        final long one = archive.m_files.values().stream().mapToLong(f -> f.length).sum();
        try (SeriesCache cache = cache(2 * one)) {
            final List<Fetched> fetched = new ArrayList<>();
            for (final String name : List.of("a", "b", "c")) {
                fetched.add(new SeriesFetch(archive, cache, name).fetch(KEY, Progress.NONE));
                Thread.sleep(5);
            }
            assertEquals(3 * one, cache.size()); // all are in use
            cache.release(List.of(fetched.get(1).series(), fetched.get(2).series()));
            assertEquals(2 * one, cache.size());
            assertTrue(fetched.get(0).files().values().stream().allMatch(Files::exists));
            assertTrue(fetched.get(1).files().values().stream().noneMatch(Files::exists));
            assertTrue(fetched.get(2).files().values().stream().allMatch(Files::exists));
        }
    }

    @Test
    void isUsedByOneRunAtATime() throws Exception {
        final AtomicInteger waits = new AtomicInteger();
        final Progress impatient = (fraction, message) -> {
            if (waits.incrementAndGet() > 2) {
                throw new CancellationException(message);
            }
        };
        try (SeriesCache cache = cache(1)) {
            assertThrows(CancellationException.class, () -> SeriesCache.open(m_folder.resolve("cache"), 1, impatient));
        }
        SeriesCache.open(m_folder.resolve("cache"), 1, impatient).close();
    }

    /** An instance that the archive has is compared, not sent again. */
    @Test
    void storesNothingTwiceAndReplacesNothing() throws Exception {
        final FlakyArchive archive = new FlakyArchive(2);
        final InstanceStore store = new InstanceStore(archive);
        final Path file = m_folder.resolve("file.dcm");
        Files.write(file, archive.m_files.get("1.2.3.4.1"));
        assertEquals(Outcome.ALREADY_THERE, store.store(file).outcome());
        Files.write(file, DicomOutput.file(FlakyArchive.slice(1).text(Tag.PATIENT_NAME, "Changed^Name").build()));
        final StoreResult changed = store.store(file);
        assertEquals(Outcome.WARNING, changed.outcome());
        assertTrue(changed.message().contains("(0010,0010)") && !changed.message().contains("Changed"), changed.message());
        Files.write(file, DicomOutput.file(FlakyArchive.slice(1).bytes(Tag.PIXEL_DATA, VR.OW, new byte[12]).build()));
        assertEquals(Outcome.REFUSED, store.store(file).outcome());
        Files.write(file, DicomOutput.file(FlakyArchive.slice(7).build()));
        assertEquals(Outcome.STORED, store.store(file).outcome());
    }

    @Test
    void hidesSeriesFromWhoHasNoKey() {
        final SeriesReferences references = new SeriesReferences("key");
        final String reference = references.of(KEY);
        assertEquals(KEY, references.series(reference));
        assertEquals(reference, new SeriesReferences("key").of(KEY));
        assertFalse(reference.contains("1.2.3"));
        for (final String bad : List.of("", "A-", "A-????", reference.substring(0, reference.length() - 2), reference + "AA", "1.2.3")) {
            assertThrows(IllegalArgumentException.class, () -> references.series(bad));
        }
        assertThrows(IllegalArgumentException.class, () -> new SeriesReferences("other").series(reference));
        assertThrows(IllegalArgumentException.class, () -> new SeriesKey("../x", "1.2"));
    }

    @Test
    void readsCredentialsThatOnlyTheirOwnerMayRead() throws Exception {
        final Path file = m_folder.resolve("credentials");
        Files.writeString(file, "# archive\nuser = rad\npassword= a=b \ncertificate=me.p12\ncertificatePassword=x\n");
        final boolean posix = Files.getFileStore(file).supportsFileAttributeView("posix");
        if (posix) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertTrue(assertThrows(ArchiveException.class, () -> CredentialsFile.read(file)).getMessage().contains("chmod 600"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        assertEquals(new Credentials("rad", "a=b", "", Optional.of(m_folder.resolve("me.p12").toAbsolutePath()), "x"),
            CredentialsFile.read(file));
        for (final String bad : List.of("user=a\ntoken=b", "password=x", "pass=s3cret", "s3cret", "user=a\nuser=b", "token=s3\u00fccret")) {
            Files.writeString(file, bad);
            final ArchiveException e = assertThrows(ArchiveException.class, () -> CredentialsFile.read(file));
            assertEquals(Kind.NOT_ALLOWED, e.kind());
            assertFalse(e.getMessage().contains("s3"), e.getMessage());
        }
    }
}
