package org.scanbridge.dicom.dcm4che;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveConnectors;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;
import org.scanbridge.dicom.archive.InstanceStore;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesCache;
import org.scanbridge.dicom.archive.SeriesFetch;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.imaging.Progress;

/**
 * Real peers, as {@code platform-tests/dcm4che.sh} starts them: addresses of archives in {@code scanbridge.dimse.archives}, of
 * programs that only store in {@code scanbridge.dimse.stores}, separated by commas. They must know the title BRIDGE at
 * {@code scanbridge.dimse.port} of this computer. Skipped without them.
 */
@Timeout(120)
class PeersTest {

    private static final int SLICES = 12;

    @TempDir
    Path m_folder;

    private static List<String> addresses(final String property) {
        final String value = System.getProperty(property, "");
        assumeFalse(value.isBlank(), () -> "-D" + property + " names none; platform-tests/dcm4che.sh starts some");
        return Stream.of(value.split(",")).map(String::strip).toList();
    }

    private static Archive connect(final String address, final String title, final int port) throws ArchiveException {
        return ArchiveConnectors.installed().connect(new ArchiveSettings(URI.create(address), title, port, false,
            Optional.empty(), Set.of(), Credentials.NONE, Duration.ofSeconds(10), 2));
    }

    private static byte[] pixels(final int n) {
        final ByteBuffer pixels = ByteBuffer.allocate(2 * 64 * 48).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 64 * 48; i++) {
            pixels.putShort((short)(i * 7 + n * 1000));
        }
        return pixels.array();
    }

    private Map<String, Path> slices(final SeriesKey series) throws IOException {
        final Map<String, Path> files = new TreeMap<>();
        for (int n = 0; n < SLICES; n++) {
            final String instance = Uid.derived(series.series() + " " + n);
            final Path file = m_folder.resolve(instance + ".dcm");
            Files.write(file, DicomOutput.file(DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
                .text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2").text(Tag.SOP_INSTANCE_UID, instance)
                .text(Tag.STUDY_INSTANCE_UID, series.study()).text(Tag.SERIES_INSTANCE_UID, series.series())
                .text(Tag.STUDY_DATE, "20240115").text(Tag.STUDY_TIME, "101500").text(Tag.ACCESSION_NUMBER, "A17")
                .text(Tag.PATIENT_ID, "P17").text(Tag.PATIENT_NAME, "Test^Peer").text(Tag.MODALITY, "CT").text(Tag.STUDY_ID, "1")
                .text(Tag.SERIES_DESCRIPTION, "T1 axial").numbers(Tag.INSTANCE_NUMBER, n).numbers(Tag.SAMPLES_PER_PIXEL, 1)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2").numbers(Tag.ROWS, 48).numbers(Tag.COLUMNS, 64)
                .numbers(Tag.BITS_ALLOCATED, 16).numbers(Tag.BITS_STORED, 16).numbers(Tag.HIGH_BIT, 15)
                .numbers(Tag.PIXEL_REPRESENTATION, 0).bytes(Tag.PIXEL_DATA, VR.OW, pixels(n)).build()));
            files.put(instance, file);
        }
        return files;
    }

    @Test
    void everythingGoesThereAndBack() throws Exception {
        final int port = Integer.getInteger("scanbridge.dimse.port", 0);
        for (final String address : addresses("scanbridge.dimse.archives")) {
            final SeriesKey series = new SeriesKey(Uid.derived(address + System.nanoTime()),
                Uid.derived("s" + System.nanoTime()));
            final Map<String, Path> slices = slices(series);
            try (Archive archive = connect(address, "BRIDGE", 0)) {
                archive.check();
                for (final Path file : slices.values()) {
                    assertEquals(Outcome.STORED, archive.store(file).outcome(), address);
                }
                final List<DataSet> found = new ArrayList<>();
                archive.query(new ArchiveQuery(QueryLevel.SERIES, Map.of(Tag.ACCESSION_NUMBER, "A17", Tag.MODALITY, "CT",
                    Tag.STUDY_DATE, "20240101-20240131", Tag.STUDY_INSTANCE_UID, series.study()), Set.of(Tag.PATIENT_ID)),
                    found::add, Progress.NONE);
                assertEquals(List.of(series.series()), found.stream().map(m -> m.text(Tag.SERIES_INSTANCE_UID)).toList(),
                    address);
                assertEquals("P17", found.get(0).text(Tag.PATIENT_ID), address);
                final Path first = slices.values().iterator().next();
                assertTrue(new InstanceStore(archive).store(first).isThere(), address);
                assertFetched(archive, address, series, slices, "get");
            }
            try (Archive archive = connect(address, "BRIDGE", port)) {
                assertFetched(archive, address, series, slices, "move");
            }
        }
    }

    private void assertFetched(final Archive archive, final String address, final SeriesKey series,
        final Map<String, Path> slices, final String how) throws Exception {
        final Path folder = m_folder.resolve(how + address.hashCode());
        try (SeriesCache cache = SeriesCache.open(folder, 1L << 30, Progress.NONE)) {
            final SeriesFetch.Fetched fetched = new SeriesFetch(archive, cache, address).fetch(series, Progress.NONE);
            assertTrue(fetched.isWhole(), () -> address + " " + how + ": " + fetched.reason());
            assertEquals(SLICES, fetched.files().size(), address);
            for (final FilePart file : fetched.files().values()) {
                try (DicomFile dicom = DicomFile.open(file)) {
                    final int n = dicom.data().integer(Tag.INSTANCE_NUMBER, -1);
                    final byte[] bytes = new byte[2 * 64 * 48];
                    dicom.source().read(dicom.pixels().orElseThrow().offset(), bytes, 0, bytes.length);
                    assertArrayEquals(pixels(n), bytes, address);
                }
            }
        }
    }

    @Test
    void programsThatOnlyStoreStore() throws Exception {
        for (final String address : addresses("scanbridge.dimse.stores")) {
            try (Archive archive = connect(address, "BRIDGE", 0)) {
                archive.check();
                final Map<String, Path> slices =
                    slices(new SeriesKey(Uid.derived("study" + System.nanoTime()), Uid.derived("series" + System.nanoTime())));
                for (final Path file : slices.values()) {
                    assertEquals(Outcome.STORED, archive.store(file).outcome(), address);
                }
                final ArchiveException e = assertThrows(ArchiveException.class, () -> archive.query(
                    new ArchiveQuery(QueryLevel.STUDY, Map.of(), Set.of()), m -> { }, Progress.NONE));
                assertEquals(Kind.REFUSED, e.kind(), address);
            }
        }
    }

    @Test
    void whoIsNotThereIsNotReached() throws Exception {
        assertTrue(ArchiveConnectors.installed().has("DIMSE"));
        try (Archive archive = connect("dicom://NOBODY@localhost:1", "BRIDGE", 0)) {
            assertEquals(Kind.NOT_REACHABLE, assertThrows(ArchiveException.class, archive::check).kind());
        }
        try (Archive archive = connect("dicoms://NOBODY@host.invalid:11112", "BRIDGE", 0)) {
            final ArchiveException e = assertThrows(ArchiveException.class, archive::check);
            assertEquals(Kind.NOT_REACHABLE, e.kind());
            assertTrue(e.getMessage().contains("no host"), e.getMessage());
        }
    }

    /** Our data sets as dcm4che's and back. */
    @Test
    void identifiersKeepTheirValues() throws Exception {
        final DataSet data = DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .text(Tag.STUDY_DESCRIPTION, "Sch\u00e4del")
            .text(Tag.STUDY_INSTANCE_UID, "1.2\\1.3").numbers(Tag.ROWS, 512).empty(Tag.MODALITY).build();
        final DataSet back = Identifiers.fromDcm4che(Identifiers.toDcm4che(data));
        assertEquals("Sch\u00e4del", back.text(Tag.STUDY_DESCRIPTION));
        assertEquals(List.of("1.2", "1.3"), back.texts(Tag.STUDY_INSTANCE_UID));
        assertEquals(512, back.integer(Tag.ROWS, 0));
        assertTrue(back.element(Tag.MODALITY).orElseThrow().isEmpty());
    }

    /** What dcm4che's readers are given. */
    @Test
    void aFrameIsReadAsItIs() throws Exception {
        final byte[] bytes = {1, 2, 3, (byte)200, 5};
        try (FrameStream stream = new FrameStream(bytes, null)) {
            assertEquals(1, stream.read());
            final byte[] rest = new byte[9];
            assertEquals(4, stream.read(rest, 0, 9));
            assertArrayEquals(Arrays.copyOfRange(bytes, 1, 5), Arrays.copyOf(rest, 4));
            assertEquals(-1, stream.read());
            stream.seek(3);
            assertEquals(200, stream.read());
            assertEquals(5, stream.length());
        }
    }
}
