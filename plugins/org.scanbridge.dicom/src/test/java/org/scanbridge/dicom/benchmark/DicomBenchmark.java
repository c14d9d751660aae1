package org.scanbridge.dicom.benchmark;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.scanbridge.dicom.TestEncoder;
import org.scanbridge.dicom.codec.CodecStreams;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;

/**
 * Times reading: headers, uncompressed slices, and each codec on a slice of 512×512 that looks like a CT. One worker; the
 * processor time of the thread that works is what counts, so other load on the machine hardly matters. See
 * {@code docs/benchmarks.md} for how to run it.
 */
public final class DicomBenchmark {

    private static final int SIZE = 512;

    private static final int SLICES = 200;

    private static final int HEADERS = 2000;

    private static final int WARM_UP = 4;

    private static final int RUNS = 5;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private DicomBenchmark() {
    }

    /** Runs all; no arguments. */
    public static void main(final String[] arguments) throws Exception {
        final Path folder = Files.createTempDirectory("scanbridge-benchmark");
        final ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            headers(folder.resolve("headers"), worker);
            slices(folder.resolve("slices"), worker);
            codecs(worker);
        } finally {
            worker.shutdownNow();
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }

    /** Best processor and wall time of the worker in seconds. */
    private record Times(double processor, double wall) {
    }

    private static Times time(final ExecutorService worker, final Callable<?> work) throws Exception {
        double processor = Double.POSITIVE_INFINITY;
        double wall = Double.POSITIVE_INFINITY;
        for (int run = 0; run < WARM_UP + RUNS; run++) {
            final long[] took = worker.submit(() -> {
                final long t = System.nanoTime();
                final long c = THREADS.getCurrentThreadCpuTime();
                work.call();
                return new long[]{THREADS.getCurrentThreadCpuTime() - c, System.nanoTime() - t};
            }).get();
            if (run >= WARM_UP) {
                processor = Math.min(processor, took[0] / 1e9);
                wall = Math.min(wall, took[1] / 1e9);
            }
        }
        return new Times(processor, wall);
    }

    private static void print(final String what, final double amount, final String unit, final Times t) {
        System.out.printf(Locale.ROOT, "| %s | %,.0f %s | %,.0f %s |%n", what, amount / t.processor, unit,
            amount / t.wall, unit);
    }

