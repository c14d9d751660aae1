package org.scanbridge.dicom.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.SeriesFetch.Fetched;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Folders;
import org.scanbridge.dicom.study.KnownHeaders;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

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

    private static byte[] bytes(final FilePart file) throws IOException {
        try (ByteSource source = file.open()) {
            final byte[] bytes = new byte[(int)source.size()];
            source.read(0, bytes, 0, bytes.length);
            return bytes;
        }
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
                final Map<String, FilePart> spoiled = new TreeMap<>();
                for (final Map.Entry<String, FilePart> file : fetched.files().entrySet()) {
                    // what is read of the header now would be seen
                    final byte[] bytes = bytes(file.getValue());
                    Arrays.fill(bytes, 0, 200, (byte)0);
                    final Path own = m_folder.resolve(spoiled.size() + ".spoiled");
                    Files.write(own, bytes);
                    spoiled.put(file.getKey(), FilePart.whole(own));
                }
                try (Study known = reader.read(cache.images(), spoiled, headers, Progress.NONE, worker)) {
                    assertEquals(1, known.series().size());
                    assertEquals(read.series().get(0).geometry().toString(), known.series().get(0).geometry().toString());
                    assertEquals(read.series().get(0).info(), known.series().get(0).info());
                    assertEquals(read.inputHash(), known.inputHash());
                    assertArrayEquals(read.series().get(0).readVolume(p -> { }).voxels(),
                        known.series().get(0).readVolume(p -> { }).voxels());
                }
                headers.forget(spoiled.keySet());
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
            for (final FilePart file : fetched.files().values()) {
                contents.add(Arrays.toString(bytes(file)));
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
            assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".zip") || f.toString().endsWith(".part")).toList());
        }
    }

    /**
     * A run that ended anywhere, as if the computer had lost its power: the file is cut off, or its end is as it was not written.
     * What is whole before it stays and is not asked for again, and nothing else is taken for an instance.
     */
    @Property(tries = 60)
    void takesNothingHalfWrittenForAnInstance(@ForAll @DoubleRange(min = 0, max = 1) final double where, @ForAll final boolean cut,
        @ForAll final boolean sealed) throws Exception {
        final Path root = Files.createTempDirectory("scanbridge-cache");
        try {
            final FlakyArchive archive = new FlakyArchive(5);
            if (!sealed) {
                archive.m_way = f -> {
                    if (Arrays.equals(f, archive.m_files.get("1.2.3.4.4"))) {
                        throw new CancellationException("killed");
                    }
                    return f;
                };
            }
            try (SeriesCache cache = SeriesCache.open(root, 1 << 20, Progress.NONE)) {
                fetch(archive, cache);
            } catch (final CancellationException e) {
                assertFalse(sealed);
            }
            archive.m_way = f -> f;
            final Path file;
            try (Stream<Path> files = Files.walk(root)) {
                file = files.filter(f -> f.toString().endsWith(sealed ? ".zip" : ".part")).findFirst().orElseThrow();
            }
            final byte[] bytes = Files.readAllBytes(file);
            final int at = (int)(where * bytes.length);
            final byte[] after = cut ? Arrays.copyOf(bytes, at) : bytes.clone();
            Arrays.fill(after, Math.min(at, after.length), after.length, (byte)0);
            Files.write(file, after);
            archive.m_asked.clear();
            try (SeriesCache cache = SeriesCache.open(root, 1 << 20, Progress.NONE)) {
                final Fetched fetched = fetch(archive, cache);
                assertTrue(fetched.isWhole());
                assertEquals(contents(archive), contents(fetched));
                assertEquals(cache.size(), Files.size(fetched.files().values().iterator().next().file()));
                // an entry is its file, a name and a header of 30 bytes (APPNOTE 4.3.7)
                final int same = Arrays.mismatch(bytes, after);
                final int whole = (same < 0 ? bytes.length : same) / (archive.m_files.get("1.2.3.4.0").length + 66);
                if (whole == 0) {
                    assertEquals(List.of(Set.of()), archive.m_asked, "nothing was left: the whole series");
                } else {
                    assertEquals(Math.max(0, 5 - whole), archive.m_asked.size());
                }
            }
        } finally {
            Folders.deleteTree(root);
        }
    }

    private static Set<String> contents(final FlakyArchive archive) {
        return archive.m_files.values().stream().map(Arrays::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> contents(final Fetched fetched) throws IOException {
        final Set<String> contents = new TreeSet<>();
        for (final FilePart file : fetched.files().values()) {
            contents.add(Arrays.toString(bytes(file)));
        }
        return contents;
    }

    /** One byte that the disk changed costs its instance and what follows, which is fetched again. */
    @Test
    void fetchesAgainWhatTheDiskSpoiled() throws Exception {
        final FlakyArchive archive = new FlakyArchive(5);
        final Path file;
        try (SeriesCache cache = cache(1 << 20)) {
            file = fetch(archive, cache).files().values().iterator().next().file();
        }
        final byte[] bytes = Files.readAllBytes(file);
        final int entry = archive.m_files.get("1.2.3.4.0").length + 66;
        bytes[4 * entry - 1] ^= 1; // the last pixel of the fourth
        Files.write(file, bytes);
        archive.m_asked.clear();
        try (SeriesCache cache = cache(1 << 20)) {
            final Fetched fetched = fetch(archive, cache);
            assertEquals(contents(archive), contents(fetched));
            assertEquals(2, archive.m_asked.size());
        }
    }

    /** The file of a series is a zip archive for others: the JDK's reader, which compares checksums, finds all instances. */
    @Test
    void isReadByOthersAsZipArchives() throws Exception {
        final FlakyArchive archive = new FlakyArchive(5);
        final DataSetBuilder large = FlakyArchive.slice(5).bytes(Tag.PIXEL_DATA, VR.OW, new byte[3 << 20]);
        archive.m_files.put("1.2.3.4.5", DicomOutput.file(large.build()));
        final Path images;
        try (SeriesCache cache = cache(1 << 30)) {
            images = cache.images();
            final Fetched fetched = fetch(archive, cache);
            assertTrue(fetched.isWhole());
            assertEquals(contents(archive), contents(fetched));
            assertEquals(fetched.files(), SeriesCache.files(images));
            final Set<String> contents = new TreeSet<>();
            try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(fetched.files().values().iterator().next().file()))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    contents.add(Arrays.toString(zip.readAllBytes()));
                    assertTrue(entry.getName().matches("[0-9a-f]{32}\\.dcm"));
                }
            }
            assertEquals(contents(archive), contents);
        }
        // and by its directory, as the DICOM Reader does
        final ExecutorService worker = Executors.newSingleThreadExecutor();
        try (Study study = new DicomStudyReader(DicomStudyOptions.defaults()).read(images, Progress.NONE, worker)) {
            assertEquals(6, study.series().stream().mapToInt(StudySeries::fileCount).sum(), study.problems().toString());
        } finally {
            worker.shutdownNow();
        }
    }

    /** What earlier versions kept, a folder for a series and a file for an instance, is not fetched again. */
    @Test
    void takesWhatEarlierVersionsKept() throws Exception {
        final FlakyArchive archive = new FlakyArchive(5);
        final Path root = m_folder.resolve("cache");
        final String name = SeriesCache.hash("test\n1.2.3\n1.2.3.4");
        final Path folder = Files.createDirectories(root.resolve("images").resolve(name));
        Files.createDirectories(root.resolve("state"));
        Files.write(root.resolve("state").resolve(name + ".used"), new byte[0]);
        for (final String uid : List.of("1.2.3.4.1", "1.2.3.4.3")) {
            Files.write(folder.resolve(SeriesCache.hash(uid) + ".dcm"), archive.m_files.get(uid));
        }
        Files.write(folder.resolve("7.part"), new byte[100]);
        try (SeriesCache cache = cache(1 << 20)) {
            assertEquals(2L * archive.m_files.get("1.2.3.4.1").length, cache.size());
            assertEquals(2, SeriesCache.files(cache.images()).size());
            final Fetched fetched = fetch(archive, cache);
            assertTrue(fetched.isWhole());
            assertEquals(contents(archive), contents(fetched));
            assertEquals(List.of(Set.of("1.2.3.4.0"), Set.of("1.2.3.4.2"), Set.of("1.2.3.4.4")), archive.m_asked);
            assertFalse(Files.exists(folder));
            assertEquals(cache.size(), Files.size(fetched.files().values().iterator().next().file()));
        }
    }

    /** A folder of an earlier version that nobody uses any more goes when there is no room. */
    @Test
    void deletesWhatEarlierVersionsKept() throws Exception {
        final Path root = m_folder.resolve("cache");
        final Path folder = Files.createDirectories(root.resolve("images").resolve("0".repeat(32)));
        Files.write(folder.resolve("1".repeat(32) + ".dcm"), new byte[900]);
        try (SeriesCache cache = SeriesCache.open(root, 1000, Progress.NONE)) {
            assertEquals(900, cache.size());
            fetch(new FlakyArchive(1), cache);
            assertFalse(Files.exists(folder));
            assertTrue(cache.size() < 2000);
        }
    }

    /** The series that was not used for longest goes first, one in use never. */
    @Test
    void keepsItsLimit() throws Exception {
        final FlakyArchive archive = new FlakyArchive(2);
        final long one;
        try (SeriesCache cache = SeriesCache.open(m_folder.resolve("one"), 1 << 20, Progress.NONE)) {
            fetch(archive, cache);
            one = cache.size();
        }
        try (SeriesCache cache = cache(2 * one)) {
            final List<Fetched> fetched = new ArrayList<>();
            for (final String name : List.of("a", "b", "c")) {
                fetched.add(new SeriesFetch(archive, cache, name).fetch(KEY, Progress.NONE));
                Thread.sleep(20);
            }
            assertEquals(3 * one, cache.size()); // all are in use
            cache.release(List.of(fetched.get(1).series(), fetched.get(2).series()));
            assertEquals(2 * one, cache.size());
            assertTrue(fetched.get(0).files().values().stream().allMatch(f -> Files.exists(f.file())));
            assertTrue(fetched.get(1).files().values().stream().noneMatch(f -> Files.exists(f.file())));
            assertTrue(fetched.get(2).files().values().stream().allMatch(f -> Files.exists(f.file())));
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
