package org.scanbridge.dicom.archive.dimse;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveSettings;

/**
 * Who talks to whom.
 *
 * @param host the archive's host; IPv6 addresses without brackets
 * @param port its port
 * @param tls whether the connection is encrypted
 * @param calledTitle its application entity title
 * @param callingTitle ours
 * @param receivingPort port on which this computer takes what C-MOVE sends; 0 for C-GET
 */
public record DimsePeer(String host, int port, boolean tls, String calledTitle, String callingTitle, int receivingPort) {

    /** Schemes of addresses, without and with TLS. */
    public static final Set<String> SCHEMES = Set.of("dicom", "dicoms");

    /** IANA's {@code acr-nema}, well-known port of DICOM (PS3.8 9.1.1). */
    private static final int PORT = 104;

    /** IANA's {@code dicom-tls} (PS3.15 annex B). */
    private static final int TLS_PORT = 2762;

    /** Longest AE (PS3.5 table 6.2-1). */
    private static final int MAX_TITLE = 16;

    /**
     * Checks settings.
     *
     * @throws ArchiveException of the kind {@code NOT_ALLOWED} if they cannot be used, or would send images without encryption
     *             to another computer though that is not allowed
     */
    public static DimsePeer of(final ArchiveSettings settings) throws ArchiveException {
        final URI address = settings.address();
        final boolean tls = settings.scheme().equals("dicoms");
        if (!SCHEMES.contains(settings.scheme())) {
            throw notAllowed("An address with \"" + settings.scheme() + "\" is none of DIMSE; use one with dicom or, with TLS,"
                + " dicoms.");
        }
        if (!String.valueOf(address.getRawPath()).matches("/?") || address.getRawQuery() != null
            || address.getRawFragment() != null) {
            throw notAllowed("\"Address\" must be title, host and port alone, such as dicom://PACS@archive.example.org:11112.");
        }
        if (address.getUserInfo() == null || address.getUserInfo().isBlank()) {
            throw notAllowed("\"Address\" does not say the archive's application entity title; write it before the host, such as"
                + " dicom://PACS@" + settings.name() + ".");
        }
        final String called = title(address.getUserInfo(), "The archive's application entity title in \"Address\"");
        final String calling = title(settings.callingTitle(), "\"Own title\"");
        if (!tls && !settings.plain() && !isThisComputer(address.getHost())) {
            throw notAllowed("The connection to " + address.getHost() + " would not be encrypted: images and credentials could be"
                + " read on the way. Use an address with dicoms if the archive has TLS, or switch on \"Allow connections without"
                + " encryption\".");
        }
        if (!settings.credentials().token().isEmpty()) {
            throw notAllowed("\"Credentials file\" has a bearer token, which DIMSE does not know; give user and password, or a"
                + " client certificate.");
        }
        if (tls && settings.receivingPort() > 0 && settings.credentials().certificate().isEmpty()) {
            throw notAllowed("With dicoms, what the archive sends to \"Receiving port\" is encrypted as well, for which this"
                + " computer needs a certificate: give one in \"Credentials file\", or set \"Receiving port\" to 0 for C-GET.");
        }
        return new DimsePeer(address.getHost().replaceAll("^\\[|\\]$", ""),
            address.getPort() >= 0 ? address.getPort() : tls ? TLS_PORT : PORT, tls, called, calling, settings.receivingPort());
    }

    /** Up to 16 characters of ASCII, none of them a backslash or control character; blanks around do not count (PS3.5 6.2). */
    private static String title(final String text, final String what) throws ArchiveException {
        final String title = text.strip();
        if (title.isEmpty() || title.length() > MAX_TITLE || !title.matches("[\\x20-\\x7e&&[^\\\\]]+")) {
            throw notAllowed(what + " is \"" + title.replaceAll("[^\\x20-\\x7e]", "?") + "\"; it must be 1 to " + MAX_TITLE
                + " letters, digits or signs of ASCII without a backslash.");
        }
        return title;
    }

    private static ArchiveException notAllowed(final String message) {
        return new ArchiveException(Kind.NOT_ALLOWED, message);
    }

    /** Whether the archive is on this computer, by its address alone: a name could mean another the next time. */
    public boolean isLocal() {
        return isThisComputer(host);
    }

    private static boolean isThisComputer(final String host) {
        final String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("[::1]") || name.equals("::1")
            || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
