package org.scanbridge.dicom.codec;

import java.io.IOException;
import java.util.Set;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * JPEG baseline, extended (8 and 12 bits), progressive and lossless (ITU-T T.81; PS3.5 sections 8.2.1 and A.4.1). The code stream
 * tells the process, whatever the transfer syntax claims. Components are delivered as they are coded; of color
 * differences at lower resolution each is repeated.
 */
public final class JpegDecoder implements DicomDecoder {

    private static final Set<String> SUPPORTED = Set.of(TransferSyntax.JPEG_BASELINE.uid(),
        TransferSyntax.JPEG_EXTENDED.uid(), TransferSyntax.JPEG_LOSSLESS.uid(), TransferSyntax.JPEG_LOSSLESS_SV1.uid(),
        TransferSyntax.JPEG_SPECTRAL_SELECTION.uid(), TransferSyntax.JPEG_FULL_PROGRESSION.uid());

    /** A block of 64 samples takes at least two bits, a lossless sample one. */
    private static final int SAMPLES_PER_BYTE = 256;

    private static final int LOSSLESS_SAMPLES_PER_BYTE = 8;

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return SUPPORTED.contains(syntax.uid());
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        final byte[] bytes = file.fragments(format.frames()).frame(frame);
        final JpegSegments segments = new JpegSegments(bytes);
        if (!segments.nextScan()) {
            throw JpegSegments.broken("has no scan");
        }
        check(segments, format, bytes.length);
        final short[][] planes = new short[format.samples()][format.framePixels()];
        final ProgressiveJpeg progressive = segments.isProgressive() ? new ProgressiveJpeg(segments) : null;
        do {
            if (progressive != null) {
                progressive.decode();
            } else if (segments.isLossless()) {
                new LosslessJpeg(segments).decode(planes);
            } else {
                new SequentialJpeg(segments).decode(planes);
            }
        } while (segments.nextScan());
        if (progressive != null) {
            progressive.finish(planes);
        }
        String color = format.photometric();
        if (format.samples() == 3) {
            color = segments.isLuminanceChrominance(color.startsWith("YBR")) ? "YBR_FULL" : "RGB";
        }
        return SamplePlanes.frame(planes, format.withColor(color, true), segments.precision());
    }

    private static void check(final JpegSegments segments, final PixelFormat format, final int length)
        throws DicomException {
        if (segments.rows() != format.rows() || segments.columns() != format.columns()
            || segments.components().length != format.samples()) {
            throw new DicomException(Reason.BAD_VALUE, "The JPEG code stream has " + segments.components().length
                + " components of " + segments.columns() + "×" + segments.rows() + " samples, the header announces "
                + format.samples() + " of " + format.columns() + "×" + format.rows(), Tag.PIXEL_DATA,
                DicomException.NONE);
        }
        final long perByte = segments.isLossless() ? LOSSLESS_SAMPLES_PER_BYTE : SAMPLES_PER_BYTE;
        if (format.framePixels() > length * perByte) {
            throw JpegSegments.broken("has " + length + " bytes, too few for " + format.framePixels() + " pixels");
        }
    }
}
