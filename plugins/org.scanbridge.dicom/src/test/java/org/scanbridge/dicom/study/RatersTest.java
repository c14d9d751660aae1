package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.seg.StructureSetWriter;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Several opinions on the same images: each drawing is known by its number of voxels. */
class RatersTest {

    private static final Geometry GRID = TestVolumes.oblique(7, 6, 3);

    private static final LocalDateTime NOW = LocalDateTime.of(2024, 5, 6, 7, 8, 9);

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private SourceSeries series(final String subject) throws IOException {
        return new DicomSeriesWriter(SourceSeries.common(DataSet.builder().text(Tag.STUDY_INSTANCE_UID, "1.2." + subject)
            .text(Tag.PATIENT_ID, subject).text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3." + subject).build()), subject, "image", "")
                .write(Files.createDirectories(m_root.resolve("A/" + subject)), TestVolumes.integers(GRID, 0, 100, 1));
    }

    private static LabelVolume drawing(final int voxels, final String name) {
        final byte[] labels = new byte[GRID.voxelCount()];
        Arrays.fill(labels, 0, voxels, (byte)1);
        return new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, LabelSet.of(name));
    }

    private void seg(final String path, final LabelVolume labels, final SourceSeries source, final String creator)
        throws IOException {
        final byte[] file = new DicomSegWriter(path, "x", NOW).file(labels, source);
        final Path place = m_root.resolve("A/" + path);
        Files.createDirectories(place.getParent());
        Files.write(place, creator.isEmpty() ? file : named(file, creator));
    }

    /** Fills Content Creator's Name (0070,0084), which is written empty, in explicit VR little endian. */
    private static byte[] named(final byte[] file, final String creator) {
        final byte[] empty = {0x70, 0, (byte)0x84, 0, 'P', 'N', 0, 0};
        for (int i = 0; i < file.length - empty.length; i++) {
            if (Arrays.equals(file, i, i + empty.length, empty, 0, empty.length)) {
                final ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(file, 0, i + 6);
                out.write(creator.length());
                out.write(0);
                out.writeBytes(creator.getBytes(StandardCharsets.US_ASCII));
                out.write(file, i + empty.length, file.length - i - empty.length);
                return out.toByteArray();
            }
        }
        throw new AssertionError("no Content Creator's Name");
    }

    private Study read(final Raters raters) throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults().withRaters(raters)).read(m_root, Progress.NONE, m_executor);
    }

    /** Number of labeled voxels of each rater; -1 where there is no segmentation. */
    private static List<Integer> sizes(final StudySeries series) throws IOException {
        return series.readSegmentations().stream().map(s -> s.map(l -> {
            int n = 0;
            for (final byte v : l.voxels()) {
                n += v != 0 ? 1 : 0;
            }
            return n;
        }).orElse(-1)).toList();
    }

    /** Three drawings of the liver, and one of the spleen, which joins the first; the spleen lies inside the liver. */
    @Test
    void byOrderTheSameClassIsAnotherRatersAndOthersAreJoined() throws IOException {
        final SourceSeries p = series("7");
        seg("7/a-liver.dcm", drawing(10, "liver"), p, "");
        seg("7/b-liver.dcm", drawing(20, "liver"), p, "");
        seg("7/c-spleen.dcm", drawing(5, "spleen"), p, "");
        Files.write(m_root.resolve("A/7/d.dcm"), new StructureSetWriter("rt", "x", NOW).file(drawing(30, "Liver "), p));
        final StudySeries series = read(new Raters(Raters.Rule.ORDER, 3)).series().get(0);
        final List<Optional<LabelVolume>> read = series.readSegmentations();
        assertEquals(Map.of(1, "liver", 2, "spleen"), read.get(0).orElseThrow().labels().names());
        assertEquals(Map.of(1, "liver"), read.get(1).orElseThrow().labels().names());
        assertEquals(List.of(10, 20, 30), sizes(series));
    }

    /** "Folders of raters" match whatever the case, so sites that write the same rater in another way share a column. */
    @Test
    void foldersAreTheSameRatersWhateverTheirCase() throws IOException {
        final SourceSeries p = series("7");
        final SourceSeries q = series("8");
        seg("7/Rater1/s.dcm", drawing(10, "liver"), p, "");
        seg("7/Rater2/s.dcm", drawing(20, "liver"), p, "");
        seg("8/rater1/s.dcm", drawing(30, "liver"), q, "");
        seg("8/RATER2/s.dcm", drawing(40, "liver"), q, "");
        final Study study = read(new Raters(Raters.Rule.FOLDER, 2));
        assertEquals(List.of(List.of(10, 20), List.of(30, 40)),
            List.of(sizes(study.series().get(0)), sizes(study.series().get(1))).stream()
                .sorted((a, b) -> a.get(0) - b.get(0)).toList());
        assertEquals(List.of(Effect.KEPT), study.problems().stream().map(Problem::effect).toList());
        assertTrue(study.problems().get(0).message().startsWith("2 raters were found"), study.problems().toString());
    }

    /** A rater has the same column in all series, also where another one is missing. */
    @Test
    void creatorsHaveTheSameColumnInAllSeries() throws IOException {
        final SourceSeries p = series("7");
        final SourceSeries q = series("8");
        seg("7/1.dcm", drawing(10, "liver"), p, "Zoe^X ");
        seg("7/2.dcm", drawing(20, "liver"), p, "Ann^Y ");
        seg("8/1.dcm", drawing(30, "liver"), q, "Zoe^X ");
        final Study study = read(new Raters(Raters.Rule.CREATOR, 2));
        assertEquals(List.of(List.of(-1, 30), List.of(20, 10)),
            List.of(sizes(study.series().get(0)), sizes(study.series().get(1))).stream()
                .sorted((a, b) -> a.get(0) - b.get(0)).toList());
        assertEquals(List.of(Effect.KEPT), study.problems().stream().map(Problem::effect).toList());
        assertFalse(study.problems().toString().contains("Zoe"), "a person is not named");
    }

    @Test
    void foldersAndFileNamesTellRaters() throws IOException {
        final SourceSeries p = series("7");
        seg("7/r2/s1.dcm", drawing(10, "liver"), p, "");
        seg("7/r1/s2.dcm", drawing(20, "liver"), p, "");
        assertEquals(List.of(20, 10), sizes(read(new Raters(Raters.Rule.FOLDER, 2)).series().get(0)));
        assertEquals(List.of(10, 20, -1), sizes(read(new Raters(Raters.Rule.NAME, 3)).series().get(0)));
        final Study one = read(Raters.ONE);
        assertEquals(List.of(20), sizes(one.series().get(0)));
        assertEquals(List.of(Kind.SEVERAL_SEGMENTATIONS), one.problems().stream().map(Problem::kind).toList());
        assertTrue(one.problems().get(0).remedy().contains("One column per rater"), one.problems().toString());
    }

    @Test
    void foldersOfRatersMayBeNamedAndLieHigher() throws IOException {
        final SourceSeries p = series("7");
        seg("7/smith/SEG/s1.dcm", drawing(10, "liver"), p, "");
        seg("7/jones/SEG/s2.dcm", drawing(20, "liver"), p, "");
        assertEquals(List.of(20, 10), sizes(read(new Raters(Raters.Rule.FOLDER, 2, "smith, J*")).series().get(0)));
        // the folder of both files is called SEG
        final Study each = read(new Raters(Raters.Rule.FOLDER, 2, "*"));
        assertEquals(List.of(20, -1), sizes(each.series().get(0)));
        assertTrue(each.problems().toString().contains("name their folders in \"Folders of raters\""),
            each.problems().toString());
        assertTrue(read(new Raters(Raters.Rule.FOLDER, 2, "smyth")).problems().toString()
            .contains("\"Folders of raters\" is \"smyth\", but no folder of the study is called so."));
    }

    @Test
    void moreRatersThanColumnsAreListed() throws IOException {
        final SourceSeries p = series("7");
        for (int r = 1; r <= 3; r++) {
            seg("7/r" + r + "/s.dcm", drawing(10 * r, "liver"), p, "");
        }
        final Study study = read(new Raters(Raters.Rule.FOLDER, 2));
        assertEquals(List.of(10, 20), sizes(study.series().get(0)));
        final Problem left = study.problems().stream().filter(q -> q.effect() == Effect.SEGMENTATION_SKIPPED).findFirst()
            .orElseThrow();
        assertEquals("A/7/r3/s.dcm", left.file());
        assertTrue(left.message().contains("3 raters, more than the 2 columns"), left.message());
        assertThrows(IllegalArgumentException.class, () -> new Raters(Raters.Rule.FOLDER, 1));
    }
}
