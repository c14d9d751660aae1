package org.scanbridge.dicom.nifti.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** The layouts of public data sets, each by its own rules. */
class NiftiLayoutsTest {

    private static final Geometry GRID = Geometry.axial(new int[]{4, 4, 4}, 1, 1, 2);

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

    /** A label map: so many voxels of each value, one value after the other, from voxel {@code first} on. */
    private void labels(final String path, final int first, final int... valuesAndCounts) throws IOException {
        final float[] voxels = new float[GRID.voxelCount()];
        int v = first;
        for (int n = 0; n < valuesAndCounts.length; n += 2) {
            for (int c = 0; c < valuesAndCounts[n + 1]; c++) {
                voxels[v++] = valuesAndCounts[n];
            }
        }
        NiftiWriter.write(file(path), new Volume(voxels, GRID, VolumeInfo.UNKNOWN));
    }

    private NiftiStudy read() throws IOException {
        return read(NiftiStudyOptions.defaults());
    }

    private NiftiStudy read(final NiftiStudyOptions options) throws IOException {
        return new NiftiStudyReader(options.withNames(true)).read(m_root, Progress.NONE);
    }

    /** Voxels by name of class. */
    private static Map<String, Integer> sizes(final NiftiSeries series, final List<Problem> problems) throws IOException {
        final Map<String, Integer> sizes = new TreeMap<>();
        final LabelVolume labels = series.readSegmentation(0, problems::add).orElseThrow();
        for (final byte v : labels.voxels()) {
            if (v != 0) {
                sizes.merge(labels.labels().name(v & 0xff), 1, Integer::sum);
            }
        }
        return sizes;
    }

    private static Map<String, Integer> sizes(final NiftiSeries series) throws IOException {
        return sizes(series, new ArrayList<>());
    }

    private static List<String> paths(final NiftiStudy study) {
        return study.series().stream().map(NiftiSeries::path).toList();
    }

