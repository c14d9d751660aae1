package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

class DicomStudyRoundTripTest {

    @TempDir
    private Path m_folder;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read() throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(m_folder.resolve("study"), Progress.NONE,
            m_executor);
    }

    private void write(final StudySubject... subjects) throws IOException {
        new DicomStudyWriter("seed").write(m_folder.resolve("study"), List.of(subjects), Progress.NONE);
    }

    private static StudySubject subject(final String site, final String name, final long seed) {
        final Geometry g = TestVolumes.oblique(9, 7, 5);
        final LabelSet names = LabelSet.of(Map.of(1, "CSF", 3, "White matter"));
        return new StudySubject(site, name, TestVolumes.integers(g, 0, 4000, seed),
            Optional.of(TestVolumes.labels(g, names, seed, 1, 3)));
    }

    @Test
    void volumesLabelsAndGeometryComeBack() throws IOException {
        final StudySubject a = subject("A", "one", 1);
        final StudySubject b = subject("B", "two", 2);
        write(a, b);
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(List.of("A", "B"), study.series().stream().map(s -> s.info().site()).toList());
        for (int s = 0; s < 2; s++) {
            final StudySubject expected = List.of(a, b).get(s);
            final StudySeries series = study.series().get(s);
            final Volume volume = series.readVolume();
            assertArrayEquals(expected.volume().voxels(), volume.voxels());
            final LabelVolume labels = series.readSegmentation().orElseThrow();
            assertArrayEquals(expected.segmentation().orElseThrow().voxels(), labels.voxels());
            assertEquals(expected.segmentation().orElseThrow().labels(), labels.labels());
            assertEquals(5, series.fileCount());
            assertEquals("MR", series.info().modality());
            for (final int[] v : new int[][]{{0, 0, 0}, {8, 6, 4}, {3, 2, 1}}) {
                assertArrayEquals(expected.volume().geometry().position(v[0], v[1], v[2]),
                    volume.geometry().position(v[0], v[1], v[2]), 1e-3);
            }
        }
    }

    /** A second series of the subject, on the same grid in the same frame of reference; the segmentation is of the first. */
    @Test
    void furtherImagesAreSeriesOfTheSameSubject() throws IOException {
        final StudySubject one = subject("A", "one", 1);
        final Volume t1 = TestVolumes.integers(one.volume().geometry(), 0, 4000, 7);
        write(new StudySubject("A", "one", one.volume(), one.segmentation(), new TreeMap<>(Map.of("T1", t1))));
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(2, study.series().size());
        assertEquals(study.series().get(0).info().subject(), study.series().get(1).info().subject());
        assertNotEquals(study.series().get(0).info().series(), study.series().get(1).info().series());
        int found = 0;
        for (final StudySeries series : study.series()) {
            assertEquals("A", series.info().site());
            final Volume volume = series.readVolume();
            assertTrue(volume.geometry().sameGrid(t1.geometry()));
            if (Arrays.equals(t1.voxels(), volume.voxels())) {
                found++;
                assertTrue(series.readSegmentation().isEmpty());
            } else {
                assertArrayEquals(one.volume().voxels(), volume.voxels());
                assertArrayEquals(one.segmentation().orElseThrow().voxels(),
                    series.readSegmentation().orElseThrow().voxels());
            }
        }
        assertEquals(1, found);
        assertThrows(IllegalArgumentException.class, () -> new StudySubject("A", "one", one.volume(), one.segmentation(),
            new TreeMap<>(Map.of("../T1", t1))));
    }

    @Test
    void realValuesKeepSixteenBits() throws IOException {
        final Volume ramp = TestVolumes.ramp(Geometry.axial(new int[]{11, 13, 4}, 1, 1, 3));
        write(new StudySubject("A", "one", ramp, Optional.empty()));
        final StudySeries series = read().series().get(0);
        assertFalse(series.hasSegmentation());
        assertTrue(series.readSegmentation().isEmpty());
        final double step = 0.37 * (11 * 13 * 4 - 1) / 65535;
        assertArrayEquals(ramp.voxels(), series.readVolume().voxels(), (float)(step / 2 + 1e-5));
    }

    @Test
    void negativeIntegersAreExact() throws IOException {
        final Volume v = TestVolumes.integers(Geometry.axial(new int[]{4, 4, 3}, 1, 1, 1), -32768, 32767, 5);
        write(new StudySubject("A", "one", v, Optional.empty()));
        assertArrayEquals(v.voxels(), read().series().get(0).readVolume().voxels());
    }

    @Test
    void sameInputGivesSameBytesAndHash() throws IOException {
        write(subject("A", "one", 1));
        final String hash = read().inputHash();
        write(subject("A", "one", 1)); // the very same: nothing to do
        assertEquals(hash, read().inputHash());
        assertTrue(hash.matches("[0-9a-f]{64}"));
        Files.write(m_folder.resolve("study/A/one/SEG.dcm"), new byte[]{1});
        assertNotEquals(hash, read().inputHash());
    }

    @Test
    void otherContentIsNotOverwritten() throws IOException {
        write(subject("A", "one", 1));
        final FileAlreadyExistsException e =
            assertThrows(FileAlreadyExistsException.class, () -> write(subject("A", "one", 2)));
        assertTrue(e.getMessage().contains("choose an empty or a new folder"), e.getMessage());
        assertNothingElseIn(m_folder, "study");
    }

    @Test
    void cancelledWritingLeavesNothing() throws IOException {
        assertThrows(CancellationException.class, () -> new DicomStudyWriter("seed").write(m_folder.resolve("study"),
            List.of(subject("A", "one", 1), subject("A", "two", 2)), (fraction, message) -> {
                if (fraction >= 0.5) {
                    throw new CancellationException();
                }
            }));
        assertNothingElseIn(m_folder);
    }

    private static void assertNothingElseIn(final Path folder, final String... names) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            assertEquals(List.of(names), list.map(p -> p.getFileName().toString()).toList());
        }
    }

    @Test
    void noIdentifierLeavesTheReader() throws IOException {
        write(subject("A", "Miller", 1));
        final Study study = read();
        final String ids = study.series().get(0).info().toString();
        assertFalse(ids.contains("Miller"), ids);
        assertFalse(ids.contains("2.25."), ids);
        assertTrue(study.series().get(0).info().subject().matches("S-[0-9A-F]{8}"), ids);
        final String other = new DicomStudyReader(DicomStudyOptions.defaults().withPseudonymKey("other"))
            .read(m_folder.resolve("study"), Progress.NONE, m_executor).series().get(0).info().subject();
        assertNotEquals(study.series().get(0).info().subject(), other);
    }

    @Test
    void everyLabelValueComesBack() throws IOException {
        final Geometry g = Geometry.axial(new int[]{16, 16, 1}, 1, 1, 1);
        final byte[] all = new byte[256];
        for (int v = 0; v < 256; v++) {
            all[v] = (byte)v;
        }
        final LabelVolume labels = new LabelVolume(all, g, TestVolumes.ramp(g).info(), LabelSet.of("one"));
        write(new StudySubject("A", "one", TestVolumes.ramp(g), Optional.of(labels)));
        assertArrayEquals(all, read().series().get(0).readSegmentation().orElseThrow().voxels());
    }

    @Test
    void segmentationWrittenForAReadSeriesIsFoundWithIt() throws IOException {
        final StudySubject unlabeled = subject("A", "one", 1);
        write(new StudySubject("A", "one", unlabeled.volume(), Optional.empty()));
        final StudySeries series = read().series().get(0);
        final LabelVolume labels =
            TestVolumes.labels(series.geometry(), LabelSet.of("lesion"), 4, 1);
        Files.write(m_folder.resolve("study/result.dcm"),
            new DicomSegWriter("result", "U-Net", LocalDateTime.of(2026, 1, 2, 3, 4)).file(labels,
                series.readSource()));
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertArrayEquals(labels.voxels(), study.series().get(0).readSegmentation().orElseThrow().voxels());
    }

    @Test
    void oneWorkerAndFourGiveTheSame() throws IOException {
        write(subject("A", "one", 1), subject("A", "two", 2), subject("B", "three", 3));
        Files.writeString(m_folder.resolve("study/A/notes.txt"), "hello");
        final ExecutorService one = Executors.newSingleThreadExecutor();
        final ExecutorService four = Executors.newFixedThreadPool(4);
        try {
            final DicomStudyReader reader = new DicomStudyReader(DicomStudyOptions.defaults());
            final Study a = reader.read(m_folder.resolve("study"), Progress.NONE, one);
            final Study b = reader.read(m_folder.resolve("study"), Progress.NONE, four);
            assertEquals(a.problems(), b.problems());
            assertEquals(a.inputHash(), b.inputHash());
            assertEquals(a.series().stream().map(StudySeries::info).toList(),
                b.series().stream().map(StudySeries::info).toList());
        } finally {
            one.shutdownNow();
            four.shutdownNow();
        }
    }
}
