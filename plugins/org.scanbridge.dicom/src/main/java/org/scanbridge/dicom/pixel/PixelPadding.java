package org.scanbridge.dicom.pixel;

import java.util.Optional;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;

/**
 * Stored values that are no part of the image, such as the corners around a round field of view (PS3.3 C.7.5.1.1.2).
 *
 * @param low smallest padding value, inclusive
 * @param high largest padding value, inclusive
 */
public record PixelPadding(double low, double high) {

    /**
     * Reads Pixel Padding Value and Range Limit, or their floating-point forms.
     *
     * @param signed whether stored values are signed, whatever the VR of the attributes is
     * @return empty if the header declares no padding
     * @throws DicomException if a value is no number
     */
    public static Optional<PixelPadding> of(final DataSet data, final boolean signed) throws DicomException {
        for (final int[] tags : new int[][]{{Tag.PIXEL_PADDING_VALUE, Tag.PIXEL_PADDING_RANGE_LIMIT},
            {Tag.FLOAT_PIXEL_PADDING_VALUE, Tag.FLOAT_PIXEL_PADDING_RANGE_LIMIT},
            {Tag.DOUBLE_FLOAT_PIXEL_PADDING_VALUE, Tag.DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT}}) {
            if (data.hasValue(tags[0])) {
                final double a = value(data, tags[0], signed);
                final double b = data.hasValue(tags[1]) ? value(data, tags[1], signed) : a;
                return Optional.of(new PixelPadding(Math.min(a, b), Math.max(a, b)));
            }
        }
        return Optional.empty();
    }

    /** In implicit encodings a negative value looks like an unsigned one, as its VR depends on the pixels. */
    private static double value(final DataSet data, final int tag, final boolean signed) throws DicomException {
        final double value = data.number(tag, 0);
        final boolean integer = tag == Tag.PIXEL_PADDING_VALUE || tag == Tag.PIXEL_PADDING_RANGE_LIMIT;
        if (!integer) {
            return value;
        }
        return signed && value > Short.MAX_VALUE ? value - (1 << 16) : !signed && value < 0 ? value + (1 << 16) : value;
    }

    /** Whether a stored value is padding. */
    public boolean contains(final double stored) {
        return stored >= low && stored <= high;
    }
}
