package org.scanbridge.dicom.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/** Derived images of modalities other than MR and CT: SOP class, values and geometry read back, and dciodvfy's verdict. */
class DerivedSeriesTest {

    @TempDir
    Path m_folder;

    private static StudySeries read(final Path folder) throws IOException {
        final ExecutorService workers = Executors.newSingleThreadExecutor();
        try {
            final var study = new DicomStudyReader(DicomStudyOptions.defaults()).read(folder, Progress.NONE, workers);
            assertEquals(1, study.series().size(), study.problems().toString());
            return study.series().get(0);
        } finally {
            workers.shutdownNow();
        }
    }

    private static DataSetBuilder slice(final String modality, final double z) {
        return TestSlices.axial(z, 5, 9, 2, 65535, 1, 0).text(Tag.MODALITY, modality).text(Tag.PATIENT_ID, "p")
            .text(Tag.STUDY_INSTANCE_UID, "1.2").text(Tag.SERIES_INSTANCE_UID, "1.2.3")
            .text(Tag.SOP_INSTANCE_UID, "1.2.3." + (int)(z + 1)).text(Tag.FRAME_OF_REFERENCE_UID, "1.2.9");
    }

    private static DataSetBuilder projection(final String modality) {
        return slice(modality, 0).remove(Tag.IMAGE_POSITION_PATIENT, Tag.IMAGE_ORIENTATION_PATIENT, Tag.PIXEL_SPACING)
            .numbers(Tag.IMAGER_PIXEL_SPACING, 0.3, 0.6)
            .numbers(Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, 1.5);
    }

    private static DataSetBuilder pet(final double z) {
        return slice("PT", z).text(Tag.SERIES_DATE, "20240101").text(Tag.SERIES_TIME, "1200").text(Tag.COUNTS_SOURCE,
            "EMISSION").text(Tag.SERIES_TYPE, "WHOLE BODY", "IMAGE").text(Tag.DECAY_CORRECTION, "START")
            .numbers(Tag.DECAY_FACTOR, 1 + z / 100).numbers(Tag.FRAME_REFERENCE_TIME, 1000 * z).text(Tag.UNITS, "BQML");
    }

    private static DataSetBuilder dx() {
        return projection("DX").text(Tag.IMAGE_LATERALITY, "L").text(Tag.PATIENT_ORIENTATION, "L", "F")
            .text(Tag.PIXEL_INTENSITY_RELATIONSHIP, "LOG").numbers(Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN, 1)
            .text(Tag.BURNED_IN_ANNOTATION, "NO");
    }

    /** Writes sources, reads them, makes an image of them, and writes that. */
    private Path derive(final float scale, final Geometry grid, final DataSetBuilder... slices) throws IOException {
        final Path sources = Files.createDirectories(m_folder.resolve("sources"));
        for (int k = 0; k < slices.length; k++) {
            TestSlices.write(sources.resolve(k + ".dcm"), slices[k]);
        }
        final StudySeries series = read(sources);
        final Geometry g = grid == null ? series.geometry() : grid;
        final float[] voxels = new float[g.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (v % 7 - 1) * scale;
        }
        if (scale > 1) {
            voxels[1] = 65535;
            voxels[0] = 0;
            for (int v = 7; v < voxels.length; v += 7) {
                voxels[v] = 3;
            }
        }
        final Path derived = Files.createDirectories(m_folder.resolve("derived"));
        final SourceSeries source = series.readSource();
        DicomSeriesWriter.derived(new DicomSeriesWriter.Sources(source, g.sameGrid(series.geometry())), "seed", "Derived",
            "Normalized").write(derived, new Volume(voxels, g, series.info()));
        final Volume back = read(derived).readVolume();
        assertTrue(back.geometry().sameGrid(g), back.geometry() + " instead of " + g);
        // half a step of the wider of both scalings, 32767 steps to either side
        assertArrayEquals(voxels, back.voxels(), scale > 1 ? 0 : 5 * scale / 32767 / 2 + 1e-6f);
        assertEquals(series.info().modality(), back.info().modality());
        return derived;
    }

    private static DataSet header(final Path folder, final int k) throws IOException {
        try (DicomFile file = DicomFile.open(folder.resolve(String.format("IM%04d.dcm", k + 1)))) {
            return file.data();
        }
    }

