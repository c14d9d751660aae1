package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

class StructureSetWriterTest {

    private static final Geometry GRID = TestVolumes.oblique(40, 36, 9);

    private static final LocalDateTime NOW = LocalDateTime.of(2024, 5, 6, 7, 8, 9);

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    private SourceSeries m_source;

    @BeforeEach
    void write() throws Exception {
        m_source = source("1.2.3.5");
    }

    private SourceSeries source(final String frame) throws Exception {
        final Path folder = Files.createDirectories(m_root.resolve("A/p"));
        final DataSet common = frame.isEmpty() ? DataSet.builder().text(Tag.STUDY_INSTANCE_UID, "1.2.3.4").build()
            : DataSet.builder().text(Tag.STUDY_INSTANCE_UID, "1.2.3.4").text(Tag.FRAME_OF_REFERENCE_UID, frame).build();
        return new DicomSeriesWriter(SourceSeries.common(common), "seed", "image", "").write(folder,
            TestVolumes.integers(GRID, 0, 100, 1));
    }

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    /** A shell with an island, a class inside it that touches it, and another beside. */
    private static LabelVolume labels() {
        final byte[] voxels = new byte[GRID.voxelCount()];
        int v = 0;
        for (int k = 0; k < 9; k++) {
            for (int j = 0; j < 36; j++) {
                for (int i = 0; i < 40; i++, v++) {
                    final double r = Math.sqrt((i - 18) * (i - 18) + (j - 17) * (j - 17) + 9.0 * (k - 4) * (k - 4));
                    voxels[v] = (byte)(r < 4 ? 1 : r < 8 ? 2 : r < 14 && r > 10 ? 1 : i > 36 && j % 5 > 1 ? 7 : 0);
                }
            }
        }
        return new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN, LabelSet.of(Map.of(1, "shell", 2, "core", 9, "absent")));
    }

    private byte[] file(final LabelVolume labels) {
        return new StructureSetWriter("seed", "U-Net", NOW).file(labels, m_source);
    }

    @Test
    void whatIsWrittenIsReadBackVoxelByVoxel() throws Exception {
        Files.write(m_root.resolve("A/p/RTSTRUCT.dcm"), file(labels()));
        final Study study = new DicomStudyReader(DicomStudyOptions.defaults()).read(m_root, Progress.NONE, m_executor);
        assertEquals(List.of(), study.problems());
        final LabelVolume back = study.series().get(0).readSegmentation().orElseThrow();
        assertArrayEquals(labels().voxels(), back.voxels());
        assertEquals(Map.of(1, "shell", 2, "core", 7, "class 7", 9, "absent"), back.labels().names());
    }

    @Test
    void itRefersToTheImageOfEachSlice() throws Exception {
        Files.write(m_root.resolve("rt.dcm"), file(labels()));
        try (DicomFile dicom = DicomFile.open(m_root.resolve("rt.dcm"))) {
            final DataSet data = dicom.data();
            assertEquals("1.2.3.4", data.text(Tag.STUDY_INSTANCE_UID));
            assertEquals("1.2.3.5", data.items(Tag.STRUCTURE_SET_ROI_SEQUENCE).get(0)
                .text(Tag.REFERENCED_FRAME_OF_REFERENCE_UID));
            assertEquals("AUTOMATIC", data.items(Tag.STRUCTURE_SET_ROI_SEQUENCE).get(0).text(Tag.ROI_GENERATION_ALGORITHM));
            for (final DataSet contour : data.items(Tag.ROI_CONTOUR_SEQUENCE).get(0).items(Tag.CONTOUR_SEQUENCE)) {
                final double[] points = contour.numbers(Tag.CONTOUR_DATA);
                assertEquals(points.length / 3, contour.requiredInteger(Tag.NUMBER_OF_CONTOUR_POINTS));
                final long k = Math.round(GRID.index(points[0], points[1], points[2])[2]);
                assertEquals(m_source.instances().get((int)k).sopInstance(),
                    contour.items(Tag.CONTOUR_IMAGE_SEQUENCE).get(0).text(Tag.REFERENCED_SOP_INSTANCE_UID));
            }
        }
    }

    /** PS3.3 C.8.8.5: a structure needs a frame of reference, which images need not have. */
    @Test
    void imagesWithoutFrameOfReferenceGetOneInTheStructureSet() throws Exception {
        m_source = new SourceSeries(m_source.common().toBuilder().remove(Tag.FRAME_OF_REFERENCE_UID).build(),
            m_source.seriesUid(), m_source.instances());
        Files.write(m_root.resolve("rt.dcm"), file(labels()));
        try (DicomFile dicom = DicomFile.open(m_root.resolve("rt.dcm"))) {
            assertTrue(dicom.data().text(Tag.FRAME_OF_REFERENCE_UID).startsWith("2.25."),
                dicom.data().text(Tag.FRAME_OF_REFERENCE_UID));
        }
    }

    @Test
    void longContoursFit() throws Exception {
        final Geometry large = Geometry.axial(new int[]{260, 260, 1}, 0.7, 0.7, 2);
        final byte[] comb = new byte[large.voxelCount()];
        for (int v = 0; v < comb.length; v++) {
            comb[v] = (byte)(v % 260 == 0 || v / 260 % 2 == 0 ? 1 : 0);
        }
        final SourceSeries one =
            new SourceSeries(m_source.common(), m_source.seriesUid(), m_source.instances().subList(0, 1));
        final byte[] file = new StructureSetWriter("seed", "", NOW).file(
            new LabelVolume(comb, large, VolumeInfo.UNKNOWN, LabelSet.of("comb")), one);
        Files.write(m_root.resolve("rt.dcm"), file);
        try (DicomFile dicom = DicomFile.open(m_root.resolve("rt.dcm"))) {
            assertEquals(1, dicom.data().items(Tag.ROI_CONTOUR_SEQUENCE).get(0).items(Tag.CONTOUR_SEQUENCE).size());
        }
    }

    @Test
    void whatCannotBeWrittenIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> file(new LabelVolume(new byte[GRID.voxelCount()], GRID,
            VolumeInfo.UNKNOWN, LabelSet.of())));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> file(new LabelVolume(new byte[GRID.voxelCount()],
            GRID, VolumeInfo.UNKNOWN, LabelSet.of("a\\b")))).getMessage().contains("a\\b"));
        assertThrows(IllegalArgumentException.class, () -> file(new LabelVolume(new byte[1],
            Geometry.axial(new int[]{1, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of("a"))));
    }
}
