package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.seg.SegmentationStyle;
import org.scanbridge.dicom.seg.StructureSetWriter;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.RadiographFormat;
import org.scanbridge.dicom.series.RadiographFormat.BodyPart;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/** Radiographs and what is segmented on them, which has no place in the patient, written and read. */
class RadiographsTest {

    private static final Geometry GRID = Geometry.axial(new int[]{9, 7, 1}, 0.4, 0.2, 1);

    private static final LabelSet FRACTURE = LabelSet.of("fracture");

    private static final LocalDateTime CREATED = LocalDateTime.of(2024, 1, 1, 0, 0);

    @TempDir
    private Path m_folder;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private static RadiographFormat format(final boolean computed, final int bits, final boolean inverse,
        final boolean calibrated) {
        return new RadiographFormat(computed, bits, inverse, true, 1.25, calibrated, BodyPart.EXTREMITY, "AP", true,
            Optional.of(new int[]{1, 7, 0, 6}));
    }

    private static LabelVolume labels() {
        return TestVolumes.labels(GRID, FRACTURE, 3, 1);
    }

    private Volume write(final RadiographFormat format) throws IOException {
        final Volume image = TestVolumes.integers(GRID, 0, format.maximum(), 5);
        new DicomStudyWriter("seed").write(m_folder.resolve("study"),
            List.of(new StudySubject("A", "p", image, Optional.of(labels()), format)), Progress.NONE);
        return image;
    }

