package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path m_folder;

    @Test
    void deletesEverythingBelowAndNothingElse() throws IOException {
        final Path root = m_folder.resolve("root");
        Files.createDirectories(root.resolve("a/b"));
        Files.createDirectories(root.resolve("empty"));
        Files.writeString(root.resolve("a/b/file"), "x");
        final Path other = Files.writeString(m_folder.resolve("other"), "y");
        Folders.deleteTree(root);
        assertFalse(Files.exists(root));
        assertTrue(Files.exists(other));
        Folders.deleteTree(other);
        assertFalse(Files.exists(other));
        Folders.deleteTree(other);
    }

    @Test
    void deletesLinksAndNotWhatTheyLeadTo() throws IOException {
        final Path kept = Files.createDirectories(m_folder.resolve("kept"));
        final Path file = Files.writeString(kept.resolve("file"), "x");
        final Path root = Files.createDirectories(m_folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("link"), kept);
        Folders.deleteTree(root);
        assertTrue(Files.exists(file));
        final Path nowhere = Files.createSymbolicLink(m_folder.resolve("nowhere"), root);
        Folders.deleteTree(nowhere);
        assertFalse(Files.exists(nowhere, LinkOption.NOFOLLOW_LINKS));
    }
}
