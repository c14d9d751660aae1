package org.scanbridge.dicom.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.TestEncoder;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.pixel.ValueMapping;

import com.github.jaiimageio.jpeg2000.impl.J2KImageWriter;
import com.github.jaiimageio.jpeg2000.impl.J2KImageWriterSpi;

/** The same image in every encoding that a small encoder can make; lossless ones are exact. */
class EncodingsTest {

    private static final int[] STORED = {0, 1, 255, 256, 40000, 65535};

    private static final float[] EXPECTED = {0, 1, 255, 256, 40000, 65535};

    private static float[] read(final byte[] bytes) throws IOException {
        try (DicomFile file = DicomFile.parse(ByteSource.of(bytes))) {
            final PixelFormat format = PixelFormat.of(file.data());
            final float[] voxels = new float[format.framePixels() * format.frames()];
            for (int f = 0; f < format.frames(); f++) {
                new PixelReader(DicomDecoders.standard()).read(file, format, ValueMapping.of(file.data(), format.signed()),
                    f, voxels, f * format.framePixels());
            }
            return voxels;
        }
    }

    private static DataSet image() {
        return TestSlices.axial(0, STORED).build();
    }

    @Test
    void nativeEncodings() throws IOException {
        for (final TransferSyntax syntax : new TransferSyntax[]{TransferSyntax.IMPLICIT_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_LITTLE_ENDIAN, TransferSyntax.EXPLICIT_BIG_ENDIAN, TransferSyntax.DEFLATED}) {
            assertArrayEquals(EXPECTED, read(TestEncoder.file(image(), syntax)), syntax.name());
        }
    }

