package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.PixelLocation;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/** Segmentations of a small image, spoiled one at a time. */
class SegmentationTest {

    private static final Geometry GRID = TestVolumes.oblique(5, 3, 4);

    @TempDir
    private Path m_folder;

    private Path m_subject;

    private LabelVolume m_labels;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    @BeforeEach
    void write() throws IOException {
        m_labels = TestVolumes.labels(GRID, LabelSet.of("a", "b"), 7, 1, 2);
        new DicomStudyWriter("seed").write(m_folder.resolve("study"),
            List.of(new StudySubject("A", "p", TestVolumes.integers(GRID, 0, 9, 1), Optional.of(m_labels))),
            Progress.NONE);
        m_subject = m_folder.resolve("study/A/p");
    }

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read(final GapRule rule) throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults().withGapRule(rule)).read(m_folder.resolve("study"),
            Progress.NONE, m_executor);
    }

    private Problem skipped(final Kind kind) throws IOException {
        final Study study = read(GapRule.SKIP);
        assertEquals(1, study.problems().size(), study.problems().toString());
        final Problem p = study.problems().get(0);
        assertEquals(kind, p.kind(), p.message());
        assertEquals(Effect.SEGMENTATION_SKIPPED, p.effect());
        assertEquals("A/p/SEG.dcm", p.file());
        assertFalse(study.series().get(0).hasSegmentation());
        return p;
    }

    /** Rewrites the segmentation file with a changed data set. */
    private void change(final UnaryOperator<DataSet> change) throws IOException {
        final byte[] bytes = Files.readAllBytes(m_subject.resolve("SEG.dcm"));
        try (DicomFile file = DicomFile.parse(ByteSource.of(bytes))) {
            final PixelLocation at = file.pixels().orElseThrow();
            final byte[] pixels = new byte[(int)at.length()];
            file.source().read(at.offset(), pixels, 0, pixels.length);
            final DataSet whole = file.data().toBuilder().bytes(Tag.PIXEL_DATA, VR.OB, pixels).build();
            Files.write(m_subject.resolve("SEG.dcm"), DicomOutput.file(change.apply(whole)));
        }
    }

    private static DataSet withFrames(final DataSet seg, final UnaryOperator<DataSet> change) {
        try {
            final List<DataSet> frames = new ArrayList<>();
            for (final DataSet frame : seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
                frames.add(change.apply(frame));
            }
            return seg.toBuilder().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames).build();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DataSet withSegments(final DataSet seg, final int shift) {
        try {
            final List<DataSet> segments = new ArrayList<>();
            for (final DataSet s : seg.items(Tag.SEGMENT_SEQUENCE)) {
                segments.add(s.toBuilder()
                    .numbers(Tag.SEGMENT_NUMBER, s.requiredInteger(Tag.SEGMENT_NUMBER) + shift).build());
            }
            return seg.toBuilder().items(Tag.SEGMENT_SEQUENCE, segments).build();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void segmentNumberAbove255IsOutOfRange() throws IOException {
        change(seg -> withSegments(seg, 254));
        assertEquals("Segment number 256 is outside 1..255.", skipped(Kind.LABEL_OUT_OF_RANGE).message());
    }

    @Test
    void segmentThatIsNotDescribedIsOutOfRange() throws IOException {
        change(seg -> withFrames(seg, f -> f.toBuilder().items(Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
            DataSet.builder().numbers(Tag.REFERENCED_SEGMENT_NUMBER, 9).build()).build()));
        assertTrue(skipped(Kind.LABEL_OUT_OF_RANGE).message()
            .contains("shows segment 9, which the segmentation does not describe"));
    }

    @Test
    void segmentationOfAnotherSeriesFindsNoImage() throws IOException {
        change(seg -> withFrames(
            seg.toBuilder().items(Tag.REFERENCED_SERIES_SEQUENCE,
                DataSet.builder().text(Tag.SERIES_INSTANCE_UID, "1.9").build()).build(),
            f -> f.toBuilder().remove(Tag.DERIVATION_IMAGE_SEQUENCE).build()));
        skipped(Kind.SEGMENTATION_WITHOUT_IMAGE);
    }

    @Test
    void segmentationWithoutReferencesIsFoundByItsGrid() throws IOException {
        change(seg -> withFrames(seg.toBuilder().remove(Tag.REFERENCED_SERIES_SEQUENCE).build(),
            f -> f.toBuilder().remove(Tag.DERIVATION_IMAGE_SEQUENCE).build()));
        assertArrayEquals(m_labels.voxels(),
            read(GapRule.SKIP).series().get(0).readSegmentation().orElseThrow().voxels());
    }

    @Test
    void framesWithoutPositionFollowTheirSourceImages() throws IOException {
        change(seg -> withFrames(seg, f -> f.toBuilder().remove(Tag.PLANE_POSITION_SEQUENCE).build()));
        assertArrayEquals(m_labels.voxels(),
            read(GapRule.SKIP).series().get(0).readSegmentation().orElseThrow().voxels());
    }

    /** Every frame moved by half a voxel along the rows and a slice and a half: handed on as it lies. */
    @Test
    void shiftedFramesAreHandedOnOnTheirOwnGrid() throws IOException {
        final double[] d = GRID.direction();
        change(seg -> withFrames(seg, f -> {
            final double[] p = position(f);
            for (int c = 0; c < 3; c++) {
                p[c] += 0.5 * GRID.spacing(0) * d[c] + 1.5 * GRID.spacing(2) * d[6 + c];
            }
            return f.toBuilder().items(Tag.PLANE_POSITION_SEQUENCE,
                DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, p).build()).build();
        }));
        final LabelVolume labels = otherGrid("its first pixel is");
        assertArrayEquals(m_labels.voxels(), labels.voxels());
        assertArrayEquals(GRID.position(0.5, 0, 1.5), labels.geometry().origin(), 1e-6);
        assertArrayEquals(GRID.spacing(), labels.geometry().spacing(), 1e-9);
        assertEquals(m_labels.labels(), labels.labels());
    }

    private static double[] position(final DataSet frame) {
        try {
            return frame.items(Tag.PLANE_POSITION_SEQUENCE).get(0).numbers(Tag.IMAGE_POSITION_PATIENT);
        } catch (final org.scanbridge.dicom.data.DicomException e) {
            throw new AssertionError(e);
        }
    }

    private LabelVolume otherGrid(final String words) throws IOException {
        final Study study = read(GapRule.SKIP);
        assertEquals(1, study.problems().size(), study.problems().toString());
        final Problem p = study.problems().get(0);
        assertEquals(Kind.SEGMENTATION_GEOMETRY, p.kind(), p.message());
        assertEquals(Effect.KEPT, p.effect());
        assertTrue(p.message().contains(words), p.message());
        assertTrue(p.remedy().contains("Volume Resampler"), p.remedy());
        return study.series().get(0).readSegmentation().orElseThrow();
    }

    @Test
    void turnedFramesTellTheirAngle() throws IOException {
        final double[] d = GRID.direction();
        final double c = Math.cos(Math.toRadians(3));
        final double s = Math.sin(Math.toRadians(3));
        final double[] turned = new double[6];
        for (int a = 0; a < 3; a++) {
            turned[a] = c * d[a] + s * d[3 + a];
            turned[3 + a] = c * d[3 + a] - s * d[a];
        }
        final DataSet orientation = DataSet.builder().numbers(Tag.IMAGE_ORIENTATION_PATIENT, turned).build();
        change(seg -> withFrames(seg, f -> f.toBuilder().items(Tag.PLANE_ORIENTATION_SEQUENCE, orientation).build()));
        final LabelVolume labels = otherGrid("it is turned by 3.00°");
        assertArrayEquals(m_labels.voxels(), labels.voxels());
        for (int a = 0; a < 6; a++) {
            assertEquals(turned[a], labels.geometry().direction()[a], 1e-6);
        }
    }

    /** Pixels of half the size: the segmentation has twice the rows and columns of the image. */
    @Test
    void otherPixelsAreHandedOnOnTheirOwnGrid() throws IOException {
        final DataSet measures = DataSet.builder().numbers(Tag.PIXEL_SPACING, GRID.spacing(1) / 2, GRID.spacing(0) / 2)
            .numbers(Tag.SPACING_BETWEEN_SLICES, GRID.spacing(2)).build();
        change(seg -> withFrames(seg, f -> f.toBuilder().items(Tag.PIXEL_MEASURES_SEQUENCE, measures).build()));
        final LabelVolume labels = otherGrid("its pixels are 0.5500×0.4500 mm");
        assertArrayEquals(new double[]{0.55, 0.45, 2.5}, labels.geometry().spacing(), 1e-9);
    }

    @Test
    void labelsOutsideTheImageAreRefused() throws IOException {
        final double[] below = GRID.position(0, 0, -2);
        change(seg -> withFrames(seg, f -> f.toBuilder().items(Tag.PLANE_POSITION_SEQUENCE,
            DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, below).build()).build()));
        assertTrue(skipped(Kind.SEGMENTATION_GEOMETRY).message().contains("outside the image"));
    }

    @Test
    void brokenPixelDataIsAProblem() throws IOException {
        change(seg -> seg.toBuilder().bytes(Tag.PIXEL_DATA, VR.OB, new byte[2]).build());
        assertEquals(Kind.UNREADABLE_FILE, read(GapRule.SKIP).problems().get(0).kind());
    }

    @Test
    void overlappingSegmentsOfOneSizeTakeTheHigherNumberAndSaySo() throws IOException {
        change(seg -> seg.toBuilder().bytes(Tag.PIXEL_DATA, VR.OB, allOnes()).build());
        final Study study = read(GapRule.SKIP);
        assertEquals(Kind.SEGMENTATION_OVERLAP, study.problems().get(0).kind());
        assertEquals("Segments overlap: 1 and 2 in 60 voxels; the class with fewer voxels was taken.",
            study.problems().get(0).message());
        final LabelVolume labels = study.series().get(0).readSegmentation().orElseThrow();
        for (final byte v : labels.voxels()) {
            assertEquals(2, v);
        }
    }

    private static byte[] allOnes() {
        final byte[] bytes = new byte[16]; // 8 frames of 15 bits
        java.util.Arrays.fill(bytes, (byte)-1);
        return bytes;
    }

    @Test
    void mirroredFramesAreTurnedIntoTheImage() throws IOException {
        // Frames whose columns run against the image's: the first pixel is the last of its row, pixels are mirrored.
        final LabelVolume mirrored = mirrored();
        final double[] d = GRID.direction();
        change(seg -> {
            final byte[] pixels = pixels(mirrored);
            final List<DataSet> shared = new ArrayList<>();
            try {
                shared.add(seg.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE).orElseThrow().toBuilder()
                    .items(Tag.PLANE_ORIENTATION_SEQUENCE, DataSet.builder()
                        .numbers(Tag.IMAGE_ORIENTATION_PATIENT, -d[0], -d[1], -d[2], d[3], d[4], d[5]).build())
                    .build());
                final List<DataSet> frames = new ArrayList<>();
                int n = 0;
                for (final DataSet f : seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
                    frames.add(f.toBuilder().items(Tag.PLANE_POSITION_SEQUENCE, DataSet.builder()
                        .numbers(Tag.IMAGE_POSITION_PATIENT, GRID.position(4, 0, n++ % 4)).build()).build());
                }
                return seg.toBuilder().items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, shared)
                    .items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames).bytes(Tag.PIXEL_DATA, VR.OB, pixels)
                    .build();
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        });
        final Study study = read(GapRule.SKIP);
        assertEquals(List.of(), study.problems());
        assertArrayEquals(m_labels.voxels(), study.series().get(0).readSegmentation().orElseThrow().voxels());
    }

    private LabelVolume mirrored() {
        final byte[] voxels = new byte[60];
        for (int v = 0; v < 60; v++) {
            voxels[v - v % 5 + 4 - v % 5] = m_labels.voxels()[v];
        }
        return new LabelVolume(voxels, GRID, m_labels.info(), m_labels.labels());
    }

    /** Frames of segment 1, then 2, each of four slices, as bits. */
    private static byte[] pixels(final LabelVolume labels) {
        final byte[] bits = new byte[15];
        for (int bit = 0; bit < 120; bit++) {
            if (labels.voxels()[bit % 60] == 1 + bit / 60) {
                bits[bit / 8] |= (byte)(1 << bit % 8);
            }
        }
        return bits;
    }

    private static byte[] bytes(final LabelVolume labels, final int one, final int two) {
        final byte[] pixels = new byte[120];
        for (int p = 0; p < 120; p++) {
            pixels[p] = (byte)(labels.voxels()[p % 60] == 1 + p / 60 ? one : two);
        }
        return pixels;
    }

    @Test
    void fractionalSegmentationIsCutAtOneHalf() throws IOException {
        change(seg -> seg.toBuilder().text(Tag.SEGMENTATION_TYPE, "FRACTIONAL")
            .numbers(Tag.MAXIMUM_FRACTIONAL_VALUE, 200).numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8)
            .numbers(Tag.HIGH_BIT, 7).bytes(Tag.PIXEL_DATA, VR.OB, bytes(m_labels, 100, 99)).build());
        final Study study = read(GapRule.SKIP);
        assertEquals(List.of(), study.problems());
        assertArrayEquals(m_labels.voxels(), study.series().get(0).readSegmentation().orElseThrow().voxels());
    }

    /** The four frames of the image with label values as pixels. */
    private void changeToLabelMap(final byte... pixels) throws IOException {
        change(seg -> {
            try {
                final List<DataSet> frames = seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).subList(0, 4);
                return seg.toBuilder().text(Tag.SOP_CLASS_UID, Uid.LABEL_MAP_STORAGE)
                    .text(Tag.SEGMENTATION_TYPE, "LABELMAP").numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8)
                    .numbers(Tag.HIGH_BIT, 7).numbers(Tag.NUMBER_OF_FRAMES, 4)
                    .items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames).bytes(Tag.PIXEL_DATA, VR.OB, pixels).build();
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void labelMapIsTakenAsItIs() throws IOException {
        changeToLabelMap(m_labels.voxels());
        final Study study = read(GapRule.SKIP);
        assertEquals(List.of(), study.problems());
        assertArrayEquals(m_labels.voxels(), study.series().get(0).readSegmentation().orElseThrow().voxels());
    }

    @Test
    void labelMapWithAnUndescribedValueIsOutOfRange() throws IOException {
        final byte[] pixels = m_labels.voxels().clone();
        pixels[7] = (byte)200;
        changeToLabelMap(pixels);
        assertTrue(skipped(Kind.LABEL_OUT_OF_RANGE).message().contains("[200]"));
    }

    @Test
    void deletedSliceIsAProblemOfTheSeriesAndFilledWhenAskedFor() throws IOException {
        Files.delete(m_subject.resolve("IM0002.dcm"));
        assertEquals(List.of(Kind.MISSING_SLICE, Kind.SEGMENTATION_WITHOUT_IMAGE),
            read(GapRule.SKIP).problems().stream().map(Problem::kind).sorted().toList());
        final Study filled = read(GapRule.FILL);
        assertArrayEquals(m_labels.voxels(), filled.series().get(0).readSegmentation().orElseThrow().voxels());
    }

    @Test
    void secondSegmentationOfASeriesIsNamed() throws IOException {
        Files.copy(m_subject.resolve("SEG.dcm"), m_subject.resolve("SEG2.dcm"));
        final Problem p = read(GapRule.SKIP).problems().get(0);
        assertEquals(Kind.SEVERAL_SEGMENTATIONS, p.kind());
        assertEquals("A/p/SEG2.dcm", p.file());
    }

    @Test
    void emptySegmentationComesBackEmpty() throws IOException {
        final LabelVolume none = new LabelVolume(new byte[60], GRID, m_labels.info(), LabelSet.of("a"));
        new DicomStudyWriter("seed").write(m_folder.resolve("study2"),
            List.of(new StudySubject("A", "p", TestVolumes.integers(GRID, 0, 9, 1), Optional.of(none))), Progress.NONE);
        final LabelVolume read = new DicomStudyReader(DicomStudyOptions.defaults())
            .read(m_folder.resolve("study2"), Progress.NONE, m_executor).series().get(0).readSegmentation()
            .orElseThrow();
        assertEquals(0, read.maxValue());
        assertEquals(LabelSet.of("a"), read.labels());
    }
}
