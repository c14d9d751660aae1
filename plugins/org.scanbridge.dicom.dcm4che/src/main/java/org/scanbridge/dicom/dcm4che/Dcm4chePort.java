package org.scanbridge.dicom.dcm4che;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

import javax.net.ssl.SSLContext;

import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.VR;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.IncompatibleConnectionException;
import org.dcm4che3.net.PDVInputStream;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.pdu.RoleSelection;
import org.dcm4che3.net.pdu.UserIdentityRQ;
import org.dcm4che3.net.service.BasicCEchoSCP;
import org.dcm4che3.net.service.BasicCStoreSCP;
import org.dcm4che3.net.service.DicomServiceRegistry;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;
import org.scanbridge.dicom.archive.dimse.DimseAssociation;
import org.scanbridge.dicom.archive.dimse.DimseContext;
import org.scanbridge.dicom.archive.dimse.DimseException;
import org.scanbridge.dicom.archive.dimse.DimseException.Failure;
import org.scanbridge.dicom.archive.dimse.DimsePeer;
import org.scanbridge.dicom.archive.dimse.DimsePort;
import org.scanbridge.dicom.archive.dimse.DimseReceiver;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.web.Trust;

/** A device of dcm4che's with one application entity: ours. */
final class Dcm4chePort implements DimsePort {

    private static final String VERIFICATION = "1.2.840.10008.1.1";

    private static final int AFFECTED_SOP_CLASS_UID = 0x00000002;

    private static final int AFFECTED_SOP_INSTANCE_UID = 0x00001000;

    private static final int STATUS = 0x00000900;

    private static final int CANNOT_UNDERSTAND = 0xC000;

    private static final int NOT_AUTHORIZED = 0x0124;

    /** Longest P-DATA-TF that is taken and, if the archive takes it, sent, in bytes. */
    private static final int PDU = 1 << 17;

    private final DimsePeer m_peer;

    private final ArchiveSettings m_settings;

    private final SSLContext m_tls;

    private final int m_timeout;

    private final Device m_device;

    private final ApplicationEntity m_entity;

    /** Makes the sockets of all our associations. */
    private final PeerConnection m_local;

    private final ExecutorService m_executor = Executors.newCachedThreadPool(daemons());

    private final ScheduledExecutorService m_timer = Executors.newSingleThreadScheduledExecutor(daemons());

    private final Map<Association, DimseReceiver> m_receivers = new ConcurrentHashMap<>();

    private final Set<Dcm4cheAssociation> m_open = ConcurrentHashMap.newKeySet();

    /** Sockets on which others send. */
    private final Map<Association, Socket> m_incoming = new ConcurrentHashMap<>();

    private volatile DimseReceiver m_listener;

    /** @throws ArchiveException if certificates cannot be used */
    Dcm4chePort(final DimsePeer peer, final ArchiveSettings settings) throws ArchiveException {
        m_peer = peer;
        m_settings = settings;
        m_tls = Trust.context(settings.authorities(), settings.credentials());
        m_timeout = (int)Math.min(Integer.MAX_VALUE, settings.timeout().toMillis());
        m_device = new Device("scanbridge");
        m_device.setExecutor(m_executor);
        m_device.setScheduledExecutor(m_timer);
        m_entity = new ApplicationEntity(peer.callingTitle());
        m_entity.setAssociationInitiator(true);
        m_entity.setAssociationAcceptor(true);
        m_device.addApplicationEntity(m_entity);
        m_local = new PeerConnection(peer, m_tls, m_timeout);
        m_local.setSendPDULength(PDU);
        m_local.setReceivePDULength(PDU);
        m_device.addConnection(m_local);
        m_entity.addConnection(m_local);
        final DicomServiceRegistry services = new DicomServiceRegistry();
        services.addDicomService(new BasicCEchoSCP());
        services.addDicomService(new Storage());
        m_device.setDimseRQHandler(services);
        if (peer.tls()) {
            Trust.keys(settings.credentials()).ifPresent(m_device::setKeyManager);
            Trust.trust(settings.authorities()).ifPresent(m_device::setTrustManager);
        }
    }

