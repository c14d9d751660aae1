package org.scanbridge.dicom.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.PublicFiles;
import org.scanbridge.dicom.TestEncoder;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SliceReader;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;

/** What leaves with a de-identified copy, and what does not (PS3.15 annex E). */
class DeidentifyingCopyTest {

    private static final DeidentifyOptions BASIC = DeidentifyOptions.basic("key");

    @TempDir
    private Path m_folder;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Path source() {
        return m_folder.resolve("source");
    }

    private Path target() {
        return m_folder.resolve("target");
    }

    private DeidentifyReport copy(final DeidentifyOptions options) throws IOException {
        return new DeidentifyingCopy(options).copy(source(), target(), Progress.NONE, m_executor);
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> tree = Files.walk(target())) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private DataSet onlyCopy(final DeidentifyOptions options) throws IOException {
        final DeidentifyReport report = copy(options);
        assertEquals(List.of(), report.problems());
        assertEquals(1, report.copied());
        try (DicomFile file = DicomFile.open(copies().get(0))) {
            return file.data();
        }
    }

    private static DataSetBuilder identified() {
        return TestSlices.axial(3, 1, 2, 3, 4, 5, 6).text(Tag.PATIENT_BIRTH_DATE, "19610214")
            .text(Tag.PATIENT_SEX, "F").text(0x00101010, "063Y").text(Tag.STUDY_DATE, "20240229")
            .text(Tag.STUDY_TIME, "101112").text(Tag.CONTENT_DATE, "20240301").text(Tag.ACCESSION_NUMBER, "Secret99")
            .text(Tag.REFERRING_PHYSICIAN_NAME, "Secret^Doctor").text(Tag.INSTITUTION_NAME, "Secret Hospital")
            .text(Tag.STATION_NAME, "SecretStation").text(Tag.SERIES_DESCRIPTION, "Secret brain")
            .text(0x00081070, "Secret^Operator").text(0x00104000, "Secret comment")
            .text(0x00181030, "Secret protocol").text(0x00189074, "20240229101112.5")
            .bytes(0x00091001, VR.LO, "Secret private".getBytes(StandardCharsets.US_ASCII))
            .bytes(0x60003000, VR.OW, new byte[]{1, 2}).bytes(0x00020016, VR.AE, "SECRETAE".getBytes(
                StandardCharsets.US_ASCII))
            .items(0x00400275, DataSet.builder().text(Tag.PATIENT_NAME, "Secret^Nested").build())
            .items(0x00081140, DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2")
                .text(Tag.REFERENCED_SOP_INSTANCE_UID, "1.2.3.99").text(Tag.PATIENT_NAME, "Secret^Deep").build());
    }

    @Test
    void nothingThatIdentifiesThePatientIsLeft() throws IOException {
        TestSlices.write(source().resolve("A/p/Secret.dcm"), identified().remove(0x00020016));
        final DataSet data = onlyCopy(BASIC);
        final String bytes = new String(Files.readAllBytes(copies().get(0)), StandardCharsets.ISO_8859_1);
        for (final String secret : new String[]{"Secret", "SECRET", "1961", "2024", "063Y", "101112", "1.2.3.4"}) {
            assertFalse(bytes.contains(secret), secret);
            // the path within the target: JUnit's folder around it may have any digits
            assertFalse(target().relativize(copies().get(0)).toString().contains(secret), secret);
        }
        assertEquals("YES", data.text(Tag.PATIENT_IDENTITY_REMOVED));
        assertEquals("REMOVED", data.text(Tag.LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED));
        final DataSet method = data.items(Tag.DEIDENTIFICATION_METHOD_CODE_SEQUENCE).get(0);
        assertEquals("113100 DCM", method.text(Tag.CODE_VALUE) + " " + method.text(Tag.CODING_SCHEME_DESIGNATOR));
        // Z leaves the attribute empty, X removes it, Z/D and X/D give a dummy (table E.1-1)
        assertTrue(data.element(Tag.STUDY_DATE).isPresent() && !data.hasValue(Tag.STUDY_DATE));
        assertTrue(data.element(Tag.ACCESSION_NUMBER).isPresent() && !data.hasValue(Tag.ACCESSION_NUMBER));
        assertTrue(data.element(0x00104000).isEmpty());
        assertTrue(data.element(0x00091001).isEmpty());
        assertTrue(data.element(0x60003000).isEmpty());
        assertEquals("19000101", data.text(Tag.CONTENT_DATE));
        assertTrue(data.text(Tag.PATIENT_ID).matches("S-[0-9A-F]{8}"));
    }

