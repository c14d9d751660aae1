package org.scanbridge.dicom.archive.dimse;

import java.io.IOException;
import java.util.Objects;

/** An association that could not be opened or did not last; what a user is told is made of it in one place. */
public final class DimseException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Failure {
            /** Nobody knows the host's name. */
            NO_HOST,
            /** Nobody listens, or the network does not lead there. */
            NO_CONNECTION,
            /** TLS failed: one side does not trust the other's certificate, or there is no TLS at all. */
            NO_TRUST,
            /** The other side took the connection and said nothing. */
            SILENT,
            /** A-ASSOCIATE-RJ. */
            REJECTED,
            /** A-ABORT. */
            ABORTED,
            /** The connection broke, or what came is no DIMSE. */
            BROKEN,
            /** An own port cannot be opened. */
            PORT
    }

    private final Failure m_failure;

    private final int m_result;

    private final int m_source;

    private final int m_reason;

    private DimseException(final Failure failure, final int result, final int source, final int reason, final Throwable cause) {
        super(failure.name(), cause);
        m_failure = Objects.requireNonNull(failure, "failure");
        m_result = result;
        m_source = source;
        m_reason = reason;
    }

    /**
     * A failure other than a rejection.
     *
     * @param cause what the library or the platform threw; null if nothing did
     */
    public DimseException(final Failure failure, final Throwable cause) {
        this(failure, 0, 0, 0, cause);
    }

    /**
     * The peer does not want the association (A-ASSOCIATE-RJ, PS3.8 table 9-21).
     *
     * @param result 1 for ever, 2 for now
     * @param source who says so: 1 the application, 2 or 3 the network below it
     * @param reason what for, by source
     */
    public static DimseException rejected(final int result, final int source, final int reason, final Throwable cause) {
        return new DimseException(Failure.REJECTED, result, source, reason, cause);
    }

    /** What happened. */
    public Failure failure() {
        return m_failure;
    }

    /** Result of a rejection: 1 for ever, 2 for now; 0 for other failures. */
    public int result() {
        return m_result;
    }

    /** Source of a rejection: 1 the application, 2 its part for associations, 3 that for presentation; 0 for other failures. */
    public int source() {
        return m_source;
    }

    /** Reason of a rejection, by source; 0 for other failures. */
    public int reason() {
        return m_reason;
    }
}
