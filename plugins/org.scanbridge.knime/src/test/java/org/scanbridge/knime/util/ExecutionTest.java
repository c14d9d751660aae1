package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.learning.LearningException;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class ExecutionTest {

    private static String messageOf(final Exception thrown) {
        final KNIMEException e = assertThrows(KNIMEException.class, () -> Execution.run(() -> {
            if (thrown instanceof IOException io) {
                throw io;
            }
            if (thrown instanceof InvalidSettingsException settings) {
                throw settings;
            }
            throw (RuntimeException)thrown;
        }));
        assertSame(thrown, e.getCause());
        return e.getMessage();
    }

    @Test
    void messagesForTheUserReachTheUser() {
        for (final Exception e : List.of(new ImagingException("m"), new LearningException("m"),
            new IllegalArgumentException("m"), new InvalidSettingsException("m"), new IOException("m"),
            new UncheckedIOException("m", new IOException("x")))) {
            assertEquals("m", messageOf(e), e.toString());
        }
    }

    @Test
    void bareFileNamesBecomeSentences() {
        assertTrue(messageOf(new AccessDeniedException("/f")).startsWith("/f cannot be written or read"));
        assertTrue(messageOf(new NoSuchFileException("/f")).startsWith("/f does not exist"));
        assertTrue(messageOf(new FileAlreadyExistsException("/f")).startsWith("/f exists already"));
        assertEquals("/f: is full of sand", messageOf(new AccessDeniedException("/f", null, "is full of sand")));
    }

    /** An UncheckedIOException without words of its own has its cause's, after the name of a class. */
    @Test
    void wrappedFileNamesBecomeSentencesToo() {
        assertTrue(messageOf(new UncheckedIOException(new NoSuchFileException("/f"))).startsWith("/f does not exist"));
        assertEquals("m", messageOf(new UncheckedIOException(new IOException("m"))));
    }

    /** In the words of Linux, of a quota and of Windows, bare and wrapped, with and without a file. */
    @Test
    void aFullDiskIsToldWithTheWayOut() {
        for (final Exception e : List.of(new IOException("No space left on device"),
            new FileSystemException("/f", null, "Disk quota exceeded"),
            new UncheckedIOException(new IOException("There is not enough space on the disk")),
            new UncheckedIOException("The state cannot be saved: it is lost.", new IOException("No space left on device")),
            new LearningException("The state cannot be saved.", new IOException("No space left on device")))) {
            final String message = messageOf(e);
            assertTrue(message.contains(". Make room on the disk") && message.contains(System.getProperty("java.io.tmpdir"))
                && !message.contains("..") && !message.contains("Exception"), message);
        }
    }

    @Test
    void defectsPassThrough() {
        final IllegalStateException defect = new IllegalStateException("defect");
        assertSame(defect, assertThrows(IllegalStateException.class, () -> Execution.run(() -> {
            throw defect;
        })));
    }

    /** Also from worker threads, which wrap it; an array of this length never fits. */
    @Test
    void aFullHeapIsARefusalWithAdvice() {
        final List<Execution.Work> works = List.of(() -> new long[Integer.MAX_VALUE].clone(), () -> {
            try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
                workers.forEach(List.of(1, 2), n -> {
                    throw new OutOfMemoryError("Java heap space");
                });
            }
        });
        for (final Execution.Work work : works) {
            final String message = assertThrows(KNIMEException.class, () -> Execution.run(work)).getMessage();
            assertTrue(message.contains("do not fit into memory") && message.contains("-Xmx") && message.contains("fewer channels")
                && message.contains("SCANBRIDGE_HEAP") && message.contains("Volume Resampler"), message);
        }
    }

    @Test
    void aCancelledComputationIsACancelledNode() {
        final DefaultNodeProgressMonitor monitor = new DefaultNodeProgressMonitor();
        final KnimeProgress progress = new KnimeProgress(new ExecutionMonitor(monitor));
        progress.report(0.25, "working");
        assertEquals(0.25, monitor.getProgress(), 0);
        assertEquals("working", monitor.getMessage());
        monitor.setExecuteCanceled();
        assertThrows(CancellationException.class, () -> progress.report(0.5, "working"));
        assertThrows(CanceledExecutionException.class, () -> Execution.run(() -> progress.report(0.5, "working")));
        assertThrows(CanceledExecutionException.class, () -> Execution.run(() -> {
            throw new ClosedByInterruptException();
        }));
    }
}