    /** github.com/wasserth/TotalSegmentator: s0001/ct.nii.gz and a file of 0 and 1 for each class; numbers of its table. */
    @Test
    void totalSegmentator() throws Exception {
        for (final String subject : List.of("s0001", "s0002")) {
            image("A/" + subject + "/ct");
            labels("A/" + subject + "/segmentations/liver", 0, 1, 12);
            labels("A/" + subject + "/segmentations/spleen", 30, 1, 7);
        }
        image("B/s0003/ct");
        final NiftiStudy study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of("A/s0001/ct.nii.gz", "A/s0002/ct.nii.gz", "B/s0003/ct.nii.gz"), paths(study));
        assertEquals(List.of("A s0001 CT", "A s0002 CT"), study.series().subList(0, 2).stream()
            .map(s -> s.info().site() + " " + s.info().subject() + " " + s.info().modality()).toList());
        assertEquals(Map.of("liver", 12, "spleen", 7), sizes(study.series().get(1)));
        assertEquals(Map.of(1, "spleen", 5, "liver"),
            study.series().get(0).readSegmentation().orElseThrow().labels().names());
        assertFalse(study.series().get(2).hasSegmentation());
    }

    /** The program's output folder may have any name; the names of its classes tell. */
    @Test
    void totalSegmentatorInAFolderOfAnyName() throws Exception {
        image("case1");
        labels("result/liver", 0, 1, 3);
        labels("result/kidney_left", 9, 255, 4);
        final NiftiStudy study = read();
        assertEquals(List.of("case1.nii.gz"), paths(study));
        assertEquals(Map.of("liver", 3, "kidney_left", 4), sizes(study.series().get(0)));
    }

    @Test
    void oneFilePerClassOfAnyName() throws Exception {
        image("A/p1/t1");
        labels("A/p1/masks/wall", 0, 1, 20);
        labels("A/p1/masks/core", 5, 1, 4);
        image("A/p2");
        labels("A/p2_wall_mask", 0, 1, 6);
        labels("A/p2_core_mask", 8, 1, 2);
        image("B/images/x");
        labels("B/labels/x/core", 0, 1, 5);
        labels("B/labels/x/wall", 20, 1, 6);
        final NiftiStudy study = read();
        final List<Problem> problems = new ArrayList<>();
        // the smaller class has the voxels that both claim
        assertEquals(Map.of("core", 4, "wall", 16), sizes(study.series().get(0), problems));
        assertEquals(Map.of("core", 2, "wall", 6), sizes(study.series().get(1)));
        assertEquals(Map.of("core", 5, "wall", 6), sizes(study.series().get(2)));
        assertEquals(List.of(Kind.SEGMENTATION_OVERLAP), problems.stream().map(Problem::kind).toList());
        assertTrue(problems.get(0).message().contains("in 4 voxels"), problems.toString());
        final NiftiStudy higher = read(NiftiStudyOptions.defaults().withOverlap(OverlapRule.HIGHER));
        assertEquals(Map.of("wall", 20), sizes(higher.series().get(0)));
        assertEquals(Map.of(1, "core", 2, "wall"),
            study.series().get(0).readSegmentation().orElseThrow().labels().names());
    }

    /** Classes are core 1, rim 2, wall 3 in the whole study, so that core + wall is 4 and rim + wall 5 in each image. */
    @Test
    void filesOfClassesThatOverlapMayKeepAll() throws Exception {
        image("A/p1/t1");
        labels("A/p1/masks/wall", 0, 1, 20);
        labels("A/p1/masks/core", 15, 1, 8);
        image("A/p2/t1");
        labels("A/p2/masks/wall", 0, 1, 20);
        labels("A/p2/masks/rim", 18, 1, 9);
        final NiftiStudy study = read(NiftiStudyOptions.defaults().withOverlap(OverlapRule.KEEP_ALL));
        final List<Problem> problems = new ArrayList<>();
        assertEquals(Map.of("wall", 15, "core", 3, "core + wall", 5), sizes(study.series().get(0), problems));
        assertEquals(Map.of("wall", 18, "rim", 7, "rim + wall", 2), sizes(study.series().get(1)));
        assertEquals("core + wall", study.series().get(0).readSegmentation().orElseThrow().labels().name(4));
        assertEquals("rim + wall", study.series().get(1).readSegmentation().orElseThrow().labels().name(5));
        assertEquals(List.of(Kind.SEGMENTATION_OVERLAP), problems.stream().map(Problem::kind).toList());
        assertTrue(problems.get(0).remedy().contains("\"Where classes overlap\""), problems.toString());
    }

    /** A label map that its name gives to an image, but with thinner slices: it comes on its own grid. */
    @Test
    void aLabelMapOnAnotherGridIsHandedOn() throws Exception {
        image("A/p1/t1");
        final Geometry thin = new Geometry(new int[]{GRID.size(0), GRID.size(1), 2 * GRID.size(2)},
            new double[]{GRID.spacing(0), GRID.spacing(1), GRID.spacing(2) / 2}, GRID.position(0, 0, -0.25),
            GRID.direction());
        final float[] voxels = new float[thin.voxelCount()];
        voxels[7] = 2;
        NiftiWriter.write(file("A/p1/t1_seg"), new Volume(voxels, thin, VolumeInfo.UNKNOWN));
        final NiftiStudy study = read();
        final LabelVolume labels = study.series().get(0).readSegmentation().orElseThrow();
        assertTrue(labels.geometry().sameGrid(thin), labels.geometry().toString());
        assertEquals(2, labels.voxels()[7]);
        assertEquals(List.of(Kind.SEGMENTATION_GEOMETRY), study.problems().stream().map(Problem::kind).toList());
        assertEquals(Effect.KEPT, study.problems().get(0).effect());
        assertTrue(study.problems().get(0).remedy().contains("Volume Resampler"), study.problems().toString());
    }

    /** Two raters with a file for each class, told apart by the folder. */
    @Test
    void ratersMayHaveAFileForEachClass() throws Exception {
        image("A/p1/t1");
        labels("A/p1/masks/core", 0, 1, 4);
        labels("A/p1/masks/wall", 9, 1, 5);
        image("A/p2/t1");
        labels("A/p2/t1_seg", 0, 1, 3);
        final NiftiStudy study =
            read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.FOLDER, 2)));
        final NiftiSeries first = study.series().get(0);
        assertEquals(2, first.raters());
        assertEquals(Map.of("core", 4, "wall", 5), sizes(first));
        assertTrue(first.readSegmentation(1, p -> {
        }).isEmpty());
        final NiftiSeries second = study.series().get(1);
        // "masks" comes before "p2" in the alphabet
        assertTrue(second.readSegmentation().isEmpty());
        assertEquals(1, second.readSegmentation(1, p -> {
        }).orElseThrow().maxValue());
    }

    /** The masks of raters keep their own values, whatever tells the raters. */
    @Test
    void ratersBesideTheImageAreNoClasses() throws Exception {
        image("A/c1");
        labels("A/c1_rater1_seg", 0, 1, 9, 2, 4);
        labels("A/c1_rater2_seg", 0, 1, 16);
        image("A/c2_t1");
        labels("A/c2_rater2_seg", 0, 1, 5);
        for (final Raters.Rule rule : List.of(Raters.Rule.NAME, Raters.Rule.ORDER)) {
            final NiftiStudy study = read(NiftiStudyOptions.defaults().withRaters(new Raters(rule, 2)));
            assertEquals(List.of("A/c1.nii.gz", "A/c2_t1.nii.gz"), paths(study));
            assertEquals(List.of("{1=9, 2=4}", "{1=16}"), counts(study.series().get(0)), rule.toString());
            assertEquals(rule == Raters.Rule.NAME ? List.of("{}", "{1=5}") : List.of("{1=5}", "{}"),
                counts(study.series().get(1)), rule.toString());
        }
        final NiftiStudy one = read();
        assertEquals(List.of("{1=9, 2=4}"), counts(one.series().get(0)));
        assertTrue(one.problems().stream().anyMatch(p -> p.file().equals("A/c1_rater2_seg.nii.gz")
            && p.kind() == Kind.SEVERAL_SEGMENTATIONS), one.problems().toString());
    }

    /** What follows the image's name tells the rater where names do, also if it is no word for raters. */
    @Test
    void ratersByNameMayBeCalledAnything() throws Exception {
        image("A/c1");
        labels("A/c1_ann_seg", 0, 1, 9);
        labels("A/c1_zoe_seg", 0, 3, 16);
        final NiftiStudy study = read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.NAME, 2)));
        assertEquals(List.of("{1=9}", "{3=16}"), counts(study.series().get(0)));
    }

    /** A file for each class of each rater. */
    @Test
    void classesOfRatersAreJoined() throws Exception {
        image("A/c1");
        labels("A/c1_rater1_liver_mask", 0, 1, 9);
        labels("A/c1_rater1_tumor_mask", 20, 1, 3);
        labels("A/c1_rater2_liver_mask", 0, 1, 16);
        for (final Raters.Rule rule : List.of(Raters.Rule.NAME, Raters.Rule.ORDER)) {
            final NiftiStudy study = read(NiftiStudyOptions.defaults().withRaters(new Raters(rule, 2)));
            assertEquals(List.of("{1=9, 2=3}", "{1=16}"), counts(study.series().get(0)), rule.toString());
            assertEquals(Map.of("liver", 9, "tumor", 3), sizes(study.series().get(0)));
        }
    }

    /** Folders that bear the names of people are raters' if they are named, or if each sub-folder is to be one. */
    @Test
    void foldersOfRatersMayBeCalledAnything() throws Exception {
        image("A/images/c1");
        labels("A/jones/c1_seg", 0, 1, 9);
        labels("A/smith/c1_seg", 0, 1, 16);
        image("B/imagesTr/c1_0000");
        labels("B/labelsTr/jones/c1", 0, 1, 9);
        labels("B/labelsTr/smith/c1", 0, 1, 16);
        image("C/c1/t1");
        labels("C/c1/jones/seg", 0, 1, 9);
        labels("C/c1/smith/seg", 0, 1, 16);
        image("E/c1");
        labels("E/jones/c1", 0, 1, 9);
        labels("E/smith/c1", 0, 1, 16);
        for (final String folders : List.of("*", "Smith, jo?es", " *n*s,s*h ")) {
            final NiftiStudy study =
                read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.FOLDER, 2, folders)));
            assertEquals(List.of("A/images/c1.nii.gz", "B/imagesTr/c1_0000.nii.gz", "C/c1/t1.nii.gz", "E/c1.nii.gz"),
                paths(study), folders);
            for (final NiftiSeries series : study.series()) {
                assertEquals(List.of("{1=9}", "{1=16}"), counts(series), folders + ": " + series.path());
            }
            assertEquals(List.of(Effect.KEPT), study.problems().stream().map(Problem::effect).toList(),
                study.problems().toString());
        }
        final List<Problem> usual =
            read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.FOLDER, 2))).problems();
        assertTrue(usual.toString().contains("name that in \"Folders of raters\"")
            || usual.toString().contains("name their folders in \"Folders of raters\""), usual.toString());
        assertTrue(read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.FOLDER, 2, "smyth"))).problems()
            .toString().contains("\"Folders of raters\" is \"smyth\", but no folder of the study is called so."));
    }

    /** Voxels by label value of each rater. */
    private static List<String> counts(final NiftiSeries series) throws IOException {
        final List<String> counts = new ArrayList<>();
        for (int r = 0; r < series.raters(); r++) {
            final Map<Integer, Integer> sizes = new TreeMap<>();
            series.readSegmentation(r, p -> {
            }).ifPresent(labels -> {
                for (final byte v : labels.voxels()) {
                    if (v != 0) {
                        sizes.merge(v & 0xff, 1, Integer::sum);
                    }
                }
            });
            counts.add(sizes.toString());
        }
        return counts;
    }

    /** A table names more than occurs; what is part of a combination that occurs stays a class. */
    @Test
    void structuresOfCombinationsKeepTheirNames() throws Exception {
        image("A/c1");
        labels("A/c1_seg", 0, 2, 9, 3, 4);
        Files.writeString(m_root.resolve("A/c1_seg.tsv"),
            "index\tname\n1\tlesion\n2\torgan\n3\tlesion + organ\n4\tbone\n5\tbone + lesion\n");
        assertEquals(Map.of(1, "lesion", 2, "organ", 3, "lesion + organ"),
            read().series().get(0).readSegmentation().orElseThrow().labels().names());
    }

    /** Images of one name in several folders are of several subjects, which shown names tell apart. */
    @Test
    void theSameNameInSeveralFoldersIsNotOneSubject() throws Exception {
        image("A/case_1/imaging");
        image("A/case_2/imaging");
        image("A/other");
        image("B/x/anat/t1");
        image("B/y/anat/t1");
        image("C/imaging");
        assertEquals(List.of("A case_1", "A case_2", "A other", "B B/x/anat/t1", "B B/y/anat/t1", "C imaging"),
            read().series().stream().map(s -> s.info().site() + " " + s.info().subject()).toList());
    }

    /** Folders of raters above, below and beside those of images, and those of BIDS derivatives. */
    @Test
    void foldersOfRatersArePaired() throws Exception {
        image("A/images/c1");
        labels("A/rater1/c1_seg", 0, 1, 9);
        labels("A/rater2/c1_seg", 0, 1, 16);
        image("B/imagesTr/c1_0000");
        image("B/imagesTr/c2_0000");
        labels("B/labelsTr/rater1/c1", 0, 1, 9);
        labels("B/labelsTr/rater2/c1", 0, 1, 16);
        image("C/c1/t1");
        labels("C/c1/rater1/seg", 0, 1, 9);
        labels("C/c1/rater2/seg", 0, 1, 16);
        image("D/sub-01/anat/sub-01_T1w");
        labels("D/derivatives/rater1/sub-01/anat/sub-01_dseg", 0, 1, 9);
        labels("D/derivatives/rater2/sub-01/anat/sub-01_dseg", 0, 1, 16);
        image("E/c1");
        labels("E/rater1/c1", 0, 1, 9);
        labels("E/rater2/c1", 0, 1, 16);
        final NiftiStudy study = read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.FOLDER, 2)));
        assertEquals(List.of("A/images/c1.nii.gz", "B/imagesTr/c1_0000.nii.gz", "B/imagesTr/c2_0000.nii.gz",
            "C/c1/t1.nii.gz", "D/sub-01/anat/sub-01_T1w.nii.gz", "E/c1.nii.gz"), paths(study));
        for (final NiftiSeries series : study.series()) {
            assertEquals(series.path().contains("c2") ? List.of("{}", "{}") : List.of("{1=9}", "{1=16}"), counts(series),
                series.path());
        }
        assertEquals(List.of(Effect.KEPT), study.problems().stream().map(Problem::effect).toList(),
            study.problems().toString());
        assertTrue(study.problems().get(0).message().contains("\"rater1\""), study.problems().toString());
    }

    /** The examples of the dialog. */
    @Test
    void namesOfRatersBesideImagesAndInBids() throws Exception {
        image("A/case");
        labels("A/case_rater1_seg", 0, 1, 9);
        labels("A/case_rater2_seg", 0, 1, 16);
        image("B/sub-01/anat/sub-01_T1w");
        labels("B/derivatives/manual/sub-01/anat/sub-01_desc-rater1_dseg", 0, 1, 9);
        labels("B/derivatives/manual/sub-01/anat/sub-01_desc-rater2_dseg", 0, 1, 16);
        final NiftiStudy study = read(NiftiStudyOptions.defaults().withRaters(new Raters(Raters.Rule.NAME, 4)));
        assertEquals(List.of("{}", "{}", "{1=9}", "{1=16}"), counts(study.series().get(0)), study.problems().toString());
        assertEquals(List.of("{1=9}", "{1=16}", "{}", "{}"), counts(study.series().get(1)), study.problems().toString());
    }

    /** The guide's example: lesion alone is a whole map, beside liver it is a class. */
    @Test
    void aLesionBesideTheLiverIsAClass() throws Exception {
        image("A/p1/ct");
        labels("A/p1/segmentations/liver", 0, 1, 20);
        labels("A/p1/segmentations/lesion", 30, 1, 3);
        image("A/p2/ct");
        labels("A/p2/segmentations/lesion", 30, 1, 3);
        labels("A/p2/segmentations/liver", 0, 1, 10);
        final NiftiStudy study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(Map.of("liver", 20, "lesion", 3), sizes(study.series().get(0)));
        assertEquals(Map.of("liver", 10, "lesion", 3), sizes(study.series().get(1)));
    }

    /** What is missing would be background. */
    @Test
    void oneBrokenFileOfAClassLeavesTheImageUnlabeled() throws Exception {
        image("A/p1/t1");
        labels("A/p1/masks/wall", 0, 1, 20);
        Files.writeString(file("A/p1/masks/core"), "broken");
        final NiftiStudy study = read();
        assertFalse(study.series().get(0).hasSegmentation());
        assertTrue(study.problems().stream().anyMatch(p -> p.effect() == Effect.SEGMENTATION_SKIPPED
            && p.file().equals("A/p1/masks/core.nii.gz")), study.problems().toString());
    }

    /** fmriprep.org/en/stable/outputs.html: desc-brain_mask, dseg and probseg of each tissue. */
    @Test
    void theDsegCountsBeforeTheBrainMaskOfBids() throws Exception {
        final String derived = "siteA/derivatives/fmriprep/sub-01/anat/sub-01_";
        image("siteA/sub-01/anat/sub-01_T1w");
        image(derived + "desc-preproc_T1w");
        labels(derived + "desc-brain_mask", 0, 1, 40);
        labels(derived + "dseg", 0, 1, 5, 2, 6, 3, 7);
        image(derived + "label-GM_probseg");
        labels(derived + "space-MNI152NLin2009cAsym_res-2_dseg", 0, 1, 1);
        final NiftiStudy study = read();
        assertEquals(List.of("siteA/sub-01/anat/sub-01_T1w.nii.gz"), paths(study));
        assertEquals(Map.of("class 1", 5, "class 2", 6, "class 3", 7), sizes(study.series().get(0)));
        assertEquals(Map.of(Kind.FILTERED, 3L, Kind.SEVERAL_SEGMENTATIONS, 1L), study.problems().stream()
            .collect(java.util.stream.Collectors.groupingBy(Problem::kind, java.util.stream.Collectors.counting())));
        assertTrue(study.problems().stream().anyMatch(p -> p.file().endsWith("probseg.nii.gz")), "probabilities are named");
    }

    /** bids-specification 1.8, derivatives: masks of single tissues carry the entity label. */
    @Test
    void masksOfBidsWithALabelAreClasses() throws Exception {
        image("sub-01/anat/sub-01_T1w");
        labels("derivatives/x/sub-01/anat/sub-01_label-GM_mask", 0, 1, 5);
        labels("derivatives/x/sub-01/anat/sub-01_label-WM_mask", 9, 1, 3);
        labels("derivatives/x/sub-01/anat/sub-01_desc-brain_mask", 0, 1, 30);
        assertEquals(Map.of("GM", 5, "WM", 3), sizes(read().series().get(0)));
    }

    /** BraTS 2023; ACDC; KiTS19 and KiTS23; LiTS; BTCV. */
    @Test
    void challenges() throws Exception {
        image("BraTS/BraTS-GLI-00000-000/BraTS-GLI-00000-000-t1n");
        image("BraTS/BraTS-GLI-00000-000/BraTS-GLI-00000-000-t2f");
        labels("BraTS/BraTS-GLI-00000-000/BraTS-GLI-00000-000-seg", 0, 1, 4, 3, 2);
        image("ACDC/patient001/patient001_frame01");
        labels("ACDC/patient001/patient001_frame01_gt", 0, 1, 4, 2, 2);
        image("KiTS/case_00000/imaging");
        labels("KiTS/case_00000/segmentation", 0, 1, 4, 2, 2);
        image("LiTS/volume-1");
        image("LiTS/volume-11");
        labels("LiTS/segmentation-1", 0, 1, 9);
        labels("LiTS/segmentation-11", 0, 1, 8);
        image("BTCV/img/img0001");
        labels("BTCV/label/label0001", 0, 1, 7);
        final NiftiStudy study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of("ACDC/patient001/patient001_frame01", "BTCV/img/img0001",
            "BraTS/BraTS-GLI-00000-000/BraTS-GLI-00000-000-t1n", "BraTS/BraTS-GLI-00000-000/BraTS-GLI-00000-000-t2f",
            "KiTS/case_00000/imaging", "LiTS/volume-1", "LiTS/volume-11"),
            study.series().stream().map(s -> s.info().series()).toList());
        assertTrue(study.series().stream().allMatch(NiftiSeries::hasSegmentation));
        assertEquals(Map.of("class 1", 9), sizes(study.series().get(5)));
        assertEquals(Map.of("class 1", 8), sizes(study.series().get(6)));
        assertEquals("BraTS-GLI-00000-000", study.series().get(2).info().subject());
        assertEquals(study.series().get(2).info().subject(), study.series().get(3).info().subject());
    }

    /** Sites need not be laid out alike, and a target site has no labels. */
    @Test
    void eachSiteHasItsOwnLayout() throws Exception {
        image("A/imagesTr/case_0000");
        image("A/imagesTr/other_0000");
        labels("A/labelsTr/case", 0, 1, 4);
        labels("A/labelsTr/other", 0, 1, 5);
        image("B/sub-01/anat/sub-01_T1w");
        labels("B/derivatives/labels/sub-01/anat/sub-01_seg-manual_dseg", 0, 1, 3);
        image("C/p1_t1");
        labels("C/p1_seg", 0, 1, 2);
        image("D/imagesTs/new_0000");
        final NiftiStudy study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of("A case true", "A other true", "B sub-01 true", "C p1 true", "D new false"),
            study.series().stream()
                .map(s -> s.info().site() + " " + s.info().subject() + " " + s.hasSegmentation()).toList());
    }

    /** surfer.nmr.mgh.harvard.edu, ReconAllOutputFiles; names and numbers of FreeSurferColorLUT. */
    @Test
    void freeSurfer() throws Exception {
        for (final String stage : List.of("orig", "nu", "T1", "norm", "brain", "brainmask", "ribbon", "wm")) {
            image("A/bert/mri/" + stage);
        }
        labels("A/bert/mri/aseg", 0, 17, 9, 3, 5);
        labels("A/bert/mri/aparc+aseg", 0, 17, 9, 1001, 5, 2035, 1);
        Files.writeString(m_root.resolve("A/bert/mri/rawavg.mgz"), "not NIfTI");
        final NiftiStudy study = read();
        assertEquals(List.of("A/bert/mri/T1.nii.gz"), paths(study));
        assertEquals("bert", study.series().get(0).info().subject());
        assertEquals(Map.of("Left-Hippocampus", 9, "ctx-lh-bankssts", 5, "ctx-rh-insula", 1),
            sizes(study.series().get(0)));
        assertEquals(Map.of(1, "Left-Hippocampus", 2, "ctx-lh-bankssts", 3, "ctx-rh-insula"),
            study.series().get(0).readSegmentation().orElseThrow().labels().names());
        assertTrue(study.problems().stream().anyMatch(p -> p.message().contains(".mgz")), study.problems().toString());
        assertTrue(study.problems().stream().anyMatch(p -> p.message().contains("another stage")));
        assertEquals(List.of("A/bert/mri/norm.nii.gz"),
            paths(read(NiftiStudyOptions.defaults().withPatterns("norm", "*"))));
    }

    /** Numbers of the MM-WHS challenge; the same number means the same in every label map. */
    @Test
    void valuesAbove255AreNumberedOverTheStudy() throws Exception {
        image("A/p1_t1");
        labels("A/p1_seg", 0, 205, 9, 420, 6, 850, 1);
        image("A/p2_t1");
        labels("A/p2_seg", 0, 205, 2, 500, 3);
        final NiftiStudy study = read();
        assertEquals(Map.of("label 205", 9, "label 420", 6, "label 850", 1), sizes(study.series().get(0)));
        assertEquals(Map.of("label 205", 2, "label 500", 3), sizes(study.series().get(1)));
        assertEquals(Map.of(1, "label 205", 2, "label 420", 3, "label 500", 4, "label 850"),
            study.series().get(1).readSegmentation().orElseThrow().labels().names());
        assertEquals(1, study.problems().size());
        assertTrue(study.problems().get(0).message().contains("205 became 1, 420 became 2"), study.problems().toString());
        assertEquals(Effect.KEPT, study.problems().get(0).effect());
        final NiftiStudy named = read(NiftiStudyOptions.defaults()
            .withClasses(new TreeMap<>(Map.of(205, "myocardium", 420, "atrium", 500, "ventricle", 600, "right", 850, "artery"))));
        assertEquals(Map.of(1, "myocardium", 2, "atrium", 3, "ventricle", 4, "right", 5, "artery"),
            named.series().get(0).readSegmentation().orElseThrow().labels().names());
        assertEquals(Map.of("myocardium", 9, "atrium", 6, "artery", 1), sizes(named.series().get(0)));
    }

    @Test
    void valuesUpTo255StayAsTheyAre() throws Exception {
        image("p1_t1");
        labels("p1_seg", 0, 255, 4, 10, 2);
        final LabelVolume labels = read().series().get(0).readSegmentation().orElseThrow();
        assertEquals(255, labels.get(0, 0, 0));
        assertEquals(10, labels.get(0, 1, 0));
    }

    /** How far and in which respect, in mm and degrees. */
    @Test
    void theMessageSaysHowFarALabelMapLiesOff() throws Exception {
        image("a");
        image("b");
        final Geometry shifted =
            new Geometry(new int[]{4, 4, 4}, new double[]{1, 1, 2}, new double[]{0.2, 0, 0}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        NiftiWriter.write(file("a_seg"), new LabelVolume(new byte[64], shifted, VolumeInfo.UNKNOWN, LabelSet.of()));
        final double c = Math.cos(Math.toRadians(3));
        final double s = Math.sin(Math.toRadians(3));
        NiftiWriter.write(file("b_seg"), new LabelVolume(new byte[64], new Geometry(new int[]{4, 4, 4},
            new double[]{1, 1, 2}, new double[3], new double[]{c, s, 0, -s, c, 0, 0, 0, 1}), VolumeInfo.UNKNOWN, LabelSet.of()));
        final List<Problem> problems = read().problems();
        assertTrue(problems.get(0).message().contains("its center lies 0.200 mm away"), problems.toString());
        assertFalse(problems.get(0).message().contains("turned"), problems.toString());
        assertTrue(problems.get(1).message().contains("its axes are turned by 3.0°"), problems.toString());
    }
}