    @Test
    void whatIsNeededForImagesStays() throws IOException {
        TestSlices.write(source().resolve("A/p/1.dcm"), identified().remove(0x00020016));
        final DataSet data = onlyCopy(BASIC);
        assertEquals("CT", data.text(Tag.MODALITY));
        assertArrayEquals(new double[]{-10, 20, 3}, data.numbers(Tag.IMAGE_POSITION_PATIENT));
        final DataSet reference = data.items(0x00081140).get(0);
        assertEquals("1.2.840.10008.5.1.4.1.1.2", reference.text(Tag.REFERENCED_SOP_CLASS_UID));
        assertEquals(new Deidentifier(BASIC).uid("1.2.3.99"), reference.text(Tag.REFERENCED_SOP_INSTANCE_UID));
        assertNotEquals(new Deidentifier(DeidentifyOptions.basic("other")).uid("1.2.3.99"),
            reference.text(Tag.REFERENCED_SOP_INSTANCE_UID));
    }

    @Test
    void optionsKeepWhatTheySay() throws IOException {
        TestSlices.write(source().resolve("A/p/1.dcm"), identified().remove(0x00020016));
        final DataSet data = onlyCopy(new DeidentifyOptions("key", SiteRule.INSTITUTION, DateRule.SHIFT, false,
            Set.of(Retain.values())));
        assertEquals("F", data.text(Tag.PATIENT_SEX));
        assertEquals("063Y", data.text(0x00101010));
        assertEquals("SecretStation", data.text(Tag.STATION_NAME));
        assertEquals("Secret Hospital", data.text(Tag.INSTITUTION_NAME));
        assertEquals("1.2.3.4", data.text(Tag.SERIES_INSTANCE_UID));
        assertEquals("Secret Hospital", target().relativize(copies().get(0)).getName(0).toString());
        final List<String> codes = new ArrayList<>();
        for (final DataSet item : data.items(Tag.DEIDENTIFICATION_METHOD_CODE_SEQUENCE)) {
            codes.add(item.text(Tag.CODE_VALUE));
        }
        assertEquals(List.of("113100", "113107", "113108", "113109", "113112", "113110"), codes);
        // intervals stay: 29 February to 1 March is one day
        final var study = java.time.LocalDate.parse(data.text(Tag.STUDY_DATE),
            java.time.format.DateTimeFormatter.BASIC_ISO_DATE);
        final var content = java.time.LocalDate.parse(data.text(Tag.CONTENT_DATE),
            java.time.format.DateTimeFormatter.BASIC_ISO_DATE);
        assertEquals(study.plusDays(1), content);
        assertTrue(study.isBefore(java.time.LocalDate.of(2024, 2, 29)));
        assertEquals("101112", data.text(Tag.STUDY_TIME));
        assertTrue(data.text(0x00189074).endsWith("101112.5"), data.text(0x00189074));
        assertEquals("MODIFIED", data.text(Tag.LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED));
    }

    @Test
    void imagesAndSegmentationsStillBelongTogether() throws IOException {
        final var g = TestVolumes.oblique(6, 5, 4);
        final var volume = TestVolumes.integers(g, -1000, 2000, 3);
        final var labels = TestVolumes.labels(g, LabelSet.of("a", "b"), 4, 1, 2);
        new DicomStudyWriter("seed").write(source(),
            List.of(new StudySubject("North", "Doe", volume, Optional.of(labels))), Progress.NONE);
        final DeidentifyReport report = copy(BASIC);
        assertEquals(List.of(), report.problems());
        final Study study =
            new DicomStudyReader(DicomStudyOptions.defaults()).read(target(), Progress.NONE, m_executor);
        assertEquals(List.of(), study.problems());
        assertEquals("North", study.series().get(0).info().site());
        assertArrayEquals(volume.voxels(), study.series().get(0).readVolume().voxels());
        assertArrayEquals(labels.voxels(), study.series().get(0).readSegmentation().orElseThrow().voxels());
        assertTrue(copies().stream().noneMatch(p -> target().relativize(p).toString().contains("Doe")));
    }

