package org.scanbridge.dicom.archive;

import java.util.Set;

/**
 * A protocol for archives. Bundles that bring another one register it as an OSGi service under the name of this interface
 * (found at every run, see {@link ArchiveConnectors}).
 */
public interface ArchiveConnector {

    /** Name of the connection as users choose it, such as {@code DICOMweb} or {@code DIMSE}. */
    String name();

    /** Schemes of addresses that it connects to, in lower case: {@code https} and {@code http}, {@code dicom}. */
    Set<String> schemes();

    /**
     * Makes a connection. Need not ask the archive anything yet.
     *
     * @param settings address with one of {@link #schemes()}
     * @throws ArchiveException if the settings forbid it ({@code NOT_ALLOWED}), such as credentials that cannot be used or an
     *             unencrypted connection to another computer
     */
    Archive connect(ArchiveSettings settings) throws ArchiveException;
}
