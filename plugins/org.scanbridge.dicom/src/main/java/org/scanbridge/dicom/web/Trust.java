package org.scanbridge.dicom.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.Credentials;

/** Whom a connection with TLS trusts, and who it says we are. Public to other protocols of archives. */
public final class Trust {

    /** Certificates of all authorities of the world take less. */
    private static final int MAX_FILE = 1 << 22;

    private Trust() {
    }

    /**
     * A context for connections.
     *
     * @param authorities PEM file with the certificates to trust instead of the platform's; empty for the platform's
     * @param credentials whose client certificate is shown if it is asked for; {@link Credentials#NONE} for none
     * @throws ArchiveException if a file cannot be read or used
     */
    public static SSLContext context(final Optional<Path> authorities, final Credentials credentials)
        throws ArchiveException {
        final KeyManager[] keys = keys(credentials).map(k -> new KeyManager[]{k}).orElse(null);
        final TrustManager[] trust = authorities.isPresent() ? trust(authorities.get()) : null;
        try {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS", e);
        }
    }

    /**
     * What shows the client certificate, for servers of our own; empty if there is none.
     *
     * @throws ArchiveException if the file cannot be read or used
     */
    public static Optional<KeyManager> keys(final Credentials credentials) throws ArchiveException {
        return credentials.certificate().isPresent()
            ? Optional.of(keys(credentials.certificate().get(), credentials.certificatePassword().toCharArray())[0])
            : Optional.empty();
    }

    /**
     * What trusts others, for servers of our own; empty stands for what the platform trusts.
     *
     * @param authorities PEM file with certificates; empty for the platform's
     * @throws ArchiveException if the file cannot be read or used
     */
    public static Optional<TrustManager> trust(final Optional<Path> authorities) throws ArchiveException {
        return authorities.isPresent() ? Optional.of(trust(authorities.get())[0]) : Optional.empty();
    }

    private static TrustManager[] trust(final Path file) throws ArchiveException {
        try (InputStream in = open(file, "The certificate file")) {
            final Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new ArchiveException(Kind.NOT_ALLOWED, "The certificate file " + file + " holds no certificate; give a PEM"
                    + " file with the hospital's certificate authority.");
            }
            final KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int n = 0;
            for (final Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + n++, certificate);
            }
            final TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (final GeneralSecurityException e) {
            throw new ArchiveException(Kind.NOT_ALLOWED, "The certificate file " + file + " is no PEM file with certificates ("
                + e.getClass().getSimpleName() + "); choose the right one.", e);
        } catch (final ArchiveException e) {
            throw e;
        } catch (final IOException e) {
            throw unreadable("The certificate file", file, e);
        }
    }

    private static KeyManager[] keys(final Path file, final char[] password) throws ArchiveException {
        try (InputStream in = open(file, "The client certificate")) {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return factory.getKeyManagers();
        } catch (final ArchiveException e) {
            throw e;
        } catch (final IOException | GeneralSecurityException e) {
            throw new ArchiveException(Kind.NOT_ALLOWED, "The client certificate " + file + " cannot be used: it is no PKCS#12"
                + " file, or certificatePassword is not its password.", e);
        }
    }

    private static InputStream open(final Path file, final String what) throws ArchiveException {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new ArchiveException(Kind.NOT_ALLOWED, what + " " + file + " has " + Files.size(file)
                    + " bytes; choose the right file.");
            }
            return Files.newInputStream(file);
        } catch (final ArchiveException e) {
            throw e;
        } catch (final IOException e) {
            throw unreadable(what, file, e);
        }
    }

    private static ArchiveException unreadable(final String what, final Path file, final IOException e) {
        return new ArchiveException(Kind.NOT_ALLOWED, what + " " + file + " cannot be read (" + e.getClass().getSimpleName()
            + "); check the path and its permissions.", e);
    }
}