    /** Neither its numbered folders nor those that bear the name of the patient become sites of the copy. */
    @Test
    void foldersOfAMediumAndOfPatientsAreNoSites() throws IOException {
        TestSlices.write(source().resolve("Secret Name/1"), identified());
        copy(BASIC);
        assertEquals(List.of(3), copies().stream().map(f -> target().relativize(f).getNameCount()).toList());
        assertFalse(copies().toString().contains("Name"), copies().toString());
        Files.move(source().resolve("Secret Name"), source().resolve("IMAGES"));
        TestSlices.write(source().resolve("DICOMDIR"), DataSet.builder()
            .text(Tag.SOP_CLASS_UID, Uid.MEDIA_STORAGE_DIRECTORY).text(Tag.SOP_INSTANCE_UID, "1.2").items(
                Tag.DIRECTORY_RECORD_SEQUENCE, DataSet.builder().text(Tag.REFERENCED_FILE_ID, "IMAGES", "1").build()));
        for (final String root : List.of("", "DICOMDIR")) {
            final Path target = m_folder.resolve("medium" + root);
            new DeidentifyingCopy(BASIC).copy(source().resolve(root), target, Progress.NONE, m_executor);
            try (Stream<Path> files = Files.walk(target)) {
                assertEquals(List.of(3), files.filter(Files::isRegularFile).map(f -> target.relativize(f).getNameCount())
                    .toList());
            }
        }
    }

