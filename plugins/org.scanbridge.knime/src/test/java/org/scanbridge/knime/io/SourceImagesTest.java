package org.scanbridge.knime.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.ClosedFileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class SourceImagesTest {

    @TempDir
    private Path m_folder;

    /** Open archives cannot be replaced on Windows, and each keeps a file handle until the program ends. */
    @Test
    void archivesAreOpenUntilTheWriterIsDone() throws Exception {
        final Geometry grid = Geometry.axial(new int[]{4, 3, 2}, 1, 1, 2);
        new DicomStudyWriter("seed").write(m_folder.resolve("study"), List.of(new StudySubject("A", "one",
            new Volume(new float[grid.voxelCount()], grid, new VolumeInfo("MR", "A", "one", "", "")), Optional.empty())),
            Progress.NONE);
        final Path archive = m_folder.resolve("study.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(m_folder.resolve("study"))) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(m_folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        final ExecutorService workers = Executors.newSingleThreadExecutor();
        final String id = new DicomStudyReader(DicomStudyOptions.defaults().withPseudonymKey("k"))
            .read(m_folder.resolve("study"), Progress.NONE, workers).series().get(0).info().series();
        workers.shutdown();
        final StudySeries series;
        try (SourceImages sources = SourceImages.read(archive, "k", Progress.NONE)) {
            series = sources.of(id);
            assertEquals(grid, series.geometry());
            series.readVolume();
            assertThrows(NotWrittenException.class, () -> sources.of("other"));
        }
        assertThrows(ClosedFileSystemException.class, series::readVolume);
    }
}
