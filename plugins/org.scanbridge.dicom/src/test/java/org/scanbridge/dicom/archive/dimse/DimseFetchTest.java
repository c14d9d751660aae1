package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.archive.SeriesCache;
import org.scanbridge.dicom.archive.SeriesFetch;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.imaging.Progress;

/** Series that come by DIMSE into the cache, as the nodes fetch them. */
@Timeout(20)
class DimseFetchTest extends DimseBench {

    /** As the nodes do: what came is kept, what is missing is asked for by name, nothing comes twice. */
    @Test
    void aSeriesIsCompletedInTheCache() throws Exception {
        keepSlices(5);
        m_port.m_scripts.add(null); // how many instances, which this archive does not tell
        m_port.m_scripts.add(null); // which
        m_port.m_scripts.add(s -> {
            s.send(slice(0));
            s.send(slice(3));
            return null;
        });
        try (DimseArchive archive = archive(0);
                SeriesCache cache = SeriesCache.open(m_folder.resolve("cache"), 1 << 20, Progress.NONE)) {
            final SeriesFetch.Fetched fetched = new SeriesFetch(archive, cache, "PACS").fetch(SERIES, Progress.NONE);
            assertTrue(fetched.isWhole(), fetched.reason());
            assertEquals(5, fetched.files().size());
            assertEquals(1, asked("FIND IMAGE").size(), "kinds are known from the query of instances");
            assertEquals(1, asked("GET SERIES").size());
            assertEquals(3, asked("GET IMAGE").size());
        }
    }

    /** An archive that tells how many there are is not asked for a list; each kind of a CT series gets all compressions. */
    @Test
    void theKindsOfASeriesFollowFromItsModality() throws Exception {
        for (int n = 0; n < 3; n++) {
            m_port.m_instances.add(TestSlices.axial(n, n, 1, 2, 3, 4, 5).text(Tag.MODALITY, "CT")
                .text(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, "3").build());
        }
        try (DimseArchive archive = archive(0);
                SeriesCache cache = SeriesCache.open(m_folder.resolve("cache"), 1 << 20, Progress.NONE)) {
            assertTrue(new SeriesFetch(archive, cache, "PACS").fetch(SERIES, Progress.NONE).isWhole());
        }
        assertEquals(List.of(), asked("FIND IMAGE"));
        assertEquals(1, asked("GET").size());
        final List<DimseContext> proposed = m_port.m_contexts.get(m_port.m_contexts.size() - 1);
        // CT, Enhanced CT, Legacy Converted Enhanced CT (PS3.4 table B.5-1)
        for (final String kind : List.of(CT, CT + ".1", CT + ".2")) {
            for (final TransferSyntax syntax : List.of(TransferSyntax.RLE, TransferSyntax.JPEG_LS_LOSSLESS)) {
                assertTrue(proposed.stream().anyMatch(
                    c -> c.sopClass().equals(kind) && c.transferSyntaxes().equals(List.of(syntax.uid()))), kind + " " + syntax);
            }
        }
        assertTrue(proposed.stream().noneMatch(c -> c.sopClass().equals("1.2.840.10008.5.1.4.1.1.4")),
            "MR images in a CT series");
    }
}