    @Test
    void imagesWithNamesInTheirPixelsAreLeftOut() throws IOException {
        TestSlices.write(source().resolve("A/p/1.dcm"),
            TestSlices.axial(0, 1, 2, 3, 4, 5, 6).text(Tag.BURNED_IN_ANNOTATION, "YES"));
        TestSlices.write(source().resolve("A/p/2.dcm"),
            TestSlices.axial(1, 1, 2, 3, 4, 5, 6).text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7"));
        TestSlices.write(source().resolve("A/p/3.dcm"),
            TestSlices.axial(2, 1, 2, 3, 4, 5, 6).bytes(0x60000010, VR.US, new byte[]{2, 0}));
        TestSlices.write(source().resolve("A/p/4.dcm"), TestSlices.axial(3, 1, 2, 3, 4, 5, 6)
            .text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.7").text(Tag.BURNED_IN_ANNOTATION, "NO"));
        final DeidentifyReport report = copy(BASIC);
        assertEquals(List.of("A/p/1.dcm", "A/p/2.dcm", "A/p/3.dcm"),
            report.problems().stream().map(Problem::file).toList());
        assertTrue(report.problems().stream().allMatch(p -> p.kind() == Kind.BURNED_IN_ANNOTATION));
        assertEquals(1, report.copied());
        Files.walk(target()).sorted(java.util.Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        assertEquals(4, copy(new DeidentifyOptions("key", SiteRule.FOLDER, DateRule.REMOVE, true, Set.of())).copied());
    }

    @Test
    void reportsAndDocumentsAreLeftOut() throws IOException {
        TestSlices.write(source().resolve("A/p/1.dcm"), DataSet.builder().text(Tag.SOP_CLASS_UID,
            "1.2.840.10008.5.1.4.1.1.88.11").text(Tag.SOP_INSTANCE_UID, "1.2.3").text(Tag.MODALITY, "SR"));
        final DeidentifyReport report = copy(BASIC);
        assertEquals(0, report.copied());
        assertEquals(Kind.UNSUPPORTED_OBJECT, report.problems().get(0).kind());
    }

    @Test
    void theTargetMustBeEmptyAndElsewhere() throws IOException {
        TestSlices.write(source().resolve("A/p/1.dcm"), TestSlices.axial(0, 1, 2, 3, 4, 5, 6));
        copy(BASIC);
        assertThrows(FileAlreadyExistsException.class, () -> copy(BASIC));
        assertThrows(IllegalArgumentException.class,
            () -> new DeidentifyingCopy(BASIC).copy(source(), source().resolve("in"), Progress.NONE, m_executor));
    }

    @Test
    void valuesInOtherEncodingsAreCleanedToo() throws IOException {
        // an unknown VR hides a sequence: implicit, tag of the standard, nested name
        final DataSet nested = DataSet.builder().text(Tag.PATIENT_NAME, "Secret^Nested").build();
        final DataSet data = TestSlices.axial(0, 1, 2, 3, 4, 5, 6).text(Tag.INSTITUTION_NAME, "Secret")
            .bytes(0x00081140, VR.UN, item(nested)).build();
        for (final TransferSyntax syntax : List.of(TransferSyntax.IMPLICIT_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_BIG_ENDIAN, TransferSyntax.DEFLATED)) {
            final Path file = source().resolve("A/p/" + syntax.uid());
            Files.createDirectories(file.getParent());
            Files.write(file, TestEncoder.file(
                data.toBuilder().text(Tag.SOP_INSTANCE_UID, "1.2." + syntax.uid().length()).build(), syntax));
        }
        final DeidentifyReport report = copy(BASIC);
        assertEquals(List.of(), report.problems());
        assertEquals(3, report.copied());
        for (final Path copy : copies()) {
            assertFalse(new String(Files.readAllBytes(copy), StandardCharsets.ISO_8859_1).contains("Secret"));
            assertArrayEquals(new float[]{1, 2, 3, 4, 5, 6}, pixels(copy));
        }
    }

    private static byte[] item(final DataSet data) {
        final var out = new java.io.ByteArrayOutputStream();
        final byte[] name = data.element(Tag.PATIENT_NAME).orElseThrow().bytes();
        out.writeBytes(new byte[]{(byte)0xfe, (byte)0xff, 0, (byte)0xe0, (byte)(8 + name.length), 0, 0, 0});
        out.writeBytes(new byte[]{0x10, 0, 0x10, 0, (byte)name.length, 0, 0, 0});
        out.writeBytes(name);
        return out.toByteArray();
    }

    private static float[] pixels(final Path path) throws IOException {
        final DicomDecoders decoders = DicomDecoders.standard();
        try (DicomFile file = DicomFile.open(path)) {
            final var slices = new SliceReader(decoders, ImageRules.defaults()).read(file, FilePart.whole(path), "file");
            final int n = slices.get(0).format().framePixels();
            final float[] values = new float[n * slices.size()];
            for (int f = 0; f < slices.size(); f++) {
                new PixelReader(decoders).read(file, slices.get(f).format(), slices.get(f).mapping(), f, values, f * n);
            }
            return values;
        }
    }

    /** Every public file that can be read can be copied, is as bright as before, and holds no name of the original. */
    @Test
    void publicFilesKeepTheirPixels() throws IOException {
        final Path root = PublicFiles.pydicom().resolve("test_files");
        int compared = 0;
        try (Stream<Path> tree = Files.walk(root)) {
            for (final Path original : tree.filter(p -> p.toString().endsWith(".dcm")).sorted().toList()) {
                final Path from = Files.createDirectories(m_folder.resolve("one" + compared).resolve("A"));
                final Path to = m_folder.resolve("to" + compared);
                Files.copy(original, from.resolve("file.dcm"));
                final DeidentifyReport report =
                    new DeidentifyingCopy(new DeidentifyOptions("key", SiteRule.FOLDER, DateRule.REMOVE, true, Set.of()))
                        .copy(from.getParent(), to, Progress.NONE, m_executor);
                if (report.copied() == 1) {
                    compared += compare(original, to) ? 1 : 0;
                }
                for (final Path p : List.of(from.getParent(), to)) {
                    try (Stream<Path> rest = Files.walk(p)) {
                        rest.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
                    }
                }
            }
        }
        assertTrue(compared >= 57, compared + " files compared");
    }

    private static boolean compare(final Path original, final Path to) throws IOException {
        final Path copy;
        try (Stream<Path> tree = Files.walk(to)) {
            copy = tree.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        try (DicomFile a = DicomFile.open(original); DicomFile b = DicomFile.open(copy)) {
            final String name = a.data().text(Tag.PATIENT_NAME);
            assertFalse(name.length() > 4 && new String(Files.readAllBytes(copy), StandardCharsets.ISO_8859_1)
                .contains(name), original.toString());
            for (final DataElement e : b.data().elements()) {
                assertFalse(Tag.isPrivate(e.tag()), original + " " + e);
            }
        }
        final float[] expected;
        try {
            expected = pixels(original);
        } catch (final DicomException e) {
            return false;
        }
        assertArrayEquals(expected, pixels(copy), original.toString());
        return true;
    }
}
