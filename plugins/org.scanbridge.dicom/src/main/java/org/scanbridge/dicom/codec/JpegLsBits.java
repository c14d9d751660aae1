package org.scanbridge.dicom.codec;

import org.scanbridge.dicom.data.DicomException;

/** Bits of JPEG-LS data: after a byte FF the next one has only seven (ITU-T T.87 section 9.1). */
final class JpegLsBits {

    private final byte[] m_bytes;

    private int m_position;

    private int m_current;

    private int m_left;

    JpegLsBits(final byte[] bytes, final int position) {
        m_bytes = bytes;
        m_position = position;
    }

    /** The next bit. */
    int bit() throws DicomException {
        if (m_left == 0) {
            final boolean stuffed = m_current == 0xff;
            if (m_position >= m_bytes.length || stuffed && m_bytes[m_position] < 0) {
                throw JpegLsDecoder.broken("ends at byte " + m_position + " of " + m_bytes.length
                    + " before all pixels are decoded");
            }
            m_current = m_bytes[m_position++] & 0xff;
            m_left = stuffed ? 7 : 8;
        }
        return m_current >> --m_left & 1;
    }

    /** The next bits as a number, at most 31. */
    int bits(final int count) throws DicomException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | bit();
        }
        return value;
    }
}
