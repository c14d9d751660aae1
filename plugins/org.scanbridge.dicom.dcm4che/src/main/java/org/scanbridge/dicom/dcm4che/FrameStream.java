package org.scanbridge.dicom.dcm4che;

import java.nio.ByteBuffer;

import javax.imageio.stream.ImageInputStreamImpl;

import org.dcm4che3.imageio.codec.BytesWithImageImageDescriptor;
import org.dcm4che3.imageio.codec.ImageDescriptor;

/** The code stream of one frame, with what dcm4che's readers want to know of the header. */
final class FrameStream extends ImageInputStreamImpl implements BytesWithImageImageDescriptor {

    private final byte[] m_bytes;

    private final ImageDescriptor m_descriptor;

    FrameStream(final byte[] bytes, final ImageDescriptor descriptor) {
        m_bytes = bytes;
        m_descriptor = descriptor;
    }

    @Override
    public ByteBuffer getBytes() {
        return ByteBuffer.wrap(m_bytes);
    }

    @Override
    public ImageDescriptor getImageDescriptor() {
        return m_descriptor;
    }

    @Override
    public long length() {
        return m_bytes.length;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < m_bytes.length ? m_bytes[(int)streamPos++] & 0xff : -1;
    }

    @Override
    public int read(final byte[] target, final int offset, final int length) {
        bitOffset = 0;
        final int n = (int)Math.min(length, m_bytes.length - streamPos);
        if (n <= 0) {
            return length == 0 ? 0 : -1;
        }
        System.arraycopy(m_bytes, (int)streamPos, target, offset, n);
        streamPos += n;
        return n;
    }
}
