package org.scanbridge.dicom.nifti.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Files from outside beside the source folder; without them this is skipped. The right values are those of their READMEs, and
 * of nibabel where these give none.
 */
class NiftiCasesTest {

    private static final Path CASES = Path.of(System.getProperty("basedir", ".")).resolve("../../../shared/cases");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nifti-one-file-per-class/n15_ts | liver 48, spleen 36",
        "nifti-label-above-255/n3_mmwhs | label 205 48, label 420 36, label 850 1",
        "nifti-label-freesurfer/n3b_fs | Left-Hippocampus 48, ctx-lh-bankssts 36, ctx-rh-insula 1",
        "nifti-label-float-scaled/n2_scaled | class 1 48, class 2 36, class 4 1",
        "nifti-label-float-offset/n2b_offint | class 1 48, class 2 36, class 4 1",
        "nifti-sform-sheared-qform-good/n5_shear | class 1 48, class 2 36, class 4 1",
        "bids-brain-mask-and-dseg/y1_bids | class 1 191, class 2 172, class 3 188"})
    void sizes(final String folder, final String expected) throws Exception {
        assumeTrue(Files.isDirectory(CASES.resolve(folder)), CASES.resolve(folder) + " is not there");
        final NiftiStudy study =
            new NiftiStudyReader(NiftiStudyOptions.defaults()).read(CASES.resolve(folder), Progress.NONE);
        assertEquals(1, study.series().size(), study.problems().toString());
        final LabelVolume labels = study.series().get(0).readSegmentation().orElseThrow();
        final Map<Integer, Integer> sizes = new TreeMap<>();
        for (final byte v : labels.voxels()) {
            if (v != 0) {
                sizes.merge(v & 0xff, 1, Integer::sum);
            }
        }
        final Map<String, Integer> byName = new TreeMap<>();
        sizes.forEach((v, n) -> byName.put(labels.labels().name(v), n));
        assertEquals(expected, String.join(", ", byName.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList()));
    }

    /** Only what is no image or whose values or place cannot be told is left out. */
    @ParameterizedTest
    @CsvSource({"nifti-readings/study, 10, 7", "nifti_sform_unusable_qform_fine, 2, 2"})
    void readings(final String folder, final int images, final int problems) throws Exception {
        assumeTrue(Files.isDirectory(CASES.resolve(folder)), CASES.resolve(folder) + " is not there");
        final NiftiStudy study =
            new NiftiStudyReader(NiftiStudyOptions.defaults()).read(CASES.resolve(folder), Progress.NONE);
        assertEquals(images, study.series().size(), study.problems().toString());
        assertEquals(problems, study.problems().size(), study.problems().toString());
    }
}
