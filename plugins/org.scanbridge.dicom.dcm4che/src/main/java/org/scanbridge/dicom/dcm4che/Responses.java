package org.scanbridge.dicom.dcm4che;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.dcm4che3.data.Attributes;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.DimseRSPHandler;
import org.scanbridge.dicom.archive.dimse.DimseStatus;
import org.scanbridge.dicom.archive.dimse.Patience;
import org.scanbridge.dicom.data.DataSet;

/** Takes the responses of one request in the thread that reads the association, and lets another wait for the last one. */
final class Responses extends DimseRSPHandler {

    private static final int STATUS = 0x00000900;

    private static final int ERROR_COMMENT = 0x00000902;

    private static final int COMPLETED = 0x00001021;

    private static final int FAILED = 0x00001022;

    private static final int WARNINGS = 0x00001023;

    private static final int PROCESSING_FAILURE = 0x0110;

    private final Consumer<DataSet> m_pending;

    private final Patience m_patience;

    private final CountDownLatch m_over = new CountDownLatch(1);

    private volatile DimseStatus m_status;

    private volatile Exception m_failure;

    /** @param pending takes identifiers of pending responses */
    Responses(final int messageId, final Consumer<DataSet> pending, final Patience patience) {
        super(messageId);
        m_pending = pending;
        m_patience = patience;
    }

    @Override
    public void onDimseRSP(final Association association, final Attributes command, final Attributes data) {
        super.onDimseRSP(association, command, data);
        m_patience.heard();
        final DimseStatus status = status(command);
        if (!status.isPending()) {
            m_status = status;
            m_over.countDown();
        } else if (data != null && m_failure == null) {
            try {
                m_pending.accept(Identifiers.fromDcm4che(data));
            } catch (final IOException | RuntimeException e) {
                m_failure = e;
                m_over.countDown();
            }
        }
    }

    private static DimseStatus status(final Attributes command) {
        final String comment = command.getString(ERROR_COMMENT);
        return new DimseStatus(command.getInt(STATUS, PROCESSING_FAILURE) & 0xffff, comment == null ? "" : comment,
            command.getInt(COMPLETED, DimseStatus.NOT_TOLD), command.getInt(FAILED, DimseStatus.NOT_TOLD),
            command.getInt(WARNINGS, DimseStatus.NOT_TOLD));
    }

    @Override
    public void onClose(final Association association) {
        super.onClose(association);
        if (m_status == null && m_failure == null) {
            m_failure = association.getException() == null ? new IOException("released without an answer")
                : association.getException();
        }
        m_over.countDown();
    }

    /** Whether the last response is there, or none comes any more. */
    boolean await(final long milliseconds) throws InterruptedException {
        return m_over.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** The last response's status. */
    DimseStatus status() throws IOException {
        if (m_failure != null) {
            throw Failures.of(m_failure);
        }
        return m_status;
    }
}
