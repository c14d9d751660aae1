package org.scanbridge.dicom.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.scanbridge.dicom.data.DicomException.Reason;

/**
 * Parses data sets (PS3.5 section 7). Strict about lengths, lenient about everything that devices get wrong without
 * harm: order of tags, odd lengths, unknown VRs, group lengths, stray delimiters. Never allocates more than the source
 * holds and never nests deeper than {@value #MAX_DEPTH} sequences.
 */
final class DicomInput {

    /** Nesting of real objects stays below 20; every level costs stack. */
    static final int MAX_DEPTH = 64;

    /** Values longer than this are no header attributes; they are passed over as if absent. */
    static final int MAX_VALUE = 1 << 26;

    static final int ITEM = 0xFFFEE000;

    static final int ITEM_END = 0xFFFEE00D;

    static final int SEQUENCE_END = 0xFFFEE0DD;

    static final long UNDEFINED = 0xFFFFFFFFL;

    private static final int WINDOW = 1 << 13;

    private final ByteSource m_source;

    private final long m_end;

    private final boolean m_explicit;

    private final boolean m_bigEndian;

    private final byte[] m_window = new byte[WINDOW];

    private long m_windowStart;

    private int m_windowLength;

    private long m_position;

    private PixelLocation m_pixels;

    DicomInput(final ByteSource source, final long position, final long end, final boolean explicit,
        final boolean bigEndian) {
        m_source = source;
        m_position = position;
        m_end = end;
        m_explicit = explicit;
        m_bigEndian = bigEndian;
    }

    /** The items in the bytes of an element that was not known to be a sequence: implicit little endian. */
    static List<DataSet> itemsOf(final DataElement e, final CharacterSet characterSet) throws IOException {
        final byte[] bytes = e.bytes();
        final DicomInput in = new DicomInput(ByteSource.of(bytes), 0, bytes.length, false, false);
        return in.items(e.tag(), bytes.length, characterSet, 0);
    }

    /** Reads file meta information: the elements of group 0002, however long the group says it is. */
    DataSet readMeta() throws IOException {
        final NavigableMap<Integer, DataElement> elements = new TreeMap<>(Integer::compareUnsigned);
        while (m_end - m_position >= 8) {
            final long start = m_position;
            final int tag = readTag();
            if (tag >>> 16 != 2) {
                m_position = start;
                break;
            }
            add(elements, tag, start, CharacterSet.DEFAULT, 0);
        }
        return new DataSet(elements, CharacterSet.DEFAULT);
    }

    /** Reads the data set up to pixel data; see {@link #pixels()}. */
    DataSet readDataSet() throws IOException {
        return dataSet(m_end, CharacterSet.DEFAULT, 0);
    }

    /** Where reading goes on. */
    long position() {
        return m_position;
    }

    /** Where the top level's pixel data lies; null if there is none. */
    PixelLocation pixels() {
        return m_pixels;
    }

    /** Reads elements up to the end given, an end-of-item delimiter or pixel data at the top level. */
    private DataSet dataSet(final long end, final CharacterSet inherited, final int depth) throws IOException {
        final NavigableMap<Integer, DataElement> elements = new TreeMap<>(Integer::compareUnsigned);
        CharacterSet characterSet = inherited;
        while (m_position < end) {
            final long start = m_position;
            if (end - start < 8) {
                throw new DicomException(Reason.TRUNCATED,
                    "Element @ " + start + " needs 8 bytes, " + (end - start) + " remain", DicomException.NONE, start);
            }
            final int tag = readTag();
            if (tag == ITEM_END || tag == SEQUENCE_END) {
                readUnsignedInt();
                if (depth > 0) {
                    if (tag == SEQUENCE_END) {
                        m_position = start; // the item was not closed; the sequence is
                    }
                    break;
                }
                continue;
            }
            if (depth == 0 && isPixelData(tag)) {
                locatePixels(tag, start);
                break;
            }
            add(elements, tag, start, characterSet, depth);
            if (tag == Tag.SPECIFIC_CHARACTER_SET) {
                characterSet = CharacterSet.of(new DataSet(elements, CharacterSet.DEFAULT).texts(tag));
            }
        }
        return elements.isEmpty() ? DataSet.EMPTY : new DataSet(elements, characterSet);
    }

    private static boolean isPixelData(final int tag) {
        return tag == Tag.PIXEL_DATA || tag == Tag.FLOAT_PIXEL_DATA || tag == Tag.DOUBLE_FLOAT_PIXEL_DATA;
    }

    private void locatePixels(final int tag, final long start) throws IOException {
        final Header header = readHeader(tag, start);
        m_pixels = new PixelLocation(tag, header.vr, m_position,
            header.length == UNDEFINED ? PixelLocation.ENCAPSULATED : header.length);
    }

