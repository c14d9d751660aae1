package org.scanbridge.knime.util;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.scanbridge.learning.LearningException;

/**
 * The border between our algorithms and KNIME: whatever went wrong reaches the user as one sentence. Exceptions that
 * carry a message for the user become a {@link KNIMEException}, and so does a heap that is too small; a cancelled
 * computation becomes KNIME's own exception; anything else is a defect and passes through with its stack trace.
 */
public final class Execution {

    /** Of Linux and macOS, of both where a quota is used up, and of Windows. */
    private static final List<String> FULL_DISK =
        List.of("No space left on device", "Disk quota exceeded", "There is not enough space on the disk");

    /** What a node does. */
    @FunctionalInterface
    public interface Work {

        /** Does it. */
        void run() throws IOException, InvalidSettingsException, KNIMEException, CanceledExecutionException;
    }

    private Execution() {
    }

    /**
     * Runs the work of a node.
     *
     * @throws CanceledExecutionException if the user cancelled
     * @throws KNIMEException if the work failed for a reason that the user can do something about
     */
    public static void run(final Work work) throws CanceledExecutionException, KNIMEException {
        try {
            work.run();
        } catch (final CancellationException e) {
            throw canceled(e);
        } catch (final ClosedByInterruptException e) {
            // KNIME interrupts the thread of a cancelled node; that closes a channel it was reading from.
            throw canceled(e);
        } catch (final IOException e) {
            throw new KNIMEException(advised(message(e), e), e);
        } catch (final UncheckedIOException e) {
            // without a message of its own it has that of its cause, which begins with the name of a class
            final boolean bare = e.getCause().toString().equals(e.getMessage());
            throw new KNIMEException(advised(bare ? message(e.getCause()) : e.getMessage(), e), e);
        } catch (final InvalidSettingsException | IllegalArgumentException | LearningException e) {
            throw new KNIMEException(advised(e.getMessage(), e), e);
        } catch (final OutOfMemoryError e) {
            throw outOfMemory(e);
        } catch (final RuntimeException e) {
            // Worker threads wrap what went wrong on them.
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof OutOfMemoryError) {
                    throw outOfMemory(e);
                }
            }
            throw e;
        }
    }

    /** By now the node's arrays are no longer referred to, so there is memory for a message. */
    private static KNIMEException outOfMemory(final Throwable cause) {
        return new KNIMEException("The images do not fit into memory: the " + (Runtime.getRuntime().maxMemory() >> 20)
            + " MB that Java may use are full. " + HeapNeed.ADVICE + " Where a network is trained, fewer channels or levels take"
            + " less, too.", cause);
    }

    private static CanceledExecutionException canceled(final Exception cause) {
        final CanceledExecutionException canceled = new CanceledExecutionException("Execution canceled");
        canceled.initCause(cause);
        return canceled;
    }

    /** A full disk is told in the words of the operating system, which name neither the folder nor a way out. */
    private static String advised(final String message, final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            final String words = cause.getMessage();
            if (words != null && FULL_DISK.stream().anyMatch(words::contains)) {
                final String told = message == null ? words : message;
                return told + (told.endsWith(".") ? "" : ".") + " Make room on the disk of the node's folders, or choose others;"
                    + " what has no folder of its own goes into the temporary folder, " + System.getProperty("java.io.tmpdir") + ".";
            }
        }
        return message;
    }

    /** The JDK's file exceptions often have nothing but the file's name for a message. */
    private static String message(final IOException e) {
        if (e instanceof FileSystemException f && f.getFile() != null && f.getReason() == null) {
            if (e instanceof AccessDeniedException) {
                return f.getFile() + " cannot be written or read: access denied. Change its permissions, or choose"
                    + " another folder.";
            }
            if (e instanceof NoSuchFileException) {
                return f.getFile() + " does not exist. Check the path.";
            }
            if (e instanceof FileAlreadyExistsException) {
                return f.getFile() + " exists already. Choose another folder, or delete it.";
            }
        }
        return e.getMessage() == null ? "Reading or writing failed (" + e.getClass().getSimpleName() + ")."
            : e.getMessage();
    }
}
