package org.scanbridge.dicom.pixel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;

/** Colors to luminance: palettes, plain and segmented (PS3.3 C.7.9.2), and YBR_FULL_422. */
class PaletteTest {

    private static final int[][] TAGS = {
        {Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            Tag.SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA},
        {Tag.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, Tag.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            Tag.SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA},
        {Tag.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, Tag.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            Tag.SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA}};

    private static byte[] words(final int... values) {
        final ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (final int v : values) {
            buffer.putShort((short)v);
        }
        return buffer.array();
    }

    private static float[] read(final DataSetBuilder data) throws IOException {
        final DicomFile file = DicomFile.parse(ByteSource.of(DicomOutput.file(data.build())));
        final PixelFormat format = PixelFormat.of(file.data());
        final float[] values = new float[format.framePixels()];
        new PixelReader(DicomDecoders.standard()).read(file, format, ValueMapping.linear(1, 0), 0, values, 0);
        return values;
    }

    private static DataSetBuilder image(final int... stored) {
        return TestSlices.axial(0, stored).text(Tag.PHOTOMETRIC_INTERPRETATION, "PALETTE COLOR");
    }

    @Test
    void plainPaletteFromItsFirstValue() throws IOException {
        final DataSetBuilder data = image(0, 10, 11, 12, 13, 500);
        for (int c = 0; c < 3; c++) {
            data.numbers(TAGS[c][0], 4, 10, 16);
            // only one color is on: the luminance is its weight of ITU-R BT.601
            data.bytes(TAGS[c][1], VR.OW, c == 1 ? words(1000, 2000, 3000, 4000) : words(0, 0, 0, 0));
        }
        assertArrayEquals(new float[]{587, 587, 1174, 1761, 2348, 2348}, read(data), 1e-2f);
    }

    @Test
    void segmentedPalette() throws IOException {
        final DataSetBuilder data = image(0, 1, 3, 5, 6, 7);
        for (int c = 0; c < 3; c++) {
            data.numbers(TAGS[c][0], 8, 0, 16);
            // discrete 100, 200; linear in 4 steps to 1000; a copy of the first segment (at byte 0)
            data.bytes(TAGS[c][2], VR.OW, words(0, 2, 100, 200, 1, 4, 1000, 2, 1, 0, 0));
        }
        assertArrayEquals(new float[]{100, 200, 600, 1000, 100, 200}, read(data), 1e-2f);
    }

    @Test
    void chrominanceOfHalfResolution() throws IOException {
        final DataSetBuilder data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, 4).numbers(Tag.ROWS, 1)
            .numbers(Tag.SAMPLES_PER_PIXEL, 3).numbers(Tag.PLANAR_CONFIGURATION, 0)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "YBR_FULL_422").numbers(Tag.BITS_ALLOCATED, 8)
            .numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7)
            .bytes(Tag.PIXEL_DATA, VR.OB, new byte[]{10, 20, 1, 2, 30, 40, 3, 4});
        assertArrayEquals(new float[]{10, 20, 30, 40}, read(data));
    }
}
