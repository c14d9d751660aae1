package org.scanbridge.dicom.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.PixelFormat;

/** Packs decoded samples of up to 16 bits into the cells of a pixel format. */
final class SamplePlanes {

    private SamplePlanes() {
    }

    /**
     * @param planes one array of samples per component, the lower bits used
     * @param format the header's format, planar
     * @param precision bits per sample in the code stream
     * @throws DicomException if the samples do not fit into the cells
     */
    static DecodedFrame frame(final short[][] planes, final PixelFormat format, final int precision)
        throws DicomException {
        final int unit = precision <= 8 && format.bitsAllocated() <= 8 ? 1 : 2;
        if (precision > 8 && format.bitsAllocated() < 16) {
            throw new DicomException(Reason.BAD_VALUE, "The code stream has samples of " + precision
                + " bits, Bits Allocated is " + format.bitsAllocated(), Tag.BITS_ALLOCATED, DicomException.NONE);
        }
        final int n = format.framePixels();
        final byte[] bytes = new byte[planes.length * n * unit];
        int used = 0;
        for (int c = 0; c < planes.length; c++) {
            final short[] plane = planes[c];
            if (unit == 2) {
                for (int i = 0; i < n; i++) {
                    used |= plane[i];
                }
                ByteBuffer.wrap(bytes, 2 * c * n, 2 * n).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(plane, 0, n);
            } else {
                for (int i = 0; i < n; i++) {
                    used |= plane[i];
                    bytes[c * n + i] = (byte)plane[i];
                }
            }
        }
        used &= 0xffff;
        // Encoders shift samples down to bit 0, wherever the header puts their high bit, and some headers announce fewer
        // bits than there are.
        final int needed = format.signed() ? 1 : Integer.SIZE - Integer.numberOfLeadingZeros(used);
        final int stored = Math.min(8 * unit, Math.max(format.bitsStored(), needed));
        return new DecodedFrame(format.withBits(8 * unit, stored, format.signed()), bytes, ByteOrder.LITTLE_ENDIAN);
    }
}
