package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.imaging.Progress;

/** What comes by C-GET, of what kinds, and what is made of less than all (PS3.4 annex C.4.3), against an archive in memory. */
@Timeout(20)
class DimseGetTest extends DimseBench {

    @Test
    void whatComesByGetAreWholeFiles() throws Exception {
        keepSlices(3);
        final List<byte[]> files = new ArrayList<>();
        archive(0).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
        assertEquals(3, files.size());
        for (int n = 0; n < 3; n++) {
            try (DicomFile file = DicomFile.parse(ByteSource.of(files.get(n)))) {
                assertEquals(TransferSyntax.EXPLICIT_LITTLE_ENDIAN, file.transferSyntax());
                assertEquals(CT, file.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID));
                assertEquals(slice(n).text(Tag.SOP_INSTANCE_UID), file.meta().text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID));
            }
            final byte[] sent = DicomOutput.bytes(slice(n));
            assertArrayEquals(sent, Arrays.copyOfRange(files.get(n), files.get(n).length - sent.length, files.get(n).length));
        }
        assertEquals(List.of("GET SERIES 0020000D=1.2.3 0020000E=1.2.3.4"), asked("GET"));
    }

    /** Each context has one transfer syntax in the end, so what is kept in several needs several. */
    @Test
    void eachCompressionThatIsDecodedHasAContextOfItsOwn() throws Exception {
        keepSlices(1);
        archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE);
        final List<DimseContext> contexts = m_port.m_contexts.get(m_port.m_contexts.size() - 1);
        assertEquals(List.of(List.of("1.2.840.10008.1.2.1", "1.2.840.10008.1.2"), List.of("1.2.840.10008.1.2.4.80"),
            List.of("1.2.840.10008.1.2.5")), contexts.stream().filter(c -> c.sopClass().equals(CT))
                .map(DimseContext::transferSyntaxes).toList());
        assertTrue(contexts.stream().allMatch(c -> c.receiving() != c.sopClass().equals(StudyRoot.GET)));
    }

    @Test
    void anArchiveThatDoesNotTellKindsIsOfferedAllOfThem() throws Exception {
        m_port.m_refused.add(StudyRoot.FIND);
        keepSlices(1);
        archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE);
        final Set<String> kinds = m_port.m_contexts.get(1).stream().map(DimseContext::sopClass).collect(Collectors.toSet());
        // CT, MR, PET, SEG, label map, RT structure set: PS3.4 table B.5-1
        assertTrue(kinds.containsAll(Set.of(CT, "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128",
            "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7", "1.2.840.10008.5.1.4.1.1.481.3")), kinds.toString());
        assertTrue(m_port.m_contexts.get(1).size() <= 128);
    }

    @Test
    void manyInstancesAreNamedInSeveralRequests() throws Exception {
        final Set<String> uids = new HashSet<>();
        for (int n = 0; n < 450; n++) {
            uids.add("1.2.3.4." + n);
            m_port.m_scripts.add(s -> new DimseStatus(0, "", 0, 0, 0));
        }
        m_port.m_scripts.add(0, s -> DimseStatus.of(0)); // for the query of kinds
        archive(0).retrieve(SERIES, uids, InputStream::readAllBytes, Progress.NONE);
        final List<String> requests = asked("GET IMAGE");
        assertEquals(3, requests.size());
        final Set<String> named = requests.stream()
            .flatMap(r -> List.of(r.replaceAll(".*00080018=(\\S+).*", "$1").split("\\\\")).stream()).collect(Collectors.toSet());
        assertEquals(uids, named);
    }

    @Test
    void lessThanAnnouncedIsNoWholeAnswer() {
        m_port.m_scripts.add(s -> DimseStatus.of(0));
        m_port.m_scripts.add(s -> {
            s.send(slice(0));
            s.send(slice(1));
            return new DimseStatus(0, "", 3, 0, 0);
        });
        final List<byte[]> files = new ArrayList<>();
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(0).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE));
        assertEquals(Kind.BROKEN_ANSWER, e.kind());
        assertTrue(e.getMessage().contains("2 of 3"), e.getMessage());
        assertEquals(2, files.size(), "what came before is whole, and not asked for again");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1 more", "B000, 1, 1 more", "B000, -1, any"})
    void whatTheArchiveCouldNotSendIsNamed(final String code, final int failed, final String words) {
        for (int i = 0; i < 4; i++) {
            m_port.m_scripts.add(i == 0 ? s -> DimseStatus.of(0)
                : s -> new DimseStatus(Integer.parseInt(code, 16), "", failed < 0 ? -1 : 0, failed, -1));
        }
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
        assertEquals(Kind.BROKEN_ANSWER, e.kind());
        assertTrue(e.getMessage().contains("could not send " + words), e.getMessage());
    }

    @Test
    void whatBreaksOffWithinAnImageIsToldToWhoReadsIt() {
        keepSlices(1);
        final List<String> seen = new ArrayList<>();
        m_port.m_scripts.add(s -> DimseStatus.of(0));
        for (int i = 0; i < 3; i++) {
            m_port.m_scripts.add(s -> {
                s.send(slice(0), new SequenceInputStream(new ByteArrayInputStream(new byte[100]), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new EOFException();
                    }
                }));
                return null; // and so the association breaks
            });
        }
        final ArchiveException e = assertThrows(ArchiveException.class, () -> archive(0).retrieve(SERIES, Set.of(), in -> {
            final ArchiveException broken = assertThrows(ArchiveException.class, in::readAllBytes);
            seen.add(broken.kind().name());
            throw broken;
        }, Progress.NONE));
        assertEquals(Kind.BROKEN_ANSWER, e.kind());
        assertEquals(List.of("BROKEN_ANSWER", "BROKEN_ANSWER", "BROKEN_ANSWER"), seen, "nothing came, so it was tried again");
    }

    @Test
    void aFullDiskEndsTheRetrieval() {
        keepSlices(5);
        final IOException full = new IOException("No space left on device");
        final List<Integer> tries = new ArrayList<>();
        assertSame(full, assertThrows(IOException.class, () -> archive(0).retrieve(SERIES, Set.of(), in -> {
            tries.add(1);
            throw full;
        }, Progress.NONE)));
        assertEquals(1, tries.size());
    }

    @Test
    void cancellingEndsTheWaiting() {
        keepSlices(2);
        assertThrows(CancellationException.class, () -> archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes,
            (fraction, message) -> {
                throw new CancellationException();
            }));
        assertEquals(0, asked("GET").size());
    }

    @Test
    void anArchiveWithoutGetIsToldApart() {
        m_port.m_refused.add(StudyRoot.GET);
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(0).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
        assertTrue(e.getMessage().contains("Receiving port"), e.getMessage());
    }
}
