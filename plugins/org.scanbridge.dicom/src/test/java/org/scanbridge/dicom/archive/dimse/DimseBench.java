package org.scanbridge.dicom.archive.dimse;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.imaging.Progress;

/** Asks an archive in memory by DIMSE, for tests. */
abstract class DimseBench {

    static final SeriesKey SERIES = new SeriesKey("1.2.3", "1.2.3.4");

    static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    final ScriptedPort m_port = new ScriptedPort();

    @TempDir
    Path m_folder;

    static ArchiveSettings settings(final int receivingPort, final Duration timeout) {
        return new ArchiveSettings(URI.create("dicom://PACS@localhost:11112"), "BRIDGE", receivingPort, false, Optional.empty(),
            Set.of(), Credentials.NONE, timeout, 3);
    }

    DimseArchive archive(final int receivingPort) throws ArchiveException {
        return archive(receivingPort, Duration.ofSeconds(10));
    }

    DimseArchive archive(final int receivingPort, final Duration timeout) throws ArchiveException {
        final ArchiveSettings settings = settings(receivingPort, timeout);
        return new DimseArchive(settings, DimsePeer.of(settings), m_port,
            s -> s.equals(TransferSyntax.RLE) || s.equals(TransferSyntax.JPEG_LS_LOSSLESS), Duration.ZERO);
    }

    static DataSet slice(final int n) {
        return TestSlices.axial(n, n, 1, 2, 3, 4, 5).build();
    }

    void keepSlices(final int count) {
        for (int n = 0; n < count; n++) {
            m_port.m_instances.add(slice(n));
        }
    }

    void keep(final String study, final String series, final String modality, final String accession) {
        m_port.m_instances.add(DataSet.builder().text(Tag.STUDY_INSTANCE_UID, study).text(Tag.SERIES_INSTANCE_UID, series)
            .text(Tag.SOP_INSTANCE_UID, series + ".1").text(Tag.SOP_CLASS_UID, CT).text(Tag.MODALITY, modality)
            .text(Tag.MODALITIES_IN_STUDY, modality).text(Tag.ACCESSION_NUMBER, accession).text(Tag.STUDY_DATE, "20240115")
            .text(Tag.PATIENT_ID, "P-" + accession).text(Tag.SERIES_DESCRIPTION, modality + " axial").build());
    }

    List<DataSet> query(final ArchiveQuery query) throws ArchiveException {
        final List<DataSet> found = new ArrayList<>();
        archive(0).query(query, found::add, Progress.NONE);
        return found;
    }

    List<String> asked(final String what) {
        return m_port.m_asked.stream().filter(a -> a.startsWith(what)).toList();
    }
}