    private static ThreadFactory daemons() {
        return task -> {
            final Thread thread = new Thread(task, "scanbridge-dimse");
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Hands on what arrives, on our associations or on others'. */
    private final class Storage extends BasicCStoreSCP {

        Storage() {
            super("*");
        }

        @Override
        protected void store(final Association association, final PresentationContext context, final Attributes request,
            final PDVInputStream data, final Attributes response) throws IOException {
            DimseReceiver receiver = m_receivers.get(association);
            if (receiver == null && !association.isRequestor()) {
                m_incoming.put(association, association.getSocket());
                receiver = m_listener;
            }
            final int status = receiver == null ? NOT_AUTHORIZED : data == null ? CANNOT_UNDERSTAND
                : receiver.receive(request.getString(AFFECTED_SOP_CLASS_UID), request.getString(AFFECTED_SOP_INSTANCE_UID),
                    context.getTransferSyntax(), data);
            response.setInt(STATUS, VR.US, status);
        }

        @Override
        public void onClose(final Association association) {
            m_incoming.remove(association);
        }
    }

    @Override
    public DimseAssociation open(final List<DimseContext> contexts) throws DimseException {
        final long start = System.nanoTime();
        try {
            final Association association =
                m_entity.connect(m_local, new Connection("archive", m_peer.host(), m_peer.port()), request(contexts));
            final Dcm4cheAssociation open =
                new Dcm4cheAssociation(association, m_executor, m_receivers, m_open::remove);
            m_open.add(open);
            return open;
        } catch (final IOException | IncompatibleConnectionException | GeneralSecurityException e) {
            final DimseException failure = Failures.of(e);
            // dcm4che itself aborts an association that nobody answers.
            throw failure.failure() == Failure.ABORTED && System.nanoTime() - start >= Duration.ofMillis(m_timeout).toNanos()
                ? new DimseException(Failure.SILENT, e) : failure;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        }
    }

    private void remove(final Connection connection) {
        m_entity.removeConnection(connection);
        m_device.removeConnection(connection);
    }

    private AAssociateRQ request(final List<DimseContext> contexts) {
        final AAssociateRQ request = new AAssociateRQ();
        request.setCallingAET(m_peer.callingTitle());
        request.setCalledAET(m_peer.calledTitle());
        int id = 1;
        for (final DimseContext context : contexts) {
            if (context.receiving() && request.getRoleSelectionFor(context.sopClass()) == null) {
                request.addRoleSelection(new RoleSelection(context.sopClass(), false, true));
            }
            request.addPresentationContext(new PresentationContext(id, context.sopClass(),
                context.transferSyntaxes().toArray(String[]::new)));
            id += 2;
        }
        final Credentials who = m_settings.credentials();
        if (!who.user().isEmpty()) {
            request.setUserIdentityRQ(UserIdentityRQ.usernamePasscode(who.user(), who.password().toCharArray(), false));
        }
        return request;
    }

    @Override
    public Closeable listen(final int port, final List<String> transferSyntaxes, final DimseReceiver receiver)
        throws DimseException {
        final Connection connection = new Connection();
        connection.setPort(port);
        connection.setReceivePDULength(PDU);
        connection.setRequestTimeout(m_timeout);
        connection.setIdleTimeout(m_timeout);
        if (m_peer.isLocal()) {
            connection.setBindAddress(InetAddress.getLoopbackAddress().getHostAddress());
        }
        if (m_peer.tls()) {
            connection.setTlsProtocols("TLSv1.3", "TLSv1.2");
            connection.setTlsCipherSuites(m_tls.getDefaultSSLParameters().getCipherSuites());
            connection.setTlsNeedClientAuth(true); // or anybody could send
        }
        m_device.addConnection(connection);
        m_entity.addConnection(connection);
        m_entity.addTransferCapability(new TransferCapability(null, "*", TransferCapability.Role.SCP,
            transferSyntaxes.toArray(String[]::new)));
        m_entity.addTransferCapability(new TransferCapability(null, VERIFICATION, TransferCapability.Role.SCP,
            TransferSyntax.IMPLICIT_LITTLE_ENDIAN.uid(), TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid()));
        m_listener = receiver;
        try {
            connection.bind();
        } catch (final IOException | GeneralSecurityException e) {
            remove(connection);
            throw new DimseException(Failure.PORT, e);
        }
        return () -> {
            connection.unbind();
            m_listener = null;
            remove(connection);
        };
    }

    @Override
    public void close() {
        m_device.unbindConnections();
        m_open.forEach(Dcm4cheAssociation::abort);
        m_incoming.values().forEach(Dcm4chePort::close);
        m_executor.shutdownNow();
        m_timer.shutdownNow();
    }

    private static void close(final Socket socket) {
        try {
            socket.close();
        } catch (final IOException e) {
            return; // it is closed all the same
        }
    }
}
