package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.imaging.Progress;

/** What comes by C-MOVE over a connection of the archive's own (PS3.4 annex C.4.2), against an archive in memory. */
@Timeout(20)
class DimseMoveTest extends DimseBench {

    @Test
    void moveSendsToOurOwnTitleAndPort() throws Exception {
        keepSlices(3);
        final List<byte[]> files = new ArrayList<>();
        try (DimseArchive archive = archive(11113)) {
            archive.retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
            archive.retrieve(SERIES, Set.of(slice(1).text(Tag.SOP_INSTANCE_UID)), in -> files.add(in.readAllBytes()),
                Progress.NONE);
        }
        assertEquals(4, files.size());
        assertEquals(List.of("LISTEN 11113"), asked("LISTEN"));
        assertEquals(2, asked("MOVE to BRIDGE").size());
        assertTrue(m_port.m_closed);
    }

    /** A801 is the standard's; C000 is what Orthanc 1.10 answers. */
    @ParameterizedTest
    @ValueSource(ints = {0xA801, 0xC000})
    void anUnknownDestinationNamesTitleAndPort(final int code) {
        m_port.m_scripts.add(s -> DimseStatus.of(code));
        final ArchiveException e = assertThrows(ArchiveException.class,
            () -> archive(11113).retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
        assertEquals(Kind.REFUSED, e.kind());
        assertTrue(e.getMessage().contains("\"BRIDGE\"") && e.getMessage().contains("11113"), e.getMessage());
    }

    @Test
    void whatArrivesAfterTheLastResponseIsWaitedFor() throws Exception {
        final ExecutorService later = Executors.newSingleThreadExecutor();
        try {
            m_port.m_scripts.add(s -> {
                s.send(slice(0));
                later.submit(() -> {
                    Thread.sleep(200);
                    return s.send(slice(1));
                });
                return new DimseStatus(0, "", 2, 0, 0);
            });
            final List<byte[]> files = new ArrayList<>();
            archive(11113).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
            assertEquals(2, files.size());
        } finally {
            later.shutdownNow();
        }
    }

    /** The connection on which an archive sends by C-MOVE is its own: aborting ours does not end it. */
    @Test
    void anArchiveThatStopsWithinAnImageHoldsUpNobody() throws Exception {
        final ExecutorService later = Executors.newCachedThreadPool();
        final CountDownLatch never = new CountDownLatch(1);
        try {
            for (int tries = 0; tries < 3; tries++) {
                m_port.m_scripts.add(s -> {
                    final CompletableFuture<Void> begun = new CompletableFuture<>();
                    later.submit(() -> s.send(slice(0), new InputStream() {
                        @Override
                        public int read() throws IOException {
                            begun.complete(null);
                            try {
                                never.await();
                            } catch (final InterruptedException e) {
                                throw new IOException(e);
                            }
                            return -1;
                        }
                    }));
                    // on a busy machine the other connection would be late, and the archive be taken for one that cannot reach us
                    begun.join();
                    return new DimseStatus(0, "", 1, 0, 0);
                });
            }
            final ArchiveException e = assertThrows(ArchiveException.class, () -> archive(11113, Duration.ofMillis(100))
                .retrieve(SERIES, Set.of(), InputStream::readAllBytes, Progress.NONE));
            assertEquals(Kind.BROKEN_ANSWER, e.kind());
        } finally {
            never.countDown();
            later.shutdownNow();
        }
    }

    @Test
    void whatNobodyAskedForIsNotTaken() throws Exception {
        keepSlices(1);
        final List<byte[]> files = new ArrayList<>();
        archive(11113).retrieve(SERIES, Set.of(), in -> files.add(in.readAllBytes()), Progress.NONE);
        assertEquals(0x0124,
            m_port.m_listener.receive(CT, "1.2.3", "1.2.840.10008.1.2.1", new ByteArrayInputStream(new byte[9])));
        assertEquals(1, files.size());
    }

    @Test
    void movesGoOneAfterTheOther() throws Exception {
        keepSlices(4);
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        try (DimseArchive archive = archive(11113)) {
            final List<Future<Integer>> counts = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                counts.add(threads.submit(() -> {
                    final List<byte[]> files = new ArrayList<>();
                    archive.retrieve(SERIES, Set.of(), in -> {
                        files.add(in.readAllBytes());
                        try {
                            Thread.sleep(20);
                        } catch (final InterruptedException e) {
                            throw new IOException(e);
                        }
                    }, Progress.NONE);
                    return files.size();
                }));
            }
            for (final Future<Integer> count : counts) {
                assertEquals(4, count.get(15, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
