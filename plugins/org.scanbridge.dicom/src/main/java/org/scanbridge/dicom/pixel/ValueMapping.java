package org.scanbridge.dicom.pixel;

import java.util.Optional;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/**
 * From stored values to values of the modality (PS3.3 C.11.1): Modality LUT, or {@code slope * stored + intercept}.
 * Immutable.
 */
public final class ValueMapping {

    private final double m_slope;

    private final double m_intercept;

    private final int m_first;

    private final float[] m_lut;

    private ValueMapping(final double slope, final double intercept, final int first, final float[] lut) {
        m_slope = slope;
        m_intercept = intercept;
        m_first = first;
        m_lut = lut;
    }

    /** {@code slope * stored + intercept}. */
    public static ValueMapping linear(final double slope, final double intercept) {
        return new ValueMapping(slope, intercept, 0, null);
    }

    /**
     * Reads the mapping of a header or a Pixel Value Transformation item; identity if it has none.
     *
     * @param data the attributes
     * @param signed whether stored values are signed, which tells the sign of the LUT's first value
     * @throws DicomException if the slope is 0 or the LUT impossible
     */
    public static ValueMapping of(final DataSet data, final boolean signed) throws DicomException {
        final Optional<DataSet> lut = data.item(Tag.MODALITY_LUT_SEQUENCE);
        if (lut.isPresent()) {
            return lut(lut.get(), signed);
        }
        final double slope = data.number(Tag.RESCALE_SLOPE, 1);
        if (slope == 0) {
            throw new DicomException(Reason.BAD_VALUE, "Rescale Slope " + Tag.toString(Tag.RESCALE_SLOPE)
                + " is 0; all voxels would become equal", Tag.RESCALE_SLOPE, DicomException.NONE);
        }
        return linear(slope, data.number(Tag.RESCALE_INTERCEPT, 0));
    }

    private static ValueMapping lut(final DataSet item, final boolean signed) throws DicomException {
        final double[] descriptor = item.requiredNumbers(Tag.LUT_DESCRIPTOR, 3);
        final int length = LookupTable.length(descriptor);
        final int first = signed ? (short)(int)descriptor[1] : (int)descriptor[1];
        final DataElement data = item.element(Tag.LUT_DATA).orElseThrow(() -> new DicomException(
            Reason.MISSING_ATTRIBUTE, "Tag " + Tag.toString(Tag.LUT_DATA) + " is missing", Tag.LUT_DATA, -1));
        final int[] entries = LookupTable.entries(data, length, (int)descriptor[2]);
        final float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = entries[i];
        }
        return new ValueMapping(1, 0, first, values);
    }

    /** The value of a stored value; values outside a LUT get its first or last entry. */
    public float apply(final double stored) {
        if (m_lut == null) {
            return (float)(m_slope * stored + m_intercept);
        }
        final long index = (long)stored - m_first;
        return m_lut[(int)Math.max(0, Math.min(m_lut.length - 1, index))];
    }

    /** Whether the mapping is a look-up table. */
    boolean isLookup() {
        return m_lut != null;
    }

    double slope() {
        return m_slope;
    }

    double intercept() {
        return m_intercept;
    }
}
