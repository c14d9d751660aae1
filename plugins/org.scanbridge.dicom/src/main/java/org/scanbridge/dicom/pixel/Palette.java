package org.scanbridge.dicom.pixel;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/** A color palette (PS3.3 C.7.6.3.1.5 and C.7.9.2 for segmented tables). */
final class Palette {

    private static final int[][] TAGS = {
        {Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, Tag.RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            Tag.SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA},
        {Tag.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, Tag.GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            Tag.SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA},
        {Tag.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, Tag.BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            Tag.SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA}};

    private final int m_first;

    private final int[][] m_tables;

    private Palette(final int first, final int[][] tables) {
        m_first = first;
        m_tables = tables;
    }

    /** Luminance of ITU-R BT.601. */
    static double luminance(final double red, final double green, final double blue) {
        return 0.299 * red + 0.587 * green + 0.114 * blue;
    }

    /** @throws DicomException if a table is missing or too short */
    static Palette of(final DataSet data) throws DicomException {
        final int[][] tables = new int[3][];
        int first = 0;
        for (int c = 0; c < 3; c++) {
            final double[] descriptor = data.requiredNumbers(TAGS[c][0], 3);
            final int length = LookupTable.length(descriptor);
            first = data.integer(Tag.PIXEL_REPRESENTATION, 0) == 1 ? (short)(int)descriptor[1] : (int)descriptor[1];
            final DataElement table = data.element(TAGS[c][1]).orElse(null);
            if (table == null) {
                final DataElement segmented = data.element(TAGS[c][2]).orElse(null);
                if (segmented == null) {
                    throw new DicomException(Reason.MISSING_ATTRIBUTE,
                        "Tag " + Tag.toString(TAGS[c][1]) + " is missing", TAGS[c][1], DicomException.NONE);
                }
                tables[c] = expand(segmented, length);
            } else {
                tables[c] = LookupTable.entries(table, length, (int)descriptor[2]);
            }
        }
        return new Palette(first, tables);
    }

    /** Segments: discrete (0), linear to a value (1), a copy of earlier segments (2). */
    private static int[] expand(final DataElement data, final int length) throws DicomException {
        final int[] words = LookupTable.entries(data, data.bytes().length / 2, 16);
        final int[] table = new int[length];
        fill(data, words, 0, Integer.MAX_VALUE, table, 0, false);
        return table;
    }

    private static int fill(final DataElement data, final int[] words, final int from, final int segments,
        final int[] table, final int start, final boolean nested) throws DicomException {
        int w = from;
        int n = start;
        for (int s = 0; s < segments && w + 2 < words.length + (nested ? 0 : 1) && n < table.length; s++) {
            final int code = words[w];
            final int count = w + 1 < words.length ? words[w + 1] : 0;
            final int operands = code == 0 ? count : code == 1 ? 1 : 2;
            if (code > 2 || nested && code == 2 || w + 2 + operands > words.length) {
                throw new DicomException(Reason.MALFORMED, "Segmented table " + Tag.toString(data.tag())
                    + " is broken at word " + w + " of " + words.length, data.tag(), data.offset());
            }
            if (code == 0) {
                for (int i = 0; i < count && n < table.length; i++) {
                    table[n++] = words[w + 2 + i];
                }
            } else if (code == 1) {
                final int before = n == 0 ? 0 : table[n - 1];
                for (int i = 1; i <= count && n < table.length; i++) {
                    table[n++] = (int)Math.round(before + (words[w + 2] - before) * (double)i / count);
                }
            } else {
                final long at = words[w + 2] | (long)words[w + 3] << 16;
                if (at / 2 >= words.length) {
                    throw new DicomException(Reason.MALFORMED, "Segmented table " + Tag.toString(data.tag())
                        + " refers to byte " + at + " of " + data.bytes().length, data.tag(), data.offset());
                }
                n = fill(data, words, (int)(at / 2), count, table, n, true);
            }
            w += 2 + operands;
        }
        return n;
    }

    /** Luminance of each pixel's color, in the units of the palette's entries. */
    void luminance(final DecodedFrame frame, final float[] target, final int offset) throws DicomException {
        if (frame.format().samples() != 1 || frame.format().bitsAllocated() > 16) {
            throw new DicomException(Reason.BAD_VALUE, "PALETTE COLOR needs 1 sample of up to 16 bits, there are "
                + frame.format().samples() + " of " + frame.format().bitsAllocated(), Tag.SAMPLES_PER_PIXEL,
                DicomException.NONE);
        }
        final PixelReader.Samples samples = new PixelReader.Samples(frame);
        for (int i = 0; i < frame.format().framePixels(); i++) {
            final int index = (int)samples.get(i) - m_first;
            target[offset + i] = (float)luminance(entry(0, index), entry(1, index), entry(2, index));
        }
    }

    private int entry(final int color, final int index) {
        return m_tables[color][Math.max(0, Math.min(m_tables[color].length - 1, index))];
    }
}
