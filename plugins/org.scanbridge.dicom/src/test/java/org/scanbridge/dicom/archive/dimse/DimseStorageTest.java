package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;

/** What is sent by C-STORE and made of the answers (PS3.4 annex B), against an archive in memory. */
@Timeout(20)
class DimseStorageTest extends DimseBench {

    private Path file() throws IOException {
        final Path file = m_folder.resolve("slice.dcm");
        Files.write(file, DicomOutput.file(slice(7)));
        return file;
    }

    /** PS3.4 table B.2-1, PS3.7 annex C. */
    @ParameterizedTest
    @CsvSource({"0000, STORED, 1", "0111, ALREADY_THERE, 1", "B000, WARNING, 1", "B006, WARNING, 1", "B007, WARNING, 1",
        "A700, REFUSED, 3", "A900, REFUSED, 1", "C000, REFUSED, 1", "0122, REFUSED, 1", "0124, REFUSED, 1"})
    void whatBecomesOfAnInstance(final String code, final Outcome outcome, final int tries) throws Exception {
        for (int i = 0; i < 3; i++) {
            m_port.m_scripts.add(s -> DimseStatus.of(Integer.parseInt(code, 16)));
        }
        final StoreResult result = archive(0).store(file());
        assertEquals(outcome, result.outcome());
        assertEquals(tries, m_port.m_stored.size());
        assertEquals(slice(7).text(Tag.SOP_INSTANCE_UID), result.sopInstance());
        assertEquals(outcome == Outcome.STORED, result.message().isEmpty());
        assertEquals(outcome == Outcome.STORED ? StoreResult.NO_CODE : Integer.parseInt(code, 16), result.code());
    }

    @Test
    void theDataSetIsSentAsItIs() throws Exception {
        assertEquals(Outcome.STORED, archive(0).store(file()).outcome());
        assertEquals(List.of("1.2.840.10008.1.2.1 " + DicomOutput.bytes(slice(7)).length), m_port.m_stored);
        final DimseFile sent = DimseFile.of(file());
        try (InputStream in = sent.dataSet()) {
            assertArrayEquals(DicomOutput.bytes(slice(7)), in.readAllBytes());
        }
    }

    @Test
    void anArchiveThatKnowsOnlyTheDefaultTransferSyntaxGetsIt() throws Exception {
        m_port.m_syntaxes.add("1.2.840.10008.1.2");
        assertEquals(Outcome.STORED, archive(0).store(file()).outcome());
        assertTrue(m_port.m_stored.get(0).startsWith("1.2.840.10008.1.2 "), m_port.m_stored.toString());
    }

    @Test
    void aKindThatTheArchiveDoesNotTakeIsRefusedInItsResult() throws Exception {
        m_port.m_refused.add(CT);
        final StoreResult result = archive(0).store(file());
        assertEquals(Outcome.REFUSED, result.outcome());
        assertTrue(result.message().contains("CT image"), result.message());
        assertFalse(result.isThere());
    }

    @Test
    void aFileInGzipIsNotSentAsItIs() throws Exception {
        final Path file = m_folder.resolve("slice.dcm.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(DicomOutput.file(slice(7)));
        }
        assertTrue(assertThrows(IOException.class, () -> archive(0).store(file)).getMessage().contains("unpack"));
    }
}
