package org.scanbridge.dicom.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** Throws where a text that is to be held in memory grows beyond its limit. */
final class BoundedStream extends FilterInputStream {

    private final Supplier<? extends IOException> m_tooLong;

    private long m_left;

    /**
     * @param limit bytes that may be read
     * @param tooLong made when there are more
     */
    BoundedStream(final InputStream in, final long limit, final Supplier<? extends IOException> tooLong) {
        super(in);
        m_left = limit;
        m_tooLong = tooLong;
    }

    @Override
    public int read() throws IOException {
        final int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(final byte[] target, final int offset, final int length) throws IOException {
        final int n = super.read(target, offset, length);
        count(n);
        return n;
    }

    private void count(final int n) throws IOException {
        m_left -= Math.max(0, n);
        if (m_left < 0) {
            throw m_tooLong.get();
        }
    }
}
