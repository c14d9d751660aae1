package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/** Structure sets whose contours enclose known voxels. */
class StructureSetTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    private final Geometry m_grid = TestVolumes.oblique(20, 16, 6);

    private SourceSeries m_source;

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read(final DicomStudyOptions options) throws IOException {
        return new DicomStudyReader(options).read(m_root, Progress.NONE, m_executor);
    }

    private void writeImages() throws IOException {
        final Path folder = java.nio.file.Files.createDirectories(m_root.resolve("A/p"));
        m_source = new DicomSeriesWriter(
            SourceSeries.common(DataSet.builder().text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5").build()), "seed", "image", "")
                .write(folder, TestVolumes.integers(m_grid, 0, 100, 1));
    }

    /** A contour through points given in voxels. */
    private DataSet contour(final String type, final double... ijk) {
        final double[] points = new double[ijk.length];
        for (int p = 0; p < ijk.length; p += 3) {
            System.arraycopy(m_grid.position(ijk[p], ijk[p + 1], ijk[p + 2]), 0, points, p, 3);
        }
        return DataSet.builder().text(Tag.CONTOUR_GEOMETRIC_TYPE, type).numbers(Tag.CONTOUR_DATA, points).build();
    }

    private DataSet rectangle(final double k, final double left, final double top, final double right,
        final double bottom) {
        return contour("CLOSED_PLANAR", left, top, k, right, top, k, right, bottom, k, left, bottom, k);
    }

    private record Roi(int number, String name, List<DataSet> contours) {
    }

    private void write(final boolean named, final Roi... rois) throws IOException {
        final List<DataSet> descriptions = new ArrayList<>();
        final List<DataSet> contours = new ArrayList<>();
        for (final Roi roi : rois) {
            descriptions.add(DataSet.builder().numbers(Tag.ROI_NUMBER, roi.number).text(Tag.ROI_NAME, roi.name)
                .text(Tag.REFERENCED_FRAME_OF_REFERENCE_UID, "1.2.3.5").build());
            contours.add(DataSet.builder().numbers(Tag.REFERENCED_ROI_NUMBER, roi.number)
                .items(Tag.CONTOUR_SEQUENCE, roi.contours).build());
        }
        final DataSetBuilder set = DataSet.builder().text(Tag.SOP_CLASS_UID, Uid.RT_STRUCTURE_SET_STORAGE)
            .text(Tag.SOP_INSTANCE_UID, "1.2.3.77").text(Tag.SERIES_INSTANCE_UID, "1.2.3.78")
            .text(Tag.MODALITY, "RTSTRUCT").items(Tag.STRUCTURE_SET_ROI_SEQUENCE, descriptions)
            .items(Tag.ROI_CONTOUR_SEQUENCE, contours);
        if (named) {
            final List<DataSet> images = new ArrayList<>();
            m_source.instances().forEach(i -> images.add(
                DataSet.builder().text(Tag.REFERENCED_SOP_INSTANCE_UID, i.sopInstance()).build()));
            set.items(Tag.REFERENCED_FRAME_OF_REFERENCE_SEQUENCE, DataSet.builder()
                .text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5")
                .items(Tag.RT_REFERENCED_STUDY_SEQUENCE, DataSet.builder().items(Tag.RT_REFERENCED_SERIES_SEQUENCE,
                    DataSet.builder().text(Tag.SERIES_INSTANCE_UID, m_source.seriesUid())
                        .items(Tag.CONTOUR_IMAGE_SEQUENCE, images).build())
                    .build())
                .build());
        }
        TestSlices.write(m_root.resolve("A/p/RTSTRUCT"), set);
    }

    private static int count(final LabelVolume labels, final int value, final int k) {
        int count = 0;
        for (int j = 0; j < labels.geometry().size(1); j++) {
            for (int i = 0; i < labels.geometry().size(0); i++) {
                count += labels.get(i, j, k) == value ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void contoursBecomeLabelsOnTheObliqueGridOfTheirImages() throws IOException {
        writeImages();
        // in slice 2 a square of 10×8 with a hole of 4×3, in slice 3 a square of 5×5; another structure beside
        write(true, new Roi(7, "Liver", List.of(rectangle(2, 2.5, 3.5, 12.5, 11.5), rectangle(2, 5.5, 5.5, 9.5, 8.5),
            rectangle(3, 2.5, 3.5, 7.5, 8.5))), new Roi(9, "Tumor", List.of(rectangle(2, 14.5, 1.5, 17.5, 3.5))));
        final Study study = read(DicomStudyOptions.defaults());
        assertEquals(List.of(), study.problems());
        final LabelVolume labels = study.series().get(0).readSegmentation().orElseThrow();
        assertTrue(labels.geometry().sameGrid(m_grid));
        assertEquals(80 - 12, count(labels, 7, 2));
        assertEquals(25, count(labels, 7, 3));
        assertEquals(6, count(labels, 9, 2));
        assertEquals(0, count(labels, 7, 1));
        assertEquals(7, labels.get(3, 4, 2));
        assertEquals(0, labels.get(6, 6, 2));
        assertEquals(9, labels.get(15, 2, 2));
        assertEquals("Liver", labels.labels().name(7));
    }

    @Test
    void theFrameOfReferenceIsEnoughToFindTheImages() throws IOException {
        writeImages();
        write(false, new Roi(1, "a", List.of(rectangle(0, 0.5, 0.5, 3.5, 3.5))));
        assertTrue(read(DicomStudyOptions.defaults()).series().get(0).hasSegmentation());
    }

    @Test
    void structuresAreChosenByName() throws IOException {
        writeImages();
        write(true, new Roi(300, "GTV 1", List.of(rectangle(0, 0.5, 0.5, 3.5, 3.5))),
            new Roi(12, "BODY", List.of(rectangle(0, 0.5, 0.5, 18.5, 14.5))));
        final LabelVolume labels = read(DicomStudyOptions.defaults()
            .withStructures(new StructureChoice(List.of("body", "gtv*")))).series().get(0).readSegmentation()
                .orElseThrow();
        assertEquals("body", labels.labels().name(1));
        assertEquals("GTV 1", labels.labels().name(2));
        assertEquals(9, count(labels, 2, 0));
        assertEquals(18 * 14 - 9, count(labels, 1, 0));
        final Study none = read(
            DicomStudyOptions.defaults().withStructures(new StructureChoice(List.of("Spleen"))));
        assertFalse(none.series().get(0).hasSegmentation());
        assertEquals(Kind.LABEL_OUT_OF_RANGE, none.problems().get(0).kind());
    }

    private List<String> contourProblems(final DataSet... contours) throws IOException {
        writeImages();
        write(true, new Roi(1, "a", List.of(contours)));
        final Study study = read(DicomStudyOptions.defaults());
        assertTrue(study.series().get(0).hasSegmentation());
        return study.problems().stream().filter(p -> p.kind() == Kind.CONTOUR).map(Problem::message).toList();
    }

    @Test
    void contoursThatEncloseNothingAreReported() throws IOException {
        final List<String> messages = contourProblems(rectangle(0, 0.5, 0.5, 3.5, 3.5), contour("POINT", 1, 1, 1),
            contour("OPEN_PLANAR", 1, 1, 1, 2, 2, 1, 3, 3, 1), contour("CLOSED_PLANAR", 1, 1, 1, 2, 2, 1),
            contour("CLOSED_PLANAR", 1, 1, 0, 2, 2, 3, 1, 2, 3), rectangle(40, 0, 0, 1, 1));
        assertEquals(List.of(
            "In \"a\": contours are not parallel to the slices and were passed over.",
            "In \"a\": contours lie outside the slices and were passed over.",
            "In \"a\": contours of fewer than 3 points enclose no area and were passed over.",
            "In \"a\": contours of type \"OPEN_PLANAR\" enclose no area and were passed over.",
            "In \"a\": contours of type \"POINT\" enclose no area and were passed over."), messages);
    }

    @Test
    void contoursBetweenSlicesGoToTheNearestSliceAndTheNearestContourCounts() throws IOException {
        final List<String> messages =
            contourProblems(rectangle(1.3, 0.5, 0.5, 3.5, 3.5), rectangle(0.9, 0.5, 0.5, 5.5, 5.5));
        assertEquals(List.of("In \"a\": contours lie between slices and were moved to the nearest one."), messages);
        assertEquals(25, count(read(DicomStudyOptions.defaults()).series().get(0).readSegmentation().orElseThrow(), 1, 1));
    }

    @Test
    void slicesWithoutContourInBetweenAreReported() throws IOException {
        assertEquals(List.of("In \"a\": 1 slices between the first and the last contour have none."),
            contourProblems(rectangle(1, 0.5, 0.5, 3.5, 3.5), rectangle(3, 0.5, 0.5, 5.5, 5.5)));
    }

    @Test
    void imagesReferredToThatAreMissingAreReported() throws IOException {
        writeImages();
        write(true, new Roi(1, "a", List.of(rectangle(0, 0.5, 0.5, 3.5, 3.5))));
        java.nio.file.Files.delete(m_root.resolve("A/p/IM0006.dcm"));
        final List<Problem> problems = read(DicomStudyOptions.defaults()).problems();
        assertEquals(List.of("5 of 6 images are there that Images in Acquisition (0020,1002) announces: 1 may be missing"
            + " at the ends of the stack.", "The segmentation refers to 1 images that are not in the folder."),
            problems.stream().map(Problem::message).toList());
        assertTrue(problems.stream().allMatch(p -> p.kind() == Kind.INCOMPLETE_SERIES));
    }

    private LabelVolume labels(final StructureChoice choice, final DataSet... contours) throws IOException {
        writeImages();
        write(true, new Roi(1, "a", List.of(contours)));
        return read(DicomStudyOptions.defaults().withStructures(choice)).series().get(0).readSegmentation().orElseThrow();
    }

    /** PS3.3 C.8.8.6.3 asks for exclusive-or with CLOSEDPLANAR_XOR only. Areas by geometry. */
    @Test
    void contoursThatOverlapOrRepeatAreAUnion() throws IOException {
        assertEquals(100, count(labels(StructureChoice.ALL, rectangle(2, 0.5, 0.5, 10.5, 10.5),
            rectangle(2, 0.5, 0.5, 10.5, 10.5)), 1, 2), "stored twice");
        assertEquals(100, count(labels(StructureChoice.ALL, rectangle(2, 0.5, 0.5, 10.5, 10.5), contour("CLOSED_PLANAR",
            10.5, 10.5, 2, 10.5, 0.5, 2, 0.5, 0.5, 2, 0.5, 10.5, 2)), 1, 2), "from another corner, the other way round");
        assertEquals(36 + 36 - 9, count(labels(StructureChoice.ALL, rectangle(2, 0.5, 0.5, 6.5, 6.5),
            rectangle(2, 3.5, 3.5, 9.5, 9.5)), 1, 2), "overlapping");
        // the second leaves the first by less than a pixel, so it is no hole
        assertEquals(100, count(labels(StructureChoice.ALL, rectangle(2, 0.5, 0.5, 10.5, 10.5),
            rectangle(2, 5.5, 5.5, 10.8, 8.5)), 1, 2), "leaving by less than a pixel");
        assertEquals(100 - 36 + 4, count(labels(StructureChoice.ALL, rectangle(2, 4.5, 4.5, 6.5, 6.5),
            rectangle(2, 0.5, 0.5, 10.5, 10.5), rectangle(2, 2.5, 2.5, 8.5, 8.5)), 1, 2), "island in a hole");
        assertEquals(100 + 20 - 4, count(labels(StructureChoice.ALL, rectangle(2, 0.5, 0.5, 10.5, 10.5),
            rectangle(2, 8.5, 0.5, 12.5, 10.5), rectangle(2, 8.5 + 0.25, 4.5, 10.25, 6.5)), 1, 2), "hole in both");
    }

    private DataSet exclusive(final double left, final double top, final double right, final double bottom) {
        return contour("CLOSEDPLANAR_XOR", left, top, 2, right, top, 2, right, bottom, 2, left, bottom, 2);
    }

    @Test
    void exclusiveContoursAreCombinedByExclusiveOr() throws IOException {
        assertEquals(36 + 36 - 2 * 9, count(labels(StructureChoice.ALL, exclusive(0.5, 0.5, 6.5, 6.5),
            exclusive(3.5, 3.5, 9.5, 9.5)), 1, 2));
        assertEquals(0, count(labels(StructureChoice.ALL, exclusive(0.5, 0.5, 6.5, 6.5), exclusive(0.5, 0.5, 6.5, 6.5)),
            1, 2));
    }

    /** A cone: half way between squares of 4 and 8 pixels lies one of 6. */
    @Test
    void slicesBetweenContoursAreInterpolatedOnRequest() throws IOException {
        final StructureChoice interpolate = new StructureChoice(List.of(), true, OverlapRule.SMALLER);
        final LabelVolume even = labels(interpolate, rectangle(1, 0.5, 0.5, 8.5, 8.5), rectangle(3, 0.5, 0.5, 8.5, 8.5),
            rectangle(5, 0.5, 0.5, 8.5, 8.5));
        for (int k = 1; k < 6; k++) {
            assertEquals(64, count(even, 1, k), "slice " + k);
        }
        final LabelVolume cone = labels(interpolate, rectangle(1, 4.5, 4.5, 8.5, 8.5), rectangle(3, 2.5, 2.5, 10.5, 10.5));
        // the corners of the larger square are farther from the smaller one than its sides
        assertTrue(count(cone, 1, 2) <= 36 && count(cone, 1, 2) >= 32, count(cone, 1, 2) + " voxels");
        assertEquals(0, count(labels(StructureChoice.ALL, rectangle(1, 0.5, 0.5, 8.5, 8.5),
            rectangle(3, 0.5, 0.5, 8.5, 8.5)), 1, 2), "not unasked");
    }

    @Test
    void aLesionWithTheLowerNumberSurvivesInsideAnOrgan() throws IOException {
        writeImages();
        write(true, new Roi(1, "lesion", List.of(rectangle(2, 4.5, 4.5, 6.5, 8.5))),
            new Roi(2, "organ", List.of(rectangle(2, 0.5, 0.5, 12.5, 12.5))));
        final LabelVolume smaller = read(DicomStudyOptions.defaults()).series().get(0).readSegmentation().orElseThrow();
        assertEquals(8, count(smaller, 1, 2));
        assertEquals(144 - 8, count(smaller, 2, 2));
        final LabelVolume higher = read(DicomStudyOptions.defaults()
            .withStructures(new StructureChoice(List.of(), false, OverlapRule.HIGHER))).series().get(0).readSegmentation()
                .orElseThrow();
        assertEquals(0, count(higher, 1, 2));
    }
}
