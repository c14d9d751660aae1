package org.scanbridge.learning.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Windows does with files that another program has open is played here: it denies access to them. */
class PlacementTest {

    @TempDir
    private Path m_folder;

    private int m_trials;

    @Test
    void replacesWhatIsThere() throws IOException {
        final Path from = Files.writeString(m_folder.resolve("new"), "new");
        final Path to = Files.writeString(m_folder.resolve("old"), "old");
        Placement.replace(from, to);
        assertEquals("new", Files.readString(to));
        assertFalse(Files.exists(from));
        assertThrows(NoSuchFileException.class, () -> Placement.replace(from, to));
        final Path folder = Files.createDirectory(m_folder.resolve("folder"));
        Placement.place(folder, m_folder.resolve("placed"));
        assertTrue(Files.isDirectory(m_folder.resolve("placed")));
    }

    /** A virus scanner lets go after a moment. */
    @Test
    void waitsForAnotherProgram() throws IOException {
        Placement.retry(m_folder, m_folder, (from, to) -> {
            if (m_trials++ < 2) {
                throw new AccessDeniedException(to.toString());
            }
        }, 5);
        assertEquals(3, m_trials);
    }

    @Test
    void saysThatAnotherProgramKeepsIt() {
        final FileSystemException e =
            assertThrows(FileSystemException.class, () -> Placement.retry(m_folder, m_folder.resolve("scores.csv"), (from, to) -> {
                m_trials++;
                throw new AccessDeniedException(to.toString());
            }, 2));
        assertEquals(3, m_trials);
        assertEquals(m_folder.resolve("scores.csv") + ": another program has it open; close it there, or choose another place",
            e.getMessage());
    }

    /** What waiting does not mend fails at once. */
    @Test
    void doesNotWaitInVain() {
        assertThrows(NoSuchFileException.class, () -> Placement.retry(m_folder, m_folder, (from, to) -> {
            m_trials++;
            throw new NoSuchFileException(from.toString());
        }, 5));
        assertEquals(1, m_trials);
    }
}
