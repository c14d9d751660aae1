package org.scanbridge.dicom.pixel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Objects;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.PixelLocation;
import org.scanbridge.dicom.data.Tag;

/**
 * Reads frames as gray values: bits outside Bits Stored and High Bit are masked off, color becomes luminance
 * (ITU-R BT.601), the mapping is applied, then MONOCHROME1 is mirrored within the range of values that stored ones can have
 * (so that larger is brighter) unless the values are a physical quantity such as HU. Stored values without a value, such as
 * padding, become NaN.
 */
public final class PixelReader {

    private final DicomDecoder m_decoder;

    /** @param decoder decodes the pixel data */
    public PixelReader(final DicomDecoder decoder) {
        m_decoder = Objects.requireNonNull(decoder, "decoder");
    }

    /**
     * Reads one frame.
     *
     * @param file an open file with pixel data
     * @param format its pixel format
     * @param mapping the frame's value mapping
     * @param frame index of the frame, from 0
     * @param target where the values go, row by row
     * @param offset index of the first value in the target
     * @throws DicomException if the pixel data is broken or not readable here
     */
    public void read(final DicomFile file, final PixelFormat format, final ValueMapping mapping, final int frame,
        final float[] target, final int offset) throws IOException {
        final PixelLocation pixels = file.pixels().orElseThrow(
            () -> new DicomException(Reason.MISSING_ATTRIBUTE, "There is no pixel data", Tag.PIXEL_DATA, -1));
        final DecodedFrame decoded = m_decoder.decode(file, format, frame);
        if (pixels.tag() != Tag.PIXEL_DATA) {
            floats(decoded, mapping, target, offset);
            return;
        }
        switch (decoded.format().photometric()) {
            case "MONOCHROME1", "MONOCHROME2" -> gray(decoded, mapping, target, offset);
            case "PALETTE COLOR" -> Palette.of(file.data()).luminance(decoded, target, offset);
            case "RGB", "YBR_FULL", "YBR_ICT", "YBR_RCT" -> color(decoded, mapping, target, offset);
            default -> throw new DicomException(Reason.UNSUPPORTED, "Photometric Interpretation "
                + Tag.toString(Tag.PHOTOMETRIC_INTERPRETATION) + " \"" + decoded.format().photometric()
                + "\" is not read", Tag.PHOTOMETRIC_INTERPRETATION, DicomException.NONE);
        }
    }

    private static void gray(final DecodedFrame frame, final ValueMapping mapping, final float[] target,
        final int offset) throws DicomException {
        final PixelFormat format = frame.format();
        if (format.bitsAllocated() > 32) {
            throw new DicomException(Reason.UNSUPPORTED, "Integer pixels of " + format.bitsAllocated()
                + " bits are not read", Tag.BITS_ALLOCATED, DicomException.NONE);
        }
        final boolean inverted = format.photometric().equals("MONOCHROME1") && !mapping.isQuantity();
        final int n = format.framePixels();
        if (mapping.isLookup()) {
            final Samples samples = new Samples(frame);
            final double sum = inverted ? mapping.extremes(samples.lowest(), samples.highest()) : 0;
            for (int i = 0; i < n; i++) {
                target[offset + i] =
                    inverted ? mapping.mirrored(samples.get(i), sum) : mapping.apply(samples.get(i));
            }
        } else {
            // Mirrored after slope and intercept, which is the same as v -> top - v before them: in one step
            final double top = format.signed() ? -1 : Math.scalb(1.0, format.bitsStored()) - 1;
            final double slope = inverted ? -mapping.slope() : mapping.slope();
            final double intercept =
                inverted ? mapping.slope() * top + mapping.intercept() : mapping.intercept();
            linear(frame, slope, intercept, target, offset, n);
        }
    }