    @Test
    void bigEndianBytesInWords() throws IOException {
        // 8-bit pixels in OW are swapped in pairs when words are big endian (PS3.5 annex A.3)
        final DataSet bytes = TestSlices.axial(0, 0).numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8)
            .numbers(Tag.HIGH_BIT, 7).bytes(Tag.PIXEL_DATA, VR.OW, new byte[]{1, 2, 3, 4, 5, 6}).build();
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 6}, read(TestEncoder.file(bytes, TransferSyntax.EXPLICIT_BIG_ENDIAN)));
    }

    /** A segment of literals and runs: high bytes 0,0,0,1,156,255 as run of 3 and literals; low bytes likewise. */
    private static byte[] rleFrame() {
        final byte[] high = {-2, 0, 2, 1, (byte)156, (byte)255};
        final byte[] low = {-128, 5, 0, 1, (byte)255, 0, 64, (byte)255}; // begins with a code that does nothing
        final byte[] out = new byte[64 + high.length + low.length];
        out[0] = 2;
        out[4] = 64;
        out[8] = (byte)(64 + high.length);
        System.arraycopy(high, 0, out, 64, high.length);
        System.arraycopy(low, 0, out, 64 + high.length, low.length);
        return out;
    }

    @Test
    void rle() throws IOException {
        assertArrayEquals(EXPECTED, read(TestEncoder.file(image(), TransferSyntax.RLE, rleFrame())));
    }

    @Test
    void brokenRleIsRefused() {
        final byte[] cut = Arrays.copyOf(rleFrame(), 75);
        final DicomException e = assertThrows(DicomException.class,
            () -> read(TestEncoder.file(image(), TransferSyntax.RLE, cut)));
        assertEquals(Reason.MALFORMED, e.reason());
        assertTrue(e.getMessage().contains("RLE frame of tag (7FE0,0010)"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1,16", "2,16", "3,16", "4,16", "5,12", "6,12", "7,8"})
    void losslessJpegWithAllPredictors(final int predictor, final int precision) throws IOException {
        final Random random = new Random(predictor);
        final int[] samples = random.ints(17 * 9, 0, 1 << precision).toArray();
        final float[] expected = new float[samples.length];
        for (int i = 0; i < samples.length; i++) {
            expected[i] = samples[i];
        }
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 17).numbers(Tag.ROWS, 9)
            .numbers(Tag.BITS_ALLOCATED, precision > 8 ? 16 : 8).numbers(Tag.BITS_STORED, precision)
            .numbers(Tag.HIGH_BIT, precision - 1).build();
        final byte[] stream = LosslessJpegEncoder.encode(samples, 17, 9, precision, predictor);
        assertArrayEquals(expected, read(TestEncoder.file(data, TransferSyntax.JPEG_LOSSLESS, stream)));
        // the same in three fragments of one frame
        final byte[][] pieces = {Arrays.copyOf(stream, 40), Arrays.copyOfRange(stream, 40, 90),
            Arrays.copyOfRange(stream, 90, stream.length)};
        assertArrayEquals(expected, read(TestEncoder.file(data, TransferSyntax.JPEG_LOSSLESS, pieces)));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 2", "7, 3"})
    void losslessJpegThatStartsAnew(final int predictor, final int rows) throws IOException {
        final int[] samples = smooth(17, 9, 4000);
        assertNear(samples, read(TestEncoder.file(deep(17, 9, 12), TransferSyntax.JPEG_LOSSLESS,
            LosslessJpegEncoder.encode(samples, 17, 9, 12, predictor, rows))), 0);
    }

    @Test
    void framesWithoutOffsetTableAreFoundByTheirStartMarkers() throws IOException {
        final byte[] a = LosslessJpegEncoder.encode(STORED, 3, 2, 16, 1);
        final byte[] b = LosslessJpegEncoder.encode(new int[]{6, 5, 4, 3, 2, 1}, 3, 2, 16, 1);
        final DataSet data = image().toBuilder().numbers(Tag.NUMBER_OF_FRAMES, 2).build();
        final float[] both = read(TestEncoder.file(data, TransferSyntax.JPEG_LOSSLESS_SV1, Arrays.copyOf(a, 30),
            Arrays.copyOfRange(a, 30, a.length), b));
        assertArrayEquals(new float[]{0, 1, 255, 256, 40000, 65535, 6, 5, 4, 3, 2, 1}, both);
    }

    @Test
    void baselineJpegAgreesWithTheJdk() throws IOException {
        final BufferedImage image = new BufferedImage(37, 21, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 21; y++) {
            for (int x = 0; x < 37; x++) {
                image.getRaster().setSample(x, y, 0, (x * 7 + y * y) % 200);
            }
        }
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", stream);
        final var expected = ImageIO.read(new java.io.ByteArrayInputStream(stream.toByteArray())).getRaster();
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 37).numbers(Tag.ROWS, 21)
            .numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7).build();
        final float[] read = read(TestEncoder.file(data, TransferSyntax.JPEG_BASELINE, stream.toByteArray()));
        for (int i = 0; i < read.length; i++) {
            assertEquals(expected.getSample(i % 37, i / 37, 0), read[i], 1, "pixel " + i);
        }
    }

    /** The JDK's encoder and decoder are independent of ours; both round the inverse transform. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_RGB})
    void progressiveJpegAgreesWithTheJdk(final int type) throws IOException {
        final BufferedImage image = new BufferedImage(53, 41, type);
        for (int y = 0; y < 41; y++) {
            for (int x = 0; x < 53; x++) {
                final int v = (x * 5 + y * y / 3) % 256;
                image.setRGB(x, y, type == BufferedImage.TYPE_INT_RGB ? v << 16 | v << 8 | v : v * 0x010101);
            }
        }
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        final var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        final var parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(javax.imageio.ImageWriteParam.MODE_DEFAULT);
        try (var out = ImageIO.createImageOutputStream(stream)) {
            writer.setOutput(out);
            writer.write(null, new javax.imageio.IIOImage(image, null, null), parameters);
        }
        writer.dispose();
        final BufferedImage decoded = ImageIO.read(new java.io.ByteArrayInputStream(stream.toByteArray()));
        final boolean color = type == BufferedImage.TYPE_INT_RGB;
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 53).numbers(Tag.ROWS, 41)
            .numbers(Tag.SAMPLES_PER_PIXEL, color ? 3 : 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, color ? "YBR_FULL_422" : "MONOCHROME2")
            .numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7).build();
        final float[] read = read(TestEncoder.file(data, TransferSyntax.JPEG_FULL_PROGRESSION, stream.toByteArray()));
        for (int i = 0; i < read.length; i++) {
            final int x = i % 53;
            final int y = i / 53;
            // of gray colors the luminance is each of them
            final double expected =
                color ? decoded.getRGB(x, y) >> 8 & 0xff : decoded.getRaster().getSample(x, y, 0);
            assertEquals(expected, read[i], color ? 2 : 1, "pixel " + i);
        }
    }

    @Test
    void jpegLsExampleOfTheStandard() throws IOException {
        final byte[] stream = exampleOfT87();
        final DataSet data = fourByFour();
        assertArrayEquals(
            new float[]{0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145},
            read(TestEncoder.file(data, TransferSyntax.JPEG_LS_LOSSLESS, stream)));
    }

    /** ITU-T T.87 annex H.3: sixteen samples, all modes of the algorithm. */
    private static byte[] exampleOfT87() {
        return HexFormat.of().parseHex("FFD8FFF7000B0800040004010111 00FFDA00080101000000 00C000006C80208E"
            .concat("01C0000057400000 6EE6000001BC1800 0005D80000916 0FFD9").replace(" ", ""));
    }

    private static DataSet fourByFour() {
        return TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 4).numbers(Tag.ROWS, 4)
            .numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7).build();
    }

    /** Its last byte of samples, 60, is not only padding, which is of zeros: whatever is cut off, samples are missing. */
    @Test
    void jpegLsThatIsCutOffIsRefused() {
        final byte[] stream = exampleOfT87();
        for (int length = 4; length < stream.length - 2; length++) {
            final byte[] cut = Arrays.copyOf(stream, length);
            final DicomException e = assertThrows(DicomException.class,
                () -> read(TestEncoder.file(fourByFour(), TransferSyntax.JPEG_LS_LOSSLESS, cut)), length + " bytes");
            assertEquals(Reason.MALFORMED, e.reason(), length + " bytes");
        }
    }

    /** All modes: noise, gradients, runs to the end of lines and interrupted ones, full range. */
    @Test
    void jpegLsIsExact() throws IOException {
        final java.util.Random random = new java.util.Random(8);
        for (final int precision : new int[]{8, 12, 16}) {
            final int[] samples = new int[61 * 47];
            for (int i = 0; i < samples.length; i++) {
                final int x = i % 61;
                final int y = i / 61;
                samples[i] = y < 12 ? 5 : y < 24 ? x / 9 : y < 36 ? 3 * x + random.nextInt(4)
                    : random.nextInt(1 << precision);
            }
            final float[] expected = new float[samples.length];
            for (int i = 0; i < samples.length; i++) {
                expected[i] = samples[i];
            }
            final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 61).numbers(Tag.ROWS, 47)
                .numbers(Tag.BITS_STORED, precision).numbers(Tag.HIGH_BIT, precision - 1).build();
            assertArrayEquals(expected, read(TestEncoder.file(data, TransferSyntax.JPEG_LS_LOSSLESS,
                CodecStreams.jpegLs(samples, 61, 47, precision))), precision + " bits");
        }
    }

    private static int[] smooth(final int columns, final int rows, final int max) {
        final int[] samples = new int[columns * rows];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (int)(max / 2.0 * (1 + Math.sin(i % columns / 7.0) * Math.cos(i / columns / 5.0)));
        }
        return samples;
    }

    private static DataSet deep(final int columns, final int rows, final int bits) {
        return TestSlices.axial(0, 0).numbers(Tag.COLUMNS, columns).numbers(Tag.ROWS, rows)
            .numbers(Tag.BITS_STORED, bits).numbers(Tag.HIGH_BIT, bits - 1).build();
    }

    private static void assertNear(final int[] expected, final float[] read, final int tolerance) {
        assertEquals(expected.length, read.length);
        for (int i = 0; i < read.length; i++) {
            assertEquals(expected[i], read[i], tolerance, "pixel " + i);
        }
    }

    @Test
    void jpegLsNearLosslessKeepsItsPromise() throws IOException {
        final int[] samples = smooth(61, 47, 4000);
        for (final int near : new int[]{1, 3, 10}) {
            assertNear(samples, read(TestEncoder.file(deep(61, 47, 12), TransferSyntax.JPEG_LS_NEAR_LOSSLESS,
                CodecStreams.nearLosslessJpegLs(samples, 61, 47, 12, near))), near);
        }
    }

    @Test
    void extendedJpegOfTwelveBits() throws IOException {
        // coefficients are rounded to integers, which moves samples by little
        final int[] samples = smooth(37, 21, 4095);
        assertNear(samples, read(TestEncoder.file(deep(37, 21, 12), TransferSyntax.JPEG_EXTENDED,
            ExtendedJpegEncoder.encode(samples, 37, 21))), 2);
    }

    @Test
    void jpeg2000Lossy() throws IOException {
        final int[] samples = smooth(64, 48, 65535);
        final BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < samples.length; i++) {
            image.getRaster().setSample(i % 64, i / 64, 0, samples[i]);
        }
        // the encoder quantizes by 1/128 of the range, which is 512
        assertNear(samples, read(TestEncoder.file(deep(64, 48, 16), TransferSyntax.JPEG_2000,
            CodecStreams.jpeg2000(image, 8))), 512);
    }

    @Test
    void jpeg2000IsExact() throws IOException {
        final int[] samples = new Random(3).ints(40 * 33, 0, 65536).toArray();
        final BufferedImage image = new BufferedImage(40, 33, BufferedImage.TYPE_USHORT_GRAY);
        final float[] expected = new float[samples.length];
        for (int i = 0; i < samples.length; i++) {
            image.getRaster().setSample(i % 40, i / 40, 0, samples[i]);
            expected[i] = samples[i];
        }
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        final J2KImageWriter writer = new J2KImageWriter(new J2KImageWriterSpi());
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(stream)) {
            writer.setOutput(out);
            writer.write(image);
        }
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 40).numbers(Tag.ROWS, 33).build();
        assertArrayEquals(expected,
            read(TestEncoder.file(data, TransferSyntax.JPEG_2000_LOSSLESS, stream.toByteArray())));
    }

    @Test
    void numbersOfTilePartsAreCorrected() {
        // two parts of 14 bytes of tile 0, announced as one: the index of the last in place of their number
        final byte[] stream = HexFormat.of().parseHex("FF4F" + "FF640004" + "0001" //
            + "FF90000A0000" + "0000000E" + "0001" + "FF93" + "FF90000A0000" + "0000000E" + "0101" + "FF93" + "FFD9");
        final byte[] corrected = Jpeg2000TileParts.corrected(stream, 0);
        assertEquals(2, corrected[8 + 11]);
        assertEquals(2, corrected[8 + 14 + 11]);
        assertArrayEquals(corrected, Jpeg2000TileParts.corrected(corrected, 0));
    }

    /** 32×24 samples (37x² + 1009y + 5xy) mod 4096 · 16, by opj_compress 2.5.0 -n 3 -TP R -p RLCP: three parts of one tile. */
    private static final String THREE_PARTS = "/0//UQApAAAAAAAgAAAAGAAAAAAAAAAAAAAAIAAAABgAAAAAAAAAAAABDwEB/1IADAABAAEAAgQEAAH/XAAKQICIiJCIiJD/kAAKAAAA" //
        + "AABkAAP/k8/8MUgSJnQ8mIFiRiqNCCs8SpqgyhkaSDJWyntf6NHFxHYyeAp0akyJJ0fqEiVGoDpprDtUXuCmYLgTNKaM04RaB8llg1rc" //
        + "2GY9FysyEqOpZZDJUP7P/5AACgAAAAAA6wED/5PH/hiPP/ElCP9iR0AftAMINPEQDNYnnhnhNE/OB9HxfXmHpbphe9RPKUcYO9PQwxcD" //
        + "USGwRGl4gx9nvKqk06gUOtbK64uriP2rgEKVhkM3/4bjswwbaaDqfPjcSb24JaDjmhwqqb19wQ9eqK0zNZwkfZJ9nzaEmqez04zGxdvc" //
        + "q2FAdGrrBV2sLytncPFlS5iXslFrgUnWQbVHrFUFrNsqo0JfDn32iXZZ0tjsLGtAO77GIA4Z3ylPTZf+XFf56NP30diBVRQZ6SmuG7hh" //
        + "u1xmAXWfLc+Y9ObuqMTlG/+QAAoAAAAAAkACA/+Tz/xNHJ/4lTz/YwxgPRuqMgohqWrIURYDe2HdpXlp2LwOjGqOjbiZAhZmmIKZrijM" //
        + "8rEnhVQSWrcqx9rv3ICT8xiMaAEGqD8W39PRjB7ijPqkCyq6TkKx/qajWATchpCeMFP40hVsldx/ZjVQkR8BI/XjzGajKNTOyRIBJCOR" //
        + "AiOUry8XmljBkbqyXbA5tV5iQAZJPX81wcT0Mv0zLKAgvYvvhvvjzmSrw5tV5iR7hIwfvARkeO6TT5mlAQXsJ6Cw5tVRCI+LL38wc45R" //
        + "HpV9HOCUAQk53ksG5X+orMadLzx4nK6OIBt5vfmdBCCOQ+v7lf6io1t95vz4nK6HkAd5vfmdBAi9++v7lf6isxp0vPHicrpOoK3m9+Z0" //
        + "EIRhj8CwAAAAwkJf4ocHN9OihCJXyX2BgV4j3ElfJKOwWFpYocEOghxKTa9an4PSsDxpkJe1vZGVz8GOiGy1S2cTfH+SeTSBdNKbblkz" //
        + "VvI2ceLBsD/K+rOzEaWtY/m5MqD2Rkv+cFlwBuFQhtuEypaMhPwobPpZPIPUhM9N8FHU4Iv7tKY7zhTq0woSgTQ9IVAlfs9jGW6jeX0i" //
        + "CU5cXzMxkiwW0+DauisCLqiH/1EP2Lluj4qjKExoI1CwStEErhwDZhrS+JK+H7NSXhvsf1FIHI1yDEkFns5UaYReoftup66uL8gxMF/g" //
        + "I1soYYBDTBNgkZN1vzYizyNlfwjQgoAqbCNOY3OEeYYG/NaCZe8t7nSJNlT/f//Z";

    /** The same samples by opj_compress 2.5.0 -n 2 -TP R -p RLCP -t 32,16: two parts of each of two tiles. */
    private static final String TWO_TILES = "/0//UQApAAAAAAAgAAAAGAAAAAAAAAAAAAAAIAAAABAAAAAAAAAAAAABDwEB/1IADAABAAEAAQQEAAH/XAAHQICIiJD/kAAKAAAAAADu" //
        + "AAL/k9/4luARek1yh48VcMh+odOMyGnorwtA0Hh89Udne3xy9e/AKH2XqX6T+T2p8FufGPDToGw68d8vzEZNdKOwdUWYA8S0xCPXhnS/" //
        + "YnGdmbmuCwiFqPIfIrYNu/BoS5Nqp/fFZPrI71e7FJXzwUpV68f7NGJRvGF2bsFG0qhOn3Sx0UXolYMZ1bDKRGmYHNeGNHsCyepaeCps" //
        + "W+bpOY7fOxy6C5W5fdGrC+FcbNCRozKtfAFDi0DK9vgG2Sp9FEQwRCDNrAYtuPjtJuKr8nR10+MzecRCTo2CN4GazMzah/AF/5AACgAA" //
        + "AAABoAEC/5PP/EsWf+JQE/8MIIA9G6oyCiGpashRFgSeF6fFmWJamwmH+zvJHhYO0U/lFG92mpew/ix7P7BZjZWgiBRHq2r1xZMVJxrM" //
        + "V7nZqhVzH0MPHSuFIXnGzLDZGgCSEIh5EgdYbWgEfG60zEgAySev5rfZBYO9/zBaUPrn8ig/iQLg58B4CV0r6m0O+V2cQyPoGLWvy8Pk" //
        + "1nzjnaHvCklovdWF548TldG4exLBuV/qKjW33m/PicronTzJYNyv9RWY06XnjxOV0lgsLy8lAADCQl+4nwc306KEIlfJgO3IjOx6+vNd" //
        + "gMlilo/L6Uzqb+yqxACsngxOeH3QBdDIQT2Y2ao2ceMVrB2dS50SpFwA1uvTfYLcTr/CBTalWXWlAVAKwNKcVD1SW7NcBgFabpjzp6+x" //
        + "CBApSk00mwmR7ac5AxJhOomTojiLh+ChNN37FYBkR+vdgvp6AwustalOkxjlyG659+PoiWbIWVKvDTzjItUfS3tSU31JvIIraNRJ5FIZ" //
        + "BubILV+7iYT9z284PZ+YEpFG0F//kAAKAAEAAACEAAL/k8/8McgTIDHb4k+H2vsoClGzgu3wXpFvEYdKwxZaw/Bif/nOBiTSHOjPkDdi" //
        + "ExrcqbKg1Bb4bypOAHZE7OgHhMSV03/RaSVMa7hf3q8spfHkkbE1iKEBPMkrKlo1UGRAwPorgtsjPbt4/4L3mjn6W9RttuG2Ufv/kAAK" //
        + "AAEAAAD+AQL/k8/8SZp/4kpT/wwWADYTryuluclzVSEmjFT76Ldt6d19RpL2bDQwRXJQ/ehSSAMA+yyDoTHFkZn/NIqWsczoIL2XAB9b" //
        + "m8dToINCb22G9dToIOd3stDip0EIlo2s8kqdBAldHzTJKnQQhGGHukAYSEvDPxGB/NKLnPIt2BHrPXHfZi93W1m2RZFbgQikW0eHXtNG" //
        + "BeYgF6NBnGXEHzPttCWvqjm6QIJRkheBpLOhVR4/yNCPLYC/j70oyfduMBq+21nRmX8vAudw+PSwLvXcaAfCDCvaZB+m5CmLux0qORQ+" //
        + "+35aaEJUjSebvRdax+gaf//Z";

    private static List<Integer> tileParts(final byte[] stream) {
        final List<Integer> parts = new ArrayList<>();
        int at = 2;
        while ((stream[at + 1] & 0xff) != 0x90) {
            at += 2 + ((stream[at + 2] & 0xff) << 8 | stream[at + 3] & 0xff);
        }
        while ((stream[at + 1] & 0xff) == 0x90) {
            parts.add(at);
            at += ByteBuffer.wrap(stream).getInt(at + 6);
        }
        return parts;
    }

    /** Which parts tell how many there are is the encoder's choice (ISO/IEC 15444-1 A.4.2): one of each tile is enough. */
    @ParameterizedTest
    @ValueSource(strings = {THREE_PARTS, TWO_TILES})
    void jpeg2000TilePartsNeedNotTellTheirNumber(final String base64) throws IOException {
        final float[] expected = new float[32 * 24];
        for (int i = 0; i < expected.length; i++) {
            final int x = i % 32;
            final int y = i / 32;
            expected[i] = (37 * x * x + 1009 * y + 5 * x * y) % 4096 * 16;
        }
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 32).numbers(Tag.ROWS, 24).build();
        final byte[] told = Base64.getDecoder().decode(base64);
        final List<Integer> parts = tileParts(told);
        assertTrue(parts.size() > 2);
        for (int untold = 0; untold < 1 << parts.size(); untold++) {
            final byte[] stream = told.clone();
            for (int p = 0; p < parts.size(); p++) {
                if ((untold >> p & 1) == 1) {
                    stream[parts.get(p) + 11] = 0;
                }
            }
            assertArrayEquals(expected, read(TestEncoder.file(data, TransferSyntax.JPEG_2000_LOSSLESS, stream)),
                "parts that do not tell: " + Integer.toBinaryString(untold));
        }
    }

    @Test
    void jpeg2000TilePartsMayComeInTurns() throws IOException {
        final byte[] told = Base64.getDecoder().decode(TWO_TILES);
        final List<Integer> parts = tileParts(told);
        final ByteArrayOutputStream turns = new ByteArrayOutputStream();
        turns.write(told, 0, parts.get(0));
        for (final int p : new int[]{0, 2, 1, 3}) {
            final byte[] part = Arrays.copyOfRange(told, parts.get(p), p == 3 ? told.length - 2 : parts.get(p + 1));
            part[11] = 0;
            turns.write(part);
        }
        turns.write(told, told.length - 2, 2);
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 32).numbers(Tag.ROWS, 24).build();
        assertArrayEquals(read(TestEncoder.file(data, TransferSyntax.JPEG_2000_LOSSLESS, told)),
            read(TestEncoder.file(data, TransferSyntax.JPEG_2000_LOSSLESS, turns.toByteArray())));
    }

    @Test
    void syntaxWithoutDecoderIsNamed() {
        final DicomException e = assertThrows(DicomException.class,
            () -> read(TestEncoder.file(image(), TransferSyntax.of("1.2.840.10008.1.2.4.201"), new byte[20])));
        assertTrue(e.getMessage().contains("High-Throughput JPEG 2000 (Lossless Only) (1.2.840.10008.1.2.4.201)"),
            e.getMessage());
    }

    @Test
    void oneBitPixelsOfSeveralFrames() throws IOException {
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.BITS_ALLOCATED, 1).numbers(Tag.BITS_STORED, 1)
            .numbers(Tag.HIGH_BIT, 0).numbers(Tag.NUMBER_OF_FRAMES, 2)
            .bytes(Tag.PIXEL_DATA, VR.OB, new byte[]{(byte)0b0100_1101, 0b1010}).build();
        assertArrayEquals(new float[]{1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1}, read(DicomOutput.file(data)));
    }

    @Test
    void thirtyTwoBitsSigned() throws IOException {
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.ROWS, 1).numbers(Tag.COLUMNS, 2)
            .numbers(Tag.BITS_ALLOCATED, 32).numbers(Tag.BITS_STORED, 32).numbers(Tag.HIGH_BIT, 31)
            .numbers(Tag.PIXEL_REPRESENTATION, 1).bytes(Tag.PIXEL_DATA, VR.OW, new byte[]{-2, -1, -1, -1, 0, 0, 1, 0})
            .build();
        assertArrayEquals(new float[]{-2, 65536}, read(DicomOutput.file(data)));
    }

    @Test
    void modalityLut() throws IOException {
        final DataSet lut = DataSet.builder().bytes(Tag.LUT_DESCRIPTOR, VR.US, new byte[]{3, 0, 1, 0, 16, 0})
            .bytes(Tag.LUT_DATA, VR.OW, new byte[]{10, 0, 0, 1, 44, 1}).build();
        final DataSet data = image().toBuilder().items(Tag.MODALITY_LUT_SEQUENCE, lut).build();
        // first mapped value 1; entries 10, 256, 300; values outside get the first or last entry
        assertArrayEquals(new float[]{10, 10, 300, 300, 300, 300}, read(DicomOutput.file(data)));
    }

    @Test
    void colorsBecomeLuminance() throws IOException {
        final byte[] pixels = {(byte)200, 100, 50, 0, 0, 0, (byte)255, (byte)255, (byte)255, 10, 20, 30, 1, 2, 3, 0, 0, 9};
        final var rgb = TestSlices.axial(0, 0).numbers(Tag.SAMPLES_PER_PIXEL, 3)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "RGB").numbers(Tag.PLANAR_CONFIGURATION, 0)
            .numbers(Tag.BITS_ALLOCATED, 8).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7)
            .bytes(Tag.PIXEL_DATA, VR.OB, pixels);
        final float[] y = read(DicomOutput.file(rgb.build()));
        assertEquals(0.299 * 200 + 0.587 * 100 + 0.114 * 50, y[0], 1e-4);
        assertEquals(255, y[2], 1e-4);
        assertEquals(0.114 * 9, y[5], 1e-5);
    }
}
