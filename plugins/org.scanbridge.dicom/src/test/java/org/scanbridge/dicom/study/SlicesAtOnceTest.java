package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestEncoder;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.codec.CodecStreams;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/** Slices of a large volume are decoded by several threads: each lands in its place, and failures are told in their order. */
class SlicesAtOnceTest {

    private static final int SIZE = 128;

    /** One more than makes a million voxels, and no multiple of the number of threads. */
    private static final int SLICES = 67;

    @TempDir
    private Path m_root;

    private final ExecutorService m_workers = Executors.newFixedThreadPool(2);

    @AfterEach
    void close() {
        m_workers.shutdownNow();
    }

    /** Noise: encoding that in JPEG 2000 is exact, which the encoder is not for some ramps. Five slices, again and again. */
    private static int[] stored(final int k) {
        return new Random(k % 5).ints(SIZE * SIZE, 0, 1 << 12).toArray();
    }

    private Path file(final int k) {
        return m_root.resolve(String.format("A/p/%03d.dcm", k));
    }

    private void write(final boolean compressed) throws IOException {
        Files.createDirectories(file(0).getParent());
        final List<byte[]> words = new ArrayList<>();
        final List<byte[]> streams = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            final int[] stored = stored(k);
            final BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_USHORT_GRAY);
            image.getRaster().setSamples(0, 0, SIZE, SIZE, 0, stored);
            streams.add(compressed ? CodecStreams.jpeg2000(image) : new byte[0]);
            final ByteBuffer bytes = ByteBuffer.allocate(2 * SIZE * SIZE).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.stream(stored).forEach(v -> bytes.putShort((short)v));
            words.add(bytes.array());
        }
        for (int k = 0; k < SLICES; k++) {
            final DataSet slice = TestSlices.axial(k, 0).numbers(Tag.ROWS, SIZE).numbers(Tag.COLUMNS, SIZE)
                .bytes(Tag.PIXEL_DATA, VR.OW, words.get(k % 5)).build();
            Files.write(file(k), compressed
                ? TestEncoder.file(slice, TransferSyntax.JPEG_2000_LOSSLESS, streams.get(k % 5))
                : TestEncoder.file(slice, TransferSyntax.EXPLICIT_LITTLE_ENDIAN));
        }
    }

    private Study read() throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(m_root, Progress.NONE, m_workers);
    }

    @Test
    void eachSliceLandsInItsPlace() throws IOException {
        for (final boolean compressed : new boolean[]{false, true}) {
            write(compressed);
            try (Study study = read()) {
                final Volume volume = study.series().get(0).readVolume();
                for (int k = 0; k < SLICES; k++) {
                    final int[] expected = stored(k);
                    final int[] actual = new int[expected.length];
                    for (int p = 0; p < actual.length; p++) {
                        actual[p] = (int)volume.voxels()[k * SIZE * SIZE + p];
                    }
                    assertArrayEquals(expected, actual, (compressed ? "compressed" : "uncompressed") + " slice " + k);
                }
            }
        }
    }

    /** Whichever thread is first: the message is that of the first slice that fails. */
    @Test
    void theFirstOfSeveralFailuresIsTold() throws IOException {
        write(false);
        try (Study study = read()) {
            for (final int k : new int[]{66, 41, 22, 21}) {
                final byte[] whole = Files.readAllBytes(file(k));
                Files.write(file(k), Arrays.copyOf(whole, whole.length - 2 * SIZE));
                final String message =
                    assertThrows(IOException.class, () -> study.series().get(0).readVolume()).getMessage();
                assertTrue(message.startsWith(String.format("A/p/%03d.dcm", k)), message);
            }
        }
    }

    /** The memory check counts on it. */
    @Test
    void asManyAsProcessorsAndNoMoreThanFour() {
        final int processors = Runtime.getRuntime().availableProcessors();
        assertEquals(Math.min(4, processors), Stack.slicesAtOnce(Geometry.axial(new int[]{512, 512, 100}, 1, 1, 1)));
        assertEquals(1, Stack.slicesAtOnce(Geometry.axial(new int[]{4000, 3000, 1}, 1, 1, 1)), "a radiograph");
        assertEquals(1, Stack.slicesAtOnce(Geometry.axial(new int[]{64, 64, 60}, 1, 1, 1)), "a small series");
    }
}
