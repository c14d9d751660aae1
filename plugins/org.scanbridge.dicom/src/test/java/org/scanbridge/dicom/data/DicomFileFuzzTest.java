package org.scanbridge.dicom.data;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.PublicFiles;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.seg.Segmentation;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.SliceReader;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * Files with flipped bits, cut ends and wild length fields give a result or a {@link DicomException}: no other exception,
 * no exhausted stack or memory, no hang. Runs 20 000 mutants; {@code -Dscanbridge.fuzz=100000} runs more.
 */
class DicomFileFuzzTest {

    private static final int DEFAULT_COUNT = 20_000;

    private static List<byte[]> seeds() throws IOException {
        final List<byte[]> seeds = new ArrayList<>();
        seeds.add(DicomOutput.file(TestSlices.axial(3, 1, 2, 3, 4, 5, 6).numbers(Tag.RESCALE_SLOPE, 2).build()));
        final var g = TestVolumes.oblique(5, 5, 3);
        seeds.add(new DicomSegWriter("seed", "", java.time.LocalDateTime.of(2000, 1, 1, 0, 0)).file(
            TestVolumes.labels(g, LabelSet.of("a", "b"), 1, 1, 2),
            new SourceSeries(SourceSeries.common(DataSet.EMPTY), "1.2",
                java.util.Collections.nCopies(3, new SourceSeries.Instance("1.3", "1.4", -1)))));
        return seeds;
    }

    private static List<byte[]> publicSeeds() throws IOException {
        try (Stream<Path> tree = Files.walk(PublicFiles.pydicom())) {
            final List<byte[]> seeds = new ArrayList<>();
            for (final Path p : tree.filter(Files::isRegularFile).sorted().toList()) {
                if (Files.size(p) < 12_000) {
                    seeds.add(Files.readAllBytes(p));
                }
            }
            return seeds;
        }
    }

    private static byte[] mutate(final byte[] seed, final Random random) {
        final byte[] bytes = random.nextInt(5) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length + 1)) : seed.clone();
        if (bytes.length == 0) {
            return bytes;
        }
        final int changes = 1 + random.nextInt(8);
        for (int c = 0; c < changes; c++) {
            final int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte)(1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte)random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte)(random.nextBoolean() ? -1 : 0));
                default -> { // a length field of any size
                    final int v = random.nextInt() >>> random.nextInt(32);
                    for (int b = 0; b < 4 && at + b < bytes.length; b++) {
                        bytes[at + b] = (byte)(v >>> 8 * b);
                    }
                }
            }
        }
        return bytes;
    }

    /** Reads all that the library reads of a file. */
    private static void read(final byte[] bytes) throws IOException {
        final DicomDecoders decoders = DicomDecoders.standard();
        final Path nowhere = Path.of("nowhere");
        try (DicomFile file = DicomFile.parse(ByteSource.of(bytes))) {
            for (final DataElement e : file.data().elements()) {
                file.data().text(e.tag());
            }
            if (file.pixels().isEmpty()) {
                return;
            }
            if (Segmentation.isSegmentation(file.data().text(Tag.SOP_CLASS_UID))) {
                Segmentation.of(file, nowhere, "file", decoders);
            }
            for (final var slice : new SliceReader(decoders, ImageRules.defaults()).read(file, nowhere, "file").stream().limit(3).toList()) {
                final PixelFormat format = slice.format();
                new PixelReader(decoders).read(file, format, slice.mapping(), slice.frame(),
                    new float[format.framePixels()], 0);
            }
        }
    }

    private static void fuzz(final List<byte[]> seeds, final int count) {
        final Random random = new Random(20260101);
        for (int n = 0; n < count; n++) {
            final byte[] mutant = mutate(seeds.get(n % seeds.size()), random);
            try {
                read(mutant);
            } catch (final DicomException e) {
                assertNotNull(e.reason());
                assertFalse(e.getMessage().isBlank());
            } catch (final IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("Mutant " + n + " of seed " + n % seeds.size() + " gives " + e, e);
            }
        }
    }

    private static int count() {
        return Integer.getInteger("scanbridge.fuzz", DEFAULT_COUNT);
    }

    @Test
    void mutantsOfOurFilesAreReadOrRefused() throws IOException {
        final List<byte[]> seeds = seeds();
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> fuzz(seeds, count() / 2));
    }

    @Test
    void mutantsOfPublicFilesAreReadOrRefused() throws IOException {
        final List<byte[]> seeds = publicSeeds();
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(5), () -> fuzz(seeds, count() / 2));
    }

    @Test
    void deeplyNestedSequencesAreRefused() {
        final byte[] bytes = new byte[132 + 16 * 100_000];
        System.arraycopy("DICM".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, bytes, 128, 4);
        final byte[] level = {0x08, 0, 0x15, 0x11, -1, -1, -1, -1, -2, -1, 0, -32, -1, -1, -1, -1};
        for (int at = 132; at < bytes.length; at += 16) {
            System.arraycopy(level, 0, bytes, at, 16);
        }
        final DicomException e = Assertions.assertThrows(DicomException.class, () -> read(bytes));
        assertTrue(e.getMessage().contains("nested deeper than 64 sequences"), e.getMessage());
    }
}
