package org.scanbridge.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducibleZipTest {

    private static final Instant TIME = Instant.parse("2026-11-29T17:56:42Z");

    @TempDir
    private Path m_dir;

    /** Only names and contents matter: neither the order in which files come, nor their times, nor the time zone. */
    @Property(tries = 25)
    void theBytesAreThoseOfNamesAndContents(
        @ForAll @Size(min = 1, max = 6) final Map<@AlphaChars @StringLength(min = 1, max = 8) String, @AlphaChars String> files,
        @ForAll final long seed) throws Exception {
        final Path dir = Files.createTempDirectory("reproducible");
        final TimeZone zone = TimeZone.getDefault();
        try {
            final List<String> names = new ArrayList<>(files.keySet());
            final byte[] first = zip(dir, names, files, 1L);
            Collections.shuffle(names, new Random(seed));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            assertArrayEquals(first, zip(dir, names, files, 1_000_000_000_000L));
            final Map<String, String> others = new LinkedHashMap<>(files);
            others.merge(names.get(0), "", (a, b) -> a + "x");
            assertEquals(false, java.util.Arrays.equals(first, zip(dir, names, others, 1L)), "contents matter");
        } finally {
            TimeZone.setDefault(zone);
            for (final Path file : (Iterable<Path>)Files.list(dir)::iterator) {
                Files.delete(file);
            }
            Files.delete(dir);
        }
    }

    private static byte[] zip(final Path dir, final List<String> names, final Map<String, String> files, final long modified)
        throws Exception {
        try (ReproducibleZip zip = new ReproducibleZip(dir.resolve("a.zip"), TIME)) {
            for (final String name : names) {
                // numbered: some file systems take two names that differ in their case for one
                final Path file = Files.writeString(dir.resolve("f" + names.indexOf(name)), files.get(name));
                Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
                zip.file("in/" + name, file);
            }
        }
        return Files.readAllBytes(dir.resolve("a.zip"));
    }

    @Test
    void scriptsCanBeStartedAndTheTimeIsTheReleases() throws Exception {
        final Path script = Files.writeString(m_dir.resolve("run"), "#!/bin/sh\n");
        final Path file = m_dir.resolve("a.zip");
        try (ReproducibleZip zip = new ReproducibleZip(file, TIME)) {
            zip.script("top/run", script);
            zip.file("top/text", script);
        }
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            final ZipArchiveEntry run = zip.getEntry("top/run");
            assertEquals(0755, run.getUnixMode() & 0777);
            assertEquals(0644, zip.getEntry("top/text").getUnixMode() & 0777);
            // a zip file has even seconds and no zone
            assertEquals(LocalDateTime.of(2026, 11, 29, 17, 56, 42), run.getTimeLocal());
        }
    }

    @Test
    void twoFilesOfOneName() {
        final ReproducibleZip zip = new ReproducibleZip(m_dir.resolve("a.zip"), TIME);
        zip.bytes("a", new byte[0]);
        final String message = assertThrows(IllegalArgumentException.class, () -> zip.bytes("a", new byte[1])).getMessage();
        assertEquals("Two files of a.zip are called a", message);
    }
}
