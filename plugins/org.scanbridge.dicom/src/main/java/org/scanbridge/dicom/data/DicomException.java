package org.scanbridge.dicom.data;

import java.io.IOException;
import java.util.Objects;

/**
 * A file or data set that cannot be used, with what is wrong and where. Messages hold tags, offsets, lengths and
 * geometry, never the value of a patient attribute.
 */
public final class DicomException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What kind of defect it is. */
    public enum Reason {
            /** The bytes are no DICOM file at all. */
            NOT_DICOM,
            /** The data is a compressed file or an archive, whose content is not looked at. */
            COMPRESSED,
            /** The encoding is broken: a length, a tag or a nesting that cannot be. */
            MALFORMED,
            /** The file ends before the data it announces. */
            TRUNCATED,
            /** An attribute that is needed is absent. */
            MISSING_ATTRIBUTE,
            /** An attribute has a value that cannot be used. */
            BAD_VALUE,
            /** Valid DICOM, but of a kind that is not read here. */
            UNSUPPORTED
    }

    /** Stands for "no single tag" or "no offset". */
    public static final int NONE = -1;

    private final Reason m_reason;

    private final int m_tag;

    private final long m_offset;

    /**
     * @param reason what kind of defect
     * @param message names tag, offset and value, and the way out where there is one
     * @param tag the tag concerned, or {@link #NONE}
     * @param offset position in the file in bytes, or {@link #NONE}
     */
    public DicomException(final Reason reason, final String message, final int tag, final long offset) {
        super(message);
        m_reason = Objects.requireNonNull(reason, "reason");
        m_tag = tag;
        m_offset = offset;
    }

    /** A defect that belongs to no single tag and offset. */
    public DicomException(final Reason reason, final String message) {
        this(reason, message, NONE, NONE);
    }

    /** A defect that another library found in the data. */
    public DicomException(final Reason reason, final String message, final Throwable cause) {
        this(reason, message);
        initCause(cause);
    }

    /** What kind of defect it is. */
    public Reason reason() {
        return m_reason;
    }

    /** The tag concerned (group in the upper 16 bits), or {@link #NONE}. */
    public int tag() {
        return m_tag;
    }

    /** Position in the file in bytes, or {@link #NONE}. */
    public long offset() {
        return m_offset;
    }
}