    /** VR and length as they stand in the file. */
    private record Header(VR vr, long length, boolean known) {
    }

    private Header readHeader(final int tag, final long start) throws IOException {
        if (!m_explicit) {
            return new Header(Dictionary.vr(tag), readUnsignedInt(), true);
        }
        final int first = readByte();
        final int second = readByte();
        final VR vr = VR.of(first, second);
        if (vr != null) {
            if (vr.hasLongLength()) {
                requireBytes(6, tag, start);
                readUnsignedShort();
                return new Header(vr, readUnsignedInt(), true);
            }
            return new Header(vr, readUnsignedShort(), true);
        }
        return unknownVr(tag, start, first, second);
    }

    /**
     * Two bytes where a VR belongs that are none: a VR of the future has a 32-bit length after two zero bytes (PS3.5
     * section 6.2.2), a spoiled one mostly a 16-bit length, and some writers slip implicit elements in between.
     */
    private Header unknownVr(final int tag, final long start, final int first, final int second) throws IOException {
        final int third = readByte();
        final int fourth = readByte();
        final long remaining = m_end - m_position;
        if (Character.isUpperCase(first) && Character.isUpperCase(second) && third == 0 && fourth == 0
            && remaining >= 4) {
            final long length = readUnsignedInt();
            if (length <= m_end - m_position) {
                return new Header(VR.UN, length, false);
            }
            m_position -= 4;
            return new Header(VR.UN, 0, false);
        }
        final long asImplicit = m_bigEndian ? (long)first << 24 | second << 16 | third << 8 | fourth
            : (long)fourth << 24 | third << 16 | second << 8 | first;
        if (asImplicit == UNDEFINED || asImplicit <= remaining && !(first >= ' ' && second >= ' ')) {
            return new Header(Dictionary.vr(tag), asImplicit, true);
        }
        final int asShort = m_bigEndian ? third << 8 | fourth : fourth << 8 | third;
        if (asShort <= remaining) {
            return new Header(VR.UN, asShort, false);
        }
        throw new DicomException(Reason.MALFORMED, String.format("VR bytes %02X %02X for tag %s @ %d are no VR", first,
            second, Tag.toString(tag), start), tag, start);
    }

    private void add(final NavigableMap<Integer, DataElement> elements, final int tag, final long start,
        final CharacterSet characterSet, final int depth) throws IOException {
        final Header header = readHeader(tag, start);
        final VR vr = header.vr;
        final long length = header.length;
        if (length == UNDEFINED) {
            elements.put(tag, undefined(tag, vr, start, characterSet, depth));
            return;
        }
        if (length > m_end - m_position) {
            throw exceeds(tag, start, length);
        }
        if (vr == VR.SQ) {
            final long offset = m_position;
            elements.put(tag, DataElement.sequence(tag, items(tag, m_position + length, characterSet, depth), offset));
            return;
        }
        final long offset = m_position;
        if (length <= MAX_VALUE) {
            final byte[] bytes = new byte[(int)length];
            readBytes(bytes);
            // A spoiled VR leaves the known one of the tag to be used.
            elements.put(tag, DataElement.value(tag, header.known ? vr : Dictionary.vr(tag), bytes, m_bigEndian, offset));
        } else {
            m_position += length;
        }
    }

    /** An undefined length: a sequence, or inside an item the compressed pixel data of an icon. */
    private DataElement undefined(final int tag, final VR vr, final long start, final CharacterSet characterSet,
        final int depth) throws IOException {
        final long offset = m_position;
        if (tag == Tag.PIXEL_DATA) {
            skipFragments(tag, start);
            return DataElement.value(tag, vr, new byte[0], m_bigEndian, offset);
        }
        if (m_explicit && vr == VR.UN) {
            // PS3.5 section 6.2.2 note: encoded as implicit little endian whatever surrounds it
            final DicomInput implicit = new DicomInput(m_source, m_position, m_end, false, false);
            final List<DataSet> items = implicit.items(tag, UNDEFINED, characterSet, depth);
            m_position = implicit.m_position;
            return DataElement.sequence(tag, items, offset);
        }
        if (vr != VR.SQ && vr != VR.UN && vr != VR.OB && vr != VR.OW) {
            throw new DicomException(Reason.MALFORMED,
                "Undefined length for tag " + Tag.toString(tag) + " @ " + start + " of VR " + vr, tag, start);
        }
        return DataElement.sequence(tag, items(tag, UNDEFINED, characterSet, depth), offset);
    }

