package org.scanbridge.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.VolumeInfo;

/** What we write, as Debian's dcmtk and dicom3tools see it; skipped where they are not installed. */
class OtherReadersTest {

    @TempDir
    private Path m_folder;

    private Path m_subject;

    @BeforeEach
    void write() throws IOException {
        final Geometry g = TestVolumes.oblique(6, 4, 3);
        new DicomStudyWriter("seed").write(m_folder.resolve("study"), List.of(new StudySubject("A", "p",
            TestVolumes.ramp(g), Optional.of(TestVolumes.labels(g, LabelSet.of("a", "b"), 3, 1, 2)))), Progress.NONE);
        m_subject = m_folder.resolve("study/A/p");
    }

    /** Output and errors of a program; skips the test where it is missing. */
    private static String run(final String... command) throws IOException, InterruptedException {
        final Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (final IOException e) {
            return abort(command[0] + " is not installed: " + e.getMessage());
        }
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), command[0] + " hangs");
        return out;
    }

    @Test
    void dcmdumpReadsThem() throws IOException, InterruptedException {
        for (final String file : new String[]{"IM0001.dcm", "SEG.dcm"}) {
            final String out = run("dcmdump", "+L", m_subject.resolve(file).toString());
            assertTrue(out.contains("PixelData"), out);
            assertEquals(List.of(), out.lines().filter(l -> l.startsWith("E:") || l.startsWith("W:")).toList());
        }
    }

    @Test
    void dciodvfyFindsNoErrorsInDerivedCt() throws IOException, InterruptedException {
        final VolumeInfo ct = new VolumeInfo("CT", "", "", "", "HU");
        final DataSet header = DataSet.builder().text(Tag.STUDY_INSTANCE_UID, "1.2").text(Tag.PATIENT_NAME, "A^B")
            .text(Tag.FRAME_OF_REFERENCE_UID, "1.3").build();
        new DicomSeriesWriter(SourceSeries.common(header), "seed", "Normalized", "Normalized to zero mean").write(m_folder,
            TestVolumes.ramp(TestVolumes.oblique(6, 4, 3)).withInfo(ct));
        final String out = run("dciodvfy", m_folder.resolve("IM0002.dcm").toString());
        assertTrue(out.contains("CTImage"), out);
        assertEquals(List.of(), out.lines().filter(l -> l.startsWith("Error")).toList());
    }

    @Test
    void dciodvfyFindsNoErrors() throws IOException, InterruptedException {
        for (final String file : new String[]{"IM0001.dcm", "SEG.dcm"}) {
            final String out = run("dciodvfy", m_subject.resolve(file).toString());
            assertTrue(out.contains(file.equals("SEG.dcm") ? "Segmentation" : "MRImage"), out);
            assertEquals(List.of(), out.lines().filter(l -> l.startsWith("Error")).toList());
        }
    }
}
