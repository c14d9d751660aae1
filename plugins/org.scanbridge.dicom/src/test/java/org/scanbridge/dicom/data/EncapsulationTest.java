package org.scanbridge.dicom.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.TestSlices;

/** Frames in fragments, found by basic, extended or no offset table (PS3.5 section A.4). */
class EncapsulationTest {

    /** Frame 0 in two fragments, frame 1 in one of odd length, as some writers make them against the standard. */
    private static final List<byte[]> FRAGMENTS =
        List.of(new byte[]{1, 2, 3, 4}, new byte[]{5, 6}, new byte[]{7, 8, 9});

    private static DicomFile file(final int[] basic, final long[] extended) throws IOException {
        final DataSetBuilder data =
            TestSlices.axial(0, 0).numbers(Tag.NUMBER_OF_FRAMES, 2).remove(Tag.PIXEL_DATA);
        if (extended.length > 0) {
            final ByteBuffer table = ByteBuffer.allocate(8 * extended.length).order(ByteOrder.LITTLE_ENDIAN);
            for (final long offset : extended) {
                table.putLong(offset);
            }
            data.bytes(Tag.EXTENDED_OFFSET_TABLE, VR.OV, table.array());
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DicomOutput.file(data.build(), TransferSyntax.RLE));
        out.writeBytes(new byte[]{(byte)0xe0, 0x7f, 0x10, 0, 'O', 'B', 0, 0, -1, -1, -1, -1});
        final ByteBuffer table = ByteBuffer.allocate(4 * basic.length).order(ByteOrder.LITTLE_ENDIAN);
        for (final int offset : basic) {
            table.putInt(offset);
        }
        item(out, table.array());
        FRAGMENTS.forEach(f -> item(out, f));
        out.writeBytes(new byte[]{(byte)0xfe, -1, (byte)0xdd, (byte)0xe0, 0, 0, 0, 0});
        return DicomFile.parse(ByteSource.of(out.toByteArray()));
    }

    private static void item(final ByteArrayOutputStream out, final byte[] value) {
        out.writeBytes(new byte[]{(byte)0xfe, -1, 0, (byte)0xe0, (byte)value.length, 0, 0, 0});
        out.writeBytes(value);
    }

    private static void assertFrames(final DicomFile file) throws IOException {
        final Fragments fragments = file.fragments(2);
        assertArrayEquals(new byte[]{1, 2, 3, 4, 5, 6}, fragments.frame(0));
        assertArrayEquals(new byte[]{7, 8, 9}, fragments.frame(1));
    }

    @Test
    void basicOffsetTable() throws IOException {
        assertFrames(file(new int[]{0, 8 + 4 + 8 + 2}, new long[0]));
    }

    @Test
    void extendedOffsetTable() throws IOException {
        assertFrames(file(new int[0], new long[]{0, 8 + 4 + 8 + 2}));
    }

    @Test
    void offsetsThatPointNowhereAreRefused() {
        assertThrows(DicomException.class, () -> assertFrames(file(new int[]{0, 5000}, new long[0])));
    }

    @Test
    void framesWithoutTableInAsManyFragments() throws IOException {
        assertEquals(3, file(new int[0], new long[0]).fragments(3).frame(2).length);
    }
}
