package org.scanbridge.dicom.dcm4che;

import java.util.Set;

import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveConnector;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.dimse.DimseArchive;
import org.scanbridge.dicom.archive.dimse.DimsePeer;

/** Connects to archives by DIMSE. */
public final class Dcm4cheConnector implements ArchiveConnector {

    @Override
    public String name() {
        return "DIMSE";
    }

    @Override
    public Set<String> schemes() {
        return DimsePeer.SCHEMES;
    }

    @Override
    public Archive connect(final ArchiveSettings settings) throws ArchiveException {
        final DimsePeer peer = DimsePeer.of(settings);
        return new DimseArchive(settings, peer, new Dcm4chePort(peer, settings));
    }
}
