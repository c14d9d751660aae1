package org.scanbridge.dicom.codec;

import java.io.IOException;
import java.nio.ByteOrder;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Fragments;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * RLE Lossless (PS3.5 annex G): byte planes, the most significant first, sample after sample, each run-length coded with
 * PackBits.
 */
public final class RleDecoder implements DicomDecoder {

    private static final int HEADER = 64;

    /** Two bytes stand for at most 128. */
    private static final int MAX_RATIO = 64;

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return syntax.uid().equals(TransferSyntax.RLE.uid());
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        final Fragments fragments = file.fragments(format.frames());
        final byte[] in = fragments.frame(frame);
        final long offset = fragments.offset(frame);
        final int unit = format.bitsAllocated() / 8;
        final int segments = unit * format.samples();
        final int n = format.framePixels();
        if (unit == 0 || in.length < HEADER || little(in, 0) != segments) {
            throw broken(offset, "has " + in.length + " bytes and " + (in.length < HEADER ? "no header"
                : little(in, 0) + " segments") + " where " + segments + " segments are needed");
        }
        if ((long)n * segments > (long)in.length * MAX_RATIO) {
            throw broken(offset, "has " + in.length + " bytes, too few for " + n + " pixels");
        }
        final byte[] out = new byte[n * segments];
        for (int s = 0; s < segments; s++) {
            final long from = little(in, 4 + 4 * s) & 0xffffffffL;
            final long to = s + 1 < segments ? little(in, 8 + 4 * s) & 0xffffffffL : in.length;
            if (from < HEADER || to > in.length || from > to) {
                throw broken(offset, "places segment " + (s + 1) + " at " + from + ".." + to + " of " + in.length);
            }
            // Cells are assembled little endian, sample after sample.
            final int first = s / unit * n * unit + unit - 1 - s % unit;
            unpack(in, (int)from, (int)to, out, first, unit, n, offset);
        }
        return new DecodedFrame(format.withColor(format.photometric().equals("YBR_FULL_422") ? "YBR_FULL"
            : format.photometric(), format.samples() > 1), out, ByteOrder.LITTLE_ENDIAN);
    }

    private static void unpack(final byte[] in, final int from, final int to, final byte[] out, final int first,
        final int step, final int count, final long offset) throws DicomException {
        int at = from;
        int done = 0;
        while (done < count) {
            if (at >= to) {
                throw broken(offset, "ends after " + done + " of " + count + " bytes of a segment");
            }
            final int code = in[at++];
            if (code >= 0) {
                final int literal = Math.min(code + 1, count - done);
                if (literal > to - at) {
                    throw broken(offset, "announces " + literal + " bytes where " + (to - at) + " remain");
                }
                for (int i = 0; i < literal; i++) {
                    out[first + done++ * step] = in[at + i];
                }
                at += code + 1;
            } else if (code != -128) {
                if (at >= to) {
                    throw broken(offset, "ends inside a run");
                }
                final byte value = in[at++];
                for (int i = Math.min(1 - code, count - done); i > 0; i--) {
                    out[first + done++ * step] = value;
                }
            }
        }
    }

    private static int little(final byte[] b, final int i) {
        return b[i] & 0xff | (b[i + 1] & 0xff) << 8 | (b[i + 2] & 0xff) << 16 | b[i + 3] << 24;
    }

    private static DicomException broken(final long offset, final String what) {
        return new DicomException(Reason.MALFORMED,
            "RLE frame of tag " + Tag.toString(Tag.PIXEL_DATA) + " @ " + offset + " " + what, Tag.PIXEL_DATA, offset);
    }
}
