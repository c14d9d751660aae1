package org.scanbridge.dicom.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.extension.Extensions;
import org.scanbridge.dicom.web.DicomWebConnector;

/** The protocols that are there: those of this bundle, and those that other bundles bring as OSGi services. */
public final class ArchiveConnectors {

    private final List<ArchiveConnector> m_connectors;

    /** @param connectors in order of preference */
    public ArchiveConnectors(final List<ArchiveConnector> connectors) {
        m_connectors = List.copyOf(connectors);
    }

    /** Those that are installed now. */
    public static ArchiveConnectors installed() {
        final List<ArchiveConnector> all = new ArrayList<>(List.of(new DicomWebConnector()));
        all.addAll(Extensions.of(ArchiveConnector.class));
        return new ArchiveConnectors(all);
    }

    /**
     * Whether addresses of this scheme can be connected to.
     *
     * @throws ArchiveException if no protocol has this scheme; says what is missing
     */
    public void require(final String scheme) throws ArchiveException {
        connector(scheme);
    }

    /** Whether there is one of this name. */
    public boolean has(final String name) {
        return m_connectors.stream().anyMatch(c -> c.name().equals(name));
    }

    /**
     * Connects by the protocol that the address's scheme names.
     *
     * @throws ArchiveException if no protocol has this scheme, or the settings forbid the connection
     */
    public Archive connect(final ArchiveSettings settings) throws ArchiveException {
        return connector(settings.scheme()).connect(settings);
    }

    private ArchiveConnector connector(final String scheme) throws ArchiveException {
        final Set<String> schemes = new TreeSet<>();
        for (final ArchiveConnector connector : m_connectors) {
            if (connector.schemes().contains(scheme)) {
                return connector;
            }
            schemes.addAll(connector.schemes());
        }
        throw new ArchiveException(Kind.NOT_ALLOWED, "The address begins with \"" + scheme
            + "\", for which no connection is installed; installed are those for " + String.join(", ", schemes)
            + ". DIMSE (dicom, dicoms) needs the extension \"ScanBridge DIMSE with dcm4che\".");
    }
}
