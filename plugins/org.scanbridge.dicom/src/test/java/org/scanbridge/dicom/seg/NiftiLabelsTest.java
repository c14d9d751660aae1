package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** NIfTI label maps in a folder of DICOM series. */
class NiftiLabelsTest {

    @TempDir
    private Path m_folder;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    private final Geometry m_grid = TestVolumes.oblique(6, 5, 4);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Path root() {
        return m_folder.resolve("study");
    }

    private Study read() throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(root(), Progress.NONE, m_executor);
    }

    private void writeImages(final String... subjects) throws IOException {
        final var image = TestVolumes.integers(m_grid, 0, 100, 1);
        new DicomStudyWriter("seed").write(root(), java.util.Arrays.stream(subjects)
            .map(s -> new StudySubject("A", s, image, Optional.empty())).toList(), Progress.NONE);
    }

    private LabelVolume labels() {
        return TestVolumes.labels(m_grid, LabelSet.of(), 4, 1, 2);
    }

    /** The same voxels in another order, as a converter writes them: j flipped, axes i and k exchanged. */
    private LabelVolume turned(final LabelVolume labels) {
        final int[] n = m_grid.size();
        final double[] d = m_grid.direction();
        final Geometry g = new Geometry(new int[]{n[2], n[1], n[0]},
            new double[]{m_grid.spacing(2), m_grid.spacing(1), m_grid.spacing(0)}, m_grid.position(0, n[1] - 1, 0),
            new double[]{d[6], d[7], d[8], -d[3], -d[4], -d[5], d[0], d[1], d[2]});
        final byte[] voxels = new byte[g.voxelCount()];
        int v = 0;
        for (int c = 0; c < n[0]; c++) {
            for (int b = 0; b < n[1]; b++) {
                for (int a = 0; a < n[2]; a++) {
                    voxels[v++] = (byte)labels.get(c, n[1] - 1 - b, a);
                }
            }
        }
        return new LabelVolume(voxels, g, labels.info(), labels.labels());
    }

    @Test
    void aLabelMapJoinsTheSeriesWhoseVoxelsItHas() throws IOException {
        writeImages("p1");
        NiftiWriter.write(root().resolve("anything.nii.gz"), turned(labels()));
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertArrayEquals(labels().voxels(), study.series().get(0).readSegmentation().orElseThrow().voxels());
        assertFalse(new DicomStudyReader(DicomStudyOptions.defaults().withNifti(false))
            .read(root(), Progress.NONE, m_executor).series().get(0).hasSegmentation());
    }

    @Test
    void onEqualGridsTheFolderOrTheNameTells() throws IOException {
        writeImages("p1", "p2");
        NiftiWriter.write(root().resolve("A/p2/labels.nii"), labels());
        NiftiWriter.write(root().resolve("masks-p1.nii"), turned(labels()));
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertTrue(study.series().stream().allMatch(s -> s.hasSegmentation()));
    }

    /** Moved by 0.6 and 0.8 mm along two axes that are perpendicular to each other: 1 mm. */
    @Test
    void aLabelMapOffTheGridTellsHowFar() throws IOException {
        writeImages("p1");
        final double[] d = m_grid.direction();
        final double[] o = m_grid.origin();
        final Geometry moved = new Geometry(m_grid.size(), m_grid.spacing(), new double[]{o[0] + 0.6 * d[0] + 0.8 * d[3],
            o[1] + 0.6 * d[1] + 0.8 * d[4], o[2] + 0.6 * d[2] + 0.8 * d[5]}, d);
        NiftiWriter.write(root().resolve("labels.nii"),
            new LabelVolume(labels().voxels(), moved, labels().info(), labels().labels()));
        final Study study = read();
        assertEquals(1, study.problems().size());
        assertEquals(Effect.KEPT, study.problems().get(0).effect());
        assertTrue(study.problems().get(0).message().contains("its center lies 1.00 mm away"), study.problems().toString());
        assertTrue(study.series().get(0).readSegmentation().orElseThrow().geometry().sameGrid(moved));
    }

    /** Of two images on whose grids it does not lie nobody knows which one is meant. */
    @Test
    void aLabelMapOffTheGridsOfTwoImagesTellsHowFar() throws IOException {
        writeImages("p1", "p2");
        final double[] o = m_grid.position(0.5, 0, 0);
        NiftiWriter.write(root().resolve("labels.nii"), new LabelVolume(labels().voxels(),
            new Geometry(m_grid.size(), m_grid.spacing(), o, m_grid.direction()), labels().info(), labels().labels()));
        final Study study = read();
        assertEquals(List.of(Effect.SEGMENTATION_SKIPPED), study.problems().stream().map(p -> p.effect()).toList());
        assertTrue(study.problems().get(0).message().contains("it is off by 0.550 mm and 0.00° from series "),
            study.problems().toString());
    }

    /** Values of FreeSurfer and a table beside: the names are those of FreeSurferColorLUT.txt and of the table. */
    @Test
    void valuesAboveTwoHundredFiftyFiveAreNumberedAndNamed() throws IOException {
        writeImages("p1", "p2");
        final int[] values = {0, 17, 1001, 2035};
        final float[] voxels = new float[m_grid.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = values[v % 4];
        }
        NiftiWriter.write(root().resolve("A/p1/aparc+aseg.nii.gz"), new Volume(voxels, m_grid, VolumeInfo.UNKNOWN));
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v == 5 ? 17 : 0;
        }
        NiftiWriter.write(root().resolve("A/p2/aseg.nii.gz"), new Volume(voxels, m_grid, VolumeInfo.UNKNOWN));
        final Study study = read();
        final Map<Integer, String> names = Map.of(1, "Left-Hippocampus", 2, "ctx-lh-bankssts", 3, "ctx-rh-insula");
        int labeled = 0;
        for (final StudySeries s : study.series()) {
            final LabelVolume labels = s.readSegmentation().orElseThrow();
            assertEquals(names, labels.labels().names());
            for (final byte v : labels.voxels()) {
                labeled += v == 1 ? 1 : 0;
            }
            assertEquals(labels.voxels()[6] == 0 ? 1 : 3, labels.maxValue());
        }
        // a quarter of 120 voxels, and one
        assertEquals(31, labeled);
        final Problem p = study.problems().stream().filter(q -> q.kind() == Kind.LABEL_OUT_OF_RANGE).findFirst().orElseThrow();
        assertTrue(p.message().contains("17 became 1, 1001 became 2, 2035 became 3"), p.message());
    }

    /** The table that the Segmentation Writer writes beside a label map. */
    @Test
    void aTableBesideNamesTheClasses() throws IOException {
        writeImages("p1");
        NiftiWriter.write(root().resolve("A/p1/SEG.nii.gz"), labels());
        Files.writeString(root().resolve("A/p1/SEG.tsv"), "index\tname\n1\tliver\n2\tspleen\n7\tkidney\n");
        assertEquals(Map.of(1, "liver", 2, "spleen"),
            read().series().get(0).readSegmentation().orElseThrow().labels().names());
    }

    @Test
    void labelMapsThatFitSeveralSeriesOrNoneAreReported() throws IOException {
        writeImages("p1", "p2");
        NiftiWriter.write(root().resolve("labels.nii"), labels());
        NiftiWriter.write(root().resolve("other.nii"),
            TestVolumes.labels(TestVolumes.oblique(6, 5, 9), LabelSet.of(), 1, 1));
        final Study study = read();
        assertEquals(List.of("The segmentation names no series and fits 2 of them."),
            study.problems().stream().filter(p -> p.file().equals("labels.nii")).map(p -> p.message()).toList());
        assertEquals(2, study.problems().size());
        assertTrue(study.problems().stream().allMatch(p -> p.kind() == Kind.SEGMENTATION_WITHOUT_IMAGE));
    }

    @Test
    void imagesAndBrokenFilesAreNoLabelMaps() throws IOException {
        writeImages("p1");
        NiftiWriter.write(root().resolve("image.nii"), TestVolumes.ramp(m_grid));
        Files.write(root().resolve("broken.nii"), new byte[100]);
        final Study study = read();
        assertEquals(2, study.problems().size());
        assertTrue(study.problems().stream().allMatch(p -> p.kind() == Kind.NIFTI), study.problems().toString());
        assertFalse(study.series().get(0).hasSegmentation());
    }
}
