package org.scanbridge.dicom.pixel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.scanbridge.dicom.codec.Jpeg2000Decoder;
import org.scanbridge.dicom.codec.JpegDecoder;
import org.scanbridge.dicom.codec.JpegLsDecoder;
import org.scanbridge.dicom.codec.RleDecoder;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.extension.Extensions;

/** Several decoders as one: the first that supports a transfer syntax decodes it. */
public final class DicomDecoders implements DicomDecoder {

    /** Every compressed frame has at least one fragment with a tag and a length. */
    private static final int FRAGMENT_HEADER = 8;

    /** No image is compressed more than this; keeps broken headers from exhausting memory. */
    private static final long MAX_PIXELS_PER_BYTE = 1024;

    /** Frames up to this many pixels may be compressed to nothing, being empty. */
    private static final long ALWAYS_PLAUSIBLE = 1 << 24;

    /** More frames than any volume has slices; keeps frames of a few bytes from taking far more memory than the file. */
    private static final int MAX_FRAMES = 1 << 17;

    private final List<DicomDecoder> m_decoders;

    /** @param decoders in order of preference */
    public DicomDecoders(final List<DicomDecoder> decoders) {
        m_decoders = List.copyOf(decoders);
    }

    /** The decoders of this library, and after them those that other bundles bring for what it does not decode. */
    public static DicomDecoders standard() {
        final List<DicomDecoder> decoders = new ArrayList<>(List.of(new UncompressedDecoder(), new RleDecoder(),
            new JpegDecoder(), new JpegLsDecoder(), new Jpeg2000Decoder()));
        decoders.addAll(Extensions.of(DicomDecoder.class));
        return new DicomDecoders(decoders);
    }

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return m_decoders.stream().anyMatch(d -> d.supports(syntax));
    }

    /** The error for a transfer syntax that no decoder supports. */
    public static DicomException unsupported(final TransferSyntax syntax) {
        return new DicomException(Reason.UNSUPPORTED, "Pixel data is compressed as " + syntax
            + ", for which there is no decoder; convert the files to Explicit VR Little Endian", Tag.PIXEL_DATA,
            DicomException.NONE);
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        final TransferSyntax syntax = file.transferSyntax();
        for (final DicomDecoder decoder : m_decoders) {
            if (decoder.supports(syntax)) {
                return decoder.decode(file, format, frame);
            }
        }
        throw unsupported(syntax);
    }

    /**
     * Checks, without decoding, what can be known about the pixel data: that a decoder exists and native pixel data is
     * complete.
     *
     * @throws DicomException if not
     */
    public void check(final DicomFile file, final PixelFormat format) throws DicomException {
        if (!supports(file.transferSyntax())) {
            throw unsupported(file.transferSyntax());
        }
        if (format.frames() > MAX_FRAMES) {
            throw new DicomException(Reason.UNSUPPORTED, "Number of Frames is " + format.frames() + "; up to " + MAX_FRAMES
                + " are read", Tag.NUMBER_OF_FRAMES, DicomException.NONE);
        }
        if (file.pixels().isEmpty() || !file.transferSyntax().encapsulated()) {
            UncompressedDecoder.requireComplete(file, format);
            return;
        }
        final long rest = file.source().size() - file.pixels().get().offset();
        if (format.framePixels() > Math.max(ALWAYS_PLAUSIBLE, rest * MAX_PIXELS_PER_BYTE)) {
            throw new DicomException(Reason.BAD_VALUE, "Frames of " + format.columns() + "×" + format.rows()
                + " pixels cannot come from " + rest + " compressed bytes", Tag.ROWS, DicomException.NONE);
        }
        if (format.frames() > rest / FRAGMENT_HEADER) {
            throw new DicomException(Reason.TRUNCATED, "Number of Frames is " + format.frames()
                + ", but only " + rest + " bytes of pixel data follow", Tag.NUMBER_OF_FRAMES, DicomException.NONE);
        }
    }
}
