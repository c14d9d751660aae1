package org.scanbridge.dicom.nifti.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class NiftiStudyReaderTest {

    private static final Geometry GRID = new Geometry(new int[]{3, 4, 2}, new double[]{1, 1.5, 3},
        new double[]{-7, 5, 11}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});

    private static final NiftiStudyOptions NAMES = NiftiStudyOptions.defaults().withNames(true);

    @TempDir
    Path m_root;

    private Path file(final String path) throws IOException {
        final Path file = m_root.resolve(path + ".nii.gz");
        Files.createDirectories(file.getParent());
        return file;
    }

    private void image(final String path) throws IOException {
        final float[] voxels = new float[GRID.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v + path.length() / 100f;
        }
        NiftiWriter.write(file(path), new Volume(voxels, GRID, VolumeInfo.UNKNOWN));
    }

    private static LabelVolume labels() {
        final byte[] voxels = new byte[GRID.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)(v % 3);
        }
        return new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN, LabelSet.of());
    }

    private void labels(final String path) throws IOException {
        NiftiWriter.write(file(path), labels());
    }

    private NiftiStudy read(final NiftiStudyOptions options) throws IOException {
        return new NiftiStudyReader(options).read(m_root, Progress.NONE);
    }

    /** Site, subject and whether labeled, by the image's path without extension. */
    private static Map<String, String> summary(final NiftiStudy study) {
        final Map<String, String> summary = new TreeMap<>();
        study.series().forEach(s -> summary.put(s.info().series(),
            s.info().site() + " " + s.info().subject() + (s.hasSegmentation() ? " labeled" : "")));
        return summary;
    }

    @Test
    void readsADecathlonFolder() throws Exception {
        image("A/imagesTr/liver_1");
        image("A/imagesTr/liver_2");
        image("A/imagesTs/liver_3");
        labels("A/labelsTr/liver_1");
        labels("A/labelsTr/liver_2");
        Files.writeString(m_root.resolve("A/imagesTr/._liver_1.nii.gz"), "shadow of macOS");
        Files.writeString(m_root.resolve("A/dataset.json"), """
                {"name": "x", "labels": {"0": "background", "1": "liver", "2": "cancer"}}""");
        final NiftiStudy study = read(NAMES);
        assertEquals(List.of(), study.problems());
        assertEquals(Map.of("A/imagesTr/liver_1", "A liver_1 labeled", "A/imagesTr/liver_2", "A liver_2 labeled",
            "A/imagesTs/liver_3", "A liver_3"), summary(study));
        final LabelVolume labels = study.series().get(0).readSegmentation().orElseThrow();
        assertEquals(Map.of(1, "liver", 2, "cancer"), labels.labels().names());
        assertArrayEquals(labels().voxels(), labels.voxels());
    }

    @Test
    void readsChannelsOfNnUnet() throws Exception {
        image("imagesTr/case_0000");
        image("imagesTr/case_0001");
        image("imagesTr/other_0000");
        labels("labelsTr/case");
        Files.writeString(m_root.resolve("dataset.json"), """
                {"labels": {"background": 0, "edema": 1, "core": 2}, "numTraining": 2}""");
        final NiftiStudy study = read(NAMES);
        assertEquals(Map.of("imagesTr/case_0000", " case labeled", "imagesTr/case_0001", " case labeled",
            "imagesTr/other_0000", " other"), summary(study));
        assertEquals(Map.of(1, "edema", 2, "core"),
            study.series().get(0).readSegmentation().orElseThrow().labels().names());
    }

    /** Four digits at the end are no channel where label maps have them too. */
    @Test
    void numbersThatLookLikeChannelsAreKept() throws Exception {
        image("images/case_0001");
        image("images/case_0002");
        labels("labels/case_0001");
        assertEquals(Map.of("images/case_0001", " case_0001 labeled", "images/case_0002", " case_0002"),
            summary(read(NAMES)));
    }

    @Test
    void readsBids() throws Exception {
        image("Berlin/sub-01/ses-1/anat/sub-01_ses-1_T1w");
        image("Berlin/sub-01/ses-2/anat/sub-01_ses-2_T1w");
        image("Berlin/sub-02/anat/sub-02_T1w");
        image("Berlin/derivatives/prep/sub-02/anat/sub-02_desc-preproc_T1w");
        labels("Berlin/derivatives/manual/sub-01/ses-2/anat/sub-01_ses-2_space-orig_desc-tissue_dseg");
        Files.writeString(
            m_root.resolve("Berlin/derivatives/manual/sub-01/ses-2/anat/sub-01_ses-2_space-orig_desc-tissue_dseg.tsv"),
            "name\tindex\nbackground\t0\nCSF\t1\nGM\t2\n");
        final NiftiStudy study = read(NAMES);
        assertEquals(List.of("Berlin/derivatives/prep/sub-02/anat/sub-02_desc-preproc_T1w.nii.gz FILTERED"),
            study.problems().stream().map(p -> p.file() + " " + p.kind()).toList());
        assertEquals(Map.of("Berlin/sub-01/ses-1/anat/sub-01_ses-1_T1w", "Berlin sub-01",
            "Berlin/sub-01/ses-2/anat/sub-01_ses-2_T1w", "Berlin sub-01 labeled",
            "Berlin/sub-02/anat/sub-02_T1w", "Berlin sub-02"), summary(study));
        final NiftiSeries labeled =
            study.series().stream().filter(NiftiSeries::hasSegmentation).findFirst().orElseThrow();
        assertEquals(Map.of(1, "CSF", 2, "GM"), labeled.readSegmentation().orElseThrow().labels().names());
        assertEquals("MR", labeled.info().modality());
    }

    @Test
    void readsLabelMapsBesideTheirImages() throws Exception {
        image("B/p1_flair");
        image("B/p1_t1");
        labels("B/p1_seg");
        image("B/p2");
        image("B/p2_extra");
        labels("B/p2_mask");
        image("C/p1");
        assertEquals(Map.of("B/p1_flair", "B p1 labeled", "B/p1_t1", "B p1 labeled", "B/p2", "B p2 labeled",
            "B/p2_extra", "B p2", "C/p1", "C p1"), summary(read(NAMES)));
    }

    @Test
    void readsPatterns() throws Exception {
        image("A/t1/7");
        image("A/t1/8");
        image("A/t2/7");
        labels("A/truth/7_lesions");
        assertEquals(Map.of("A/t1/7", "A 7 labeled", "A/t1/8", "A 8"), summary(read(
            NAMES.withLayout(NiftiLayout.PATTERNS).withPatterns("*/t1/*", "*/truth/*_lesions"))));
        // without wildcards only the folder tells subjects apart
        assertEquals(Map.of("A/t1/7", "A t1", "A/t2/7", "A t2"),
            summary(read(NAMES.withLayout(NiftiLayout.PATTERNS).withPatterns("7", "nothing"))));
    }

    @Test
    void choosesImagesByPattern() throws Exception {
        image("sub-01/anat/sub-01_T1w");
        image("sub-01/anat/sub-01_FLAIR");
        assertEquals(1, read(NAMES.withPatterns("*_t1W", "*")).series().size());
        assertEquals(2, read(NAMES.withPatterns("**/anat/*", "*")).series().size());
    }

    /** Most converters from DICOM reverse the rows, label tools may not. */
    @Test
    void labelMapsInAnotherOrderArePutIntoTheImagesOrder() throws Exception {
        image("a");
        final LabelVolume turned =
            new Reorientation(GRID, new int[]{2, 0, 1}, new boolean[]{true, false, true}).apply(labels());
        NiftiWriter.write(file("a_seg"), turned);
        final NiftiStudy study = read(NAMES);
        assertEquals(List.of(), study.problems());
        final LabelVolume read = study.series().get(0).readSegmentation().orElseThrow();
        assertArrayEquals(labels().voxels(), read.voxels());
        assertTrue(read.geometry().sameGrid(GRID));
    }

    @Test
    void whatDoesNotFitIsAProblem() throws Exception {
        image("a");
        NiftiWriter.write(file("a_seg"), new LabelVolume(new byte[24],
            Geometry.axial(new int[]{3, 4, 2}, 1, 1.5, 3), VolumeInfo.UNKNOWN, LabelSet.of()));
        labels("b_seg");
        image("c");
        labels("c_label");
        labels("c_seg");
        Files.writeString(file("broken"), "no NIfTI at all");
        image("d");
        NiftiWriter.write(file("d_seg"), new Volume(new float[24], GRID, VolumeInfo.UNKNOWN));
        final NiftiStudy study = read(NAMES);
        assertEquals(List.of("a_seg.nii.gz SEGMENTATION_GEOMETRY", "b_seg.nii.gz SEGMENTATION_WITHOUT_IMAGE",
            "broken.nii.gz UNREADABLE_FILE", "c_seg.nii.gz SEVERAL_SEGMENTATIONS"),
            study.problems().stream().map(p -> p.file() + " " + p.kind()).toList());
        assertEquals(List.of("a", "c", "d"), study.series().stream().map(s -> s.info().subject()).toList());
    }

    @Test
    void valuesThatAreNoLabelsAreFoundWhenRead() throws Exception {
        image("d");
        final float[] halves = new float[24];
        halves[3] = 0.5f;
        NiftiWriter.write(file("d_seg"), new Volume(halves, GRID, VolumeInfo.UNKNOWN));
        final NiftiSeries series = read(NAMES).series().get(0);
        final IOException e = assertThrows(IOException.class, series::readSegmentation);
        final Problem problem = series.segmentationProblem(0, e);
        assertEquals(Kind.LABEL_OUT_OF_RANGE, problem.kind());
        assertEquals("d_seg.nii.gz", problem.file());
        assertTrue(problem.message().contains("0.5"), problem.message());
    }

    @Test
    void idsArePseudonymsOfTheKey() throws Exception {
        image("Kowalska/x");
        final VolumeInfo info = read(NiftiStudyOptions.defaults()).series().get(0).info();
        assertTrue(info.subject().matches("S-[0-9A-F]{8}") && info.series().matches("R-[0-9A-F]{8}"), info.toString());
        assertEquals(info, read(NiftiStudyOptions.defaults()).series().get(0).info());
        final NiftiStudyOptions d = NiftiStudyOptions.defaults();
        final NiftiStudyOptions secret = new NiftiStudyOptions(d.layout(), d.images(), d.labels(), "one", false, false,
            "secret", "CT", LabelSet.of());
        final VolumeInfo other = read(secret).series().get(0).info();
        assertNotEquals(info.subject(), other.subject());
        assertEquals("one", other.site());
        assertEquals("CT", other.modality());
    }

    @Test
    void theHashFollowsNamesAndContents() throws Exception {
        image("a");
        final String before = read(NAMES).inputHash();
        assertTrue(before.matches("[0-9a-f]{64}"));
        assertEquals(before, read(NAMES).inputHash());
        image("b");
        assertNotEquals(before, read(NAMES).inputHash());
        Files.delete(file("b"));
        assertEquals(before, read(NAMES).inputHash());
        labels("a");
        assertNotEquals(before, read(NAMES).inputHash());
    }

    @Test
    void cannotReadWhatIsNoFolder() throws Exception {
        assertThrows(NoSuchFileException.class,
            () -> new NiftiStudyReader(NAMES).read(m_root.resolve("x"), Progress.NONE));
        image("a");
        assertThrows(NotDirectoryException.class,
            () -> new NiftiStudyReader(NAMES).read(file("a"), Progress.NONE));
        assertThrows(CancellationException.class, () -> new NiftiStudyReader(NAMES).read(m_root, (f, m) -> {
            throw new CancellationException();
        }));
    }

    @Test
    void filesThatNameClassesBadlyNameNone() {
        assertEquals(Map.of(), ClassNameFiles.fromJson("{\"labels\": 3}"));
        assertEquals(Map.of(), ClassNameFiles.fromJson("not JSON"));
        assertEquals(Map.of(), ClassNameFiles.fromTable("a\tb\n1\t2"));
        assertEquals(Map.of(7, "x", 300, "y"), ClassNameFiles.fromTable("index\tname\n7\tx\n300\ty\n8\t \n9"));
        assertFalse(ClassNameFiles.fromJson("{\"labels\": {\"2\": \"a\"}}").containsKey(1));
    }

    /** Voxel v of volume n is 100 n + v; the dimensions of nifti1.h are shorts from byte 40 on. */
    private void several(final String path, final int volumes, final int... dim) throws IOException {
        final float[] voxels = new float[GRID.voxelCount() * volumes];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = 100 * (v / GRID.voxelCount() + 1) + v % GRID.voxelCount();
        }
        final Path file = m_root.resolve(path + ".nii");
        Files.createDirectories(file.getParent());
        NiftiWriter.write(file,
            new Volume(voxels, Geometry.axial(new int[]{3, 4, 2 * volumes}, 1, 1.5, 3), VolumeInfo.UNKNOWN));
        final ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        for (int d = 0; d < dim.length; d++) {
            header.putShort(40 + 2 * d, (short)dim[d]);
        }
        Files.write(file, header.array());
    }

    private static float[] voxels(final NiftiSeries series) throws IOException {
        try (NiftiStudyVoxels files = new NiftiStudyVoxels()) {
            return files.read(series).voxels();
        }
    }

    @Test
    void volumesOfACompressedFileAreReadInAnyOrder() throws Exception {
        several("A/p", 4, 4, 3, 4, 2, 4);
        image("A/q");
        compress("A/p");
        final NiftiStudy study = read(NAMES);
        try (NiftiStudyVoxels files = new NiftiStudyVoxels()) {
            for (final int n : new int[]{0, 1, 3, 2, 2, 4, 0, 3}) {
                final float first = files.read(study.series().get(n)).voxels()[0];
                assertEquals(n == 4 ? voxels(study.series().get(4))[0] : 100 * (n + 1), first, "volume " + n);
            }
        }
    }

    @Test
    void theVolumesBeforeABreakAreRead() throws Exception {
        several("A/p", 4, 4, 3, 4, 2, 4);
        final Path whole = compress("A/p");
        final NiftiStudy study = read(NAMES);
        final byte[] bytes = Files.readAllBytes(whole);
        Files.write(whole, Arrays.copyOf(bytes, bytes.length - 40)); // compressed: less than the last volume
        try (NiftiStudyVoxels files = new NiftiStudyVoxels()) {
            assertEquals(100, files.read(study.series().get(0)).voxels()[0]);
            final IOException e = assertThrows(NiftiException.class, () -> files.read(study.series().get(3)));
            assertTrue(e.getMessage().contains("ends before its last voxel"), e.getMessage());
            assertEquals(200, files.read(study.series().get(1)).voxels()[0]);
        }
    }

    private Path compress(final String path) throws IOException {
        final Path plain = m_root.resolve(path + ".nii");
        final Path to = m_root.resolve(path + ".nii.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(to))) {
            Files.copy(plain, out);
        }
        Files.delete(plain);
        return to;
    }

    @Test
    void eachVolumeOfAFileOfFourDimensionsIsAnImage() throws Exception {
        several("imagesTr/BRATS_001", 12, 4, 3, 4, 2, 12);
        NiftiWriter.write(file("labelsTr/BRATS_001"), new LabelVolume(labels().voxels(),
            Geometry.axial(new int[]{3, 4, 2}, 1, 1.5, 3), VolumeInfo.UNKNOWN, LabelSet.of()));
        final NiftiStudy study = read(NAMES);
        assertEquals(List.of(), study.problems());
        assertEquals(12, study.series().size());
        for (int n = 0; n < 12; n++) {
            final NiftiSeries series = study.series().get(n);
            assertEquals(String.format("imagesTr/BRATS_001_v%02d", n + 1), series.info().series());
            assertEquals("BRATS_001", series.info().subject());
            assertTrue(series.hasSegmentation());
            final float[] voxels = voxels(series);
            assertEquals(24, voxels.length);
            assertEquals(100 * (n + 1), voxels[0]);
            assertEquals(100 * (n + 1) + 23, voxels[23]);
        }
    }

    @Test
    void oneOrNoneOfSeveralVolumesMayBeChosen() throws Exception {
        several("A/p", 3, 4, 3, 4, 2, 3);
        image("A/q");
        final NiftiStudy one = read(NAMES.withVolumes(VolumeChoice.one(2)));
        assertEquals(List.of("A/p_v2", "A/q"), one.series().stream().map(s -> s.info().series()).toList());
        assertEquals(200, voxels(one.series().get(0))[0]);
        for (final VolumeChoice choice : List.of(VolumeChoice.one(4), VolumeChoice.NONE)) {
            final NiftiStudy none = read(NAMES.withVolumes(choice));
            assertEquals(1, none.series().size());
            assertEquals("A/p.nii", none.problems().get(0).file());
            assertTrue(none.problems().get(0).message().contains("3"), none.problems().toString());
        }
    }

    @Test
    void vectorsAndLabelMapsOfSeveralVolumesAreProblems() throws Exception {
        several("A/vector", 3, 5, 3, 4, 2, 1, 3);
        several("A/b_seg", 2, 4, 3, 4, 2, 2);
        image("A/b");
        final NiftiStudy study = read(NAMES);
        assertEquals(Map.of("A/b", "A b"), summary(study));
        assertEquals(List.of(Kind.SEGMENTATION_GEOMETRY, Kind.UNREADABLE_FILE),
            study.problems().stream().map(Problem::kind).toList());
        assertTrue(study.problems().get(1).message().contains("Dimension 5 is 3"), study.problems().toString());
    }

    @Test
    void sitesMayBeFoldersOfADeeperLevel() throws Exception {
        image("train/A/imagesTr/x");
        labels("train/A/labelsTr/x");
        image("test/B/imagesTr/y");
        image("test/imagesTr/z");
        final NiftiStudy study = read(NAMES.withSiteFolder(new SiteFolder(2)));
        assertEquals(Map.of("train/A/imagesTr/x", "A x labeled", "test/B/imagesTr/y", "B y"), summary(study));
        assertEquals(List.of(Kind.NO_SITE), study.problems().stream().map(Problem::kind).toList());
        assertEquals("test/imagesTr/z.nii.gz", study.problems().get(0).file());
    }
}
