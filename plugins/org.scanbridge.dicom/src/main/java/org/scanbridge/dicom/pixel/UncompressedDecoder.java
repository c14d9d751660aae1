package org.scanbridge.dicom.pixel;

import java.io.IOException;
import java.nio.ByteOrder;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.PixelLocation;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.VR;

/** Native pixel data (PS3.5 section 8.1 and annex A.1 to A.3, A.5). */
public final class UncompressedDecoder implements DicomDecoder {

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return !syntax.encapsulated();
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        final PixelLocation pixels = location(file);
        requireComplete(file, format);
        final long firstBit = Math.multiplyExact(format.frameBits(), (long)frame);
        final long first = firstBit / 8;
        final int length = Math.toIntExact((firstBit + format.frameBits() + 7) / 8 - first);
        final boolean words = pixels.vr() == VR.OW && format.bitsAllocated() <= 8 && file.transferSyntax().bigEndian();
        byte[] bytes = words ? readSwapped(file, pixels, first, length) : read(file, pixels, first, length);
        PixelFormat decoded = format;
        if (format.bitsAllocated() == 1) {
            bytes = unpack(bytes, (int)(firstBit % 8), format.framePixels() * format.samples());
            decoded = format.withBits(8, 1, false);
        }
        if (format.photometric().equals("YBR_FULL_422") && format.samples() == 3) {
            bytes = expand(bytes, format);
            decoded = decoded.withColor("YBR_FULL", false);
        }
        return new DecodedFrame(decoded, bytes,
            file.transferSyntax().bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static PixelLocation location(final DicomFile file) throws DicomException {
        return file.pixels().orElseThrow(
            () -> new DicomException(Reason.MISSING_ATTRIBUTE, "There is no pixel data", Tag.PIXEL_DATA, -1));
    }

    /**
     * Checks that the file holds all frames.
     *
     * @throws DicomException if it does not
     */
    static void requireComplete(final DicomFile file, final PixelFormat format) throws DicomException {
        final PixelLocation pixels = location(file);
        final long available = Math.min(pixels.isEncapsulated() ? 0 : pixels.length(),
            file.source().size() - pixels.offset());
        if (format.frames() > available * 8 / format.frameBits()) {
            throw new DicomException(Reason.TRUNCATED, "Pixel data " + Tag.toString(pixels.tag()) + " @ "
                + pixels.offset() + " holds " + available + " bytes, " + format.frames() + " frames of "
                + format.columns() + "×" + format.rows() + " pixels need " + (format.frameBits() + 7) / 8 + " each",
                pixels.tag(), pixels.offset());
        }
    }

    private static byte[] read(final DicomFile file, final PixelLocation pixels, final long first, final int length)
        throws IOException {
        final byte[] bytes = new byte[length];
        file.source().read(pixels.offset() + first, bytes, 0, length);
        return bytes;
    }

    /** Bytes in big-endian words: each pair is swapped (PS3.5 section 8.1.1 and annex A.3). */
    private static byte[] readSwapped(final DicomFile file, final PixelLocation pixels, final long first,
        final int length) throws IOException {
        final long from = first & ~1L;
        final long to = Math.min(first + length + 1 & ~1L, file.source().size() - pixels.offset());
        final byte[] words = read(file, pixels, from, (int)(to - from));
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            final int at = (int)(first - from) + i ^ 1;
            bytes[i] = at < words.length ? words[at] : 0;
        }
        return bytes;
    }

    /** One byte per bit; the first pixel is the least significant bit (PS3.5 annex D). */
    private static byte[] unpack(final byte[] packed, final int firstBit, final int count) {
        final byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            final int bit = firstBit + i;
            bytes[i] = (byte)(packed[bit >> 3] >> (bit & 7) & 1);
        }
        return bytes;
    }

    /** Y1 Y2 Cb Cr to Y1 Cb Cr Y2 Cb Cr. */
    private static byte[] expand(final byte[] bytes, final PixelFormat format) {
        final int unit = Math.max(1, format.bitsAllocated() / 8);
        final byte[] expanded = new byte[format.framePixels() * 3 * unit];
        for (int pixel = 0; pixel < format.framePixels(); pixel++) {
            final int pair = pixel / 2 * 4;
            final int[] from = {pair + pixel % 2, pair + 2, pair + 3};
            for (int s = 0; s < 3; s++) {
                for (int b = 0; b < unit; b++) {
                    final int at = from[s] * unit + b;
                    expanded[(pixel * 3 + s) * unit + b] = at < bytes.length ? bytes[at] : 0;
                }
            }
        }
        return expanded;
    }
}
