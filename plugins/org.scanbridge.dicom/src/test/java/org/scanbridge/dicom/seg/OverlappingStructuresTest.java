package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Folders;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Structures that overlap survive writing and reading. The right numbers of voxels follow from sets; the SEG and RTSTRUCT
 * files of {@link #segmentsOverlapInTheFile} were also read with highdicom 0.28.2 and pydicom 3.0.2, with the same numbers.
 */
class OverlappingStructuresTest {

    private static final Geometry GRID = TestVolumes.oblique(7, 6, 3);

    private static final LocalDateTime NOW = LocalDateTime.of(2024, 5, 6, 7, 8, 9);

    /** A study of one series, into which segmentations are put. */
    private static final class OneSeries implements AutoCloseable {

        private final Path m_root;

        private final SourceSeries m_source;

        private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

        OneSeries(final Path root) throws IOException {
            m_root = root;
            m_source = new DicomSeriesWriter(SourceSeries.common(DataSet.builder().text(Tag.STUDY_INSTANCE_UID, "1.2.3.4")
                .text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5").build()), "seed", "image", "")
                    .write(Files.createDirectories(root.resolve("A/p")), TestVolumes.integers(GRID, 0, 100, 1));
        }

        void put(final String name, final byte[] file) throws IOException {
            Files.write(m_root.resolve("A/p").resolve(name), file);
        }

        Study read(final OverlapRule rule) throws IOException {
            return new DicomStudyReader(
                DicomStudyOptions.defaults().withStructures(new StructureChoice(List.of(), false, rule)))
                    .read(m_root, Progress.NONE, m_executor);
        }

        LabelVolume labels() throws IOException {
            final Study study = read(OverlapRule.KEEP_ALL);
            return study.series().get(0).readSegmentation().orElseThrow(() -> new AssertionError(study.problems()));
        }

        @Override
        public void close() throws IOException {
            m_executor.shutdownNow();
            Folders.deleteTree(m_root);
        }
    }

    private static LabelVolume labels(final List<Set<Integer>> voxels, final SortedMap<Integer, String> names) {
        final CombinedLabels combined = new CombinedLabels(GRID.voxelCount());
        for (int v = 0; v < voxels.size(); v++) {
            for (final int label : voxels.get(v)) {
                combined.add(v, label);
            }
        }
        final CombinedLabels.Result result = combined.finish(names, Set.of());
        return new LabelVolume(result.voxels(), GRID, VolumeInfo.UNKNOWN, result.labels());
    }

    private static SortedMap<Integer, String> names() {
        return new TreeMap<>(Map.of(1, "liver", 2, "lesion", 4, "vessel"));
    }

    /** liver 60 voxels, lesion 20 of them and 4 outside, vessel 8 of the liver, 2 of these in the lesion too. */
    private static LabelVolume example() {
        final List<Set<Integer>> voxels = new ArrayList<>();
        for (int v = 0; v < GRID.voxelCount(); v++) {
            voxels.add(Set.copyOf(IntStream.of(v < 60 ? 1 : 0, v >= 40 && v < 64 ? 2 : 0, v >= 34 && v < 42 ? 4 : 0).boxed()
                .filter(l -> l > 0).toList()));
        }
        return labels(voxels, names());
    }

    private static byte[] seg(final LabelVolume labels, final SourceSeries source) {
        return new DicomSegWriter("seed", "x", NOW).file(labels, source);
    }

    private static int count(final LabelVolume labels, final int structure) {
        int n = 0;
        for (final byte v : labels.voxels()) {
            n += v != 0 && Combination.members(v & 0xff, labels.labels()).contains(structure) ? 1 : 0;
        }
        return n;
    }

    private static void assertExample(final LabelVolume read) {
        assertEquals(Map.of(1, "liver", 2, "lesion", 4, "vessel", 5, "liver + lesion", 6, "liver + vessel", 7,
            "liver + lesion + vessel"), read.labels().names());
        assertEquals(60, count(read, 1));
        assertEquals(24, count(read, 2));
        assertEquals(8, count(read, 4));
        assertArrayEquals(example().voxels(), read.voxels());
    }

    @Test
    void segmentsOverlapInTheFile(@TempDir final Path folder) throws IOException {
        try (OneSeries series = new OneSeries(folder.resolve("study"))) {
            series.put("SEG.dcm", seg(example(), series.m_source));
            try (DicomFile file = DicomFile.open(series.m_root.resolve("A/p/SEG.dcm"))) {
                assertEquals("YES", file.data().text(Tag.SEGMENTS_OVERLAP));
                // segments 1, 2, 4 and one without frames between, since their numbers are contiguous
                assertEquals(4, file.data().items(Tag.SEGMENT_SEQUENCE).size());
            }
            assertExample(series.labels());
            final List<Problem> problems = series.read(OverlapRule.KEEP_ALL).problems();
            assertEquals(List.of(Kind.SEGMENTATION_OVERLAP), problems.stream().map(Problem::kind).toList());
            assertEquals("Segments overlap; voxels of several got a class of their own: 5 \"liver + lesion\" (18 voxels),"
                + " 6 \"liver + vessel\" (6 voxels), 7 \"liver + lesion + vessel\" (2 voxels).", problems.get(0).message());
        }
    }

    @Test
    void structuresOverlapInTheFile(@TempDir final Path folder) throws IOException {
        try (OneSeries series = new OneSeries(folder.resolve("study"))) {
            series.put("RT.dcm", new StructureSetWriter("seed", "x", NOW).file(example(), series.m_source));
            assertExample(series.labels());
            assertTrue(series.read(OverlapRule.KEEP_ALL).problems().stream()
                .anyMatch(p -> p.message().startsWith("Structures overlap")));
        }
    }

    /** One file per structure, as many programs write them. */
    @Test
    void segmentationsThatAreJoinedOverlap(@TempDir final Path folder) throws IOException {
        try (OneSeries series = new OneSeries(folder.resolve("study"))) {
            final byte[] lesion = new byte[GRID.voxelCount()];
            Arrays.fill(lesion, 40, 64, (byte)2);
            final LabelVolume[] parts = {only(example(), 1), only(example(), 4),
                new LabelVolume(lesion, GRID, VolumeInfo.UNKNOWN, LabelSet.of(Map.of(2, "lesion")))};
            for (int p = 0; p < parts.length; p++) {
                series.put("SEG" + p + ".dcm", new DicomSegWriter("seed" + p, "x", NOW).file(parts[p], series.m_source));
            }
            final LabelVolume read = series.labels();
            assertEquals(Set.of("liver", "lesion", "vessel", "liver + lesion", "liver + vessel", "liver + lesion + vessel"),
                Set.copyOf(read.labels().names().values().stream()
                    .map(OverlappingStructuresTest::sorted).toList()));
            assertArrayEquals(example().voxels(), read.voxels());
        }
    }

    private static String sorted(final String name) {
        return Combination.name(List.of("liver", "lesion", "vessel").stream()
            .filter(Combination.structures(name)::contains).toList());
    }

    private static LabelVolume only(final LabelVolume labels, final int structure) {
        final byte[] voxels = new byte[GRID.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            final int value = labels.voxels()[v] & 0xff;
            voxels[v] = (byte)(value != 0 && Combination.members(value, labels.labels()).contains(structure) ? structure : 0);
        }
        return new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN,
            LabelSet.of(Map.of(structure, labels.labels().name(structure))));
    }

    /** A label map holds one class per voxel, so a combination stays a class. */
    @Test
    void aLabelMapKeepsCombinationsAsClasses(@TempDir final Path folder) throws IOException {
        try (OneSeries series = new OneSeries(folder.resolve("study"))) {
            series.put("SEG.dcm", new DicomSegWriter("seed", "x", NOW, new SegmentationStyle(true, Map.of()))
                .file(example(), series.m_source));
            assertExample(series.labels());
        }
    }

    @Test
    void moreThanLabelValuesAreAProblemOfTheirOwn(@TempDir final Path folder) throws IOException {
        // 127 structures, each with a voxel that the next one has too, make 126 combinations and 253 classes; 129 make 257
        try (OneSeries series = new OneSeries(folder.resolve("study"))) {
            final SortedMap<Integer, String> names = new TreeMap<>();
            IntStream.rangeClosed(1, 125).forEach(l -> names.put(l, "s" + l));
            final List<Set<Integer>> voxels = new ArrayList<>();
            for (int l = 1; l < 125; l++) {
                voxels.add(Set.of(l, l + 1));
            }
            final LabelVolume fits = labels(voxels, names);
            series.put("SEG.dcm", seg(fits, series.m_source));
            assertArrayEquals(fits.voxels(), series.labels().voxels());
            // a second file with as many combinations, of other structures
            final LabelVolume other = new LabelVolume(fits.voxels(), GRID, VolumeInfo.UNKNOWN, rename(fits.labels()));
            series.put("SEG2.dcm", new DicomSegWriter("seed2", "x", NOW).file(other, series.m_source));
            final Study study = series.read(OverlapRule.KEEP_ALL);
            final Problem p = study.problems().stream().filter(q -> q.kind() == Kind.LABEL_OUT_OF_RANGE).findFirst()
                .orElseThrow(() -> new AssertionError(study.problems()));
            assertEquals(Effect.SEGMENTATION_SKIPPED, p.effect());
            assertTrue(p.message().contains("more than 255 classes"), p.message());
        }
    }

    private static LabelSet rename(final LabelSet labels) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        labels.names().forEach((v, n) -> names.put(v, n.replace('s', 't')));
        return new LabelSet(names);
    }

    @Provide
    Arbitrary<List<Set<Integer>>> voxels() {
        return Arbitraries.of(1, 2, 4, 5).set().ofMaxSize(4).list().ofSize(GRID.voxelCount());
    }

    /** Reading, writing and reading again is the identity, voxel for voxel and name for name. */
    @Property(tries = 25)
    void writtenAndReadIsTheSame(@ForAll("voxels") final List<Set<Integer>> voxels) throws IOException {
        final SortedMap<Integer, String> names = names();
        names.put(5, "skin");
        final LabelVolume labels = labels(voxels, names);
        final Path folder = Files.createTempDirectory("overlap");
        try (OneSeries series = new OneSeries(folder)) {
            series.put("S.dcm", seg(labels, series.m_source));
            final LabelVolume once = series.labels();
            assertArrayEquals(labels.voxels(), once.voxels());
            assertEquals(labels.labels(), once.labels());
            series.put("S.dcm", new StructureSetWriter("seed", "x", NOW).file(once, series.m_source));
            final LabelVolume twice = series.labels();
            assertArrayEquals(labels.voxels(), twice.voxels());
            assertEquals(labels.labels(), twice.labels());
        }
    }
}
