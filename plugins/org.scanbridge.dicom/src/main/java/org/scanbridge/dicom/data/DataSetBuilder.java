package org.scanbridge.dicom.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Builds a {@link DataSet} whose values are encoded little endian with the VRs of PS3.6, padded to even length. */
public final class DataSetBuilder {

    /** Longest Decimal String value (PS3.5 table 6.2-1). */
    private static final int DS_LENGTH = 16;

    private final NavigableMap<Integer, DataElement> m_elements = new TreeMap<>(Integer::compareUnsigned);

    private final CharacterSet m_characterSet;

    DataSetBuilder() {
        m_characterSet = CharacterSet.UTF_8;
    }

    DataSetBuilder(final NavigableMap<Integer, DataElement> elements, final CharacterSet characterSet) {
        m_elements.putAll(elements);
        m_characterSet = characterSet;
    }

    /** An attribute without value (type 2). */
    public DataSetBuilder empty(final int... tags) {
        for (final int tag : tags) {
            final VR vr = Dictionary.vr(tag);
            m_elements.put(tag, vr == VR.SQ ? DataElement.sequence(tag, List.of(), DicomException.NONE)
                : DataElement.value(tag, vr, new byte[0], false, DicomException.NONE));
        }
        return this;
    }

    /** Text values; several are joined with a backslash. */
    public DataSetBuilder text(final int tag, final String... values) {
        final VR vr = vr(tag);
        final String joined = String.join("\\", values);
        return bytes(tag, vr, vr.hasCharacterSet() ? m_characterSet.encode(joined)
            : joined.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Numbers, as text or binary according to the attribute's VR; decimal strings keep what fits into 16 characters.
     *
     * @throws IllegalArgumentException if the attribute does not hold numbers
     */
    public DataSetBuilder numbers(final int tag, final double... values) {
        final VR vr = vr(tag);
        if (vr == VR.DS || vr == VR.IS) {
            final String[] texts = new String[values.length];
            for (int i = 0; i < values.length; i++) {
                texts[i] = vr == VR.IS ? Long.toString((long)values[i]) : decimal(values[i]);
            }
            return text(tag, texts);
        }
        final ByteBuffer buffer = ByteBuffer.allocate(values.length * vr.unit()).order(ByteOrder.LITTLE_ENDIAN);
        for (final double v : values) {
            switch (vr) {
                case US, SS -> buffer.putShort((short)v);
                case UL, SL -> buffer.putInt((int)(long)v);
                case UV, SV, OV -> buffer.putLong((long)v);
                case FL -> buffer.putFloat((float)v);
                case FD -> buffer.putDouble(v);
                default -> throw new IllegalArgumentException("Tag " + Tag.toString(tag) + " holds no numbers but " + vr);
            }
        }
        return bytes(tag, vr, buffer.array());
    }

    /** The decimal string of at most 16 characters that is closest to a finite number. */
    static String decimal(final double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long)value);
        }
        String best = Double.toString(value);
        for (int digits = 16; best.length() > DS_LENGTH && digits > 0; digits--) {
            final String plain = String.format(Locale.ROOT, "%." + digits + "f", value);
            final String scientific = String.format(Locale.ROOT, "%." + digits + "E", value);
            final boolean small = Math.abs(value) < 1e-3;
            best = !small && plain.length() <= DS_LENGTH ? plain : scientific;
        }
        return best;
    }

    /** Attribute tags as values. */
    public DataSetBuilder tag(final int tag, final int value) {
        return bytes(tag, VR.AT, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putShort((short)(value >>> 16))
            .putShort((short)value).array());
    }

    /** A sequence of items. */
    public DataSetBuilder items(final int tag, final DataSet... items) {
        return items(tag, List.of(items));
    }

    /** A sequence of items. */
    public DataSetBuilder items(final int tag, final List<DataSet> items) {
        m_elements.put(tag, DataElement.sequence(tag, items, DicomException.NONE));
        return this;
    }

    /** Encoded bytes, little endian; padded to even length, else not copied. */
    public DataSetBuilder bytes(final int tag, final VR vr, final byte[] bytes) {
        byte[] even = bytes;
        if (bytes.length % 2 != 0) {
            even = java.util.Arrays.copyOf(bytes, bytes.length + 1);
            even[bytes.length] = vr.padding();
        }
        m_elements.put(tag, DataElement.value(tag, vr, even, false, DicomException.NONE));
        return this;
    }

    /** Another data set's element as it is; nothing if it has none. */
    public DataSetBuilder copy(final DataSet from, final int... tags) {
        for (final int tag : tags) {
            from.element(tag).ifPresent(e -> m_elements.put(tag, e));
        }
        return this;
    }

    /** Removes attributes. */
    public DataSetBuilder remove(final int... tags) {
        for (final int tag : tags) {
            m_elements.remove(tag);
        }
        return this;
    }

    private static VR vr(final int tag) {
        final VR vr = Dictionary.vr(tag);
        if (vr == VR.UN) {
            throw new IllegalArgumentException("The VR of tag " + Tag.toString(tag) + " is not known");
        }
        return vr;
    }

    /** The data set; text attributes beyond ASCII need a Specific Character Set attribute of ISO_IR 192. */
    public DataSet build() {
        final NavigableMap<Integer, DataElement> copy = new TreeMap<>(Integer::compareUnsigned);
        copy.putAll(m_elements);
        return new DataSet(copy, m_characterSet);
    }
}
