package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Volume;

/** Reading takes no more memory than the volume and 64 MB: a virtual machine with that much heap reads a series. */
class ReaderMemoryTest {

    private static final int SIZE = 512;

    private static final int SLICES = 64;

    private static final int MEGABYTES = SIZE * SIZE * SLICES * 4 / (1 << 20) + 64;

    @TempDir
    private Path m_root;

    /** What runs in the other virtual machine. */
    public static final class Reading {

        private Reading() {
        }

        /** Prints the last voxel of the only series below a folder. */
        public static void main(final String[] arguments) throws IOException {
            final ExecutorService executor = Executors.newFixedThreadPool(2);
            final Study study = new DicomStudyReader(DicomStudyOptions.defaults()).read(Path.of(arguments[0]),
                Progress.NONE, executor);
            executor.shutdown();
            final Volume v = study.series().get(0).readVolume();
            System.out.println(v.get(SIZE - 1, SIZE - 1, SLICES - 1));
        }
    }

    @Test
    void readsWithinTheVolumeAnd64Megabytes() throws IOException, InterruptedException {
        final byte[] pixels = new byte[2 * SIZE * SIZE];
        pixels[pixels.length - 2] = 77;
        for (int k = 0; k < SLICES; k++) {
            TestSlices.write(m_root.resolve("A/p/" + k), TestSlices.axial(k, 0)
                .text(Tag.SOP_INSTANCE_UID, Uid.derived("m" + k)).numbers(Tag.ROWS, SIZE).numbers(Tag.COLUMNS, SIZE)
                .bytes(Tag.PIXEL_DATA, VR.OW, pixels));
        }
        final Path log = m_root.resolve("log");
        final Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + MEGABYTES + "m", "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Reading.class.getName(), m_root.resolve("A").toString()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        final int exit = process.waitFor();
        final String output = Files.readString(log, StandardCharsets.UTF_8).strip();
        assertEquals(0, exit, output);
        assertEquals("77.0", output);
    }
}
