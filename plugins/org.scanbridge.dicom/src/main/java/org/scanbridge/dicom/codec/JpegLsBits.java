package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;

/**
 * Bits of JPEG-LS data: after a byte FF the next one has only seven (ITU-T T.87 section 9.1). Bits are taken from a buffer, which
 * is filled by four bytes at once where none of them is FF.
 */
final class JpegLsBits {

    /** From this many bits on, four more bytes do not fit into the buffer. */
    private static final int FULL = 32;

    private final byte[] m_bytes;

    private int m_position;

    /** The next bits, the first one the most significant; zeros behind them. */
    private long m_buffer;

    /** How many of the buffer's bits there are. */
    private int m_left;

    /** Whether the last byte in the buffer is FF. */
    private boolean m_stuffed;

    JpegLsBits(final byte[] bytes, final int position) {
        m_bytes = bytes;
        m_position = position;
    }

    /** Fills the buffer with more than 24 bits, or all that are left before the end or a marker. */
    private void fill() {
        if (!m_stuffed && m_position + Integer.BYTES <= m_bytes.length) {
            final int next = FourBytes.at(m_bytes, m_position);
            if (!FourBytes.haveFf(next)) {
                m_buffer |= (next & 0xffffffffL) << 32 - m_left;
                m_left += Integer.SIZE;
                m_position += Integer.BYTES;
                return;
            }
        }
        while (m_left <= FULL - Byte.SIZE && m_position < m_bytes.length && !(m_stuffed && m_bytes[m_position] < 0)) {
            final int next = m_bytes[m_position++] & 0xff;
            final int count = m_stuffed ? 7 : 8;
            m_buffer |= (long)next << 64 - count - m_left;
            m_left += count;
            m_stuffed = next == 0xff;
        }
    }

    private DicomException ended() {
        return JpegLsDecoder.broken(
            "ends at byte " + m_position + " of " + m_bytes.length + " before all pixels are decoded");
    }

    /** The next bit. */
    int bit() throws DicomException {
        return bits(1);
    }

    /** The next bits as a number, at most 24. */
    int bits(final int count) throws DicomException {
        if (m_left < count) {
            fill();
            if (m_left < count) {
                throw ended();
            }
        }
        // in two shifts, so that no bits are none
        final int value = (int)(m_buffer >>> 1 >>> 63 - count);
        m_buffer <<= count;
        m_left -= count;
        return value;
    }

    /**
     * The number of zeros before the next 1, and takes them and the 1.
     *
     * @param limit the most that there may be
     */
    int zeros(final int limit) throws DicomException {
        int zeros = 0;
        while (true) {
            if (m_left < FULL) {
                fill();
            }
            final int here = Long.numberOfLeadingZeros(m_buffer);
            if (here < m_left) {
                m_buffer = m_buffer << here << 1;
                m_left -= here + 1;
                zeros += here;
                break;
            }
            if (m_left == 0) {
                throw ended();
            }
            zeros += m_left;
            m_buffer = 0;
            m_left = 0;
            if (zeros > limit) {
                break;
            }
        }
        if (zeros > limit) {
            throw JpegLsDecoder.broken("has a code of more than " + limit + " bits");
        }
        return zeros;
    }

    /**
     * A number that is some zeros, a 1 and k bits: takes them where they are in the buffer.
     *
     * @param k at most 24
     * @param escape so many zeros say something else
     * @return zeros · 2ᵏ + the k bits; -1, and nothing taken, if the code is longer than what is at hand, or something else
     */
    int code(final int k, final int escape) {
        if (m_left < FULL) {
            fill();
        }
        final int zeros = Long.numberOfLeadingZeros(m_buffer);
        final int length = zeros + 1 + k;
        if (zeros >= escape || length > m_left) {
            return -1;
        }
        final long rest = m_buffer << zeros << 1;
        m_buffer = rest << k;
        m_left -= length;
        return zeros << k | (int)(rest >>> 1 >>> 63 - k);
    }
}
