package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.Progress;

/** Which slices of a series make which volumes, and what of them is set aside; expected values by hand. */
class SeriesVolumesTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    private int m_files;

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

    /** An axial slice whose pixels have one value, under a UID of its own. */
    private DataSetBuilder slice(final double z, final int value) {
        final int[] pixels = new int[6];
        Arrays.fill(pixels, value);
        return TestSlices.axial(z, pixels).text(Tag.SOP_INSTANCE_UID, Uid.derived("object " + m_files));
    }

    private void write(final DataSetBuilder slice) throws IOException {
        TestSlices.write(m_root.resolve(String.format("A/p/%03d", m_files++)), slice);
    }

    /** The first voxel of each slice of each volume, sorted. */
    private static List<List<Integer>> values(final Study study) throws IOException {
        final List<List<Integer>> values = new ArrayList<>();
        for (final StudySeries s : study.series()) {
            final var v = s.readVolume();
            values.add(IntStream.range(0, v.geometry().size(2)).mapToObj(k -> (int)v.get(0, 0, k)).toList());
        }
        values.sort((a, b) -> a.toString().compareTo(b.toString()));
        return values;
    }

    private static Problem only(final Study study) {
        assertEquals(1, study.problems().size(), study.problems().toString());
        return study.problems().get(0);
    }

    /** Rows in the order of the volumes, numbered, each with the attributes of its own first file. */
    @Test
    void volumesOfASeriesAreInOrderAndTellTheirAttributes() throws IOException {
        final double[] times = {4.6, 10, 20, 30, 40, 50, 60, 70, 80, 100};
        for (int k = 0; k < 2; k++) {
            for (int echo = times.length; echo-- > 0;) {
                write(slice(k, echo).numbers(Tag.ECHO_TIME, times[echo]).numbers(Tag.INSTANCE_NUMBER, 10 * k + echo));
            }
        }
        final List<StudySeries> series =
            read(DicomStudyOptions.defaults().withAttributes(Set.of(HeaderAttribute.ECHO_TIME))).series();
        assertEquals(10, series.size());
        final String id = series.get(0).info().series().replaceFirst("_v01$", "");
        for (int v = 0; v < times.length; v++) {
            final StudySeries s = series.get(v);
            assertEquals(id + String.format("_v%02d", v + 1), s.info().series());
            assertEquals(times[v], Double.parseDouble(s.attributes().get(HeaderAttribute.ECHO_TIME)));
            assertEquals(v, s.readVolume().get(0, 0, 1));
        }
    }

    @Test
    void scoutIsSetAside() throws IOException {
        for (int k = 0; k < 4; k++) {
            write(slice(2.5 * k, k).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "AXIAL"));
        }
        for (int k = 0; k < 2; k++) {
            write(slice(60, 9).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "LOCALIZER").numbers(Tag.ROWS, 1)
                .numbers(Tag.COLUMNS, 6).numbers(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 0, -1));
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2, 3)), values(study));
        assertEquals(2.5, study.series().get(0).geometry().spacing(2));
        final Problem p = only(study);
        assertEquals(List.of(Kind.LOCALIZER, Effect.FILE_SKIPPED, "A/p/004"), List.of(p.kind(), p.effect(), p.file()));
    }

    @Test
    void singleSliceThatStandsOutIsNamedAndSetAside() throws IOException {
        for (int k = 0; k < 4; k++) {
            write(slice(3 * k, k));
        }
        write(slice(12, 9).numbers(Tag.ROWS, 1).numbers(Tag.COLUMNS, 6));
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2, 3)), values(study));
        final Problem p = only(study);
        assertEquals(List.of(Kind.MIXED_GEOMETRY, Effect.FILE_SKIPPED, "A/p/004"), List.of(p.kind(), p.effect(), p.file()));
        assertTrue(p.message().contains("6×1 pixels of 2×0.5 mm"), p.message());
    }

    /** As pydicom's series "ANGIO Projected from C": dcm2niix 1.0.20260724 makes seven images of it. */
    @Test
    void viewsOfAProjectionAreImagesOfTheirOwn() throws IOException {
        for (int a = 0; a < 7; a++) {
            final double angle = Math.toRadians(16.6 * a);
            write(slice(0, a).text(Tag.IMAGE_TYPE, "DERIVED", "SECONDARY", "PROJECTION IMAGE")
                .numbers(Tag.IMAGE_ORIENTATION_PATIENT, Math.cos(angle), Math.sin(angle), 0, 0, 0, -1));
        }
        final Study study = read();
        assertEquals(IntStream.range(0, 7).mapToObj(List::of).toList(), values(study));
        final Problem p = only(study);
        assertEquals(List.of(Kind.MIXED_GEOMETRY, Effect.KEPT), List.of(p.kind(), p.effect()));
        assertTrue(p.message().contains("7 orientations"), p.message());
    }

    /** One row for all copies of a series, however many there are. */
    @Test
    void copiesAreListedOnce() throws IOException {
        for (int copy = 0; copy < 3; copy++) {
            for (int k = 0; k < 4; k++) {
                TestSlices.write(m_root.resolve("A/p/" + copy + k), TestSlices.axial(3 * k, k, k, k, k, k, k));
            }
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2, 3)), values(study));
        assertTrue(only(study).message().startsWith("8 files are copies of others, this one of A/p/00"),
            only(study).message());
    }

    @Test
    void localizersInThreePlanesAreThreeImages() throws IOException {
        final double[][] axes = {{1, 0, 0, 0, 1, 0}, {0, 1, 0, 0, 0, -1}, {1, 0, 0, 0, 0, -1}};
        for (int a = 0; a < 3; a++) {
            write(slice(0, a).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "LOCALIZER")
                .numbers(Tag.IMAGE_ORIENTATION_PATIENT, axes[a]));
        }
        final Study study = read();
        assertEquals(List.of(List.of(0), List.of(1), List.of(2)), values(study));
        assertEquals(List.of(), study.problems());
        assertEquals(3, study.series().stream().map(s -> s.info().series()).distinct().count());
    }

    @Test
    void localizersOfDifferentNumbersInThreePlanes() throws IOException {
        final double[][] axes = {{1, 0, 0, 0, 1, 0}, {0, 1, 0, 0, 0, -1}, {1, 0, 0, 0, 0, -1}};
        final double[][] normals = {{0, 0, 1}, {-1, 0, 0}, {0, 1, 0}};
        final int[] counts = {3, 1, 5};
        for (int a = 0; a < 3; a++) {
            for (int k = 0; k < counts[a]; k++) {
                write(slice(0, 10 * a + k).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "LOCALIZER")
                    .numbers(Tag.IMAGE_ORIENTATION_PATIENT, axes[a])
                    .numbers(Tag.IMAGE_POSITION_PATIENT, 20 * k * normals[a][0], 20 * k * normals[a][1],
                        20 * k * normals[a][2]));
            }
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2), List.of(10), List.of(20, 21, 22, 23, 24)), values(study));
        assertEquals(List.of(), study.problems());
    }

    @Test
    void stacksOfTwoSizesAreTwoImages() throws IOException {
        for (int k = 0; k < 3; k++) {
            write(slice(k, k));
            write(slice(k, 10 + k).numbers(Tag.ROWS, 1).numbers(Tag.COLUMNS, 6));
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2), List.of(10, 11, 12)), values(study));
        assertEquals(List.of("size=3×2 ", "size=6×1 "), study.series().stream().map(StudySeries::part).sorted().toList());
    }

    /** With the same Instance Numbers, as archives send again, or with numbers that go on. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void slicesSentTwiceWithNewUidsAreTakenOnce(final int shift) throws IOException {
        for (int again = 0; again < 2; again++) {
            for (int k = 0; k < 4; k++) {
                write(slice(k, k).numbers(Tag.INSTANCE_NUMBER, k + 1 + again * shift));
            }
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2, 3)), values(study));
        final Problem p = only(study);
        assertEquals(List.of(Kind.DUPLICATE_SLICE, Effect.FILE_SKIPPED, "A/p/004"), List.of(p.kind(), p.effect(), p.file()));
        assertTrue(p.message().startsWith("4 slices show the same picture"), p.message());
    }

    @Test
    void someSlicesSentTwiceAmongEchoes() throws IOException {
        for (int k = 0; k < 3; k++) {
            for (int echo = 1; echo <= 2; echo++) {
                write(slice(k, 10 * echo + k).numbers(Tag.ECHO_TIME, 5 * echo).numbers(Tag.INSTANCE_NUMBER, 3 * echo + k - 2));
            }
        }
        write(slice(1, 11).numbers(Tag.ECHO_TIME, 5).numbers(Tag.INSTANCE_NUMBER, 2));
        final Study study = read();
        assertEquals(List.of(List.of(10, 11, 12), List.of(20, 21, 22)), values(study));
        assertEquals(Kind.DUPLICATE_SLICE, only(study).kind());
    }

    @Test
    void otherPicturesAtTheSamePlaceAndNumberAreNoCopies() throws IOException {
        for (int k = 0; k < 3; k++) {
            write(slice(k, k).numbers(Tag.INSTANCE_NUMBER, k));
        }
        write(slice(1, 77).numbers(Tag.INSTANCE_NUMBER, 1));
        final Study study = read();
        assertEquals(List.of(), study.series());
        assertEquals(List.of(Kind.DUPLICATE_SLICE, Effect.SERIES_SKIPPED),
            List.of(only(study).kind(), only(study).effect()));
    }

    /** 0.625 mm, written with one decimal: 0.6, 0.6, 0.7, … */
    @ParameterizedTest
    @CsvSource({"0.625,17", "0.8333,40", "1.2512,200", "0.4,30", "2.5,12", "3.3333,33"})
    void positionsRoundedToATenthAreEven(final double spacing, final int slices) throws IOException {
        for (int k = 0; k < slices; k++) {
            write(slice(Math.rint((100 + k * spacing) * 10) / 10, k));
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(slices, study.series().get(0).geometry().size(2));
        assertEquals(spacing, study.series().get(0).geometry().spacing(2), 0.1 / (slices - 1) + 1e-9);
    }

    @Test
    void gapsAreFoundAmongRoundedPositions() throws IOException {
        for (int k = 0; k < 60; k++) {
            if (k < 20 || k > 40) {
                write(slice(Math.rint((100 + k * 0.625) * 10) / 10, k));
            }
        }
        assertTrue(only(read()).message().startsWith("slices 21 to 41 of 60 are missing"), only(read()).message());
        final Study filled = read(DicomStudyOptions.defaults().withGapRule(GapRule.FILL));
        assertEquals(60, filled.series().get(0).geometry().size(2));
    }

    /** Each step alone would pass for one of about 3 mm: it is the position that is off. */
    @Test
    void positionsThatDriftAreIrregular() throws IOException {
        double z = 0;
        for (int k = 0; k < 40; k++) {
            write(slice(z, k));
            z += k < 20 ? 3 : 3.05;
        }
        assertEquals(Kind.IRREGULAR_SPACING, only(read()).kind());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void acquisitionsThatShareSlicesAreOneImage(final int shared) throws IOException {
        int number = 1;
        for (int k = 0; k < 10; k++) {
            write(slice(k, k).numbers(Tag.ACQUISITION_NUMBER, 1).numbers(Tag.INSTANCE_NUMBER, number++));
        }
        for (int k = 10 - shared; k < 19; k++) {
            write(slice(k, 100 + k).numbers(Tag.ACQUISITION_NUMBER, 2).numbers(Tag.INSTANCE_NUMBER, number++));
        }
        final Study study = read();
        // shared slices come from the first acquisition
        assertEquals(List.of(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 110, 111, 112, 113, 114, 115, 116, 117, 118)),
            values(study));
        final Problem p = only(study);
        assertEquals(List.of(Kind.DUPLICATE_SLICE, Effect.KEPT, "A/p/010"), List.of(p.kind(), p.effect(), p.file()));
        assertTrue(p.message().contains("Acquisition Number (0020,0012)) overlap by " + shared + " slices"), p.message());
    }

    @Test
    void acquisitionsOfTheSamePlaceAreTwoImages() throws IOException {
        for (int k = 0; k < 6; k++) {
            write(slice(k, k).numbers(Tag.ACQUISITION_NUMBER, 1).numbers(Tag.INSTANCE_NUMBER, k));
            write(slice(k + 1, 10 + k).numbers(Tag.ACQUISITION_NUMBER, 2).numbers(Tag.INSTANCE_NUMBER, 6 + k));
        }
        assertEquals(List.of(List.of(0, 1, 2, 3, 4, 5), List.of(10, 11, 12, 13, 14, 15)), values(read()));
    }

    @Test
    void acquisitionsThatOverlapAtOtherPositionsAreTwoImages() throws IOException {
        for (int k = 0; k < 6; k++) {
            write(slice(3 * k, k).numbers(Tag.ACQUISITION_NUMBER, 1).numbers(Tag.INSTANCE_NUMBER, k));
            write(slice(13 + 3 * k, 10 + k).numbers(Tag.ACQUISITION_NUMBER, 2).numbers(Tag.INSTANCE_NUMBER, 6 + k));
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2, 3, 4, 5), List.of(10, 11, 12, 13, 14, 15)), values(study));
        assertEquals(List.of(Kind.IRREGULAR_SPACING, Effect.KEPT), List.of(only(study).kind(), only(study).effect()));
    }

    /** All slices of a time after the other, or all times of a slice after the other; the i-th of a place is volume i. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void instanceNumbersTellVolumesApart(final boolean timeByTime) throws IOException {
        final List<DataSetBuilder> files = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            for (int k = 0; k < 4; k++) {
                files.add(slice(3 * k, 10 * t + k).text(Tag.SOP_INSTANCE_UID, Uid.derived("t" + t + "k" + k))
                    .numbers(Tag.INSTANCE_NUMBER, timeByTime ? 4 * t + k + 1 : 12 * k + t + 1));
            }
        }
        Collections.shuffle(files, new Random(5));
        for (final DataSetBuilder file : files) {
            write(file);
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        final List<List<Integer>> expected = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            expected.add(List.of(10 * t, 10 * t + 1, 10 * t + 2, 10 * t + 3));
        }
        expected.sort((a, b) -> a.toString().compareTo(b.toString()));
        assertEquals(expected, values(study));
        assertEquals("volume=01", study.series().stream().map(StudySeries::part).sorted().toList().get(0));
    }

    @Test
    void volumesThatAreNotWholeAreLeftOut() throws IOException {
        for (int n = 0; n < 22; n++) {
            write(slice(n % 5, n).numbers(Tag.INSTANCE_NUMBER, n + 1));
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2, 3, 4), List.of(10, 11, 12, 13, 14), List.of(15, 16, 17, 18, 19),
            List.of(5, 6, 7, 8, 9)), values(study));
        final Problem p = only(study);
        assertEquals(List.of(Kind.INCOMPLETE_SERIES, Effect.FILE_SKIPPED, "A/p/020"), List.of(p.kind(), p.effect(), p.file()));
        assertTrue(p.message().contains("1 of 5 volumes") && p.message().contains("2 of 5 slices"), p.message());
    }

    /** The first slice of the second volume is lost: the third volume's must not take its place. */
    @Test
    void sliceLostInTheMiddleCostsItsVolumeOnly() throws IOException {
        for (int n = 0; n < 20; n++) {
            if (n != 5) {
                write(slice(n % 5, n).numbers(Tag.INSTANCE_NUMBER, n + 1));
            }
        }
        assertEquals(List.of(List.of(0, 1, 2, 3, 4), List.of(10, 11, 12, 13, 14), List.of(15, 16, 17, 18, 19)),
            values(read()));
    }

    /** As Canon does: directions in Image Comments; and as nobody does: not at all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void directionsOutsideTheStandardAttributes(final boolean comments) throws IOException {
        int n = 0;
        for (int d = 0; d < 4; d++) {
            for (int k = 0; k < 3; k++) {
                final DataSetBuilder slice = slice(k, 10 * d + k).numbers(Tag.DIFFUSION_B_VALUE, d == 0 ? 0 : 1000)
                    .numbers(Tag.INSTANCE_NUMBER, ++n);
                write(comments && d > 0 ? slice.text(0x00204000, "b=1000(" + (d == 1 ? 1 : 0) + "," + (d == 2 ? 1 : 0)
                    + "," + (d == 3 ? 1 : 0) + ")") : slice);
            }
        }
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2), List.of(10, 11, 12), List.of(20, 21, 22), List.of(30, 31, 32)),
            values(study));
        assertEquals(comments ? List.of("b=0", "b=1000 g=0,0,1", "b=1000 g=0,1,0", "b=1000 g=1,0,0")
            : List.of("b=0", "b=1000 volume=1", "b=1000 volume=2", "b=1000 volume=3"),
            study.series().stream().map(StudySeries::part).sorted().toList());
    }

    private static byte[] floats(final float... values) {
        final ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (final float v : values) {
            bytes.putFloat(v);
        }
        return bytes.array();
    }

    private static byte[] doubles(final double... values) {
        final ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (final double v : values) {
            bytes.putDouble(v);
        }
        return bytes.array();
    }

    private static byte[] ascii(final String text) {
        return (text.length() % 2 == 0 ? text : text + " ").getBytes(StandardCharsets.US_ASCII);
    }

    /** Private attributes as the vendors write them, with their VRs or, as from many archives, with UN. */
    private static DataSetBuilder weighted(final DataSetBuilder slice, final String vendor, final boolean unknown,
        final int b, final double... g) {
        return switch (vendor) {
            case "GE" -> slice.bytes(0x00190010, VR.LO, ascii("GEMS_ACQU_01")).bytes(0x00430010, VR.LO, ascii("GEMS_PARM_01"))
                .bytes(0x001910BB, unknown ? VR.UN : VR.DS, ascii("" + g[0]))
                .bytes(0x001910BC, unknown ? VR.UN : VR.DS, ascii("" + g[1]))
                .bytes(0x001910BD, unknown ? VR.UN : VR.DS, ascii("" + g[2]))
                .bytes(0x00431039, unknown ? VR.UN : VR.IS, ascii(1000000000 + b + "\\8\\0\\0"));
            case "Philips" -> slice.bytes(0x20010010, VR.LO, ascii("Philips Imaging DD 001"))
                .bytes(0x20050011, VR.LO, ascii("Philips MR Imaging DD 001"))
                .bytes(0x20011003, unknown ? VR.UN : VR.FL, floats(b))
                .bytes(0x200511B0, unknown ? VR.UN : VR.FL, floats((float)g[0]))
                .bytes(0x200511B1, unknown ? VR.UN : VR.FL, floats((float)g[1]))
                .bytes(0x200511B2, unknown ? VR.UN : VR.FL, floats((float)g[2]));
            case "UIH" -> slice.bytes(0x00650010, VR.LO, ascii("Image Private Header"))
                .bytes(0x00651009, unknown ? VR.UN : VR.FD, doubles(b))
                .bytes(0x00651037, unknown ? VR.UN : VR.FD, doubles(g));
            default -> slice.bytes(0x00190010, VR.LO, ascii("SIEMENS MR HEADER"))
                .bytes(0x0019100C, unknown ? VR.UN : VR.IS, ascii("" + b))
                .bytes(0x0019100E, unknown ? VR.UN : VR.FD, doubles(g));
        };
    }

    @ParameterizedTest
    @CsvSource({"GE,true", "GE,false", "Philips,true", "Philips,false", "UIH,true", "UIH,false", "Siemens,true",
        "Siemens,false"})
    void weightingsInPrivateAttributes(final String vendor, final boolean unknown) throws IOException {
        final double[][] g = {{0, 0, 0}, {1, 0, 0}, {0, 0.5, -0.25}};
        for (int k = 0; k < 3; k++) {
            for (int d = 0; d < 3; d++) {
                write(weighted(slice(k, 10 * d + k), vendor, unknown, d == 0 ? 0 : 800, g[d]));
            }
        }
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of("b=0", "b=800 g=[0.0, 0.5, -0.25]", "b=800 g=[1.0, 0.0, 0.0]"),
            study.series().stream().map(StudySeries::part).sorted().toList());
        assertEquals(List.of(List.of(0, 1, 2), List.of(10, 11, 12), List.of(20, 21, 22)), values(study));
    }

    @Test
    void framesOfOneObjectAtTheSamePlacesAreVolumesInTheirOrder() throws IOException {
        // 2 times x 3 slices in one enhanced object whose frames tell positions only
        final ByteBuffer pixels = ByteBuffer.allocate(2 * 6 * 6).order(ByteOrder.LITTLE_ENDIAN);
        final org.scanbridge.dicom.data.DataSet[] frames = new org.scanbridge.dicom.data.DataSet[6];
        for (int f = 0; f < 6; f++) {
            for (int p = 0; p < 6; p++) {
                pixels.putShort((short)(10 * (f / 3) + f % 3));
            }
            frames[f] = org.scanbridge.dicom.data.DataSet.builder().items(Tag.PLANE_POSITION_SEQUENCE,
                org.scanbridge.dicom.data.DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, 0, 0, 4 * (f % 3)).build())
                .build();
        }
        write(slice(0, 0).numbers(Tag.NUMBER_OF_FRAMES, 6).items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames)
            .bytes(Tag.PIXEL_DATA, VR.OW, pixels.array()));
        final Study study = read();
        assertEquals(List.of(List.of(0, 1, 2), List.of(10, 11, 12)), values(study));
        assertArrayEquals(new int[]{3, 2, 3}, study.series().get(0).geometry().size());
    }

    /** As careless de-identification leaves them: one SOP Instance UID for all slices. */
    @Test
    void slicesOfOneUidAtOtherPlacesAreNoCopies() throws IOException {
        for (int k = 0; k < 4; k++) {
            write(slice(k, k).text(Tag.SOP_INSTANCE_UID, "1.2.3.4.5").numbers(Tag.INSTANCE_NUMBER, k + 1));
        }
        assertEquals(List.of(List.of(0, 1, 2, 3)), values(read()));
    }

    /** Motion correction moves each time point. */
    @Test
    void timePointsAtDifferentPlacesAreImagesEach() throws IOException {
        for (int t = 0; t < 5; t++) {
            for (int k = 0; k < 4; k++) {
                write(slice(3 * k + 0.3 * t, 10 * t + k).numbers(Tag.TEMPORAL_POSITION_IDENTIFIER, t + 1));
            }
        }
        final Study study = read();
        assertEquals(5, study.series().size());
        assertEquals(List.of(0, 1, 2, 3), values(study).get(0));
        assertEquals(List.of(Kind.IRREGULAR_SPACING, Effect.KEPT), List.of(only(study).kind(), only(study).effect()));
    }
}