    private static void linear(final DecodedFrame frame, final double slope, final double intercept,
        final float[] target, final int offset, final int n) {
        final PixelFormat format = frame.format();
        if (format.bitsAllocated() == 16) {
            final ShortBuffer shorts = ByteBuffer.wrap(frame.bytes()).order(frame.order()).asShortBuffer();
            final int left = 31 - format.highBit();
            final int right = 32 - format.bitsStored();
            if (format.signed()) {
                for (int i = 0; i < n; i++) {
                    target[offset + i] = (float)(slope * (shorts.get(i) << left >> right) + intercept);
                }
            } else {
                for (int i = 0; i < n; i++) {
                    target[offset + i] = (float)(slope * (shorts.get(i) << left >>> right) + intercept);
                }
            }
        } else {
            final Samples samples = new Samples(frame);
            for (int i = 0; i < n; i++) {
                target[offset + i] = (float)(slope * samples.get(i) + intercept);
            }
        }
    }

    private static void color(final DecodedFrame frame, final ValueMapping mapping, final float[] target,
        final int offset) throws DicomException {
        final PixelFormat format = frame.format();
        if (format.samples() < 3 || format.bitsAllocated() > 32) {
            throw new DicomException(Reason.BAD_VALUE, "Photometric Interpretation " + format.photometric() + " needs 3"
                + " samples of up to 32 bits, there are " + format.samples() + " of " + format.bitsAllocated(),
                Tag.SAMPLES_PER_PIXEL, DicomException.NONE);
        }
        final Samples samples = new Samples(frame);
        final int n = format.framePixels();
        final int step = format.planar() ? 1 : format.samples();
        final int next = format.planar() ? n : 1;
        final boolean rgb = format.photometric().equals("RGB");
        for (int i = 0; i < n; i++) {
            final int at = i * step;
            final double y = rgb
                ? Palette.luminance(samples.get(at), samples.get(at + next), samples.get(at + 2 * next))
                : samples.get(at);
            target[offset + i] = mapping.apply(y);
        }
    }

    private static void floats(final DecodedFrame frame, final ValueMapping mapping, final float[] target,
        final int offset) throws DicomException {
        final ByteBuffer buffer = ByteBuffer.wrap(frame.bytes()).order(frame.order());
        final int bits = frame.format().bitsAllocated();
        if (bits != 32 && bits != 64) {
            throw new DicomException(Reason.BAD_VALUE, "Floating-point pixel data of " + bits + " bits allocated",
                Tag.BITS_ALLOCATED, DicomException.NONE);
        }
        for (int i = 0; i < frame.format().framePixels(); i++) {
            target[offset + i] = mapping.apply(bits == 32 ? buffer.getFloat(4 * i) : buffer.getDouble(8 * i));
        }
    }

    /** Stored values of a decoded frame by index. */
    static final class Samples {

        private final ByteBuffer m_bytes;

        private final int m_unit;

        private final int m_left;

        private final int m_right;

        private final boolean m_signed;

        private final double m_lowest;

        private final double m_highest;

        Samples(final DecodedFrame frame) {
            final PixelFormat format = frame.format();
            m_bytes = ByteBuffer.wrap(frame.bytes()).order(frame.order() == null ? ByteOrder.nativeOrder() : frame.order());
            m_unit = format.bitsAllocated() / 8;
            m_left = 31 - format.highBit();
            m_right = 32 - format.bitsStored();
            m_signed = format.signed();
            m_lowest = m_signed ? -Math.scalb(1.0, format.bitsStored() - 1) : 0;
            m_highest = Math.scalb(1.0, m_signed ? format.bitsStored() - 1 : format.bitsStored()) - 1;
        }

        /** The stored value at an index, masked and sign-extended. */
        double get(final int i) {
            final int cell = switch (m_unit) {
                case 1 -> m_bytes.get(i);
                case 2 -> m_bytes.getShort(2 * i);
                default -> m_bytes.getInt(4 * i);
            };
            return m_signed ? cell << m_left >> m_right : (cell << m_left >>> m_right) & 0xffffffffL;
        }

        /** The smallest value that a sample can have. */
        double lowest() {
            return m_lowest;
        }

        /** The largest value that a sample can have. */
        double highest() {
            return m_highest;
        }
    }
}
