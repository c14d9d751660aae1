package org.scanbridge.dicom.archive.dimse;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.imaging.Progress;

/**
 * How long a thread goes on waiting for an archive: until it was silent for too long, the user does not want any more, or
 * another thread found a reason. Thread-safe.
 */
public final class Patience {

    private final String m_archive;

    private final Duration m_limit;

    private final Progress m_progress;

    private final LongSupplier m_clock;

    private final AtomicReference<Exception> m_failure = new AtomicReference<>();

    private volatile long m_heard;

    private volatile String m_message = "";

    /**
     * @param archive its name, for messages
     * @param limit longest silence
     * @param progress cancels
     */
    public Patience(final String archive, final Duration limit, final Progress progress) {
        this(archive, limit, progress, System::nanoTime);
    }

    /** @param clock in ns */
    Patience(final String archive, final Duration limit, final Progress progress, final LongSupplier clock) {
        m_archive = Objects.requireNonNull(archive, "archive");
        m_limit = Objects.requireNonNull(limit, "limit");
        m_progress = Objects.requireNonNull(progress, "progress");
        m_clock = Objects.requireNonNull(clock, "clock");
        m_heard = clock.getAsLong();
    }

    /** The archive gave a sign of life. */
    public void heard() {
        m_heard = m_clock.getAsLong();
    }

    /** Longest silence. */
    Duration limit() {
        return m_limit;
    }

    /** What the progress shows at the next check. */
    void say(final String message) {
        m_message = message;
    }

    /** Ends the waiting; only the first reason counts. */
    void fail(final IOException reason) {
        m_failure.compareAndSet(null, reason);
    }

    /** Ends the waiting; only the first reason counts. */
    void fail(final RuntimeException reason) {
        m_failure.compareAndSet(null, reason);
    }

    /** Whether the waiting is over because something failed. */
    boolean hasFailed() {
        return m_failure.get() != null;
    }

    /** Whether the archive was silent for too long. */
    boolean isOver() {
        return Duration.ofNanos(m_clock.getAsLong() - m_heard).compareTo(m_limit) > 0;
    }

    /** Throws what failed, if something did. */
    void rethrow() throws IOException {
        final Optional<Exception> failure = Optional.ofNullable(m_failure.get());
        if (failure.isPresent() && failure.get() instanceof IOException) {
            throw (IOException)failure.get();
        }
        if (failure.isPresent()) {
            throw (RuntimeException)failure.get();
        }
    }

    /** Throws what failed, or what the progress throws. */
    void attend() throws IOException {
        rethrow();
        m_progress.report(0, m_message);
    }

    /**
     * Throws if the waiting is over. To be called by the thread that waits, several times a second.
     *
     * @throws ArchiveException if the archive was silent for too long
     * @throws IOException what another thread found
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    public void check() throws IOException {
        attend();
        if (isOver()) {
            throw new ArchiveException(Kind.NOT_REACHABLE, "The archive " + m_archive + " does not answer (after "
                + m_limit.toSeconds() + " s).");
        }
    }
}
