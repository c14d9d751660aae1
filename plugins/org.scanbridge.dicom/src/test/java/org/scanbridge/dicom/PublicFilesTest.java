package org.scanbridge.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.pixel.ValueMapping;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;

/** Every public file gives the right image or data set, or an error that names what is wrong. */
class PublicFilesTest {

    /**
     * Files without pixel data: pydicom 3.0 reads 76 (three of them forced, for want of a preamble); rtplan_truncated and
     * DICOMDIR-nooffset announce more bytes than they have, which is an error here.
     */
    private static final int DATA_SETS = 74;

    /**
     * Images: the 98 that pydicom decodes without plugins, two of 12-bit, one of lossless JPEG, one of JPEG 2000, one in gzip.
     */
    private static final int IMAGES = 103;

    private final PixelReader m_reader = new PixelReader(DicomDecoders.standard());

    private float[] voxels(final Path path) throws IOException {
        try (DicomFile file = DicomFile.open(path)) {
            final PixelFormat format = PixelFormat.of(file.data());
            final float[] voxels = new float[format.framePixels() * format.frames()];
            for (int f = 0; f < format.frames(); f++) {
                m_reader.read(file, format, ValueMapping.linear(1, 0), f, voxels, f * format.framePixels());
            }
            return voxels;
        }
    }

    @Test
    void everyFileGivesATypedOutcome() throws IOException {
        final Path root = PublicFiles.pydicom();
        int images = 0;
        int dataSets = 0;
        final List<String> errors = new ArrayList<>();
        final List<Path> paths;
        try (Stream<Path> tree = Files.walk(root)) {
            paths = tree.filter(Files::isRegularFile).sorted().toList();
        }
        for (final Path path : paths) {
            try (DicomFile file = DicomFile.open(path)) {
                if (file.pixels().isPresent()) {
                    voxels(path);
                    images++;
                } else {
                    assertFalse(file.data().elements().isEmpty() && file.meta().elements().isEmpty(), path.toString());
                    dataSets++;
                }
            } catch (final DicomException e) {
                assertNotNull(e.reason());
                assertFalse(e.getMessage().isBlank());
                errors.add(root.relativize(path) + ": " + e.getMessage());
            }
        }
        assertEquals(paths.size(), images + dataSets + errors.size());
        assertEquals(196, paths.size());
        assertEquals(IMAGES, images, "images; errors: " + errors);
        assertEquals(DATA_SETS, dataSets, "data sets; errors: " + errors);
    }

    @TestFactory
    Stream<DynamicTest> imagesAgreeWithAnIndependentReader() throws IOException {
        final Path root = PublicFiles.pydicom();
        final List<String[]> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
            PublicFilesTest.class.getResourceAsStream("pydicom-sums.tsv"), StandardCharsets.UTF_8))) {
            in.lines().filter(l -> !l.startsWith("#")).forEach(l -> rows.add(l.split("\t")));
        }
        return rows.stream().filter(r -> !r[1].equals("PALETTE COLOR"))
            .map(r -> DynamicTest.dynamicTest(r[0], () -> agrees(root.resolve(r[0]), r)));
    }

    private void agrees(final Path path, final String[] row) throws IOException {
        final PixelFormat format;
        final boolean lossy;
        try (DicomFile file = DicomFile.open(path)) {
            format = PixelFormat.of(file.data());
            lossy = file.transferSyntax().encapsulated()
                && List.of("50", "51", "81", "91").contains(file.transferSyntax().uid().replaceFirst(".*\\.", ""));
        }
        final float[] voxels = voxels(path);
        double sum = 0;
        for (final float v : voxels) {
            sum += v;
        }
        double expected = Double.parseDouble(row[3]);
        if (row[1].equals("MONOCHROME1")) {
            expected = voxels.length * (Math.scalb(1.0, format.bitsStored()) - 1) - expected;
        }
        assertEquals(Integer.parseInt(row[2]), format.frames());
        // Lossy decoders may round differently; luminance is rounded to a float.
        assertEquals(expected, sum, lossy ? voxels.length : 1e-6 * Math.abs(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MR_small_RLE", "MR_small_bigendian", "MR_small_expb", "MR_small_implicit",
        "MR_small_jp2klossless", "MR_small_jpeg_ls_lossless", "MR_small_padded"})
    void twinsOfMrSmallAreEqual(final String twin) throws IOException {
        final Path files = PublicFiles.pydicom().resolve("test_files");
        assertArrayEquals(voxels(files.resolve("MR_small.dcm")), voxels(files.resolve(twin + ".dcm")));
    }

    @Test
    void wholeFolderIsReadWithoutACrash() throws IOException {
        final ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            final Study study = new DicomStudyReader(DicomStudyOptions.defaults()).read(PublicFiles.pydicom(),
                Progress.NONE, executor);
            assertTrue(study.series().size() >= 10, study.series().size() + " series");
            for (final var series : study.series()) {
                try {
                    series.readVolume();
                } catch (final DicomException e) {
                    assertFalse(series.problem(e).message().isBlank());
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
