package org.scanbridge.release;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * A zip file whose bytes depend on the names, contents and start scripts that go in, and on nothing else: not on the order of
 * a folder, the time, the time zone or the permissions of the files. Entries are sorted by name, have the time of the release,
 * and are readable by everybody; scripts can be started. Not thread-safe.
 */
final class ReproducibleZip implements Closeable {

    private static final int READABLE = UnixStat.FILE_FLAG | 0644;

    private static final int STARTABLE = UnixStat.FILE_FLAG | 0755;

    /** What an entry is read from. */
    @FunctionalInterface
    private interface Content {
        InputStream open() throws IOException;
    }

    private record Entry(Content content, boolean startable) {
    }

    private final Path m_file;

    private final LocalDateTime m_time;

    private final Map<String, Entry> m_entries = new TreeMap<>();

    /**
     * @param file the zip file, written when this is closed; replaced if it exists
     * @param time the time that all entries have, from 1980 on, which is where zip's times begin
     */
    ReproducibleZip(final Path file, final Instant time) {
        m_file = file;
        m_time = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    /**
     * @param name the path in the zip, with slashes
     * @param file what goes there
     */
    void file(final String name, final Path file) {
        put(name, new Entry(() -> Files.newInputStream(file), false));
    }

    /**
     * @param name the path in the zip, with slashes
     * @param script what goes there; can be started when it was unpacked
     */
    void script(final String name, final Path script) {
        put(name, new Entry(() -> Files.newInputStream(script), true));
    }

    /**
     * @param name the path in the zip, with slashes
     * @param bytes what goes there
     */
    void bytes(final String name, final byte[] bytes) {
        put(name, new Entry(() -> new ByteArrayInputStream(bytes), false));
    }

    /**
     * @param prefix the path in the zip that the folder gets, with slashes; blank: its files lie on top
     * @param folder a folder; all its files go in
     * @param wanted tells, by their path in the folder with slashes, the files that go in
     * @throws IOException if the folder cannot be read
     */
    void folder(final String prefix, final Path folder, final Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : (Iterable<Path>)files.filter(Files::isRegularFile)::iterator) {
                final String name = folder.relativize(file).toString().replace('\\', '/');
                if (wanted.test(name)) {
                    file(prefix.isEmpty() ? name : prefix + "/" + name, file);
                }
            }
        }
    }

    private void put(final String name, final Entry entry) {
        if (m_entries.put(name, entry) != null) {
            throw new IllegalArgumentException("Two files of " + m_file.getFileName() + " are called " + name);
        }
    }

    /** @throws IOException if a file cannot be read or the zip not be written */
    @Override
    public void close() throws IOException {
        Files.createDirectories(m_file.toAbsolutePath().getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(m_file));
                ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            for (final Map.Entry<String, Entry> each : m_entries.entrySet()) {
                final ZipArchiveEntry entry = new ZipArchiveEntry(each.getKey());
                // the local time of no zone: what a zip file holds
                entry.setTimeLocal(m_time);
                entry.setUnixMode(each.getValue().startable() ? STARTABLE : READABLE);
                zip.putArchiveEntry(entry);
                try (InputStream in = each.getValue().content().open()) {
                    in.transferTo(zip);
                }
                zip.closeArchiveEntry();
            }
        }
    }
}
