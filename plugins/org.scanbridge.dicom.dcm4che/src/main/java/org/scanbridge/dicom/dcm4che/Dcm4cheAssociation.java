package org.scanbridge.dicom.dcm4che;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import org.dcm4che3.io.DicomInputStream;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.DataWriter;
import org.dcm4che3.net.DataWriterAdapter;
import org.dcm4che3.net.DimseRSP;
import org.scanbridge.dicom.archive.dimse.DimseAssociation;
import org.scanbridge.dicom.archive.dimse.DimseFile;
import org.scanbridge.dicom.archive.dimse.DimseReceiver;
import org.scanbridge.dicom.archive.dimse.DimseStatus;
import org.scanbridge.dicom.archive.dimse.Patience;
import org.scanbridge.dicom.data.DataSet;

/** An association of dcm4che's. Requests are written by a thread of their own, since a peer that does not read blocks it. */
final class Dcm4cheAssociation implements DimseAssociation {

    private static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";

    private static final String MOVE = "1.2.840.10008.5.1.4.1.2.2.2";

    private static final String GET = "1.2.840.10008.5.1.4.1.2.2.3";

    /** Priority (0000,0700). */
    private static final int MEDIUM = 0;

    /** How often whoever waits looks whether the waiting is over, in ms. */
    private static final long POLL = 100;

    private static final int BUFFER = 1 << 16;

    private final Association m_association;

    private final ExecutorService m_executor;

    /** Who takes what arrives, by association; shared with the port. */
    private final Map<Association, DimseReceiver> m_receivers;

    private final Consumer<Dcm4cheAssociation> m_closed;

    /** @param closed told when it is over */
    Dcm4cheAssociation(final Association association, final ExecutorService executor,
        final Map<Association, DimseReceiver> receivers, final Consumer<Dcm4cheAssociation> closed) {
        m_association = association;
        m_executor = executor;
        m_receivers = receivers;
        m_closed = closed;
    }

    @Override
    public Set<String> accepted(final String sopClass) {
        return Set.copyOf(m_association.getTransferSyntaxesFor(sopClass));
    }

    /** Writes a request. */
    @FunctionalInterface
    private interface Request {
        void write(Responses responses) throws IOException, InterruptedException;
    }

    private DimseStatus run(final Request request, final Consumer<DataSet> pending, final Patience patience)
        throws IOException {
        final Responses responses = new Responses(m_association.nextMessageID(), pending, patience);
        boolean done = false;
        final Future<?> writing = m_executor.submit(() -> {
            request.write(responses);
            return null;
        });
        try {
            while (!responses.await(POLL)) {
                patience.check();
                if (writing.isDone()) {
                    writing.get();
                }
            }
            final DimseStatus status = responses.status();
            done = true;
            return status;
        } catch (final ExecutionException e) {
            throw Failures.of(e.getCause());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        } finally {
            if (!done) {
                abort();
                writing.cancel(true);
            }
        }
    }

    @Override
    public DimseStatus echo(final Patience patience) throws IOException {
        return run(responses -> {
            // The only request of dcm4che's that takes no handler; it is written and waited for in this thread.
            final DimseRSP answer = m_association.cecho();
            while (answer.next()) {
                responses.onDimseRSP(m_association, answer.getCommand(), null);
            }
        }, match -> { }, patience);
    }

    @Override
    public DimseStatus find(final DataSet identifier, final Consumer<DataSet> matches, final Patience patience)
        throws IOException {
        return run(responses -> m_association.cfind(FIND, MEDIUM, Identifiers.toDcm4che(identifier), null, responses), matches,
            patience);
    }

    @Override
    public DimseStatus get(final DataSet identifier, final DimseReceiver receiver, final Patience patience) throws IOException {
        m_receivers.put(m_association, receiver);
        try {
            return run(responses -> m_association.cget(GET, MEDIUM, Identifiers.toDcm4che(identifier), null, responses),
                match -> { }, patience);
        } finally {
            m_receivers.remove(m_association);
        }
    }

    @Override
    public DimseStatus move(final DataSet identifier, final String destination, final Patience patience) throws IOException {
        return run(responses -> m_association.cmove(MOVE, MEDIUM, Identifiers.toDcm4che(identifier), null, destination,
            responses), match -> { }, patience);
    }

    @Override
    public DimseStatus store(final DimseFile file, final String transferSyntax, final Patience patience) throws IOException {
        final DataWriter data = transferSyntax.equals(file.transferSyntax().uid()) ? asItIs(file, patience) : converted(file);
        return run(responses -> m_association.cstore(file.sopClass(), file.sopInstance(), MEDIUM, data, transferSyntax,
            responses), match -> { }, patience);
    }

    private static DataWriter asItIs(final DimseFile file, final Patience patience) {
        return (out, transferSyntax) -> {
            final byte[] buffer = new byte[BUFFER];
            try (InputStream in = file.dataSet()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                    patience.heard();
                }
            }
        };
    }

    private static DataWriter converted(final DimseFile file) throws IOException {
        try (DicomInputStream in = new DicomInputStream(file.dataSet(), file.transferSyntax().uid())) {
            return new DataWriterAdapter(in.readDataset());
        }
    }

    /** Closes the socket at once rather than asking dcm4che for A-ABORT, which waits for whoever is writing. */
    void abort() {
        try {
            m_association.getSocket().setSoLinger(true, 0); // TLS, too, would wait for whoever is writing
            m_association.getSocket().close();
        } catch (final IOException e) {
            return; // it is closed all the same
        }
    }

    @Override
    public void close() {
        try {
            if (m_association.isReadyForDataTransfer()) {
                m_association.release();
                m_association.waitForSocketClose();
            }
        } catch (final IOException e) {
            abort(); // what was asked is answered; how the other side says goodbye does not matter
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            abort();
        } finally {
            m_closed.accept(this);
        }
    }
}
