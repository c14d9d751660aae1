package org.scanbridge.dicom.pixel;

import java.util.List;
import java.util.Optional;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/**
 * From stored values to values of the modality (PS3.3 C.11.1: Modality LUT, or {@code slope * stored + intercept}) or of
 * the real world (PS3.3 C.7.6.16.2.11). Some stored values may have no value: padding, and what lies outside the range of
 * a real-world mapping; they become NaN. Immutable.
 */
public final class ValueMapping {

    /** Code of UCUM for Hounsfield units. */
    private static final String UCUM_HOUNSFIELD = "[hnsf'U]";

    private final double m_slope;

    private final double m_intercept;

    private final double m_first;

    private final float[] m_lut;

    private final double m_last;

    private final boolean m_bounded;

    private final Optional<PixelPadding> m_padding;

    private final Optional<String> m_units;

    private ValueMapping(final double slope, final double intercept, final double first, final double last,
        final boolean bounded, final float[] lut, final Optional<PixelPadding> padding, final Optional<String> units) {
        m_slope = slope;
        m_intercept = intercept;
        m_first = first;
        m_last = last;
        m_bounded = bounded;
        m_lut = lut;
        m_padding = padding;
        m_units = units;
    }

    /** {@code slope * stored + intercept}. */
    public static ValueMapping linear(final double slope, final double intercept) {
        return new ValueMapping(slope, intercept, 0, 0, false, null, Optional.empty(), Optional.empty());
    }

    /**
     * Reads the mapping of a header or a Pixel Value Transformation item; identity if it has none, or an empty LUT item only.
     *
     * @param data the attributes
     * @param signed whether stored values are signed, which tells the sign of the LUT's first value
     * @throws DicomException if the slope is 0 or the LUT impossible
     */
    public static ValueMapping of(final DataSet data, final boolean signed) throws DicomException {
        final String type = data.text(Tag.RESCALE_TYPE);
        final Optional<String> units = type.isEmpty() ? Optional.empty() : Optional.of(type.equals("US") ? "" : type);
        // Some writers put an empty item where there is no LUT: it maps nothing.
        final Optional<DataSet> lut = data.item(Tag.MODALITY_LUT_SEQUENCE)
            .filter(item -> item.hasValue(Tag.LUT_DESCRIPTOR) || item.hasValue(Tag.LUT_DATA));
        if (lut.isPresent()) {
            return lut(lut.get(), signed, units);
        }
        final double slope = data.number(Tag.RESCALE_SLOPE, 1);
        if (slope == 0) {
            throw new DicomException(Reason.BAD_VALUE, "Rescale Slope " + Tag.toString(Tag.RESCALE_SLOPE)
                + " is 0; all voxels would become equal", Tag.RESCALE_SLOPE, DicomException.NONE);
        }
        return new ValueMapping(slope, data.number(Tag.RESCALE_INTERCEPT, 0), 0, 0, false, null, Optional.empty(), units);
    }

    private static ValueMapping lut(final DataSet item, final boolean signed, final Optional<String> units)
        throws DicomException {
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
        return new ValueMapping(1, 0, first, 0, false, values, Optional.empty(), units);
    }

