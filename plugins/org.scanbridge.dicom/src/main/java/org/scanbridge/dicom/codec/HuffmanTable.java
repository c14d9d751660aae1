package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;

/** A Huffman table of JPEG (ITU-T T.81 annexes C and F.2.2.3): codes of up to 16 bits. */
final class HuffmanTable {

    /** How many bits {@link #difference} looks at. */
    static final int DIFFERENCE_BITS = 12;

    private static final int LOOKUP_BITS = 9;

    /** Upper bits the length, lower eight the value; 0 for codes that are longer. */
    private final short[] m_lookup = new short[1 << LOOKUP_BITS];

    /** Upper 24 bits a difference, lower eight how many bits it takes with its code; 0 for what takes more; null until asked for. */
    private int[] m_differences;

    private final int[] m_maxCode = new int[18];

    private final int[] m_delta = new int[17];

    private final byte[] m_values;

    /**
     * @param counts number of codes of length 1 to 16
     * @param values their values in order
     * @throws DicomException if the lengths make no prefix code
     */
    HuffmanTable(final int[] counts, final byte[] values) throws DicomException {
        m_values = values.clone();
        int code = 0;
        int k = 0;
        for (int length = 1; length <= 16; length++) {
            m_delta[length] = k - code;
            for (int i = 0; i < counts[length - 1]; i++, k++, code++) {
                if (length <= LOOKUP_BITS) {
                    final int first = code << LOOKUP_BITS - length;
                    if (first + (1 << LOOKUP_BITS - length) > m_lookup.length) {
                        throw JpegSegments.broken("has a Huffman table with too many codes of " + length + " bits");
                    }
                    for (int f = 0; f < 1 << LOOKUP_BITS - length; f++) {
                        m_lookup[first + f] = (short)(length << 8 | m_values[k] & 0xff);
                    }
                }
            }
            if (code > 1 << length) {
                throw JpegSegments.broken("has a Huffman table with too many codes of " + length + " bits");
            }
            m_maxCode[length] = counts[length - 1] == 0 ? -1 : code - 1;
            code <<= 1;
        }
    }

    /** Decodes one value in [0, 255]. */
    int decode(final BitReader in) throws DicomException {
        final int entry = m_lookup[in.peek(LOOKUP_BITS)];
        if (entry != 0) {
            in.skip(entry >> 8);
            return entry & 0xff;
        }
        int code = in.bits(LOOKUP_BITS);
        for (int length = LOOKUP_BITS + 1; length <= 16; length++) {
            code = code << 1 | in.bits(1);
            if (m_maxCode[length] >= 0 && code <= m_maxCode[length] && code + m_delta[length] >= 0) {
                return m_values[code + m_delta[length]] & 0xff;
            }
        }
        throw JpegSegments.broken("has a code that is in no Huffman table, before byte " + in.position());
    }

    /**
     * A whole difference, as lossless JPEG has them, at once.
     *
     * @param bits the next bits in the lower {@link #DIFFERENCE_BITS}, anything above
     * @return the difference in the upper 24 bits, in the lower eight how many bits it takes; 0 if it takes more than these
     */
    int difference(final int bits) {
        if (m_differences == null) {
            m_differences = differences();
        }
        return m_differences[bits & (1 << DIFFERENCE_BITS) - 1];
    }

    private int[] differences() {
        final int[] differences = new int[1 << DIFFERENCE_BITS];
        for (int bits = 0; bits < differences.length; bits++) {
            final int entry = m_lookup[bits >> DIFFERENCE_BITS - LOOKUP_BITS];
            final int category = entry & 0xff;
            final int length = (entry >> Byte.SIZE) + category;
            if (entry != 0 && length <= DIFFERENCE_BITS) {
                final int value = bits >> DIFFERENCE_BITS - length & (1 << category) - 1;
                differences[bits] = BitReader.signed(value, category) << Byte.SIZE | length;
            }
        }
        return differences;
    }
}
