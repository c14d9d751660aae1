package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.util.Objects;

/**
 * An archive that does not do what it was asked. Messages name the archive by host and port, what was asked, what came, and
 * the way out; never credentials, nor the value of an attribute that identifies a patient.
 */
public final class ArchiveException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Kind {
            /** The archive answered, with a refusal and a reason. */
            REFUSED,
            /** Nobody answered: no such host, no connection, no trust in the other's certificate, too long a wait. */
            NOT_REACHABLE,
            /** Who asked may not: wrong or no credentials, or a connection that the settings forbid. */
            NOT_ALLOWED,
            /** What came is no answer to the question: cut off, or not as the protocol says. */
            BROKEN_ANSWER
    }

    private final Kind m_kind;

    /**
     * @param kind what kind of failure
     * @param message for the user, with the way out
     */
    public ArchiveException(final Kind kind, final String message) {
        super(message);
        m_kind = Objects.requireNonNull(kind, "kind");
    }

    /** A failure that something else found. */
    public ArchiveException(final Kind kind, final String message, final Throwable cause) {
        super(message, cause);
        m_kind = Objects.requireNonNull(kind, "kind");
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return m_kind;
    }
}
