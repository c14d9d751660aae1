package org.scanbridge.dicom.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.dicom.data.DicomException.Reason;

/**
 * An immutable set of attributes by tag (PS3.5 section 7): a file's, or an item's of a sequence. Values are decoded when
 * they are asked for; a getter that finds a value it cannot decode throws, one that finds none returns empty or the
 * default given.
 */
public final class DataSet {

    /** No attribute. */
    public static final DataSet EMPTY = new DataSet(new TreeMap<>(), CharacterSet.DEFAULT);

    private final NavigableMap<Integer, DataElement> m_elements;

    private final CharacterSet m_characterSet;

    DataSet(final NavigableMap<Integer, DataElement> elements, final CharacterSet characterSet) {
        m_elements = Collections.unmodifiableNavigableMap(elements);
        m_characterSet = characterSet;
    }

    /** A builder for a new data set, text in UTF-8. */
    public static DataSetBuilder builder() {
        return new DataSetBuilder();
    }

    /**
     * Parses a data set without file meta information, as {@link DicomOutput#bytes} writes it.
     *
     * @param bytes explicit VR little endian
     * @throws DicomException if it is broken
     */
    public static DataSet parse(final byte[] bytes) throws IOException {
        return new DicomInput(ByteSource.of(bytes), 0, bytes.length, true, false).readDataSet();
    }

    /** A builder that starts with these attributes. */
    public DataSetBuilder toBuilder() {
        return new DataSetBuilder(m_elements, m_characterSet);
    }

    /** The elements in the order of their tags. */
    public Collection<DataElement> elements() {
        return m_elements.values();
    }

    /** The element with a tag. */
    public Optional<DataElement> element(final int tag) {
        return Optional.ofNullable(m_elements.get(tag));
    }

    /** Whether there is an attribute with this tag and a value of at least one byte or item. */
    public boolean hasValue(final int tag) {
        final DataElement e = m_elements.get(tag);
        return e != null && !e.isEmpty();
    }

    /** How text is encoded here. */
    CharacterSet characterSet() {
        return m_characterSet;
    }

    /** The whole text of an attribute, without padding; empty if absent or blank. */
    public String text(final int tag) {
        final DataElement e = m_elements.get(tag);
        return e == null ? "" : decode(e);
    }

    /** The values of a text attribute, without padding; empty if absent. */
    public List<String> texts(final int tag) {
        final String all = text(tag);
        if (all.isEmpty()) {
            return List.of();
        }
        final List<String> values = new ArrayList<>();
        for (final String value : all.split("\\\\", -1)) {
            values.add(value.strip());
        }
        return values;
    }