    /** Skipped where dicom3tools is not installed. */
    private static void verify(final Path folder, final String iod) throws IOException, InterruptedException {
        final Process process;
        try {
            process = new ProcessBuilder("dciodvfy", folder.resolve("IM0001.dcm").toString()).redirectErrorStream(true)
                .start();
        } catch (final IOException e) {
            abort("dciodvfy is not installed: " + e.getMessage());
            return;
        }
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "dciodvfy hangs");
        assertTrue(out.contains(iod), out);
        assertEquals(List.of(), out.lines().filter(l -> l.startsWith("Error")).toList());
    }

    @Test
    void petKeepsTimesOfEachSliceAndHasNoIntercept() throws Exception {
        final Path derived = derive(0.5f, null, pet(0), pet(3), pet(6));
        for (int k = 0; k < 3; k++) {
            final DataSet d = header(derived, k);
            assertEquals(Uid.PET_IMAGE_STORAGE, d.text(Tag.SOP_CLASS_UID));
            assertEquals(3000 * k, d.number(Tag.FRAME_REFERENCE_TIME, -1));
            assertEquals(0, d.number(Tag.RESCALE_INTERCEPT, -1));
            assertEquals(k + 1, d.integer(Tag.IMAGE_INDEX, 0));
            assertEquals(List.of("WHOLE BODY", "IMAGE"), d.texts(Tag.SERIES_TYPE));
            assertEquals("NONE", d.text(Tag.UNITS));
        }
        verify(derived, "PETImage");
    }

    /** Slices at other places have no times of their own where those of the sources differ. */
    @Test
    void resampledPetWithSeveralTimesIsASecondaryCapture() throws Exception {
        final Path derived =
            derive(0.5f, Geometry.axial(new int[]{2, 2, 2}, 1, 1, 4), pet(0), pet(3), pet(6));
        assertEquals(Uid.SECONDARY_CAPTURE_STORAGE, header(derived, 0).text(Tag.SOP_CLASS_UID));
        assertEquals(3, header(derived, 1).items(Tag.SOURCE_IMAGE_SEQUENCE).size());
        verify(derived, "SCImage");
    }

    @Test
    void computedRadiographsKeepFractionsAndSpacingAtTheDetector() throws Exception {
        final Path derived = derive(0.5f, null, projection("CR").text(Tag.BODY_PART_EXAMINED, "CHEST"));
        final DataSet d = header(derived, 0);
        assertEquals(Uid.CR_IMAGE_STORAGE, d.text(Tag.SOP_CLASS_UID));
        assertArrayEquals(new double[]{0.3, 0.6}, d.numbers(Tag.IMAGER_PIXEL_SPACING), 1e-9);
        assertFalse(d.hasValue(Tag.PIXEL_SPACING), "it was not calibrated");
        assertFalse(d.hasValue(Tag.IMAGE_POSITION_PATIENT), "no place is made up");
        assertEquals("CHEST", d.text(Tag.BODY_PART_EXAMINED));
        verify(derived, "CRImage");
    }

    /** 0.3/1.5 by 0.6/1.5 mm at the patient, resampled to 0.4 by 0.4: rows at the detector are twice as far apart. */
    @Test
    void resampledRadiographsScaleTheSpacing() throws Exception {
        final Path derived = derive(0.5f, Geometry.axial(new int[]{3, 1, 1}, 0.4, 0.4, 1), projection("CR"));
        assertArrayEquals(new double[]{0.6, 0.6}, header(derived, 0).numbers(Tag.IMAGER_PIXEL_SPACING), 1e-9);
    }

    @Test
    void digitalRadiographsOfWholeNumbersStayWhatTheyAre() throws Exception {
        final Path derived = derive(2, null, dx());
        final DataSet d = header(derived, 0);
        assertEquals(Uid.DX_IMAGE_STORAGE, d.text(Tag.SOP_CLASS_UID));
        assertEquals("FOR PRESENTATION", d.text(Tag.PRESENTATION_INTENT_TYPE));
        assertEquals(65536, d.number(Tag.WINDOW_WIDTH, 0));
        verify(derived, "DXImageForPresentation");
    }

    @ParameterizedTest
    @CsvSource({"DX", "MG", "US", "XA"})
    void whatHasNoFittingClassIsASecondaryCapture(final String modality) throws Exception {
        final Path derived =
            derive(0.5f, null, modality.equals("DX") ? dx() : projection(modality));
        final DataSet d = header(derived, 0);
        assertEquals(Uid.SECONDARY_CAPTURE_STORAGE, d.text(Tag.SOP_CLASS_UID));
        assertEquals("Normalized", d.text(Tag.DERIVATION_DESCRIPTION));
        verify(derived, "SCImage");
    }

    private static DataSetBuilder withoutFrameOfReference(final double z) {
        return slice("MR", z).remove(Tag.FRAME_OF_REFERENCE_UID).numbers(Tag.NUMBER_OF_FRAMES, 1);
    }

    /** Type 1 where there are positions (PS3.3 C.7.4.1): the same for all that is derived from a series, another for others. */
    @Test
    void sourcesWithoutFrameOfReferenceGetOneOfTheirOwn() throws Exception {
        final Path derived =
            derive(0.5f, null, withoutFrameOfReference(0), withoutFrameOfReference(3), withoutFrameOfReference(6));
        final String frame = header(derived, 0).text(Tag.FRAME_OF_REFERENCE_UID);
        assertTrue(frame.matches("[0-9.]{4,64}"), frame);
        assertEquals(frame, header(derived, 2).text(Tag.FRAME_OF_REFERENCE_UID));
        verify(derived, "MRImage");
        final SourceSeries source = read(m_folder.resolve("sources")).readSource();
        assertEquals(frame, source.common().text(Tag.FRAME_OF_REFERENCE_UID));
        final Path other = m_folder.resolve("other");
        TestSlices.write(other.resolve("1"), withoutFrameOfReference(0).text(Tag.SERIES_INSTANCE_UID, "1.2.4"));
        assertFalse(frame.equals(read(other).readSource().common().text(Tag.FRAME_OF_REFERENCE_UID)));
    }

    @Test
    void projectionsGetNoFrameOfReference() throws Exception {
        TestSlices.write(m_folder.resolve("x/1"), projection("CR").remove(Tag.FRAME_OF_REFERENCE_UID));
        assertFalse(read(m_folder.resolve("x")).readSource().common().hasValue(Tag.FRAME_OF_REFERENCE_UID));
    }

    /** Referenced Frame Number is for multi-frame images only (PS3.3 table 10-3). */
    @Test
    void oneFrameIsSingleFrame() throws Exception {
        final Path derived =
            derive(0.5f, null, withoutFrameOfReference(0), withoutFrameOfReference(3), withoutFrameOfReference(6));
        for (int k = 0; k < 3; k++) {
            for (final DataSet item : header(derived, k).items(Tag.SOURCE_IMAGE_SEQUENCE)) {
                assertFalse(item.hasValue(Tag.REFERENCED_FRAME_NUMBER));
            }
        }
        final StudySeries series = read(m_folder.resolve("sources"));
        final byte[] labels = new byte[series.geometry().voxelCount()];
        labels[0] = 1;
        labels[7] = 1;
        final byte[] file = new org.scanbridge.dicom.seg.DicomSegWriter("seed", "", java.time.LocalDateTime.of(2024, 1, 1, 0, 0))
            .file(new org.scanbridge.imaging.volume.LabelVolume(labels, series.geometry(), series.info(),
                org.scanbridge.imaging.volume.LabelSet.of("lesion")), series.readSource());
        Files.createDirectories(m_folder.resolve("seg"));
        Files.write(m_folder.resolve("seg/IM0001.dcm"), file);
        final DataSet seg = header(m_folder.resolve("seg"), 0);
        assertTrue(seg.hasValue(Tag.FRAME_OF_REFERENCE_UID));
        for (final DataSet frame : seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
            final DataSet image = frame.item(Tag.DERIVATION_IMAGE_SEQUENCE).orElseThrow().item(Tag.SOURCE_IMAGE_SEQUENCE)
                .orElseThrow();
            assertFalse(image.hasValue(Tag.REFERENCED_FRAME_NUMBER));
        }
        verify(m_folder.resolve("seg"), "Segmentation");
    }

    @Test
    void aProjectionCannotBecomeAStack() {
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> derive(0.5f, Geometry.axial(new int[]{2, 2, 2}, 0.4, 0.2, 1), projection("CR"))).getMessage()
                .contains("NIfTI"));
    }
}
