package org.scanbridge.dicom.web;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveConnector;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveSettings;

/** Connects to archives by DICOMweb. */
public final class DicomWebConnector implements ArchiveConnector {

    /** How users choose it. */
    public static final String NAME = "DICOMweb";

    private final Pauses m_pauses;

    /** With pauses as a busy server wants them. */
    public DicomWebConnector() {
        this(new Pauses());
    }

    DicomWebConnector(final Pauses pauses) {
        m_pauses = pauses;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("https", "http");
    }

    @Override
    public Archive connect(final ArchiveSettings settings) throws ArchiveException {
        final URI address = settings.address();
        requireEncryption(address, settings.plain());
        if (address.getRawQuery() != null || address.getRawFragment() != null || address.getRawUserInfo() != null) {
            throw new ArchiveException(Kind.NOT_ALLOWED, "\"Address\" must be that of the DICOMweb service alone, such as"
                + " https://archive.example.org/dicom-web, without user, ? and #. Users belong into the credentials file.");
        }
        return new DicomWebArchive(settings, new WebClient(settings, m_pauses));
    }

    /** @throws ArchiveException for an address without encryption on another computer, unless that is allowed */
    static void requireEncryption(final URI address, final boolean plain) throws ArchiveException {
        final String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("https") || scheme.equals("http") && (plain || isThisComputer(address.getHost()))) {
            return;
        }
        throw new ArchiveException(Kind.NOT_ALLOWED, scheme.equals("http")
            ? "The connection to " + address.getHost() + " would not be encrypted: images and credentials could be read on the"
                + " way. Use an address with https, or switch on \"Allow connections without encryption\"."
            : "An address with \"" + scheme + "\" is none of DICOMweb; use one with https.");
    }

    /** By the address alone: a name could mean another computer the next time it is looked up. */
    private static boolean isThisComputer(final String host) {
        return host.equalsIgnoreCase("localhost") || host.equals("[::1]")
            || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