    private String decode(final DataElement e) {
        final VR vr = e.vr() == VR.UN ? Dictionary.vr(e.tag()) : e.vr();
        final String text = vr.hasCharacterSet() || vr == VR.UN ? m_characterSet.decode(e.bytes(), vr)
            : new String(e.bytes(), StandardCharsets.ISO_8859_1);
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == 0 || text.charAt(end - 1) == ' ')) {
            end--;
        }
        return text.substring(0, end).strip();
    }

    /**
     * The numbers of an attribute, whatever its VR.
     *
     * @return empty if absent
     * @throws DicomException if a value is no finite number
     */
    public double[] numbers(final int tag) throws DicomException {
        final DataElement e = m_elements.get(tag);
        if (e == null || e.bytes().length == 0) {
            return new double[0];
        }
        final VR vr = e.vr() == VR.UN ? Dictionary.vr(tag) : e.vr();
        return vr.isText() ? parsed(e) : binary(e, vr);
    }

    private double[] parsed(final DataElement e) throws DicomException {
        final List<String> texts = texts(e.tag());
        final double[] numbers = new double[texts.size()];
        for (int i = 0; i < numbers.length; i++) {
            final String text = texts.get(i);
            try {
                // Some devices write a decimal comma.
                numbers[i] = Double.parseDouble(text.replace(',', '.'));
            } catch (final NumberFormatException bad) {
                throw bad(e, "Value " + (i + 1) + " of tag", "is no number (" + text.length() + " characters)", bad);
            }
            if (!Double.isFinite(numbers[i])) {
                throw bad(e, "Value " + (i + 1) + " of tag", "is " + numbers[i], null);
            }
        }
        return numbers;
    }

    private static double[] binary(final DataElement e, final VR vr) throws DicomException {
        final int unit = vr.unit();
        if (vr == VR.SQ || vr == VR.UN || vr == VR.AT) {
            throw bad(e, "Value of tag", "holds no numbers but " + vr, null);
        }
        if (e.bytes().length % unit != 0) {
            throw bad(e, "Length " + e.bytes().length + " of tag", "is no multiple of " + unit, null);
        }
        final ByteBuffer buffer =
            ByteBuffer.wrap(e.bytes()).order(e.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        final double[] numbers = new double[e.bytes().length / unit];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (vr) {
                case US, OW -> buffer.getShort() & 0xffff;
                case SS -> buffer.getShort();
                case UL, OL -> buffer.getInt() & 0xffffffffL;
                case SL -> buffer.getInt();
                case FL, OF -> buffer.getFloat();
                case FD, OD -> buffer.getDouble();
                case SV, OV, UV -> buffer.getLong();
                default -> buffer.get() & 0xff;
            };
            if (!Double.isFinite(numbers[i])) {
                throw bad(e, "Value " + (i + 1) + " of tag", "is " + numbers[i], null);
            }
        }
        return numbers;
    }

    private static DicomException bad(final DataElement e, final String what, final String problem,
        final Throwable cause) {
        final DicomException bad = new DicomException(Reason.BAD_VALUE, what + " " + Tag.toString(e.tag())
            + (e.offset() < 0 ? " " : " @ " + e.offset() + " ") + problem, e.tag(), e.offset());
        if (cause != null) {
            bad.initCause(cause);
        }
        return bad;
    }

    /**
     * The first number of an attribute.
     *
     * @return the default if absent
     * @throws DicomException if the value is no number
     */
    public double number(final int tag, final double absent) throws DicomException {
        final double[] numbers = numbers(tag);
        return numbers.length == 0 ? absent : numbers[0];
    }

    /**
     * The first number of an attribute as an integer.
     *
     * @return the default if absent
     * @throws DicomException if the value is no integer of 32 bits
     */
    public int integer(final int tag, final int absent) throws DicomException {
        final double[] numbers = numbers(tag);
        if (numbers.length == 0) {
            return absent;
        }
        if (numbers[0] != (int)numbers[0]) {
            throw bad(m_elements.get(tag), "Value of tag", "is " + numbers[0] + ", not an integer of 32 bits", null);
        }
        return (int)numbers[0];
    }

    /** The first number of an attribute that must be there. */
    public int requiredInteger(final int tag) throws DicomException {
        require(tag);
        return integer(tag, 0);
    }

    /** The numbers of an attribute that must have this many. */
    public double[] requiredNumbers(final int tag, final int count) throws DicomException {
        require(tag);
        final double[] numbers = numbers(tag);
        if (numbers.length != count) {
            throw bad(m_elements.get(tag), "Tag", "has " + numbers.length + " values, needs " + count, null);
        }
        return numbers;
    }

    private void require(final int tag) throws DicomException {
        if (!hasValue(tag)) {
            throw new DicomException(Reason.MISSING_ATTRIBUTE, "Tag " + Tag.toString(tag) + " is missing or empty", tag,
                DicomException.NONE);
        }
    }

    /** The text of an attribute that must be there. */
    public String requiredText(final int tag) throws DicomException {
        final String text = text(tag);
        if (text.isEmpty()) {
            require(tag);
            throw bad(m_elements.get(tag), "Value of tag", "is blank", null);
        }
        return text;
    }

    /**
     * The items of a sequence.
     *
     * @return empty if absent
     * @throws DicomException if the attribute is no sequence
     */
    public List<DataSet> items(final int tag) throws DicomException {
        final DataElement e = m_elements.get(tag);
        if (e == null || e.isSequence() || e.isEmpty()) {
            return e == null ? List.of() : e.items();
        }
        if (e.vr() != VR.UN && e.vr() != VR.SQ && e.vr() != VR.OB) {
            throw bad(e, "Value of tag", "is no sequence but " + e.vr(), null);
        }
        try {
            return DicomInput.itemsOf(e, m_characterSet);
        } catch (final DicomException x) {
            throw x;
        } catch (final IOException x) {
            throw bad(e, "Value of tag", "is no sequence", x);
        }
    }

    /** The first item of a sequence; empty if there is none. */
    public Optional<DataSet> item(final int tag) throws DicomException {
        final List<DataSet> items = items(tag);
        return items.isEmpty() ? Optional.empty() : Optional.of(items.get(0));
    }
}
