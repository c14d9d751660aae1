package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Files from outside beside the source folder; without them this is skipped. The right numbers of voxels are those of their
 * READMEs.
 */
class SegmentationCasesTest {

    private static final Path CASES = Path.of(System.getProperty("basedir", ".")).resolve("../../../shared/cases");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rtstruct-duplicate-contour/r3_duplicate | SMALLER | false | 400",
        "rtstruct-every-second-slice/r5_every2 | SMALLER | true | 2000",
        "rtstruct-every-second-slice/r5_every2 | SMALLER | false | 1200",
        "seg-overlap-lesion-has-lower-number/s1r_overlap | SMALLER | false | 8, 184",
        "seg-overlap-lesion-has-lower-number/s1r_overlap | LOWER | false | 8, 184",
        "seg-overlap-lesion-has-lower-number/s1r_overlap | HIGHER | false | 192",
        "two-seg-of-one-series/s4_two | SMALLER | false | 18, 48"})
    void sizes(final String folder, final OverlapRule overlap, final boolean interpolate, final String expected)
        throws Exception {
        assumeTrue(Files.isDirectory(CASES.resolve(folder)), CASES.resolve(folder) + " is not there");
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            final Study study = new DicomStudyReader(DicomStudyOptions.defaults()
                .withStructures(new StructureChoice(List.of(), interpolate, overlap)))
                    .read(CASES.resolve(folder), Progress.NONE, executor);
            final LabelVolume labels = study.series().get(0).readSegmentation().orElseThrow();
            final Map<Integer, Integer> sizes = new TreeMap<>();
            for (final byte v : labels.voxels()) {
                if (v != 0) {
                    sizes.merge(v & 0xff, 1, Integer::sum);
                }
            }
            assertEquals(expected,
                String.join(", ", sizes.values().stream().sorted().map(String::valueOf).toList()), study.problems().toString());
            assertTrue(sizes.keySet().stream().allMatch(labels.labels().names()::containsKey), labels.labels().toString());
        } finally {
            executor.shutdownNow();
        }
    }
}
