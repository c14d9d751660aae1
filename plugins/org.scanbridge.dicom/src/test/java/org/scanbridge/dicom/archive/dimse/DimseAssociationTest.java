package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;

/** What becomes of connections that are refused or break (PS3.8), against an archive in memory. */
@Timeout(20)
class DimseAssociationTest extends DimseBench {

    /** PS3.8 table 9-21. */
    @ParameterizedTest
    @CsvSource({"1, 1, 3, NOT_ALLOWED, 1, Own title", "1, 1, 7, NOT_ALLOWED, 1, Address",
        "1, 1, 1, NOT_ALLOWED, 1, without a reason", "1, 2, 2, REFUSED, 1, another version", "2, 3, 1, REFUSED, 3, congested",
        "2, 3, 2, REFUSED, 3, too many connections",
        "2, 1, 1, REFUSED, 3, for now"})
    void rejections(final int result, final int source, final int reason, final Kind kind, final int tries, final String words) {
        for (int i = 0; i < 3; i++) {
            m_port.m_openings.add(DimseException.rejected(result, source, reason, null));
        }
        final ArchiveException e = assertThrows(ArchiveException.class, () -> archive(0).check());
        assertEquals(kind, e.kind());
        assertEquals(tries, m_port.m_contexts.size());
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"NO_HOST, NOT_REACHABLE, 1", "NO_CONNECTION, NOT_REACHABLE, 3", "NO_TRUST, NOT_REACHABLE, 1",
        "SILENT, NOT_REACHABLE, 3", "ABORTED, BROKEN_ANSWER, 3", "BROKEN, BROKEN_ANSWER, 3", "PORT, NOT_ALLOWED, 1"})
    void failures(final DimseException.Failure failure, final Kind kind, final int tries) {
        for (int i = 0; i < 3; i++) {
            m_port.m_openings.add(new DimseException(failure, null));
        }
        assertEquals(kind, assertThrows(ArchiveException.class, () -> archive(0).check()).kind());
        assertEquals(tries, m_port.m_contexts.size());
    }

    @Test
    void anArchiveThatComesBackIsEnough() throws Exception {
        m_port.m_openings.add(new DimseException(DimseException.Failure.NO_CONNECTION, null));
        m_port.m_openings.add(new DimseException(DimseException.Failure.ABORTED, null));
        archive(0).check();
        assertEquals(3, m_port.m_contexts.size());
    }
}
