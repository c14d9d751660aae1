package org.scanbridge.learning.files;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Puts a finished file or folder in its place in one step. On Windows that fails as long as any program has the file open
 * that is there, be it a virus scanner that looks at it for a moment or a spreadsheet in which a user reads it: so it is tried
 * again for a while, and then said.
 */
public final class Placement {

    /** How often it is tried again on Windows. */
    private static final int TRIALS = 30;

    private static final long PAUSE_MS = 100;

    /** Moves. */
    @FunctionalInterface
    interface Move {
        void move(Path from, Path to) throws IOException;
    }

    private Placement() {
    }

    /**
     * Moves a file to its place, over what is there.
     *
     * @param from a finished file in the same folder
     * @param to its place; a file, or nothing
     * @throws FileSystemException if another program keeps the place, with the way out
     * @throws IOException if it cannot be moved; what was there stays
     */
    public static void replace(final Path from, final Path to) throws IOException {
        retry(from, to, Placement::overwrite, trials());
    }

    /**
     * Moves a file or folder to a place where nothing is.
     *
     * @throws FileSystemException if another program keeps something within, with the way out
     * @throws IOException if it cannot be moved; it stays where it was
     */
    public static void place(final Path from, final Path to) throws IOException {
        retry(from, to, (f, t) -> Files.move(f, t, StandardCopyOption.ATOMIC_MOVE), trials());
    }

    /** Elsewhere an open file can be replaced, and what fails once fails again. */
    private static int trials() {
        return File.separatorChar == '\\' ? TRIALS : 0;
    }

    private static void overwrite(final Path from, final Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (final AtomicMoveNotSupportedException e) {
            // Some network drives cannot; replacing is then the best there is.
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** @param trials how often it is tried again */
    static void retry(final Path from, final Path to, final Move move, final int trials) throws IOException {
        for (int t = 0;; t++) {
            try {
                move.move(from, to);
                return;
            } catch (final FileSystemException e) {
                if (e instanceof NoSuchFileException || e instanceof FileAlreadyExistsException
                    || e instanceof DirectoryNotEmptyException || e instanceof AtomicMoveNotSupportedException
                    || trials == 0) {
                    throw e;
                }
                if (t == trials) {
                    throw (FileSystemException)new FileSystemException(to.toString(), null, "another program has it open;"
                        + " close it there, or choose another place").initCause(e);
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException)new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
