package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicOutputTest {

    @TempDir
    Path m_folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(m_folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void writesAndReplacesAFile() throws Exception {
        final Path file = m_folder.resolve("a.txt");
        AtomicOutput.file(file, t -> Files.writeString(t, "one"));
        AtomicOutput.file(file, t -> Files.writeString(t, "two"));
        assertEquals("two", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aFailureLeavesTheFileAsItWas() throws Exception {
        final Path file = m_folder.resolve("a.txt");
        AtomicOutput.file(file, t -> Files.writeString(t, "one"));
        assertThrows(IOException.class, () -> AtomicOutput.file(file, t -> {
            Files.writeString(t, "half");
            throw new IOException("No space left on device");
        }));
        assertThrows(CancellationException.class, () -> AtomicOutput.file(m_folder.resolve("b"), t -> {
            throw new CancellationException();
        }));
        assertEquals("one", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void writesAndReplacesAFolder() throws Exception {
        final Path folder = m_folder.resolve("f");
        AtomicOutput.folder(folder, t -> Files.writeString(t.resolve("old"), "one"));
        AtomicOutput.folder(folder, t -> Files.writeString(Files.createDirectory(t.resolve("sub")).resolve("new"), "two"));
        assertFalse(Files.exists(folder.resolve("old")));
        assertEquals("two", Files.readString(folder.resolve("sub/new")));
        assertThrows(IOException.class, () -> AtomicOutput.folder(folder, t -> {
            Files.writeString(t.resolve("half"), "");
            throw new IOException("No space left on device");
        }));
        assertEquals("two", Files.readString(folder.resolve("sub/new")));
        assertEquals(List.of("f"), names());
    }

    @Test
    void leftoversOfKilledRunsAreSteppedAround() throws Exception {
        Files.writeString(m_folder.resolve(".f.partial-0"), "left over");
        AtomicOutput.folder(m_folder.resolve("f"), t -> Files.writeString(t.resolve("x"), ""));
        AtomicOutput.file(m_folder.resolve("f/x"), t -> Files.writeString(t, "y"));
        assertEquals(List.of(".f.partial-0", "f"), names());
    }
}
