package org.scanbridge.dicom.dcm4che;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.dcm4che3.net.Connection;
import org.scanbridge.dicom.archive.dimse.DimsePeer;

/**
 * Connections to the archive. dcm4che's own wait for the other side's TLS without a limit, so these make their sockets
 * themselves; the host's name must be that of the certificate (RFC 2818), as for https.
 */
final class PeerConnection extends Connection {

    private static final long serialVersionUID = 1L;

    private final transient DimsePeer m_peer;

    private final transient SSLContext m_tls;

    private final int m_timeout;

    /**
     * @param tls for encrypted connections; not used by others
     * @param timeout longest wait for each step, in ms
     */
    PeerConnection(final DimsePeer peer, final SSLContext tls, final int timeout) {
        m_peer = peer;
        m_tls = tls;
        m_timeout = timeout;
        setAcceptTimeout(timeout);
        setReleaseTimeout(timeout);
        setConnectTimeout(timeout);
    }

    @Override
    public Socket connect(final Connection remote) throws IOException {
        final InetSocketAddress address = new InetSocketAddress(m_peer.host(), m_peer.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(m_peer.host());
        }
        final Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, m_timeout);
            return m_peer.tls() ? encrypted(socket) : socket;
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
    }

    private Socket encrypted(final Socket socket) throws IOException {
        final SSLSocket encrypted =
            (SSLSocket)m_tls.getSocketFactory().createSocket(socket, m_peer.host(), m_peer.port(), true);
        final SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.setSoTimeout(m_timeout);
        encrypted.startHandshake();
        encrypted.setSoTimeout(0); // dcm4che reads all the time; silence is measured elsewhere
        return encrypted;
    }
}
