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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.PublicFiles;
import org.scanbridge.dicom.TestEncoder;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.TestVolumes;
import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.privacy.DeidentifyOptions;
import org.scanbridge.dicom.privacy.DeidentifyingCopy;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.seg.Segmentation;
import org.scanbridge.dicom.seg.StructureChoice;
import org.scanbridge.dicom.seg.StructureSet;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.SliceReader;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.series.TiltRule;
import org.scanbridge.dicom.series.ValueRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Files with flipped bits, cut ends and wild length fields give a result or a {@link DicomException}: no other exception,
 * no exhausted stack or memory, no hang. Runs 20 000 mutants; {@code -Dscanbridge.fuzz=100000} runs more.
 */
class DicomFileFuzzTest {

    private static final int DEFAULT_COUNT = 20_000;

    /** Seconds for one small file, with much to spare for a busy machine. */
    private static final double MAX_SECONDS = 10;

    private static final Duration LIMIT = Duration.ofMinutes(30);

    @TempDir
    private Path m_folder;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private static List<byte[]> seeds() throws IOException {
        final List<byte[]> seeds = new ArrayList<>();
        seeds.add(DicomOutput.file(TestSlices.axial(3, 1, 2, 3, 4, 5, 6).numbers(Tag.RESCALE_SLOPE, 2).build()));
        final var g = TestVolumes.oblique(5, 5, 3);
        seeds.add(new DicomSegWriter("seed", "", java.time.LocalDateTime.of(2000, 1, 1, 0, 0)).file(
            TestVolumes.labels(g, LabelSet.of("a", "b"), 1, 1, 2),
            new SourceSeries(SourceSeries.common(DataSet.EMPTY), "1.2",
                java.util.Collections.nCopies(3, new SourceSeries.Instance("1.3", "1.4", -1)))));
        seeds.add(structureSet(g));
        seeds.add(progressive());
        return seeds;
    }