    /** A slice with some eighty attributes, as scanners write them. */
    private static DataSetBuilder slice(final String series, final int k, final int size, final byte[] pixels) {
        final DataSetBuilder slice = DataSet.builder().text(Tag.SOP_CLASS_UID, Uid.CT_IMAGE_STORAGE)
            .text(Tag.SOP_INSTANCE_UID, Uid.derived(series + k)).text(Tag.STUDY_INSTANCE_UID, "1.2.3")
            .text(Tag.SERIES_INSTANCE_UID, Uid.derived(series)).text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5")
            .text(Tag.MODALITY, "CT").text(Tag.PATIENT_ID, "P1").text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "AXIAL")
            .numbers(Tag.INSTANCE_NUMBER, k + 1).numbers(Tag.IMAGE_POSITION_PATIENT, -250, -250, 1.25 * k)
            .numbers(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0).numbers(Tag.PIXEL_SPACING, 0.9, 0.9)
            .numbers(Tag.SLICE_THICKNESS, 1.25).numbers(Tag.SAMPLES_PER_PIXEL, 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2").numbers(Tag.ROWS, size).numbers(Tag.COLUMNS, size)
            .numbers(Tag.BITS_ALLOCATED, 16).numbers(Tag.BITS_STORED, 12).numbers(Tag.HIGH_BIT, 11)
            .numbers(Tag.PIXEL_REPRESENTATION, 0).numbers(Tag.RESCALE_SLOPE, 1).numbers(Tag.RESCALE_INTERCEPT, -1024);
        for (int t = 0; t < 40; t++) {
            slice.bytes(0x00181000 + 2 * t, VR.LO, ("value " + t).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        for (int t = 0; t < 15; t++) {
            slice.bytes(0x00291010 + t, VR.OB, new byte[100]);
        }
        return slice.bytes(Tag.PIXEL_DATA, VR.OW, pixels);
    }

    private static Study read(final Path folder) throws IOException {
        final ExecutorService same = new SameThread();
        return new DicomStudyReader(DicomStudyOptions.defaults().withHash(false)).read(folder, Progress.NONE, same);
    }

    private static void headers(final Path folder, final ExecutorService worker) throws Exception {
        for (int k = 0; k < HEADERS; k++) {
            final Path file = folder.resolve("site/patient/" + k / 200 + "/IM" + k + ".dcm");
            Files.createDirectories(file.getParent());
            Files.write(file, DicomOutput.file(slice("s" + k / 200, k % 200, 64, new byte[2 * 64 * 64]).build()));
        }
        print("header index, series assembled", HEADERS, "files/s", time(worker, () -> read(folder)));
    }

    private static void slices(final Path folder, final ExecutorService worker) throws Exception {
        Files.createDirectories(folder.resolve("site/patient"));
        final byte[] pixels = bytes(image());
        for (int k = 0; k < SLICES; k++) {
            Files.write(folder.resolve("site/patient/" + k), DicomOutput.file(slice("s", k, SIZE, pixels).build()));
        }
        final Study study = read(folder);
        print("uncompressed slices of 512×512 into a volume", SLICES, "slices/s",
            time(worker, () -> study.series().get(0).readVolume()));
    }

    /** An ellipse of tissue with noise of a few values on a dark ground, 12 bits. */
    private static int[] image() {
        final Random random = new Random(1);
        final int[] image = new int[SIZE * SIZE];
        for (int p = 0; p < image.length; p++) {
            final double x = (p % SIZE - SIZE / 2.0) / 220;
            final double y = (p / SIZE - SIZE / 2.0) / 160;
            final double tissue = x * x + y * y < 1 ? 1050 + 40 * Math.sin(9 * x) * Math.cos(7 * y) : 24;
            image[p] = (int)Math.max(0, tissue + 8 * random.nextGaussian());
        }
        return image;
    }

    private static byte[] bytes(final int[] image) {
        final byte[] bytes = new byte[2 * image.length];
        for (int p = 0; p < image.length; p++) {
            bytes[2 * p] = (byte)image[p];
            bytes[2 * p + 1] = (byte)(image[p] >> 8);
        }
        return bytes;
    }

    private static void codecs(final ExecutorService worker) throws Exception {
        final int[] image = image();
        codec("RLE", TransferSyntax.RLE, CodecStreams.rle(bytes(image)), 16, worker);
        codec("JPEG lossless", TransferSyntax.JPEG_LOSSLESS_SV1, CodecStreams.losslessJpeg(image, SIZE, SIZE), 16, worker);
        codec("JPEG-LS", TransferSyntax.JPEG_LS_LOSSLESS, CodecStreams.jpegLs(image, SIZE, SIZE, 12), 16, worker);
        final BufferedImage gray = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
        final BufferedImage deep = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_USHORT_GRAY);
        final short[] to = ((DataBufferUShort)deep.getRaster().getDataBuffer()).getData();
        for (int p = 0; p < image.length; p++) {
            gray.getRaster().setSample(p % SIZE, p / SIZE, 0, image[p] >> 3);
            to[p] = (short)image[p];
        }
        final ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(gray, "jpeg", jpeg);
        codec("JPEG baseline, 8 bits", TransferSyntax.JPEG_BASELINE, jpeg.toByteArray(), 8, worker);
        codec("JPEG 2000 lossless", TransferSyntax.JPEG_2000_LOSSLESS, CodecStreams.jpeg2000(deep), 16, worker);
    }

    private static void codec(final String name, final TransferSyntax syntax, final byte[] stream, final int bits,
        final ExecutorService worker) throws Exception {
        final DataSet data = slice("s", 0, SIZE, new byte[0]).numbers(Tag.BITS_ALLOCATED, bits)
            .numbers(Tag.BITS_STORED, bits == 8 ? 8 : 12).numbers(Tag.HIGH_BIT, bits == 8 ? 7 : 11).build();
        final byte[] file = TestEncoder.file(data, syntax, stream);
        final int frames = 10;
        print(name + " to 512×512", frames * SIZE * SIZE * (bits / 8) / 1e6, "MB/s", time(worker, () -> {
            for (int f = 0; f < frames; f++) {
                try (DicomFile dicom = DicomFile.parse(ByteSource.of(file))) {
                    DicomDecoders.standard().decode(dicom, PixelFormat.of(dicom.data()), 0);
                }
            }
            return null;
        }));
    }
}