    private Study read() throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(m_folder.resolve("study"), Progress.NONE, m_executor);
    }

    private StudySeries only() throws IOException {
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(1, study.series().size());
        return study.series().get(0);
    }

    private DataSet header(final String file) throws IOException {
        try (DicomFile dicom = DicomFile.open(m_folder.resolve("study").resolve(file))) {
            return dicom.data();
        }
    }

    /** The standard's own check, where it is installed: dicom3tools. */
    private void verify(final String file, final String iod) throws IOException, InterruptedException {
        final Process process;
        try {
            process = new ProcessBuilder("dciodvfy", m_folder.resolve("study").resolve(file).toString())
                .redirectErrorStream(true).start();
        } catch (final IOException e) {
            abort("dciodvfy is not installed: " + e.getMessage());
            return;
        }
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "dciodvfy hangs");
        assertTrue(out.contains(iod), out);
        assertEquals(List.of(), out.lines().filter(l -> l.startsWith("Error")).toList());
    }

    private void comesBack(final RadiographFormat format) throws IOException {
        final Volume image = write(format);
        final StudySeries series = only();
        final Volume back = series.readVolume();
        assertArrayEquals(image.voxels(), back.voxels());
        assertTrue(back.geometry().sameGrid(GRID), back.geometry() + " instead of " + GRID);
        assertEquals(format.modality(), back.info().modality());
        final LabelVolume fractures = series.readSegmentation().orElseThrow();
        assertArrayEquals(labels().voxels(), fractures.voxels());
        assertEquals(FRACTURE, fractures.labels());
    }

    /** Pixel Data is the last element: stored values are the last bytes of the file, whoever reads it. */
    private int stored(final int pixel) throws IOException {
        final byte[] file = Files.readAllBytes(m_folder.resolve("study/A/p/IM0001.dcm"));
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getShort(file.length - 2 * (GRID.voxelCount() - pixel)) & 0xffff;
    }

    @Test
    void digitalRadiographsComeBack() throws Exception {
        comesBack(format(false, 14, false, false));
        final DataSet d = header("A/p/IM0001.dcm");
        assertEquals(Uid.DX_IMAGE_STORAGE, d.text(Tag.SOP_CLASS_UID));
        assertEquals("MONOCHROME2", d.text(Tag.PHOTOMETRIC_INTERPRETATION));
        assertEquals(14, d.number(Tag.BITS_STORED, 0));
        // row spacing first: 0.2 mm times 1.25 at the detector
        assertArrayEquals(new double[]{0.25, 0.5}, d.numbers(Tag.IMAGER_PIXEL_SPACING), 1e-12);
        assertFalse(d.hasValue(Tag.PIXEL_SPACING));
        assertEquals(-1, d.number(Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN, 0));
        assertEquals("IDENTITY", d.text(Tag.PRESENTATION_LUT_SHAPE));
        // columns and rows of the open field from 1
        assertEquals(List.of(2.0, 8.0, 1.0, 7.0), List.of(d.number(Tag.COLLIMATOR_LEFT_VERTICAL_EDGE, 0),
            d.number(Tag.COLLIMATOR_RIGHT_VERTICAL_EDGE, 0), d.number(Tag.COLLIMATOR_UPPER_HORIZONTAL_EDGE, 0),
            d.number(Tag.COLLIMATOR_LOWER_HORIZONTAL_EDGE, 0)));
        assertFalse(d.hasValue(Tag.FRAME_OF_REFERENCE_UID) || d.hasValue(Tag.IMAGE_POSITION_PATIENT));
        verify("A/p/IM0001.dcm", "DXImageForPresentation");
    }

    @Test
    void computedRadiographsAreStoredTheOtherWayRound() throws Exception {
        comesBack(format(true, 12, true, true));
        final DataSet d = header("A/p/IM0001.dcm");
        assertEquals(Uid.CR_IMAGE_STORAGE, d.text(Tag.SOP_CLASS_UID));
        assertEquals("MONOCHROME1", d.text(Tag.PHOTOMETRIC_INTERPRETATION));
        assertArrayEquals(new double[]{0.2, 0.4}, d.numbers(Tag.PIXEL_SPACING), 1e-12);
        final Volume image = TestVolumes.integers(GRID, 0, 4095, 5);
        for (int v = 0; v < GRID.voxelCount(); v++) {
            assertEquals(4095 - (int)image.voxels()[v], stored(v));
        }
        verify("A/p/IM0001.dcm", "CRImage");
    }

    @Test
    void sixteenBitsAreAllUsed() throws Exception {
        comesBack(format(false, 16, true, true));
        final DataSet d = header("A/p/IM0001.dcm");
        assertEquals(1, d.number(Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN, 0));
        assertEquals("INVERSE", d.text(Tag.PRESENTATION_LUT_SHAPE));
        verify("A/p/IM0001.dcm", "DXImageForPresentation");
    }

    /** PS3.3 A.51.5: neither place nor measures where the image has none; the pixels are those of the image it names. */
    @Test
    void segmentationsOfProjectionsHaveNoPlace() throws Exception {
        write(format(false, 14, false, false));
        final DataSet seg = header("A/p/SEG.dcm");
        assertFalse(seg.hasValue(Tag.FRAME_OF_REFERENCE_UID));
        assertEquals(List.of(), seg.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE).get(0).elements().stream().toList());
        for (final DataSet frame : seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
            assertTrue(frame.item(Tag.PLANE_POSITION_SEQUENCE).isEmpty());
            assertEquals(header("A/p/IM0001.dcm").text(Tag.SOP_INSTANCE_UID),
                frame.item(Tag.DERIVATION_IMAGE_SEQUENCE).orElseThrow().item(Tag.SOURCE_IMAGE_SEQUENCE).orElseThrow()
                    .text(Tag.REFERENCED_SOP_INSTANCE_UID));
        }
        verify("A/p/SEG.dcm", "Segmentation");
    }

    private void replaceSegmentation(final DataSet seg) throws IOException {
        final Path file = m_folder.resolve("study/A/p/SEG.dcm");
        Files.write(file, DicomOutput.file(withPixels(seg, file, VR.OB, (GRID.voxelCount() + 7) / 8)));
    }

    @Test
    void labelMapsOfProjectionsComeBack() throws Exception {
        write(format(false, 14, false, false));
        Files.write(m_folder.resolve("study/A/p/SEG.dcm"), new DicomSegWriter("x", "net", CREATED,
            new SegmentationStyle(true, Map.of())).file(labels(), only().readSource()));
        assertArrayEquals(labels().voxels(), only().readSegmentation().orElseThrow().voxels());
        assertEquals(1, header("A/p/SEG.dcm").items(Tag.DIMENSION_INDEX_SEQUENCE).size());
    }

    /** As versions before this one wrote them, and as other software does: positions that mean nothing. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.1})
    void positionsOnProjectionsDoNotMatter(final double spacing) throws Exception {
        write(format(false, 14, false, false));
        final DataSet seg = header("A/p/SEG.dcm");
        replaceSegmentation(seg.toBuilder().items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, DataSet.builder()
            .items(Tag.PLANE_POSITION_SEQUENCE, DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, 5, 5, 5).build())
            .items(Tag.PLANE_ORIENTATION_SEQUENCE,
                DataSet.builder().numbers(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 0, -1).build())
            .items(Tag.PIXEL_MEASURES_SEQUENCE, DataSet.builder().numbers(Tag.PIXEL_SPACING, spacing, spacing).build())
            .build()).build());
        assertArrayEquals(labels().voxels(), only().readSegmentation().orElseThrow().voxels());
    }

    @Test
    void theOnlyImageNamedIsTheSource() throws Exception {
        write(format(false, 14, false, false));
        final DataSet seg = header("A/p/SEG.dcm");
        replaceSegmentation(seg.toBuilder().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
            seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).stream()
                .map(f -> f.toBuilder().remove(Tag.DERIVATION_IMAGE_SEQUENCE).build()).toList())
            .build());
        assertArrayEquals(labels().voxels(), only().readSegmentation().orElseThrow().voxels());
    }

    /** Pixels without a place cannot be put onto an image of another size. */
    @Test
    void segmentationsOfAnotherSizeAreRefused() throws Exception {
        write(format(false, 14, false, false));
        final Geometry other = Geometry.axial(new int[]{5, 7, 1}, 0.4, 0.2, 1);
        Files.write(m_folder.resolve("study/A/p/SEG.dcm"), new DicomSegWriter("x", "", CREATED)
            .file(TestVolumes.labels(other, FRACTURE, 3, 1), read().series().get(0).readSource()));
        final Study study = read();
        assertFalse(study.series().get(0).hasSegmentation());
        final List<Problem> problems = study.problems();
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).message().contains("5 x 7 pixels") && problems.get(0).message().contains("9 x 7"),
            problems.get(0).message());
    }

    @Test
    void structureSetsOfProjectionsAreRefused() throws Exception {
        write(format(false, 14, false, false));
        final StudySeries series = only();
        final String message = assertThrows(IllegalArgumentException.class,
            () -> new StructureSetWriter("x", "", CREATED).file(labels(), series.readSource())).getMessage();
        assertTrue(message.contains("radiograph") && message.contains("DICOM SEG or NIfTI"), message);
    }

    /** PS3.3 10.7.1.3: without a calibration type, a Pixel Spacing equal to that of the imager was not corrected. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRepeatedSpacingIsThatAtTheDetector(final boolean said) throws Exception {
        write(format(false, 14, false, false));
        final Path file = m_folder.resolve("study/A/p/IM0001.dcm");
        final var header = header("A/p/IM0001.dcm").toBuilder().numbers(Tag.PIXEL_SPACING, 0.25, 0.5);
        if (said) {
            header.text(Tag.PIXEL_SPACING_CALIBRATION_TYPE, "FIDUCIAL");
        }
        Files.write(file, DicomOutput.file(withPixels(header.build(), file, VR.OW, 2 * GRID.voxelCount())));
        final Geometry g = only().geometry();
        assertEquals(said ? 0.25 : 0.2, g.spacing(1), 1e-12);
        assertEquals(said ? 0.5 : 0.4, g.spacing(0), 1e-12);
        if (!said) {
            final Path derived = Files.createDirectories(m_folder.resolve("study/A/p/derived"));
            DicomSeriesWriter.derived(new DicomSeriesWriter.Sources(only().readSource(), true), "d", "Derived", "Copied")
                .write(derived, only().readVolume());
            final DataSet d = header("A/p/derived/IM0001.dcm");
            assertArrayEquals(new double[]{0.25, 0.5}, d.numbers(Tag.IMAGER_PIXEL_SPACING), 1e-12);
            assertFalse(d.hasValue(Tag.PIXEL_SPACING));
        }
    }

    /** Headers are read without their pixels, which are the last so many bytes of the file. */
    private static DataSet withPixels(final DataSet header, final Path file, final VR vr, final int bytes)
        throws IOException {
        final byte[] all = Files.readAllBytes(file);
        return header.toBuilder().bytes(Tag.PIXEL_DATA, vr, Arrays.copyOfRange(all, all.length - bytes, all.length)).build();
    }

    @Test
    void valuesThatDoNotFitAreRefused() {
        final RadiographFormat format = format(false, 8, false, false);
        for (final float[] values : new float[][]{{256}, {-1}, {0.5f}, {Float.NaN}}) {
            final Volume image = new Volume(values, Geometry.axial(new int[]{1, 1, 1}, 1, 1, 1), TestVolumes.ramp(GRID).info());
            final String message = assertThrows(IllegalArgumentException.class,
                () -> new DicomStudyWriter("seed").write(m_folder.resolve("study"),
                    List.of(new StudySubject("A", "p", image, Optional.empty(), format)), Progress.NONE)).getMessage();
            assertTrue(message.contains("0 to 255"), message);
        }
    }
}