    private static byte[] structureSet(final Geometry g) {
        final double[] points = new double[9];
        System.arraycopy(g.position(1, 1, 1), 0, points, 0, 3);
        System.arraycopy(g.position(3, 1, 1), 0, points, 3, 3);
        System.arraycopy(g.position(1, 3.5, 1), 0, points, 6, 3);
        final DataSet contour = DataSet.builder().text(Tag.CONTOUR_GEOMETRIC_TYPE, "CLOSED_PLANAR")
            .numbers(Tag.CONTOUR_DATA, points).build();
        return DicomOutput.file(DataSet.builder().text(Tag.SOP_CLASS_UID, Uid.RT_STRUCTURE_SET_STORAGE)
            .text(Tag.SOP_INSTANCE_UID, "1.5").text(Tag.MODALITY, "RTSTRUCT")
            .items(Tag.STRUCTURE_SET_ROI_SEQUENCE,
                DataSet.builder().numbers(Tag.ROI_NUMBER, 1).text(Tag.ROI_NAME, "a").build())
            .items(Tag.ROI_CONTOUR_SEQUENCE, DataSet.builder().numbers(Tag.REFERENCED_ROI_NUMBER, 1)
                .items(Tag.CONTOUR_SEQUENCE, contour, contour).build())
            .items(Tag.REFERENCED_FRAME_OF_REFERENCE_SEQUENCE,
                DataSet.builder().text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5").build())
            .build());
    }

    private static byte[] progressive() throws IOException {
        final var image = new java.awt.image.BufferedImage(24, 18, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
        for (int p = 0; p < 24 * 18; p++) {
            image.getRaster().setSample(p % 24, p / 24, 0, p % 200);
        }
        final var stream = new java.io.ByteArrayOutputStream();
        final var writer = javax.imageio.ImageIO.getImageWritersByFormatName("jpeg").next();
        final var parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(javax.imageio.ImageWriteParam.MODE_DEFAULT);
        try (var out = javax.imageio.ImageIO.createImageOutputStream(stream)) {
            writer.setOutput(out);
            writer.write(null, new javax.imageio.IIOImage(image, null, null), parameters);
        }
        writer.dispose();
        return TestEncoder.file(TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 24).numbers(Tag.ROWS, 18)
            .numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7).build(),
            TransferSyntax.JPEG_FULL_PROGRESSION, stream.toByteArray());
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
        final FilePart nowhere = FilePart.whole(Path.of("nowhere"));
        try (DicomFile file = DicomFile.parse(ByteSource.of(bytes))) {
            for (final DataElement e : file.data().elements()) {
                file.data().text(e.tag());
            }
            if (StructureSet.isStructureSet(file.data().text(Tag.SOP_CLASS_UID))) {
                StructureSet.of(file.data(), nowhere, "file", StructureChoice.ALL);
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

    /** One way to read bytes. */
    @FunctionalInterface
    private interface Reading {
        void read(byte[] bytes) throws IOException;
    }

    private static void fuzz(final List<byte[]> seeds, final int count, final Reading reading) {
        final Random random = new Random(20260101);
        for (int n = 0; n < count; n++) {
            final byte[] mutant = mutate(seeds.get(n % seeds.size()), random);
            final long start = System.nanoTime();
            try {
                reading.read(mutant);
            } catch (final DicomException e) {
                assertNotNull(e.reason());
                assertFalse(e.getMessage().isBlank());
            } catch (final NiftiException e) {
                assertFalse(e.getMessage().isBlank());
            } catch (final IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("Mutant " + n + " of seed " + n % seeds.size() + " gives " + e, e);
            }
            final double seconds = (System.nanoTime() - start) / 1e9;
            assertTrue(seconds < MAX_SECONDS, "Mutant " + n + " of seed " + n % seeds.size() + " takes " + seconds + " s");
        }
    }

    /** Reads a mutant as a file of a study that has images for it to refer to, and copies it without identifiers. */
    private Reading inStudy(final String name) throws IOException {
        final var g = TestVolumes.oblique(5, 5, 3);
        final Path images = Files.createDirectories(m_folder.resolve("study/images"));
        new DicomSeriesWriter(
            SourceSeries.common(DataSet.builder().text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5").build()), "seed", "d", "")
                .write(images, TestVolumes.integers(g, 0, 100, 1));
        final Path mutant = m_folder.resolve("study").resolve(name);
        final var reader = new DicomStudyReader(DicomStudyOptions.defaults()
            .withImages(ImageRules.defaults().withTilt(TiltRule.RESAMPLE).withGaps(GapRule.FILL)
                .withValues(ValueRule.REAL_WORLD)));
        return bytes -> {
            Files.write(mutant, bytes);
            for (final StudySeries s : reader.read(m_folder.resolve("study"), Progress.NONE, m_executor).series()) {
                s.readVolume();
                s.readSegmentation();
            }
        };
    }

    private static int count() {
        return Integer.getInteger("scanbridge.fuzz", DEFAULT_COUNT);
    }

    @Test
    void mutantsOfOurFilesAreReadOrRefused() throws IOException {
        final List<byte[]> seeds = seeds();
        Assertions.assertTimeoutPreemptively(LIMIT, () -> fuzz(seeds, count() / 2, DicomFileFuzzTest::read));
    }

    @Test
    void mutantsInAStudyBecomeProblems() throws IOException {
        final List<byte[]> seeds = seeds();
        final Reading reading = inStudy("mutant");
        Assertions.assertTimeoutPreemptively(LIMIT, () -> fuzz(seeds, count() / 40, reading));
    }

    @Test
    void mutantsOfNiftiFilesAreReadOrRefused() throws IOException {
        final Path file = m_folder.resolve("seed.nii");
        NiftiWriter.write(file, TestVolumes.labels(TestVolumes.oblique(5, 5, 3), LabelSet.of(), 1, 1, 2));
        final byte[] seed = Files.readAllBytes(file);
        final Path zipped = m_folder.resolve("seed.nii.gz");
        NiftiWriter.write(zipped, TestVolumes.ramp(TestVolumes.oblique(5, 5, 3)));
        final List<byte[]> seeds = List.of(seed, Files.readAllBytes(zipped));
        final Path mutant = m_folder.resolve("mutant.nii");
        Assertions.assertTimeoutPreemptively(LIMIT, () -> fuzz(seeds, count() / 10, bytes -> {
            Files.write(mutant, bytes);
            NiftiReader.readVolume(mutant, VolumeInfo.UNKNOWN);
        }));
        Files.delete(file);
        Files.delete(zipped);
        final Reading inStudy = inStudy("mutant.nii");
        Assertions.assertTimeoutPreemptively(LIMIT, () -> fuzz(seeds, count() / 80, inStudy));
    }

    @Test
    void mutantsAreCopiedWithoutIdentifiersOrLeftOut() throws IOException {
        final List<byte[]> seeds = seeds();
        final Path source = Files.createDirectories(m_folder.resolve("source"));
        final DeidentifyingCopy copy = new DeidentifyingCopy(DeidentifyOptions.basic("key"));
        final int[] n = new int[1];
        Assertions.assertTimeoutPreemptively(LIMIT, () -> fuzz(seeds, count() / 50, bytes -> {
            Files.write(source.resolve("mutant"), bytes);
            copy.copy(source, m_folder.resolve("copy" + n[0]++), Progress.NONE, m_executor);
        }));
    }

    @Test
    void mutantsOfPublicFilesAreReadOrRefused() throws IOException {
        final List<byte[]> seeds = publicSeeds();
        Assertions.assertTimeoutPreemptively(LIMIT, () -> fuzz(seeds, count() / 2, DicomFileFuzzTest::read));
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
