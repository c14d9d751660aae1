package org.scanbridge.dicom.pixel;

import java.util.Objects;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/**
 * How pixels are laid out (PS3.3 C.7.6.3, PS3.5 section 8.1).
 *
 * @param rows image rows, 1 to 65535
 * @param columns image columns, 1 to 65535
 * @param frames number of frames, at least 1
 * @param samples samples per pixel: 1 for gray and palette, 3 for color
 * @param photometric photometric interpretation such as {@code MONOCHROME2}
 * @param bitsAllocated bits of the cell a sample lies in: 1, 8, 16, 32 or 64
 * @param bitsStored bits of the cell that hold the sample, at most {@code bitsAllocated}
 * @param highBit index of the sample's most significant bit in the cell
 * @param signed whether samples are two's complement
 * @param planar whether colors come as planes (RRR…GGG…BBB…) rather than interleaved
 */
public record PixelFormat(int rows, int columns, int frames, int samples, String photometric, int bitsAllocated,
    int bitsStored, int highBit, boolean signed, boolean planar) {

    /** @throws NullPointerException if the photometric interpretation is null */
    public PixelFormat {
        Objects.requireNonNull(photometric, "photometric");
    }

    /**
     * Reads the format from a header.
     *
     * @throws DicomException if an attribute is missing or its value impossible
     */
    public static PixelFormat of(final DataSet data) throws DicomException {
        final int allocated = inRange(data, Tag.BITS_ALLOCATED, data.requiredInteger(Tag.BITS_ALLOCATED), 1, 64);
        if (allocated != 1 && allocated != 8 && allocated != 16 && allocated != 32 && allocated != 64) {
            throw new DicomException(Reason.UNSUPPORTED, "Bits Allocated " + Tag.toString(Tag.BITS_ALLOCATED) + " is "
                + allocated + "; read are 1, 8, 16, 32 and 64", Tag.BITS_ALLOCATED, offset(data, Tag.BITS_ALLOCATED));
        }
        final int stored =
            inRange(data, Tag.BITS_STORED, data.integer(Tag.BITS_STORED, allocated), 1, allocated);
        final int high =
            inRange(data, Tag.HIGH_BIT, data.integer(Tag.HIGH_BIT, stored - 1), stored - 1, allocated - 1);
        final int samples = inRange(data, Tag.SAMPLES_PER_PIXEL, data.integer(Tag.SAMPLES_PER_PIXEL, 1), 1, 4);
        final int rows = inRange(data, Tag.ROWS, data.requiredInteger(Tag.ROWS), 1, 65535);
        final int columns = inRange(data, Tag.COLUMNS, data.requiredInteger(Tag.COLUMNS), 1, 65535);
        if ((long)rows * columns * samples * Math.max(1, allocated / 8) > Integer.MAX_VALUE - 8) {
            throw new DicomException(Reason.UNSUPPORTED, "Frames of " + columns + "×" + rows + " pixels with " + samples
                + " samples of " + allocated + " bits are too large to be read", Tag.ROWS, offset(data, Tag.ROWS));
        }
        final int frames =
            inRange(data, Tag.NUMBER_OF_FRAMES, data.integer(Tag.NUMBER_OF_FRAMES, 1), 1, Integer.MAX_VALUE);
        final int representation =
            inRange(data, Tag.PIXEL_REPRESENTATION, data.integer(Tag.PIXEL_REPRESENTATION, 0), 0, 1);
        final int planar = inRange(data, Tag.PLANAR_CONFIGURATION, data.integer(Tag.PLANAR_CONFIGURATION, 0), 0, 1);
        final String photometric = data.text(Tag.PHOTOMETRIC_INTERPRETATION);
        return new PixelFormat(rows, columns, frames, samples,
            photometric.isEmpty() ? samples == 1 ? "MONOCHROME2" : "RGB" : photometric, allocated, stored, high,
            representation == 1, samples > 1 && planar == 1);
    }

    private static int inRange(final DataSet data, final int tag, final int value, final int min, final int max)
        throws DicomException {
        if (value < min || value > max) {
            throw new DicomException(Reason.BAD_VALUE,
                "Tag " + Tag.toString(tag) + " is " + value + "; it must lie within " + min + ".." + max, tag,
                offset(data, tag));
        }
        return value;
    }

    private static long offset(final DataSet data, final int tag) {
        return data.element(tag).map(e -> e.offset()).orElse((long)DicomException.NONE);
    }

    /** Pixels of one frame. */
    public int framePixels() {
        return Math.multiplyExact(rows, columns);
    }

    /** Bits of one uncompressed frame; frames of one-bit pixels are not padded to bytes. */
    public long frameBits() {
        final long pixels = (long)rows * columns;
        // Two pixels share their color differences (PS3.3 C.7.6.3.1.2).
        return photometric.equals("YBR_FULL_422") && samples == 3 ? 2 * pixels * bitsAllocated
            : pixels * samples * bitsAllocated;
    }

    /** This format with other cells. */
    public PixelFormat withBits(final int allocated, final int stored, final boolean isSigned) {
        return new PixelFormat(rows, columns, frames, samples, photometric, allocated, stored, stored - 1, isSigned,
            planar);
    }

    /** This format with other colors. */
    public PixelFormat withColor(final String interpretation, final boolean asPlanes) {
        return new PixelFormat(rows, columns, frames, samples, interpretation, bitsAllocated, bitsStored, highBit,
            signed, asPlanes);
    }
}
