package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;

/**
 * Bits of JPEG entropy-coded data, the most significant first; stuffed zero bytes are dropped (ITU-T T.81 section
 * F.2.2.5). At a marker, or at the end, some zero bits are delivered, as many encoders end early; more is an error.
 */
final class BitReader {

    /** Bits beyond the end that an encoder may owe. */
    private static final int MAX_MISSING = 64;

    private final byte[] m_bytes;

    private int m_position;

    private long m_buffer;

    private int m_count;

    private int m_missing;

    BitReader(final byte[] bytes, final int position) {
        m_bytes = bytes;
        m_position = position;
    }

    /** Index of the next byte that is not in the buffer. */
    int position() {
        return m_position;
    }

    /** Fills the buffer with at least 32 bits if that takes no byte FF; else leaves it to whoever knows how many bits are needed. */
    private boolean fillQuickly() {
        if (m_count >= Integer.SIZE) {
            return true;
        }
        if (m_position + Integer.BYTES > m_bytes.length) {
            return false;
        }
        final int next = FourBytes.at(m_bytes, m_position);
        if (FourBytes.haveFf(next)) {
            return false;
        }
        m_buffer = m_buffer << Integer.SIZE | next & 0xffffffffL;
        m_count += Integer.SIZE;
        m_position += Integer.BYTES;
        return true;
    }

    private void fill(final int count) throws DicomException {
        while (m_count < count) {
            int next = 0;
            if (m_position >= m_bytes.length || isMarker()) {
                m_missing += 8;
                if (m_missing > MAX_MISSING) {
                    throw JpegSegments.broken("ends at byte " + m_position + " of " + m_bytes.length
                        + " before all pixels are decoded");
                }
            } else {
                next = m_bytes[m_position++] & 0xff;
                if (next == 0xff) {
                    m_position++; // the stuffed zero
                }
            }
            m_buffer = m_buffer << 8 | next;
            m_count += 8;
        }
    }

    private boolean isMarker() {
        return m_bytes[m_position] == (byte)0xff
            && (m_position + 1 >= m_bytes.length || m_bytes[m_position + 1] != 0);
    }

    /** The next bits, at most 16, without consuming them. */
    int peek(final int count) throws DicomException {
        fill(count);
        return (int)(m_buffer >>> m_count - count) & (1 << count) - 1;
    }

    /** Consumes bits that were peeked at. */
    void skip(final int count) {
        m_count -= count;
    }

    /** Consumes the next bits, at most 16. */
    int bits(final int count) throws DicomException {
        final int value = peek(count);
        m_count -= count;
        return value;
    }

    /** A difference of a category (T.81 F.2.2.1, EXTEND). */
    int signed(final int category) throws DicomException {
        if (category == 0) {
            return 0;
        }
        return signed(bits(category), category);
    }

    /** The difference of a category that some bits stand for; 0 for no bits. */
    static int signed(final int bits, final int category) {
        return category > 0 && bits < 1 << category - 1 ? bits - (1 << category) + 1 : bits;
    }

    /**
     * A Huffman code of a category and the difference of that category, at most 17 bits: of category 16, which has one value, no
     * further bits.
     */
    int difference(final HuffmanTable table) throws DicomException {
        if (fillQuickly()) {
            final int entry = table.difference((int)(m_buffer >>> m_count - HuffmanTable.DIFFERENCE_BITS));
            if (entry != 0) {
                m_count -= entry & 0xff;
                return entry >> Byte.SIZE;
            }
        }
        final int category = table.decode(this);
        if (category > 16) {
            throw JpegSegments.broken("has a difference of " + category + " bits");
        }
        return category == 16 ? 1 << 15 : signed(category);
    }

    /** Drops the rest of the interval and passes over its restart marker. */
    void restart() throws DicomException {
        m_count = 0;
        m_buffer = 0;
        m_missing = 0;
        while (m_position + 1 < m_bytes.length) {
            if (m_bytes[m_position] == (byte)0xff && (m_bytes[m_position + 1] & 0xf8) == 0xd0) {
                m_position += 2;
                return;
            }
            m_position++;
        }
        throw JpegSegments.broken("lacks a restart marker");
    }
}
