package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.privacy.DeidentifyOptions;
import org.scanbridge.dicom.privacy.DeidentifyReport;
import org.scanbridge.dicom.privacy.DeidentifyingCopy;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/** Studies in zip archives are read as those in folders are: the right values are those of the same files unzipped. */
class ArchivesTest {

    private static final Geometry GRID = TestVolumes.oblique(6, 5, 4);

    @TempDir
    private Path m_folder;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(3);

    private final Map<String, byte[]> m_files = new LinkedHashMap<>();

    private LabelVolume m_labels;

    @BeforeEach
    void write() throws IOException {
        m_labels = TestVolumes.labels(GRID, LabelSet.of("a", "b"), 7, 1, 2);
        final Path plain = m_folder.resolve("plain");
        new DicomStudyWriter("seed").write(plain,
            List.of(new StudySubject("A", "p", TestVolumes.integers(GRID, 0, 9, 1), Optional.of(m_labels))), Progress.NONE);
        try (Stream<Path> files = Files.walk(plain.resolve("A"))) {
            for (final Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                m_files.put(plain.resolve("A").relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        Files.createDirectories(m_folder.resolve("study"));
    }

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private static byte[] zip(final Map<String, byte[]> files) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (final Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Study read(final Path root) throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(root, Progress.NONE, m_executor);
    }

    private Study put(final String name, final byte[] archive) throws IOException {
        final Path file = m_folder.resolve("study").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, archive);
        return read(m_folder.resolve("study"));
    }

    private void assertSameAsUnzipped(final Study study) throws IOException {
        final StudySeries right = read(m_folder.resolve("plain")).series().get(0);
        assertEquals(1, study.series().size(), study.problems().toString());
        final StudySeries series = study.series().get(0);
        assertEquals(right.geometry(), series.geometry());
        assertEquals(right.info(), series.info());
        assertArrayEquals(right.readVolume().voxels(), series.readVolume().voxels());
        assertArrayEquals(m_labels.voxels(), series.readSegmentation().orElseThrow().voxels());
    }

    /** The archive counts as the folder of the site, and folders in it as its folders. */
    @Test
    void anArchiveIsReadLikeAFolder() throws IOException {
        final Map<String, byte[]> files = new LinkedHashMap<>();
        m_files.forEach((name, bytes) -> files.put("export 1/deep/" + name, bytes));
        try (Study study = put("A.zip", zip(files))) {
            assertEquals(List.of(), study.problems());
            assertSameAsUnzipped(study);
        }
    }

    @Test
    void anArchiveMayBeTheStudyItself() throws IOException {
        final Map<String, byte[]> files = new LinkedHashMap<>();
        m_files.forEach((name, bytes) -> files.put("A/" + name, bytes));
        Files.write(m_folder.resolve("all.zip"), zip(files));
        try (Study study = read(m_folder.resolve("all.zip"))) {
            assertEquals(List.of(), study.problems());
            assertSameAsUnzipped(study);
        }
    }

    /** What macOS adds, a gzipped image, a note, and an archive in the archive, which is not opened. */
    @Test
    void whatIsInArchivesBesidesImages() throws IOException {
        final Map<String, byte[]> files = new LinkedHashMap<>();
        for (final Map.Entry<String, byte[]> file : m_files.entrySet()) {
            final boolean first = files.isEmpty();
            files.put("x/" + file.getKey() + (first ? ".gz" : ""), first ? gzip(file.getValue()) : file.getValue());
            files.put("__MACOSX/x/._" + file.getKey().replace('/', '_'), new byte[]{0, 5, 22, 7});
        }
        files.put("x/.DS_Store", new byte[]{1});
        files.put("readme.txt", "hello".getBytes(StandardCharsets.US_ASCII));
        files.put("inner.zip", zip(m_files));
        try (Study study = put("A.zip", zip(files))) {
            assertSameAsUnzipped(study);
            assertEquals(List.of(Kind.COMPRESSED_FILE, Kind.NOT_DICOM),
                study.problems().stream().map(Problem::kind).toList());
            assertEquals("A.zip/inner.zip", study.problems().get(0).file());
            assertTrue(study.problems().get(0).message().endsWith("is not read: it lies in another archive."),
                study.problems().toString());
        }
    }

    @Test
    void archivesWithoutFilesOrTheirEndingAreNamed() throws IOException {
        try (Study study = put("A/empty.zip", zip(Map.of()))) {
            assertEquals(List.of("A/empty.zip: It is a zip archive that holds no files."),
                study.problems().stream().map(p -> p.file() + ": " + p.message()).toList());
        }
        try (Study study = put("A/export", zip(m_files))) {
            assertEquals(Kind.COMPRESSED_FILE, study.problems().get(1).kind());
            assertTrue(study.problems().get(1).message().endsWith("is not read: only archives whose names end with .zip"
                + " are."), study.problems().toString());
        }
    }

    private static byte[] gzip(final byte[] bytes) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gz = new GZIPOutputStream(out)) {
            gz.write(bytes);
        }
        return out.toByteArray();
    }

