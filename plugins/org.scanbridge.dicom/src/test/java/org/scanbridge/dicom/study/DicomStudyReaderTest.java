package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.PublicFiles;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/** The DICOM checks of methods.md H12, on hand-made files. */
class DicomStudyReaderTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read(final DicomStudyOptions options) throws IOException {
        return new DicomStudyReader(options).read(m_root, Progress.NONE, m_executor);
    }

    private Study read() throws IOException {
        return read(DicomStudyOptions.defaults());
    }

    private Volume onlyVolume() throws IOException {
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(1, study.series().size());
        return study.series().get(0).readVolume();
    }

    private Problem onlyProblem(final DicomStudyOptions options) throws IOException {
        final List<Problem> problems = read(options).problems();
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0);
    }

    private void write(final String path, final DataSetBuilder slice) throws IOException {
        TestSlices.write(m_root.resolve(path), slice);
    }

    private static DataSetBuilder flat(final double z) {
        return TestSlices.axial(z, 1, 2, 3, 4, 5, (int)z);
    }

    @Test
    void signedValuesWithRescale() throws IOException {
        write("A/p/1", TestSlices.axial(0, -32768, -1, 0, 1, 1000, 32767).numbers(Tag.PIXEL_REPRESENTATION, 1)
            .numbers(Tag.RESCALE_SLOPE, 0.5).numbers(Tag.RESCALE_INTERCEPT, -1024));
        assertArrayEquals(new float[]{-17408, -1024.5f, -1024, -1023.5f, -524, 15359.5f}, onlyVolume().voxels());
    }

    @Test
    void unsignedValues() throws IOException {
        write("A/p/1", TestSlices.axial(0, 0, 1, 32767, 32768, 65534, 65535));
        assertArrayEquals(new float[]{0, 1, 32767, 32768, 65534, 65535}, onlyVolume().voxels());
    }

    @Test
    void bitsBeyondStoredOnesAreMaskedOff() throws IOException {
        // 12 bits in bits 1..12; bit 0 and bits 13..15 hold overlays
        write("A/p/1", TestSlices.axial(0, 0x1ffe, 0xffff, 0x0002, 0x1000, 0xe001, 0xf000).numbers(Tag.BITS_STORED, 12)
            .numbers(Tag.HIGH_BIT, 12));
        assertArrayEquals(new float[]{4095, 4095, 1, 2048, 0, 2048}, onlyVolume().voxels());
    }

    @Test
    void signBitIsTheHighBit() throws IOException {
        write("A/p/1", TestSlices.axial(0, 0x0fff, 0x0800, 0x07ff, 0x0001, 0xf800, 0).numbers(Tag.BITS_STORED, 12)
            .numbers(Tag.HIGH_BIT, 11).numbers(Tag.PIXEL_REPRESENTATION, 1));
        assertArrayEquals(new float[]{-1, -2048, 2047, 1, -2048, 0}, onlyVolume().voxels());
    }

    @Test
    void eightBits() throws IOException {
        write("A/p/1", TestSlices.axial(0, 0).numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8)
            .numbers(Tag.HIGH_BIT, 7).bytes(Tag.PIXEL_DATA, VR.OB, new byte[]{0, 1, 127, -128, -2, -1}));
        assertArrayEquals(new float[]{0, 1, 127, 128, 254, 255}, onlyVolume().voxels());
    }

    @Test
    void monochrome1IsInvertedBeforeRescale() throws IOException {
        write("A/p/1", TestSlices.axial(0, 0, 1, 4095, 2000, 5, 6).numbers(Tag.BITS_STORED, 12).numbers(Tag.HIGH_BIT, 11)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1").numbers(Tag.RESCALE_SLOPE, 2)
            .numbers(Tag.RESCALE_INTERCEPT, 10));
        assertArrayEquals(new float[]{8200, 8198, 10, 4200, 8190, 8188}, onlyVolume().voxels());
    }

    @Test
    void slicesAreOrderedByPositionNotByNameOrNumber() throws IOException {
        final double[] heights = {6, 0, 9, 3};
        for (int i = 0; i < heights.length; i++) {
            write("A/p/" + i, flat(heights[i]).numbers(Tag.INSTANCE_NUMBER, 100 - i));
        }
        final Volume v = onlyVolume();
        assertEquals(List.of(0f, 3f, 6f, 9f), List.of(v.get(2, 1, 0), v.get(2, 1, 1), v.get(2, 1, 2), v.get(2, 1, 3)));
        assertEquals(new Geometry(new int[]{3, 2, 4}, new double[]{2, 0.5, 3}, new double[]{-10, 20, 0},
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}), v.geometry());
    }

    @Test
    void spacingComesFromPositionsNotFromThickness() throws IOException {
        for (int k = 0; k < 3; k++) {
            write("A/p/" + k, flat(6 * k).numbers(Tag.SLICE_THICKNESS, 5).numbers(Tag.SPACING_BETWEEN_SLICES, 1));
        }
        assertEquals(6, onlyVolume().geometry().spacing(2));
    }

    private void writeWithoutSlice17() throws IOException {
        for (int k = 0; k < 60; k++) {
            if (k != 16) {
                write("A/p/" + k, flat(3 * k));
            }
        }
    }

    @Test
    void missingSliceIsNamed() throws IOException {
        writeWithoutSlice17();
        final Problem p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals("slice 17 of 60 is missing (gap of 6.0 mm where spacing is 3.0 mm)", p.message());
        assertEquals("Add the missing file, or choose \"Fill gaps\" for \"Missing slices\".", p.remedy());
        assertEquals("A/p/15", p.file());
        assertEquals(Kind.MISSING_SLICE, p.kind());
        assertEquals(Effect.SERIES_SKIPPED, p.effect());
        assertEquals(List.of(), read().series());
    }

    @Test
    void gapIsFilledWhenAskedFor() throws IOException {
        writeWithoutSlice17();
        final Study study = read(DicomStudyOptions.defaults().withGapRule(GapRule.FILL));
        assertEquals(Effect.KEPT, study.problems().get(0).effect());
        final Volume v = study.series().get(0).readVolume();
        assertEquals(60, v.geometry().size(2));
        assertEquals(3, v.geometry().spacing(2), 1e-12);
        assertEquals(48, v.get(2, 1, 16)); // between 45 and 51
        assertEquals(51, v.get(2, 1, 17));
    }

    @Test
    void gapIsAcceptedWhenAskedFor() throws IOException {
        writeWithoutSlice17();
        final Study study = read(DicomStudyOptions.defaults().withGapRule(GapRule.ACCEPT));
        final Volume v = study.series().get(0).readVolume();
        assertEquals(59, v.geometry().size(2));
        assertEquals(177.0 / 58, v.geometry().spacing(2), 1e-12);
    }

    @Test
    void irregularSpacingIsRefused() throws IOException {
        for (final double z : new double[]{0, 3, 6, 10.2, 13}) {
            write("A/p/" + z, flat(z));
        }
        assertEquals(Kind.IRREGULAR_SPACING, onlyProblem(DicomStudyOptions.defaults()).kind());
    }

    @Test
    void copiesAreDroppedOtherFilesAtTheSamePlaceRefuseTheSeries() throws IOException {
        write("A/p/1", flat(0));
        write("A/p/2", flat(3));
        write("A/p/copy", flat(3));
        final Study study = read();
        assertEquals(2, study.series().get(0).geometry().size(2));
        assertEquals(Kind.DUPLICATE_SLICE, study.problems().get(0).kind());
        assertEquals("A/p/copy", study.problems().get(0).file());
        write("A/p/other", TestSlices.axial(3, 9, 9, 9, 9, 9, 9).text(Tag.SOP_INSTANCE_UID, "9.9"));
        assertEquals(List.of(), read().series());
    }

    /** The names are those of PS3.6 table A-1. */
    @Test
    void objectsWithoutPixelsAreNamedInOneRowForEachSeries() throws IOException {
        for (int f = 0; f < 3; f++) {
            write("A/p/" + f, flat(f).remove(Tag.PIXEL_DATA));
            write("A/p/plan" + f, flat(f).remove(Tag.PIXEL_DATA).text(Tag.SERIES_INSTANCE_UID, "1.2.3.9")
                .text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.481.5"));
        }
        final List<Problem> problems = read().problems();
        assertEquals(List.of(Kind.UNREADABLE_FILE, Kind.UNSUPPORTED_OBJECT), problems.stream().map(Problem::kind).toList());
        assertEquals("3 files: The image has no pixels (CT image, SOP class 1.2.840.10008.5.1.4.1.1.2).",
            problems.get(0).message());
        assertEquals("3 files: The object holds no image (RT plan, SOP class 1.2.840.10008.5.1.4.1.1.481.5).",
            problems.get(1).message());
    }

    @Test
    void mixedSizesAndSpacingsAreRefused() throws IOException {
        write("A/p/1", flat(0));
        write("A/p/2", flat(3).numbers(Tag.ROWS, 3).numbers(Tag.COLUMNS, 2));
        assertTrue(onlyProblem(DicomStudyOptions.defaults()).message().contains("2×3 (1 slices), 3×2 (1 slices)"));
        write("A/p/2", flat(3).numbers(Tag.PIXEL_SPACING, 0.5, 2.1));
        assertEquals(Kind.MIXED_GEOMETRY, onlyProblem(DicomStudyOptions.defaults()).kind());
    }

    @Test
    void gantryTiltIsNamedWithItsAngle() throws IOException {
        for (int k = 0; k < 4; k++) {
            write("A/p/" + k, flat(10 * k).numbers(Tag.IMAGE_POSITION_PATIENT, 0, 10 * k * Math.tan(Math.toRadians(15)),
                10 * k));
        }
        final Problem p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals(Kind.GANTRY_TILT, p.kind());
        assertTrue(p.message().contains("15.0°"), p.message());
    }

    @Test
    void positionsAgreeWithHeadersInAnyOrientation() throws IOException {
        final double c = Math.cos(0.3);
        final double s = Math.sin(0.3);
        final double[][] orientations = {{1, 0, 0, 0, 1, 0}, {0, 1, 0, 0, 0, -1}, {1, 0, 0, 0, 0, -1},
            {c, s, 0, -s * 0.8, c * 0.8, 0.6}, {-1, 0, 0, 0, -1, 0}};
        for (int o = 0; o < orientations.length; o++) {
            final double[] a = orientations[o];
            final double[] n = {a[1] * a[5] - a[2] * a[4], a[2] * a[3] - a[0] * a[5], a[0] * a[4] - a[1] * a[3]};
            for (int k = 0; k < 5; k++) {
                final int at = k * 2 % 5; // any file order
                write("A/o" + o + "/" + k,
                    flat(k).text(Tag.SERIES_INSTANCE_UID, "1.2." + o).text(Tag.SOP_INSTANCE_UID, "1.3." + o + "." + k)
                        .numbers(Tag.IMAGE_ORIENTATION_PATIENT, a).numbers(Tag.IMAGE_POSITION_PATIENT,
                            7.125 + 4.4 * at * n[0], -3 + 4.4 * at * n[1], 100 + 4.4 * at * n[2])
                        .bytes(Tag.PIXEL_DATA, VR.OW, new byte[]{(byte)at, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
            }
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(orientations.length, study.series().size());
        for (final StudySeries series : study.series()) {
            final Volume v = series.readVolume();
            final double[] d = v.geometry().direction();
            final double[] a = Arrays.copyOf(d, 6);
            final double[] n = {a[1] * a[5] - a[2] * a[4], a[2] * a[3] - a[0] * a[5], a[0] * a[4] - a[1] * a[3]};
            for (int k = 0; k < 5; k++) {
                assertEquals(k, v.get(0, 0, k));
                final double[] expected = new double[3];
                for (int x = 0; x < 3; x++) {
                    // PS3.3 equation C.7.6.2.1-1 for column 2 (2 mm), row 1 (0.5 mm)
                    expected[x] =
                        new double[]{7.125, -3, 100}[x] + 4.4 * k * n[x] + a[x] * 2 * 2 + a[3 + x] * 0.5 * 1;
                }
                assertArrayEquals(expected, v.geometry().position(2, 1, k), 1e-3);
            }
        }
    }

    @Test
    void echoesOfOneSeriesBecomeTwoVolumes() throws IOException {
        for (int k = 0; k < 3; k++) {
            for (final int te : new int[]{10, 80}) {
                write("A/p/" + k + "-" + te,
                    flat(3 * k).text(Tag.SOP_INSTANCE_UID, "1." + k + "." + te).numbers(Tag.ECHO_TIME, te));
            }
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(2, study.series().size());
        assertFalse(study.series().get(0).info().series().equals(study.series().get(1).info().series()));
    }

    @Test
    void localizerBecomesOneVolumePerOrientation() throws IOException {
        for (int k = 0; k < 2; k++) {
            write("A/p/axial" + k, flat(k));
            write("A/p/sagittal" + k, flat(k).text(Tag.SOP_INSTANCE_UID, "7." + k)
                .numbers(Tag.IMAGE_ORIENTATION_PATIENT, 0, 1, 0, 0, 0, -1).numbers(Tag.IMAGE_POSITION_PATIENT, 4 * k, 0, 0));
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of(1.0, 4.0), study.series().stream().map(s -> s.geometry().spacing(2)).sorted().toList());
    }

    @Test
    void mosaicsAreRefused() throws IOException {
        write("A/p/1", flat(0).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"));
        final Problem p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals(Kind.UNREADABLE_FILE, p.kind());
        assertTrue(p.message().contains("mosaic"), p.message());
    }

    @Test
    void colorIsReadAsLuminanceAndSaidSo() throws IOException {
        write("A/p/1", flat(0).numbers(Tag.SAMPLES_PER_PIXEL, 3).text(Tag.PHOTOMETRIC_INTERPRETATION, "RGB")
            .numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7)
            .bytes(Tag.PIXEL_DATA, VR.OB, new byte[18]));
        assertEquals(Kind.COLOR_IMAGE, onlyProblem(DicomStudyOptions.defaults()).kind());
        assertEquals(1, read().series().size());
    }

    /** Packs a folder as desktops do: with itself. */
    private static Path zip(final Path folder, final Path archive, final boolean withItself) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                final Path name = (withItself ? folder.getParent() : folder).relativize(file);
                out.putNextEntry(new ZipEntry(name.toString().replace('\\', '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return archive;
    }

    private List<String> sites(final Path root) throws IOException {
        try (Study study = new DicomStudyReader(DicomStudyOptions.defaults()).read(root, Progress.NONE, m_executor)) {
            return study.series().stream().map(s -> s.info().site()).toList();
        }
    }

    private static DataSetBuilder of(final String patient, final String series, final double z) {
        return flat(z).text(Tag.PATIENT_ID, patient).text(Tag.SERIES_INSTANCE_UID, series);
    }

    @Test
    void theSameMediumHasTheSameSitesHoweverItIsPacked() throws IOException {
        write("CD/IMAGES/ONE", flat(0));
        write("CD/IMAGES/TWO", flat(2));
        write("CD/DICOMDIR", DataSet.builder().text(Tag.SOP_CLASS_UID, Uid.MEDIA_STORAGE_DIRECTORY)
            .text(Tag.SOP_INSTANCE_UID, "1.2").items(Tag.DIRECTORY_RECORD_SEQUENCE,
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "IMAGES", "ONE").build(),
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "IMAGES", "TWO").build()));
        final Path medium = m_root.resolve("CD");
        for (final Path root : List.of(medium, medium.resolve("DICOMDIR"), zip(medium, m_root.resolve("CD.zip"), true),
            zip(medium, m_root.resolve("CD (1).zip"), true), zip(medium, m_root.resolve("export.zip"), false))) {
            assertEquals(List.of(""), sites(root), root.toString());
        }
        // in the folder of a site, it is of that site
        Files.delete(m_root.resolve("CD (1).zip"));
        Files.delete(m_root.resolve("export.zip"));
        Files.delete(m_root.resolve("CD.zip"));
        assertEquals(List.of("CD"), sites(m_root));
    }

    @Test
    void anArchiveOfTheStudyHasItsSites() throws IOException {
        write("study/A/1", of("p", "1.1", 0));
        write("study/B/1", of("q", "1.2", 0));
        final Path study = m_root.resolve("study");
        for (final Path root : List.of(study, zip(study, m_root.resolve("study.zip"), true),
            zip(study, m_root.resolve("Study-2.zip"), true), zip(study, m_root.resolve("other.zip"), false))) {
            assertEquals(List.of("A", "B"), sites(root), root.toString());
        }
        // a folder that is not the packed one may be a site
        Files.move(m_root.resolve("study.zip"), m_root.resolve("all.zip"));
        assertEquals(List.of("study", "study"), sites(m_root.resolve("all.zip")));
    }

    /** As The Cancer Imaging Archive and exports of archives have them. */
    @Test
    void aFolderOfAPatientIsNoSite() throws IOException {
        write("TCGA-02-0003/1", of("TCGA-02-0003", "1.1", 0));
        write("Doe_Jane/1", of("7", "1.2", 0).text(Tag.PATIENT_NAME, "Doe^Jane^^"));
        write("JANE ROE 0815/1", of("0815", "1.3", 0).text(Tag.PATIENT_NAME, "Jane^Roe"));
        write("Basel/1", of("8", "1.4", 0));
        write("07/1", of("07", "1.7", 0));
        // too short to tell anything
        write("Q/1", of("q", "1.8", 0));
        // the folder of a patient that holds images of another one is none of his
        write("99/1", of("99", "1.5", 0));
        write("99/2", of("10", "1.6", 0));
        assertEquals(List.of("", "", "", "", "99", "99", "Basel", "Q"), sites(m_root));
        final Problem problem = read().problems().stream().filter(p -> p.kind() == Kind.NO_SITE).findFirst().orElseThrow();
        assertTrue(problem.message().startsWith("4 folders are called like the patient"), problem.message());
        assertEquals(Effect.KEPT, problem.effect());
        assertFalse(read().problems().toString().contains("Jane"));
    }

    @Test
    void dicomdirNamesTheFilesToRead() throws IOException {
        write("MR/ONE", flat(0));
        write("MR/TWO", flat(2));
        write("MR/NOTLISTED", flat(4));
        final DataSetBuilder directory = DataSet.builder().text(Tag.SOP_CLASS_UID, Uid.MEDIA_STORAGE_DIRECTORY)
            .text(Tag.SOP_INSTANCE_UID, "1.2").items(Tag.DIRECTORY_RECORD_SEQUENCE,
                DataSet.builder().text(Tag.DIRECTORY_RECORD_TYPE, "PATIENT").build(),
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "MR", "ONE").build(),
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "MR", "TWO").build(),
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "MR", "GONE").build(),
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "..", "OUTSIDE").build());
        write("DICOMDIR", directory);
        final Study study = new DicomStudyReader(DicomStudyOptions.defaults()).read(m_root.resolve("DICOMDIR"),
            Progress.NONE, m_executor);
        assertEquals(List.of("../OUTSIDE", "MR/GONE"), study.problems().stream().map(Problem::file).toList());
        assertEquals(2, study.series().get(0).fileCount());
        assertEquals("", study.series().get(0).info().site(), "the folders of a medium are no sites");
    }

    @Test
    void filesThatAreNoImagesBecomeProblems() throws IOException {
        write("A/p/1", flat(0));
        Files.writeString(m_root.resolve("A/notes.txt"), "These are notes, not an image, and they are longer than"
            + " the preamble of a DICOM file, so that nothing is taken for a header that is not there at all.");
        Files.write(m_root.resolve("A/empty"), new byte[0]);
        final byte[] file = DicomOutput.file(flat(3).build());
        Files.write(m_root.resolve("A/p/cut"), Arrays.copyOf(file, file.length - 3));
        write("A/p/report", flat(3).text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.88.11").remove(Tag.PIXEL_DATA));
        final Study study = read();
        assertEquals(List.of(Kind.NOT_DICOM, Kind.NOT_DICOM, Kind.UNREADABLE_FILE, Kind.UNSUPPORTED_OBJECT),
            study.problems().stream().map(Problem::kind).toList());
        assertEquals(List.of("A/empty", "A/notes.txt", "A/p/cut", "A/p/report"),
            study.problems().stream().map(Problem::file).toList());
        assertEquals(1, study.series().size());
        assertFalse(study.problems().toString().contains("Secret"));
    }

    @Test
    void slicesWithoutPositionAreRefused() throws IOException {
        write("A/p/1", flat(0).remove(Tag.IMAGE_POSITION_PATIENT));
        write("A/p/2", flat(1).remove(Tag.IMAGE_POSITION_PATIENT));
        assertEquals(Kind.MISSING_GEOMETRY, onlyProblem(DicomStudyOptions.defaults()).kind());
    }

    @Test
    void radiographIsAVolumeOfDepthOneWithImagerSpacing() throws IOException {
        write("A/p/1",
            flat(0).remove(Tag.IMAGE_POSITION_PATIENT, Tag.IMAGE_ORIENTATION_PATIENT, Tag.PIXEL_SPACING)
                .text(Tag.MODALITY, "DX").numbers(Tag.IMAGER_PIXEL_SPACING, 0.2, 0.1)
                .numbers(Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, 2));
        assertEquals(Geometry.axial(new int[]{3, 2, 1}, 0.05, 0.1, 1), onlyVolume().geometry());
    }

    /** A view of a series of radiographs, told by its Instance Number. */
    private static DataSetBuilder view(final int number, final int lastPixel) {
        return TestSlices.axial(0, 1, 2, 3, 4, 5, lastPixel).numbers(Tag.INSTANCE_NUMBER, number)
            .text(Tag.SOP_INSTANCE_UID, "1.2.3." + number).text(Tag.MODALITY, "DX")
            .remove(Tag.IMAGE_POSITION_PATIENT, Tag.IMAGE_ORIENTATION_PATIENT);
    }

    @Test
    void radiographsThatAreThereTwiceCountOnce() throws IOException {
        write("A/p/1", view(1, 6));
        write("A/p/2", view(2, 7));
        final List<String> ids = series(read());
        assertEquals(2, ids.size());
        write("A/p/copy", view(1, 6));
        Problem p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals(List.of(Kind.DUPLICATE_SLICE, Effect.FILE_SKIPPED, "A/p/copy"), List.of(p.kind(), p.effect(), p.file()));
        assertEquals(ids, series(read()));
        write("A/p/copy", view(1, 6).text(Tag.SOP_INSTANCE_UID, "1.2.3.9"));
        p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals(List.of(Kind.DUPLICATE_SLICE, Effect.FILE_SKIPPED, "A/p/copy"), List.of(p.kind(), p.effect(), p.file()));
        assertEquals(ids, series(read()));
        // an exposure of its own, though it has the number and nearly the picture of another one
        write("A/p/copy", view(1, 8).text(Tag.SOP_INSTANCE_UID, "1.2.3.9"));
        assertEquals(List.of(), read().problems());
        assertEquals(3, series(read()).size());
    }

    @Test
    void aCopyLeavesASingleRadiographItsId() throws IOException {
        write("A/p/1", view(1, 6));
        final List<String> id = series(read());
        write("A/p/copy", view(1, 6));
        assertEquals(id, series(read()));
        // nor do copies make a series of slices without position of one such slice
        write("A/p/1", view(1, 6).text(Tag.MODALITY, "CT"));
        write("A/p/copy", view(1, 6).text(Tag.MODALITY, "CT"));
        assertEquals(id, series(read()));
    }

    @Test
    void differentRadiographsOfOneUidAreLeftOut() throws IOException {
        write("A/p/1", view(1, 6));
        write("A/p/2", view(2, 7));
        write("A/p/3", view(1, 8));
        final Problem p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals(List.of(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, "A/p/1"), List.of(p.kind(), p.effect(), p.file()));
        final Study study = read();
        assertEquals(1, study.series().size());
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 7}, study.series().get(0).readVolume().voxels());
    }

    /** The second file has the UID of the first and a code stream that is not read; the first one alone is an image. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "z"})
    void aBrokenCopyCostsNoRadiograph(final String broken) throws IOException {
        final Path files = PublicFiles.pydicom().resolve("test_files");
        Files.createDirectories(m_root.resolve("A"));
        Files.copy(files.resolve("JPEG2000.dcm"), m_root.resolve("A/good"));
        Files.copy(files.resolve("JPEG2000-embedded-sequence-delimiter.dcm"), m_root.resolve("A/" + broken));
        final Study study = read();
        assertEquals(1, study.series().size());
        assertEquals(256 * 1024, study.series().get(0).readVolume().voxels().length);
        final Problem p = onlyProblem(DicomStudyOptions.defaults());
        assertEquals(List.of(Kind.DUPLICATE_SLICE, Effect.FILE_SKIPPED, "A/" + broken), List.of(p.kind(), p.effect(), p.file()));
    }

    private static List<String> series(final Study study) {
        return study.series().stream().map(s -> s.info().series()).sorted().toList();
    }

    @Test
    void sitesByAttribute() throws IOException {
        write("A/p/1", flat(0).text(Tag.MANUFACTURER, "ACME").numbers(Tag.MAGNETIC_FIELD_STRENGTH, 15000)
            .text(Tag.INSTITUTION_NAME, "Klinik Süd").text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192"));
        final DicomStudyOptions o = DicomStudyOptions.defaults();
        assertEquals("A", read(o).series().get(0).info().site());
        assertEquals("ACME", read(o.withSiteRule(SiteRule.MANUFACTURER)).series().get(0).info().site());
        assertEquals("1.5 T", read(o.withSiteRule(SiteRule.FIELD_STRENGTH)).series().get(0).info().site());
        assertEquals("Klinik Süd", read(o.withSiteRule(SiteRule.INSTITUTION)).series().get(0).info().site());
        assertEquals("", read(o.withSiteRule(SiteRule.STATION)).series().get(0).info().site());
    }

    @Test
    void filtersLeaveSeriesOutAndSaySo() throws IOException {
        write("A/p/1", flat(0));
        write("A/p/2", flat(1));
        final DicomStudyOptions o = DicomStudyOptions.defaults();
        assertEquals(Kind.FILTERED, onlyProblem(o.withMinimumSlices(3)).kind());
        assertEquals(Kind.FILTERED, onlyProblem(o.withModalities(Set.of("MR"))).kind());
        assertEquals(List.of(), read(o.withModalities(Set.of("MR", "CT"))).problems());
    }

    @Test
    void descriptionsAreFilteredByWildcards() throws IOException {
        write("A/p/1", flat(0).text(Tag.SERIES_DESCRIPTION, "T1 (3D) sag"));
        final DicomStudyOptions o = DicomStudyOptions.defaults();
        for (final String pattern : new String[]{"", "*", "t1*", "T? (3D)*", "*sag"}) {
            assertEquals(1, read(o.withDescriptionPattern(pattern)).series().size(), pattern);
        }
        final Problem p = onlyProblem(o.withDescriptionPattern("T2*"));
        assertEquals(Kind.FILTERED, p.kind());
        assertFalse(p.message().contains("sag"));
    }

    @Test
    void onlyAttributesAskedForLeaveTheReader() throws IOException {
        write("A/p/1", flat(0).text(Tag.SERIES_DESCRIPTION, "T1").numbers(Tag.ECHO_TIME, 4.5)
            .text(Tag.MANUFACTURER, "ACME"));
        assertEquals(Map.of(), read().series().get(0).attributes());
        assertEquals(Map.of(HeaderAttribute.ECHO_TIME, "4.5", HeaderAttribute.SERIES_DESCRIPTION, "T1"),
            read(DicomStudyOptions.defaults().withAttributes(Set.of(HeaderAttribute.ECHO_TIME,
                HeaderAttribute.SERIES_DESCRIPTION, HeaderAttribute.SEX))).series().get(0).attributes());
    }

    @Test
    void missingFolderAndFileInPlaceOfFolderAreErrors() throws IOException {
        final DicomStudyReader reader = new DicomStudyReader(DicomStudyOptions.defaults());
        assertThrows(NoSuchFileException.class,
            () -> reader.read(m_root.resolve("none"), Progress.NONE, m_executor));
        write("A/p/1", flat(0));
        assertThrows(NotDirectoryException.class,
            () -> reader.read(m_root.resolve("A/p/1"), Progress.NONE, m_executor));
    }

    @Test
    void cancels() throws IOException {
        write("A/p/1", flat(0));
        assertThrows(CancellationException.class,
            () -> new DicomStudyReader(DicomStudyOptions.defaults()).read(m_root, (fraction, message) -> {
                throw new CancellationException();
            }, m_executor));
    }
}
