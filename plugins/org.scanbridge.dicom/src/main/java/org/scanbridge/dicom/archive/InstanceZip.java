package org.scanbridge.dicom.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.FilePart;

/**
 * Instances in one file: a zip archive (PKWARE APPNOTE 6.3) without compression, so that each instance is a part of the file as
 * it is. One file for a series is made many times faster than one for each instance.
 * <p>
 * While a series is fetched, its instances are appended to a file beside the place of the archive, each with a checksum. Whenever
 * a run ends there, even without notice, the next one reads the file from its start and keeps what is whole. {@link #seal} writes
 * the directory of the archive, which other programs look for, and gives the file its place in one step. Used by one thread at a
 * time.
 */
final class InstanceZip implements Closeable {

    /** Names of entries: a hash and an ending, always of this length. */
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}\\.dcm");

    private static final int NAME_LENGTH = 36;

    /** APPNOTE 4.3.7, 4.3.12, 4.3.14, 4.3.15 and 4.3.16. */
    private static final int LOCAL = 0x04034b50;

    private static final int CENTRAL = 0x02014b50;

    private static final int END64 = 0x06064b50;

    private static final int LOCATOR64 = 0x07064b50;

    private static final int END = 0x06054b50;

    private static final int LOCAL_LENGTH = 30;

    /** Versions of the format that a reader must know (APPNOTE 4.4.3): 4.5 where numbers of 64 bits occur. */
    private static final short VERSION = 20;

    private static final short VERSION64 = 45;

    /** 1980-01-01, the first day that the format can tell: when an instance was fetched is nobody's business. */
    private static final short DATE = 0x21;

    /** Extra field of numbers of 64 bits (APPNOTE 4.5.3). */
    private static final short EXTRA64 = 1;

    /** Length of this extra field with both sizes. */
    private static final int SIZES64 = 20;

    private static final long MAX_32 = 0xFFFFFFFFL;

    private static final int MAX_16 = 0xFFFF;

    private static final int BUFFER = 1 << 16;

    private final Path m_growing;

    private final Path m_place;

    private final Map<String, Entry> m_entries = new LinkedHashMap<>();

    /** Where the next entry begins. */
    private long m_end;

    /** Open while instances may be appended; else null. */
    private RandomAccessFile m_file;

    private byte[] m_buffer = new byte[0];

    /** Data of the entry begun by {@link #begin}: how much, and their checksum. */
    private long m_pending = -1;

    private final CRC32 m_crc = new CRC32();

    /** @param wide whether the header before it has its sizes as numbers of 64 bits */
    private record Entry(long header, long offset, long length, int crc, boolean wide) {
    }

    private InstanceZip(final Path growing, final Path place) {
        m_growing = growing;
        m_place = place;
    }

    /**
     * Finds what is there. Every instance is read and its checksum compared; what does not fit, and all that comes after it, is
     * dropped.
     *
     * @param growing where the file is as long as it is not whole
     * @param place where it is then
     * @throws IOException if it cannot be read
     */
    static InstanceZip open(final Path growing, final Path place) throws IOException {
        final InstanceZip zip = new InstanceZip(growing, place);
        if (Files.exists(place)) {
            try (ByteSource source = ByteSource.open(place)) {
                zip.scan(source, true);
                if (zip.isSealed(source)) {
                    return zip;
                }
            }
            Files.move(place, growing, StandardCopyOption.ATOMIC_MOVE);
        } else if (Files.exists(growing)) {
            try (ByteSource source = ByteSource.open(growing)) {
                zip.scan(source, true);
            }
        }
        return zip;
    }

    /**
     * The instances of an archive that is at its place, by name. They are not compared with their checksums.
     *
     * @throws IOException if it cannot be read
     */
    static Map<String, FilePart> list(final Path place) throws IOException {
        final InstanceZip zip = new InstanceZip(place, place);
        try (ByteSource source = ByteSource.open(place)) {
            zip.scan(source, false);
        }
        return zip.files();
    }

    private void scan(final ByteSource source, final boolean verify) throws IOException {
        final byte[] head = new byte[LOCAL_LENGTH + NAME_LENGTH + SIZES64];
        while (true) {
            final int n = (int)Math.min(head.length, source.size() - m_end);
            if (n < LOCAL_LENGTH + NAME_LENGTH) {
                return;
            }
            source.read(m_end, head, 0, n);
            final Optional<Entry> entry = entry(little(head));
            final String name = new String(head, LOCAL_LENGTH, NAME_LENGTH, StandardCharsets.ISO_8859_1);
            if (entry.isEmpty() || !NAME.matcher(name).matches() || entry.get().length() < 0
                || entry.get().length() > source.size() - entry.get().offset() || verify && !isIntact(source, entry.get())) {
                return;
            }
            m_entries.put(name, entry.get());
            m_end = entry.get().offset() + entry.get().length();
        }
    }

    /** The entry of a local header; empty if it is none. */
    private Optional<Entry> entry(final ByteBuffer head) {
        final boolean wide = head.getInt(18) == -1;
        final int extra = wide ? SIZES64 : 0;
        if (head.getInt(0) != LOCAL || head.getShort(6) != 0 || head.getShort(8) != 0 || head.getShort(26) != NAME_LENGTH
            || head.getShort(28) != extra || head.getInt(18) != head.getInt(22)) {
            return Optional.empty();
        }
        final long length = wide ? head.getLong(LOCAL_LENGTH + NAME_LENGTH + 4) : head.getInt(18) & MAX_32;
        return Optional.of(new Entry(m_end, m_end + LOCAL_LENGTH + NAME_LENGTH + extra, length, head.getInt(14), wide));
    }

    private static boolean isIntact(final ByteSource source, final Entry entry) throws IOException {
        final CRC32 crc = new CRC32();
        final byte[] buffer = new byte[(int)Math.min(BUFFER, Math.max(1, entry.length()))];
        for (long at = 0; at < entry.length(); at += buffer.length) {
            final int n = (int)Math.min(buffer.length, entry.length() - at);
            source.read(entry.offset() + at, buffer, 0, n);
            crc.update(buffer, 0, n);
        }
        return (int)crc.getValue() == entry.crc();
    }

    /** Whether the directory is there as it would be written. */
    private boolean isSealed(final ByteSource source) throws IOException {
        final byte[] directory = directory();
        if (m_entries.isEmpty() || source.size() - m_end != directory.length) {
            return false;
        }
        final byte[] there = new byte[directory.length];
        source.read(m_end, there, 0, there.length);
        return Arrays.equals(directory, there);
    }

    /** Whether an instance is there, whole. */
    boolean has(final String name) {
        return m_entries.containsKey(name);
    }

    /** All instances that are there, by name, where they will lie once the file is sealed. */
    Map<String, FilePart> files() {
        final Map<String, FilePart> files = new LinkedHashMap<>();
        m_entries.keySet().forEach(n -> files.put(n, file(n)));
        return files;
    }

    /** Where an instance that is there will lie once the file is sealed. */
    FilePart file(final String name) {
        final Entry entry = m_entries.get(name);
        return new FilePart(m_place, entry.offset(), entry.length());
    }

    /** Bytes that the file takes. */
    long size() throws IOException {
        final Path file = Files.exists(m_place) ? m_place : m_growing;
        return m_file != null ? m_end : Files.exists(file) ? Files.size(file) : 0;
    }

    /** Where the next instance will lie, if it is of this length; what {@link #add} then makes true. */
    FilePart next(final int length) {
        return new FilePart(m_place, m_end + LOCAL_LENGTH + NAME_LENGTH, length);
    }

    /**
     * Appends an instance.
     *
     * @param name 32 hexadecimal digits and {@code .dcm}, not yet there
     * @throws IOException if it cannot be written, such as on a full disk; it is not there then
     */
    void add(final String name, final byte[] content) throws IOException {
        append();
        m_crc.reset();
        m_crc.update(content);
        final Entry entry = new Entry(m_end, m_end + LOCAL_LENGTH + NAME_LENGTH, content.length, (int)m_crc.getValue(), false);
        final byte[] header = header(name, entry);
        final int length = header.length + content.length;
        if (m_buffer.length < length) {
            m_buffer = new byte[Math.max(length, BUFFER)];
        }
        System.arraycopy(header, 0, m_buffer, 0, header.length);
        System.arraycopy(content, 0, m_buffer, header.length, content.length);
        boolean done = false;
        try {
            m_file.seek(m_end);
            m_file.write(m_buffer, 0, length); // at once: half of it is no entry
            done = true;
        } finally {
            if (!done) {
                m_file.setLength(m_end);
            }
        }
        put(name, entry);
    }

    /** Begins an instance of unknown length, whose bytes {@link #write} appends; {@link #commit} makes it one of the others. */
    void begin() throws IOException {
        append();
        m_crc.reset();
        m_pending = 0;
        m_file.seek(m_end);
        m_file.write(new byte[LOCAL_LENGTH + NAME_LENGTH + SIZES64]); // no header yet, so no entry
    }

    void write(final byte[] bytes, final int count) throws IOException {
        m_file.write(bytes, 0, count);
        m_crc.update(bytes, 0, count);
        m_pending += count;
    }

    /** Where the bytes of the instance that was begun lie now. */
    FilePart pending() {
        return new FilePart(m_growing, m_end + LOCAL_LENGTH + NAME_LENGTH + SIZES64, m_pending);
    }

    /** Where they will lie once the file is sealed. */
    FilePart pendingPlace() {
        return new FilePart(m_place, m_end + LOCAL_LENGTH + NAME_LENGTH + SIZES64, m_pending);
    }

    /** Keeps the instance that was begun under this name. */
    void commit(final String name) throws IOException {
        final Entry entry = new Entry(m_end, pending().offset(), m_pending, (int)m_crc.getValue(), true);
        m_file.seek(m_end);
        m_file.write(header(name, entry));
        m_pending = -1;
        put(name, entry);
    }

    /** Drops the instance that was begun, if there is one. */
    void rollback() throws IOException {
        if (m_pending >= 0) {
            m_pending = -1;
            m_file.setLength(m_end);
        }
    }

    private void put(final String name, final Entry entry) {
        m_entries.put(name, entry);
        m_end = entry.offset() + entry.length();
    }

    /** Opens the file for appending; what was sealed is not any more. */
    private void append() throws IOException {
        if (m_file != null) {
            return;
        }
        if (Files.exists(m_place)) {
            Files.move(m_place, m_growing, StandardCopyOption.ATOMIC_MOVE);
        }
        m_file = new RandomAccessFile(m_growing.toFile(), "rw");
        if (m_file.length() > m_end) {
            m_file.setLength(m_end); // else not: ext4 writes what was once shortened to the disk when it is closed
        }
    }

    /**
     * Deletes instances, their bytes too.
     *
     * @param names those that stay
     */
    void retain(final Set<String> names) throws IOException {
        if (names.containsAll(m_entries.keySet())) {
            return;
        }
        close();
        final Path from = Files.exists(m_place) ? m_place : m_growing;
        final Path fewer = m_growing.resolveSibling(m_growing.getFileName() + ".new");
        Files.deleteIfExists(fewer);
        final InstanceZip kept = new InstanceZip(fewer, m_place.resolveSibling(fewer.getFileName()));
        try (kept; ByteSource source = ByteSource.open(from)) {
            final Predicate<Map.Entry<String, Entry>> stays = e -> names.contains(e.getKey());
            for (final Map.Entry<String, Entry> e : m_entries.entrySet().stream().filter(stays).toList()) {
                kept.copy(e.getKey(), source, e.getValue());
            }
        }
        Files.delete(from);
        m_entries.clear();
        m_entries.putAll(kept.m_entries);
        m_end = kept.m_end;
        if (Files.exists(fewer)) {
            Files.move(fewer, m_growing, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void copy(final String name, final ByteSource source, final Entry entry) throws IOException {
        begin();
        final byte[] buffer = new byte[BUFFER];
        for (long at = 0; at < entry.length(); at += buffer.length) {
            final int n = (int)Math.min(buffer.length, entry.length() - at);
            source.read(entry.offset() + at, buffer, 0, n);
            write(buffer, n);
        }
        commit(name);
    }

    /** Makes it a zip archive at its place, if it has instances and is none yet. Nothing is open then. */
    void seal() throws IOException {
        if (m_entries.isEmpty() || Files.exists(m_place)) {
            return;
        }
        append();
        final byte[] directory = directory();
        m_file.seek(m_end);
        m_file.write(directory);
        close();
        Files.move(m_growing, m_place, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ByteBuffer little(final byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] header(final String name, final Entry e) {
        final byte[] bytes = new byte[(int)(e.offset() - e.header())];
        final ByteBuffer out = little(bytes).putInt(LOCAL).putShort(e.wide() ? VERSION64 : VERSION).putShort((short)0)
            .putShort((short)0).putShort((short)0).putShort(DATE).putInt(e.crc());
        final int size = e.wide() ? -1 : (int)e.length();
        out.putInt(size).putInt(size).putShort((short)NAME_LENGTH).putShort((short)(e.wide() ? SIZES64 : 0))
            .put(name.getBytes(StandardCharsets.US_ASCII));
        if (e.wide()) {
            out.putShort(EXTRA64).putShort((short)16).putLong(e.length()).putLong(e.length());
        }
        return bytes;
    }

    /** The central directory and its end. */
    private byte[] directory() {
        final ByteBuffer out = little(new byte[m_entries.size() * (46 + NAME_LENGTH + 28) + 98]);
        m_entries.forEach((name, e) -> {
            final boolean wide = e.length() >= MAX_32;
            final boolean far = e.header() >= MAX_32;
            final short version = wide || far || e.wide() ? VERSION64 : VERSION;
            final int extra = (wide || far ? 4 : 0) + (wide ? 16 : 0) + (far ? 8 : 0);
            final int size = wide ? -1 : (int)e.length();
            out.putInt(CENTRAL).putShort(version).putShort(version).putShort((short)0).putShort((short)0).putShort((short)0)
                .putShort(DATE).putInt(e.crc()).putInt(size).putInt(size).putShort((short)NAME_LENGTH).putShort((short)extra)
                .putShort((short)0).putShort((short)0).putShort((short)0).putInt(0).putInt(far ? -1 : (int)e.header())
                .put(name.getBytes(StandardCharsets.US_ASCII));
            if (extra > 0) {
                out.putShort(EXTRA64).putShort((short)(extra - 4));
            }
            if (wide) {
                out.putLong(e.length()).putLong(e.length());
            }
            if (far) {
                out.putLong(e.header());
            }
        });
        final int count = m_entries.size();
        final int size = out.position();
        if (count >= MAX_16 || m_end >= MAX_32) {
            out.putInt(END64).putLong(44).putShort(VERSION64).putShort(VERSION64).putInt(0).putInt(0).putLong(count)
                .putLong(count).putLong(size).putLong(m_end);
            out.putInt(LOCATOR64).putInt(0).putLong(m_end + size).putInt(1);
        }
        final short few = (short)Math.min(count, MAX_16);
        out.putInt(END).putShort((short)0).putShort((short)0).putShort(few).putShort(few).putInt(size)
            .putInt((int)Math.min(m_end, MAX_32)).putShort((short)0);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Closes the file; what is there stays. */
    @Override
    public void close() throws IOException {
        m_pending = -1;
        if (m_file != null) {
            m_file.close();
            m_file = null;
        }
    }
}