    private Problem refused(final byte[] archive) throws IOException {
        try (Study study = put("A/bad.zip", archive)) {
            assertEquals(1, study.problems().size(), study.problems().toString());
            final Problem p = study.problems().get(0);
            assertEquals(Kind.COMPRESSED_FILE, p.kind());
            assertEquals(Effect.FILE_SKIPPED, p.effect());
            assertEquals("A/bad.zip", p.file());
            assertTrue(p.remedy().contains("Unzip it"), p.remedy());
            assertFalse(p.message().contains(m_folder.toString()), p.message());
            return p;
        }
    }

    /** PKWARE's APPNOTE 4.4.4: bit 0 of the general purpose flag says that an entry is encrypted. */
    @Test
    void anEncryptedArchiveIsNamed() throws IOException {
        final byte[] bytes = zip(m_files);
        for (int i = 0; i < bytes.length - 10; i++) {
            if (bytes[i] == 'P' && bytes[i + 1] == 'K' && (bytes[i + 2] == 3 || bytes[i + 2] == 1)) {
                bytes[i + (bytes[i + 2] == 3 ? 6 : 8)] |= 1;
            }
        }
        assertTrue(refused(bytes).message().contains("with a password"), refused(bytes).message());
    }

    @Test
    void namesThatLeadOutOfTheArchiveAreNotFollowed() throws IOException {
        final Map<String, byte[]> files = new LinkedHashMap<>(m_files);
        files.put("../../harmless.txt", "harmless".getBytes(StandardCharsets.US_ASCII));
        assertTrue(refused(zip(files)).message().contains("lead out of it"), refused(zip(files)).message());
        try (Stream<Path> all = Files.walk(m_folder)) {
            assertTrue(all.noneMatch(f -> f.toString().contains("harmless")));
        }
    }

    @Test
    void anArchiveThatIsCutOffIsNamed() throws IOException {
        final byte[] bytes = zip(m_files);
        assertTrue(refused(java.util.Arrays.copyOf(bytes, bytes.length / 2)).message().contains("broken or cut off"));
    }

    /** 257 MB of zeros, which the archive holds in a quarter of a megabyte. */
    @Test
    void anEntryThatIsTooLargeIsNotRead() throws IOException {
        final Path file = m_folder.resolve("study/A.zip");
        try (OutputStream raw = Files.newOutputStream(file); ZipOutputStream out = new ZipOutputStream(raw)) {
            out.putNextEntry(new ZipEntry("large.dcm"));
            final byte[] megabyte = new byte[1 << 20];
            for (int m = 0; m < 257; m++) {
                out.write(megabyte);
            }
            out.closeEntry();
        }
        try (Study study = read(m_folder.resolve("study"))) {
            assertEquals(List.of(Kind.COMPRESSED_FILE), study.problems().stream().map(Problem::kind).toList());
            assertTrue(study.problems().get(0).message().contains("larger than 256 MB"), study.problems().toString());
        }
    }

    /** Names as an old program writes them, in code page 437 (APPNOTE appendix D): 0x81 is u with diaeresis, and no UTF-8. */
    @Test
    void namesOfOldProgramsAreThoseOfTheirCodePage() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes, java.nio.charset.Charset.forName("IBM437"))) {
            for (final Map.Entry<String, byte[]> file : m_files.entrySet()) {
                out.putNextEntry(new ZipEntry("Z\u00fcrich/" + file.getKey()));
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        try (Study study = put("A.zip", bytes.toByteArray())) {
            assertSameAsUnzipped(study);
        }
        try (Study study = read(m_folder.resolve("study/A.zip"))) {
            assertEquals(List.of(), study.problems());
            assertEquals("Z\u00fcrich", study.series().get(0).info().site());
        }
    }

    @Test
    void aClosedStudyCannotBeRead() throws IOException {
        final Study study = put("A.zip", zip(m_files));
        study.close();
        assertThrows(Exception.class, () -> study.series().get(0).readVolume());
    }

    @Test
    void aDeidentifiedCopyHoldsWhatIsInArchives() throws IOException {
        Files.write(m_folder.resolve("study/A.zip"), zip(m_files));
        final DeidentifyReport report = new DeidentifyingCopy(DeidentifyOptions.basic("key")).copy(m_folder.resolve("study"),
            m_folder.resolve("copy"), Progress.NONE, m_executor);
        assertEquals(m_files.size(), report.copied(), report.problems().toString());
        assertEquals(1, read(m_folder.resolve("copy")).series().size());
    }
}
