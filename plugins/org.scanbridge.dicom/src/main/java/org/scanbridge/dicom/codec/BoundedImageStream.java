package org.scanbridge.dicom.codec;

import java.io.EOFException;
import java.io.IOException;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An array as an image stream that can be read only so often: a decoder that runs in circles over broken data is stopped
 * by an unchecked exception, as it would step over a checked one.
 */
final class BoundedImageStream extends ImageInputStreamImpl {

    /** Decoders read headers more than once, and look for markers. */
    private static final long READS_PER_BYTE = 16;

    private static final long SPARE_READS = 1 << 16;

    private final byte[] m_bytes;

    private final int m_start;

    private long m_reads;

    /** @param start index of the first byte of the stream */
    BoundedImageStream(final byte[] bytes, final int start) {
        m_bytes = bytes;
        m_start = start;
        m_reads = SPARE_READS + READS_PER_BYTE * bytes.length;
    }

    /** Thrown when the stream has been read too often. */
    static final class ReadTooOften extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReadTooOften() {
            super("the decoder runs in circles");
        }
    }

    private void count(final long reads) {
        m_reads -= reads;
        if (m_reads < 0) {
            throw new ReadTooOften();
        }
    }

    @Override
    public int read() throws IOException {
        count(1);
        bitOffset = 0;
        if (streamPos >= length()) {
            // The library takes a value of -1 for a byte of ones, and goes on for ever.
            throw new EOFException("byte " + streamPos + " of " + length());
        }
        return m_bytes[m_start + (int)streamPos++] & 0xff;
    }

    @Override
    public int read(final byte[] target, final int offset, final int length) throws IOException {
        bitOffset = 0;
        final int n = (int)Math.max(0, Math.min(length, length() - streamPos));
        count(n + 1L);
        if (n == 0 && length > 0) {
            return -1;
        }
        System.arraycopy(m_bytes, m_start + (int)streamPos, target, offset, n);
        streamPos += n;
        return n;
    }

    @Override
    public long length() {
        return m_bytes.length - m_start;
    }
}
