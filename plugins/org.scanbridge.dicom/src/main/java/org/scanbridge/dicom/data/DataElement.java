package org.scanbridge.dicom.data;

import java.util.List;
import java.util.Objects;

/**
 * One element of a data set: a tag, a VR and either bytes or, for sequences, items. Immutable by convention: the bytes
 * are shared and never written to.
 */
public final class DataElement {

    private final int m_tag;

    private final VR m_vr;

    private final byte[] m_bytes;

    private final boolean m_bigEndian;

    private final List<DataSet> m_items;

    private final long m_offset;

    private DataElement(final int tag, final VR vr, final byte[] bytes, final boolean bigEndian,
        final List<DataSet> items, final long offset) {
        m_tag = tag;
        m_vr = Objects.requireNonNull(vr, "vr");
        m_bytes = bytes;
        m_bigEndian = bigEndian;
        m_items = items;
        m_offset = offset;
    }

    /**
     * An element with a value.
     *
     * @param bytes the encoded value, not copied
     * @param bigEndian byte order of numbers in it
     * @param offset where the value lies in the file, or {@link DicomException#NONE}
     */
    static DataElement value(final int tag, final VR vr, final byte[] bytes, final boolean bigEndian,
        final long offset) {
        return new DataElement(tag, vr, bytes, bigEndian, null, offset);
    }

    /** A sequence. */
    static DataElement sequence(final int tag, final List<DataSet> items, final long offset) {
        return new DataElement(tag, VR.SQ, new byte[0], false, List.copyOf(items), offset);
    }

    /** Group number in the upper, element number in the lower 16 bits. */
    public int tag() {
        return m_tag;
    }

    /** How the value is encoded; UN for an implicit element whose tag is not known. */
    public VR vr() {
        return m_vr;
    }

    /** The encoded value; empty for a sequence; shared, read only. */
    public byte[] bytes() {
        return m_bytes;
    }

    /** Byte order of numbers in the value. */
    public boolean isBigEndian() {
        return m_bigEndian;
    }

    /** Whether this is a sequence whose items are known. */
    boolean isSequence() {
        return m_items != null;
    }

    /** The items of a sequence; empty for other elements. */
    List<DataSet> items() {
        return m_items == null ? List.of() : m_items;
    }

    /** Where the value lies in the file in bytes, or {@link DicomException#NONE}. */
    public long offset() {
        return m_offset;
    }

    /** Whether there is neither a byte nor an item. */
    public boolean isEmpty() {
        return m_bytes.length == 0 && items().isEmpty();
    }

    /** Tag, VR and length; never the value, which may identify a patient. */
    @Override
    public String toString() {
        return Tag.toString(m_tag) + " " + m_vr + " "
            + (m_items == null ? m_bytes.length + " bytes" : m_items.size() + " items");
    }
}
