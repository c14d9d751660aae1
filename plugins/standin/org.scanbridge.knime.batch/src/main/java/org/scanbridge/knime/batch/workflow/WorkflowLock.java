package org.scanbridge.knime.batch.workflow;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two programs from saving one workflow directory at once, by the lock file that KNIME uses too. */
public final class WorkflowLock implements Closeable {

    private final Path m_file;

    private final FileChannel m_channel;

    private WorkflowLock(final Path file, final FileChannel channel) {
        m_file = file;
        m_channel = channel;
    }

    /**
     * @param directory a workflow directory
     * @return the lock, held until closed
     * @throws WorkflowLoadException if another program holds it
     * @throws IOException if the lock file cannot be written
     */
    public static WorkflowLock acquire(final Path directory) throws WorkflowLoadException, IOException {
        final Path file = directory.resolve(".knimeLock");
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ex) {
            throw new WorkflowLoadException(inUse(directory), ex);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new WorkflowLoadException(inUse(directory));
        }
        return new WorkflowLock(file, channel);
    }

    private static String inUse(final Path directory) {
        return "The workflow \"" + directory + "\" is locked: it is open in KNIME or another run saves into it."
            + " Close it, or run with -nosave or -destDir";
    }

    @Override
    public void close() throws IOException {
        // Deleted while still held, so that nobody locks a file that is about to vanish.
        Files.deleteIfExists(m_file);
        m_channel.close();
    }
}