    /** @param end where the sequence ends, or {@link #UNDEFINED} if a delimiter ends it */
    private List<DataSet> items(final int sequence, final long end, final CharacterSet characterSet, final int depth)
        throws IOException {
        if (depth >= MAX_DEPTH) {
            throw new DicomException(Reason.MALFORMED, "Tag " + Tag.toString(sequence) + " @ " + m_position
                + " is nested deeper than " + MAX_DEPTH + " sequences", sequence, m_position);
        }
        final List<DataSet> items = new ArrayList<>();
        final long limit = end == UNDEFINED ? m_end : end;
        while (m_position < limit) {
            final long start = m_position;
            if (limit - start < 8) {
                throw new DicomException(Reason.TRUNCATED, "Item of tag " + Tag.toString(sequence) + " @ " + start
                    + " needs 8 bytes, " + (limit - start) + " remain", sequence, start);
            }
            final int tag = readTag();
            final long length = readUnsignedInt();
            if (tag == SEQUENCE_END) {
                return trimmed(items);
            }
            if (tag == ITEM_END) {
                continue;
            }
            if (tag != ITEM) {
                throw new DicomException(Reason.MALFORMED, "Tag " + Tag.toString(tag) + " @ " + start
                    + " where an item of tag " + Tag.toString(sequence) + " should begin", tag, start);
            }
            if (length != UNDEFINED && length > limit - m_position) {
                throw exceeds(tag, start, length);
            }
            final long itemEnd = length == UNDEFINED ? limit : m_position + length;
            final DataSet item = dataSet(itemEnd, characterSet, depth + 1);
            if (length != UNDEFINED) {
                m_position = itemEnd;
            }
            items.add(item);
        }
        if (end == UNDEFINED) {
            throw new DicomException(Reason.TRUNCATED,
                "Sequence of tag " + Tag.toString(sequence) + " is not closed at the end (pos: " + m_position + ")",
                sequence, m_position);
        }
        return trimmed(items);
    }

    private static List<DataSet> trimmed(final List<DataSet> items) {
        return items.isEmpty() ? List.of() : items;
    }

    private void skipFragments(final int sequence, final long start) throws IOException {
        while (true) {
            requireBytes(8, sequence, start);
            final long at = m_position;
            final int tag = readTag();
            final long length = readUnsignedInt();
            if (tag == SEQUENCE_END) {
                return;
            }
            if (tag != ITEM || length > m_end - m_position) {
                throw exceeds(tag, at, length);
            }
            m_position += length;
        }
    }

    private DicomException exceeds(final int tag, final long start, final long length) {
        return new DicomException(Reason.TRUNCATED, "Length " + length + " for tag " + Tag.toString(tag) + " @ " + start
            + " exceeds remaining " + (m_end - m_position) + " (pos: " + m_position + ")", tag, start);
    }

    private void requireBytes(final int count, final int tag, final long start) throws DicomException {
        if (m_end - m_position < count) {
            throw new DicomException(Reason.TRUNCATED, "Tag " + Tag.toString(tag) + " @ " + start + " needs " + count
                + " bytes, " + (m_end - m_position) + " remain (pos: " + m_position + ")", tag, start);
        }
    }

    private int readTag() throws IOException {
        final int group = readUnsignedShort();
        return group << 16 | readUnsignedShort();
    }

    private int readUnsignedShort() throws IOException {
        final int a = readByte();
        final int b = readByte();
        return m_bigEndian ? a << 8 | b : b << 8 | a;
    }

    private long readUnsignedInt() throws IOException {
        final long a = readUnsignedShort();
        final long b = readUnsignedShort();
        return m_bigEndian ? a << 16 | b : b << 16 | a;
    }

    private int readByte() throws IOException {
        if (m_position < m_windowStart || m_position >= m_windowStart + m_windowLength) {
            fill();
        }
        return m_window[(int)(m_position++ - m_windowStart)] & 0xff;
    }

    private void fill() throws IOException {
        if (m_position >= m_end) {
            throw new DicomException(Reason.TRUNCATED, "The data ends @ " + m_end + " inside an element",
                DicomException.NONE, m_position);
        }
        m_windowStart = m_position;
        m_windowLength = (int)Math.min(WINDOW, m_end - m_position);
        m_source.read(m_windowStart, m_window, 0, m_windowLength);
    }

    private void readBytes(final byte[] target) throws IOException {
        final long available = m_windowStart + m_windowLength - m_position;
        if (m_position >= m_windowStart && target.length <= available) {
            System.arraycopy(m_window, (int)(m_position - m_windowStart), target, 0, target.length);
        } else if (target.length > 0) {
            m_source.read(m_position, target, 0, target.length);
        }
        m_position += target.length;
    }

    /** Whether bytes spell ASCII text. */
    static boolean isAscii(final byte[] bytes, final int offset, final String text) {
        final byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(bytes, offset, offset + expected.length, expected, 0, expected.length);
    }
}
