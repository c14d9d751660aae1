package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;

/** Addresses of DIMSE, and which settings are refused before anything is sent. */
class DimsePeerTest {

    private static ArchiveSettings settings(final String address, final String own, final int port, final boolean plain,
        final Credentials credentials) {
        return new ArchiveSettings(URI.create(address), own, port, plain, Optional.empty(), Set.of(), credentials,
            Duration.ofSeconds(1), 1);
    }

    private static DimsePeer peer(final String address) throws ArchiveException {
        return DimsePeer.of(settings(address, "BRIDGE", 0, true, Credentials.NONE));
    }

    /** Ports of IANA's registry: acr-nema 104, dicom-tls 2762. */
    @ParameterizedTest
    @CsvSource({"dicom://PACS@archive.example.org:11112, archive.example.org, 11112, false, PACS",
        "dicom://PACS@archive.example.org, archive.example.org, 104, false, PACS",
        "dicoms://PACS@archive.example.org/, archive.example.org, 2762, true, PACS",
        "DICOM://MY%20PACS@127.0.0.1:4242, 127.0.0.1, 4242, false, MY PACS", "dicom://A@[::1]:4242, ::1, 4242, false, A"})
    void addresses(final String address, final String host, final int port, final boolean tls, final String title)
        throws Exception {
        assertEquals(new DimsePeer(host, port, tls, title, "BRIDGE", 0), peer(address));
    }

    /** PS3.5 table 6.2-1: AE has up to 16 characters, no backslash, no control characters. */
    @ParameterizedTest
    @CsvSource({"dicom://archive.example.org:104, title", "https://PACS@archive.example.org, dicom",
        "dicom://PACS@host/studies, alone", "dicom://PACS@host?level=1, alone",
        "dicom://SEVENTEENLETTERSX@host, 16", "dicom://A%5CB@host, backslash",
        "dicom://A%0AB@host, backslash", "dicom://P%C3%84CS@host, ASCII"})
    void wrongAddresses(final String address, final String words) {
        final ArchiveException e = assertThrows(ArchiveException.class, () -> peer(address));
        assertEquals(Kind.NOT_ALLOWED, e.kind());
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void nothingGoesToAnotherComputerWithoutEncryptionUnlessAllowed() throws Exception {
        assertTrue(assertThrows(ArchiveException.class,
            () -> DimsePeer.of(settings("dicom://PACS@192.168.1.5:104", "BRIDGE", 0, false, Credentials.NONE)))
                .getMessage().contains("Allow connections without encryption"));
        assertTrue(DimsePeer.of(settings("dicom://PACS@localhost:104", "BRIDGE", 0, false, Credentials.NONE)).isLocal());
        assertTrue(DimsePeer.of(settings("dicoms://PACS@192.168.1.5", "BRIDGE", 0, false, Credentials.NONE)).tls());
        // A name that begins like this computer's address is another one.
        assertThrows(ArchiveException.class,
            () -> DimsePeer.of(settings("dicom://PACS@127.0.0.1.example.org", "BRIDGE", 0, false, Credentials.NONE)));
    }

    @Test
    void whatDimseCannotCarryIsRefused() {
        assertTrue(assertThrows(ArchiveException.class, () -> DimsePeer.of(settings("dicoms://PACS@host", "BRIDGE", 0, false,
            new Credentials("", "", "t0ken", Optional.empty(), "")))).getMessage().contains("bearer token"));
        assertTrue(assertThrows(ArchiveException.class, () -> DimsePeer.of(settings("dicom://PACS@host", " ", 0, true,
            Credentials.NONE))).getMessage().contains("Own title"));
        assertTrue(assertThrows(ArchiveException.class, () -> DimsePeer.of(settings("dicoms://PACS@host", "BRIDGE", 11113, false,
            Credentials.NONE))).getMessage().contains("certificate"));
    }

    @Test
    void withACertificateMoveWorksEncrypted() throws Exception {
        assertEquals(11113, DimsePeer.of(settings("dicoms://PACS@host", "BRIDGE", 11113, false,
            new Credentials("", "", "", Optional.of(Path.of("me.p12")), "x"))).receivingPort());
    }
}
