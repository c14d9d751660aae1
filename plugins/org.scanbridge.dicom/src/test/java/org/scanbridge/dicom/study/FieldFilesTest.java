package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.Progress;

/** Files in the forms in which copies, archives, media and old devices leave them. */
class FieldFilesTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read(final Path root) throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(root, Progress.NONE, m_executor);
    }

    private static DataSetBuilder flat(final double z) {
        return TestSlices.axial(z, 1, 2, 3, 4, 5, (int)z);
    }

    private float[] voxels() throws IOException {
        final Study study = read(m_root);
        assertEquals(List.of(), study.problems());
        assertEquals(1, study.series().size());
        return study.series().get(0).readVolume().voxels();
    }

    private static DataSet lut(final int... entries) {
        final ByteBuffer data = ByteBuffer.allocate(2 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
        for (final int e : entries) {
            data.putShort((short)e);
        }
        return DataSet.builder().bytes(Tag.LUT_DESCRIPTOR, VR.US, new byte[]{(byte)entries.length, 0, 0, 0, 16, 0})
            .bytes(Tag.LUT_DATA, VR.OW, data.array()).build();
    }

    /** The LUT comes first (PS3.3 C.11.1), the display that MONOCHROME1 inverts comes last: c - LUT(stored), c = 0 + 1000. */
    @Test
    void monochrome1IsInvertedAfterTheModalityLut() throws IOException {
        final DataSetBuilder slice = TestSlices.axial(0, 0, 1, 2, 3, 3, 0).numbers(Tag.BITS_STORED, 2)
            .numbers(Tag.HIGH_BIT, 1).text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");
        TestSlices.write(m_root.resolve("A/1"), slice.items(Tag.MODALITY_LUT_SEQUENCE, lut(0, 10, 100, 1000)));
        assertArrayEquals(new float[]{1000, 990, 900, 0, 0, 1000}, voxels());
    }

    @Test
    void paddingOfMonochrome1WithModalityLutIsNotInverted() throws IOException {
        TestSlices.write(m_root.resolve("A/1"), TestSlices.axial(0, 0, 1, 2, 3, 3, 0).numbers(Tag.BITS_STORED, 2)
            .numbers(Tag.HIGH_BIT, 1).text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1")
            .bytes(Tag.PIXEL_PADDING_VALUE, VR.US, new byte[]{3, 0})
            .items(Tag.MODALITY_LUT_SEQUENCE, lut(5, 10, 100, 1000)));
        // padding gets the lowest of the other values: 1005 - 100
        assertArrayEquals(new float[]{1000, 995, 905, 905, 905, 1000}, voxels());
    }

    /** As pydicom, GDCM and SimpleITK read it: stored values, or what Rescale Slope says. */
    @Test
    void emptyModalityLutItemMapsNothing() throws IOException {
        TestSlices.write(m_root.resolve("A/1"), flat(6).items(Tag.MODALITY_LUT_SEQUENCE, DataSet.EMPTY)
            .numbers(Tag.RESCALE_SLOPE, 2).numbers(Tag.RESCALE_INTERCEPT, -1));
        assertArrayEquals(new float[]{1, 3, 5, 7, 9, 11}, voxels());
    }

    @Test
    void modalityLutItemWithoutDescriptorIsNamed() throws IOException {
        TestSlices.write(m_root.resolve("A/1"), flat(6).items(Tag.MODALITY_LUT_SEQUENCE,
            DataSet.builder().bytes(Tag.LUT_DATA, VR.OW, new byte[4]).build()));
        final List<Problem> problems = read(m_root).problems();
        assertEquals("A/1", problems.get(0).file());
        assertTrue(problems.get(0).message().contains("(0028,3002)"), problems.toString());
    }

    @Test
    void filesThatDesktopsLeaveBesideOthersAreIgnored() throws IOException {
        for (int z = 0; z < 3; z++) {
            TestSlices.write(m_root.resolve("A/" + z + ".dcm"), flat(z));
            final byte[] appleDouble = new byte[4096];
            appleDouble[1] = 5;
            appleDouble[2] = 0x16;
            appleDouble[3] = 7;
            Files.write(m_root.resolve("A/._" + z + ".dcm"), appleDouble);
        }
        Files.write(m_root.resolve("A/.DS_Store"), new byte[6148]);
        Files.write(m_root.resolve("A/Thumbs.db"), new byte[512]);
        Files.write(m_root.resolve("A/desktop.ini"), new byte[282]);
        assertEquals(18, voxels().length);
    }

    private static byte[] gzip(final byte[] content) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private void write(final String name, final byte[] bytes) throws IOException {
        Files.createDirectories(m_root.resolve(name).getParent());
        Files.write(m_root.resolve(name), bytes);
    }

    @Test
    void gzipFilesAreRead() throws IOException {
        for (int z = 0; z < 3; z++) {
            write("A/" + z + ".dcm.gz", gzip(DicomOutput.file(flat(z).build())));
        }
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 1, 1, 2, 3, 4, 5, 2}, voxels());
    }

    @Test
    void gzipFileThatIsCutOffIsNamed() throws IOException {
        final byte[] whole = gzip(DicomOutput.file(flat(0).build()));
        write("A/1.dcm.gz", Arrays.copyOf(whole, whole.length - 20));
        final Problem p = read(m_root).problems().get(0);
        assertEquals(List.of("A/1.dcm.gz", Kind.UNREADABLE_FILE), List.of(p.file(), p.kind()));
        assertTrue(p.message().contains("gzip"), p.message());
    }

    /** 80 MB of zeros in 80 kB: refused at 64 MB. */
    @Test
    void gzipFileThatUnpacksToVeryMuchIsRefused() throws IOException {
        final Path file = m_root.resolve("A/bomb");
        Files.createDirectories(file.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(DicomOutput.file(flat(0).build()));
            final byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 80; i++) {
                out.write(zeros);
            }
        }
        final Problem p = read(m_root).problems().get(0);
        assertEquals(Kind.COMPRESSED_FILE, p.kind());
        assertTrue(p.message().contains("larger than 64 MB"), p.message());
    }

    /** Archives by the name .zip are read, see {@link ArchivesTest}. */
    @Test
    void zipArchiveOfAnotherNameSaysThatItMustBeUnzipped() throws IOException {
        TestSlices.write(m_root.resolve("A/0"), flat(0));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(m_root.resolve("A/study")))) {
            zip.putNextEntry(new ZipEntry("1.dcm"));
            zip.write(DicomOutput.file(flat(1).build()));
        }
        final List<Problem> problems = read(m_root).problems();
        assertEquals(1, problems.size());
        assertEquals("A/study", problems.get(0).file());
        assertEquals(Kind.COMPRESSED_FILE, problems.get(0).kind());
        assertTrue(problems.get(0).message().contains("zip archive"), problems.toString());
        assertTrue(problems.get(0).remedy().contains("Unzip"), problems.toString());
        final NotDirectoryException e =
            assertThrows(NotDirectoryException.class, () -> read(m_root.resolve("A/study")));
        assertTrue(e.getMessage().contains("unzip it"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"377abcaf271c0004, a 7z archive", "526172211a0700, a rar archive", "425a6839314159, a bzip2 file",
        "fd377a585a000004, an xz file", "28b52ffd2400, a zstd file"})
    void otherArchivesAreNamed(final String magic, final String words) throws IOException {
        write("A/x", Arrays.copyOf(java.util.HexFormat.of().parseHex(magic), 600));
        final Problem p = read(m_root).problems().get(0);
        assertEquals(Kind.COMPRESSED_FILE, p.kind());
        assertTrue(p.message().contains(words), p.message());
    }

    @Test
    void tarInGzipIsNamed() throws IOException {
        final byte[] tar = new byte[1024];
        System.arraycopy("1.dcm".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, tar, 0, 5);
        System.arraycopy("ustar".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, tar, 257, 5);
        write("A/x.tar", tar);
        write("A/x.tgz", gzip(tar));
        assertEquals(List.of("The file cannot be read: It is a tar archive, whose content is not read.",
            "The file cannot be read: It is a gzip file that holds a tar archive, whose content is not read."),
            read(m_root).problems().stream().map(Problem::message).toList());
    }

    /** Meta information without preamble and group length: the first element is the media's class, instance or syntax. */
    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x0001, 0x0002, 0x0003, 0x0010, 0x0012, 0x0013, 0x0016, 0x0100})
    void filesWithoutPreambleMayBeginAnywhereInTheMetaInformation(final int element) throws IOException {
        final byte[] file = DicomOutput.file(flat(7).build());
        final int syntax = find(file, new byte[]{2, 0, 0x10, 0, 'U', 'I'});
        final byte[] value = element == 0 ? new byte[]{'U', 'L', 4, 0, 28, 0, 0, 0}
            : element == 1 ? new byte[]{'O', 'B', 0, 0, 2, 0, 0, 0, 0, 1} : new byte[]{'U', 'I', 2, 0, '1', 0};
        final ByteArrayOutputStream bare = new ByteArrayOutputStream();
        if (element != 0x0010) {
            bare.writeBytes(new byte[]{2, 0, (byte)element, (byte)(element >> 8)});
            bare.writeBytes(value);
        }
        bare.write(file, syntax, file.length - syntax);
        write("A/1", bare.toByteArray());
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 7}, voxels());
    }

    private static int find(final byte[] in, final byte[] what) {
        for (int i = 0; i < in.length - what.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    /** Linux shows the upper-case names of ISO 9660 in lower case, others show versions or a final dot. */
    @ParameterizedTest
    @CsvSource({"mr/ser1/im1", "MR/SER1/IM1;1", "Mr/ser1/im1.", "MR/SER1/IM1"})
    void dicomdirNamesAreFoundInOtherSpellings(final String path) throws IOException {
        TestSlices.write(m_root.resolve(path), flat(0));
        TestSlices.write(m_root.resolve("dicomdir"), DataSet.builder()
            .text(Tag.SOP_CLASS_UID, Uid.MEDIA_STORAGE_DIRECTORY).text(Tag.SOP_INSTANCE_UID, "1.2")
            .items(Tag.DIRECTORY_RECORD_SEQUENCE,
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "MR", "SER1", "IM1").build(),
                DataSet.builder().text(Tag.REFERENCED_FILE_ID, "MR", "SER1", "IM2").build()));
        final Study study = read(m_root.resolve("dicomdir"));
        assertEquals(1, study.series().size());
        assertEquals(List.of("MR/SER1/IM2"), study.problems().stream().map(Problem::file).toList());
    }
}
