package org.scanbridge.dicom.archive.dimse;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.InstanceReceiver;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.TransferSyntax;

/** Hands on what an archive sends during one retrieval, one instance after the other, as files. Thread-safe. */
final class Reception implements DimseReceiver {

    /** Refused: out of resources (PS3.4 table B.2-1). */
    private static final int OUT_OF_RESOURCES = 0xA700;

    /** Cannot understand (PS3.4 table B.2-1). */
    private static final int CANNOT_UNDERSTAND = 0xC000;

    /** Longest wait for the receiver at the end: it writes to a disk. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String m_archive;

    private final InstanceReceiver m_receiver;

    private final Patience m_patience;

    private final int m_before;

    /** Held by whoever hands on an instance. */
    private final ReentrantLock m_handing = new ReentrantLock();

    private final AtomicInteger m_count = new AtomicInteger();

    private volatile boolean m_over;

    /**
     * @param archive its name, for messages
     * @param receiver takes the files
     * @param patience hears of each piece, and what the receiver threw
     * @param before how many came before, for the progress
     */
    Reception(final String archive, final InstanceReceiver receiver, final Patience patience, final int before) {
        m_archive = Objects.requireNonNull(archive, "archive");
        m_receiver = Objects.requireNonNull(receiver, "receiver");
        m_patience = Objects.requireNonNull(patience, "patience");
        m_before = before;
    }

    @Override
    public int receive(final String sopClass, final String sopInstance, final String transferSyntax,
        final InputStream dataSet) {
        m_handing.lock();
        try {
            return handOn(sopClass, sopInstance, transferSyntax, dataSet);
        } finally {
            m_handing.unlock();
        }
    }

    private int handOn(final String sopClass, final String sopInstance, final String transferSyntax,
        final InputStream dataSet) {
        m_patience.heard();
        if (m_over || m_patience.hasFailed()) {
            return OUT_OF_RESOURCES;
        }
        if (!SeriesKey.isUid(String.valueOf(sopClass)) || !SeriesKey.isUid(String.valueOf(sopInstance))) {
            return CANNOT_UNDERSTAND;
        }
        final byte[] head = DicomOutput.head(sopClass, sopInstance, TransferSyntax.of(transferSyntax));
        final PieceByPiece pieces = new PieceByPiece(dataSet);
        try {
            m_receiver.receive(new SequenceInputStream(new ByteArrayInputStream(head), pieces));
        } catch (final IOException e) {
            // What broke off is told by the association, too, and perhaps tried again: that is no reason of the receiver's.
            if (!pieces.m_broken) {
                m_patience.fail(e);
            }
            return OUT_OF_RESOURCES;
        } catch (final RuntimeException e) {
            m_patience.fail(e);
            return OUT_OF_RESOURCES;
        }
        m_patience.say(m_before + m_count.incrementAndGet() + " received");
        m_patience.heard();
        return 0;
    }

    /** How many instances the receiver took. */
    int count() {
        return m_count.get();
    }

    /**
     * Takes nothing more from now on, and waits a little for what is under way; an archive that stops within an image does not
     * hold up anybody.
     */
    void end() {
        m_over = true;
        try {
            final Duration wait = GRACE.compareTo(m_patience.limit()) < 0 ? GRACE : m_patience.limit();
            if (m_handing.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                m_handing.unlock();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt(); // for whoever waits next
        }
    }

    /** Tells of each piece, and does not end before the data set does. */
    private final class PieceByPiece extends FilterInputStream {

        private boolean m_broken;

        PieceByPiece(final InputStream dataSet) {
            super(dataSet);
        }

        @Override
        public int read() throws IOException {
            final byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(final byte[] bytes, final int offset, final int length) throws IOException {
            if (m_over || m_patience.hasFailed()) {
                throw broken(null);
            }
            try {
                final int n = in.read(bytes, offset, length);
                m_patience.heard();
                return n;
            } catch (final IOException e) {
                throw broken(e);
            }
        }

        @Override
        public void close() {
            // The association goes on to the next message by itself.
        }

        private ArchiveException broken(final IOException cause) {
            m_broken = true;
            return new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_archive
                + " broke off within an image.", cause);
        }
    }
}