    /**
     * Reads the first item of a Real World Value Mapping Sequence.
     *
     * @param items the items of the sequence
     * @param signed whether stored values are signed
     * @return empty if there is no item, or an empty one
     * @throws DicomException if the item is incomplete or impossible
     */
    public static Optional<ValueMapping> realWorld(final List<DataSet> items, final boolean signed)
        throws DicomException {
        if (items.isEmpty() || items.get(0).elements().stream().allMatch(e -> e.isEmpty())) {
            return Optional.empty(); // an empty item maps nothing
        }
        final DataSet item = items.get(0);
        final double first = limit(item, Tag.REAL_WORLD_VALUE_FIRST_VALUE_MAPPED,
            Tag.DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, signed);
        final double last = limit(item, Tag.REAL_WORLD_VALUE_LAST_VALUE_MAPPED,
            Tag.DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED, signed);
        final String code =
            item.item(Tag.MEASUREMENT_UNITS_CODE_SEQUENCE).map(u -> u.text(Tag.CODE_VALUE)).orElse("");
        // "1" is the unit of pure numbers.
        final Optional<String> units =
            Optional.of(code.equals(UCUM_HOUNSFIELD) ? "HU" : code.equals("1") ? "" : code);
        final double[] table = item.numbers(Tag.REAL_WORLD_VALUE_LUT_DATA);
        if (table.length > 0) {
            if (table.length != last - first + 1) {
                throw new DicomException(Reason.BAD_VALUE, "Real World Value LUT Data "
                    + Tag.toString(Tag.REAL_WORLD_VALUE_LUT_DATA) + " has " + table.length + " entries for stored values "
                    + first + " to " + last, Tag.REAL_WORLD_VALUE_LUT_DATA, DicomException.NONE);
            }
            final float[] values = new float[table.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float)table[i];
            }
            return Optional.of(new ValueMapping(1, 0, first, last, true, values, Optional.empty(), units));
        }
        final double slope = item.requiredNumbers(Tag.REAL_WORLD_VALUE_SLOPE, 1)[0];
        if (slope == 0) {
            throw new DicomException(Reason.BAD_VALUE, "Real World Value Slope "
                + Tag.toString(Tag.REAL_WORLD_VALUE_SLOPE) + " is 0; all voxels would become equal",
                Tag.REAL_WORLD_VALUE_SLOPE, DicomException.NONE);
        }
        return Optional.of(new ValueMapping(slope, item.requiredNumbers(Tag.REAL_WORLD_VALUE_INTERCEPT, 1)[0], first, last,
            true, null, Optional.empty(), units));
    }

    /** First or last value mapped: as an integer of the pixels' sign, else as a double for large or fractional ones. */
    private static double limit(final DataSet item, final int integer, final int floating, final boolean signed)
        throws DicomException {
        if (!item.hasValue(integer)) {
            return item.requiredNumbers(floating, 1)[0];
        }
        final double value = item.requiredNumbers(integer, 1)[0];
        return signed && value > Short.MAX_VALUE ? value - (1 << 16) : value;
    }

    /** This mapping where stored values that are padding have no value. */
    public ValueMapping without(final PixelPadding padding) {
        return new ValueMapping(m_slope, m_intercept, m_first, m_last, m_bounded, m_lut, Optional.of(padding), m_units);
    }

    /**
     * The value of a stored value; values outside a Modality LUT get its first or last entry.
     *
     * @return NaN if the stored value has no value
     */
    public float apply(final double stored) {
        return isVoid(stored) ? Float.NaN : (float)value(stored);
    }

    /**
     * The value of a stored value where smaller is brighter (MONOCHROME1): mirrored after the mapping, since inversion
     * belongs to the display, which comes after the Modality LUT (PS3.3 C.7.6.3.1.2, C.11.1).
     *
     * @param stored the stored value
     * @param sum what {@link #extremes} gives
     * @return NaN if the stored value has no value
     */
    float mirrored(final double stored, final double sum) {
        return isVoid(stored) ? Float.NaN : (float)(sum - value(stored));
    }

    /**
     * Smallest plus largest value that stored values can have, so that values mirrored at half of it stay within their
     * range.
     *
     * @param low smallest stored value
     * @param high largest stored value
     */
    double extremes(final double low, final double high) {
        if (m_lut == null) {
            return value(low) + value(high);
        }
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = index(low); i <= index(high); i++) {
            least = Math.min(least, m_lut[i]);
            most = Math.max(most, m_lut[i]);
        }
        return least + most;
    }

    private double value(final double stored) {
        return m_lut == null ? m_slope * stored + m_intercept : m_lut[index(stored)];
    }

    private int index(final double stored) {
        return (int)Math.max(0, Math.min(m_lut.length - 1, (long)stored - (long)m_first));
    }

    /** Whether some stored values may have no value. */
    public boolean hasVoids() {
        return m_bounded || m_padding.isPresent();
    }

    private boolean isVoid(final double stored) {
        return m_bounded && !(stored >= m_first && stored <= m_last)
            || m_padding.isPresent() && m_padding.get().contains(stored);
    }

    /** Units of the values where the mapping itself tells them; the empty text for arbitrary ones. */
    public Optional<String> units() {
        return m_units;
    }

    /**
     * Whether values are a physical quantity, whatever way they are meant to be displayed: MONOCHROME1 then says nothing
     * about them.
     */
    boolean isQuantity() {
        return m_bounded || m_units.map(u -> u.startsWith("HU")).orElse(false);
    }

    /** Whether each value must be looked up: there is a table, or some stored values have no value. */
    boolean isLookup() {
        return m_lut != null || hasVoids();
    }

    double slope() {
        return m_slope;
    }

    double intercept() {
        return m_intercept;
    }
}
