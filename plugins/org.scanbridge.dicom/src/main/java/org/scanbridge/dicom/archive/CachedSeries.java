package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.PixelLocation;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.study.KnownHeaders;

/** The instances of a series in a {@link SeriesCache}. Used by one thread at a time. */
public final class CachedSeries {

    private static final int BUFFER = 1 << 16;

    /** Bytes of an instance that may be held in memory: a slice of 512 × 512 with 16 bits and its header. */
    private static final int IN_MEMORY = 1 << 20;

    private final SeriesCache m_cache;

    private final String m_name;

    private final SeriesKey m_key;

    private final InstanceZip m_zip;

    CachedSeries(final SeriesCache cache, final String name, final SeriesKey key) throws IOException {
        m_cache = Objects.requireNonNull(cache, "cache");
        m_name = Objects.requireNonNull(name, "name");
        m_key = Objects.requireNonNull(key, "key");
        m_zip = InstanceZip.open(cache.growing(name), cache.place(name));
        boolean done = false;
        try {
            takeFolder(cache.folder(name));
            m_cache.resized(m_name, m_zip.size());
            done = true;
        } finally {
            if (!done) {
                m_zip.close();
            }
        }
    }

    /** Packs what an earlier version kept in a folder, a file an instance. */
    private void takeFolder(final Path folder) throws IOException {
        final Map<String, Path> files = SeriesCache.instances(folder);
        if (files.isEmpty()) {
            return;
        }
        for (final Map.Entry<String, Path> e : files.entrySet()) {
            if (!m_zip.has(e.getKey())) {
                try (InputStream in = Files.newInputStream(e.getValue())) {
                    append(in, new byte[0]);
                    m_zip.commit(e.getKey());
                } finally {
                    m_zip.rollback();
                }
            }
        }
        m_cache.deleteFolder(m_name);
    }

    /** The name of its file: a hash. */
    public String name() {
        return m_name;
    }

    /** Bytes that its file takes. */
    public long size() throws IOException {
        return m_zip.size();
    }

    /** Whether an instance is there, whole. */
    public boolean has(final String instance) {
        return m_zip.has(entry(instance));
    }

    private static String entry(final String instance) {
        return SeriesCache.hash(instance) + SeriesCache.DICOM;
    }

    /**
     * Where instances lie once the series is sealed.
     *
     * @param instances SOP Instance UIDs of instances that are there
     * @return by path below {@link SeriesCache#images()}, with {@code /}, as if the file were a folder
     */
    public Map<String, FilePart> files(final Set<String> instances) {
        final Map<String, FilePart> files = new TreeMap<>();
        instances.stream().map(CachedSeries::entry).forEach(e -> files.put(path(e), m_zip.file(e)));
        return files;
    }

    private String path(final String entry) {
        return SeriesCache.path(m_name, entry);
    }

    /** All instances that are there, as {@link #files(Set)}. */
    Map<String, FilePart> files() {
        final Map<String, FilePart> all = new TreeMap<>();
        m_zip.files().forEach((entry, file) -> all.put(path(entry), file));
        return all;
    }

    /** Deletes instances that the archive does not have any more. */
    void retain(final Set<String> instances) throws IOException {
        m_zip.retain(instances.stream().map(CachedSeries::entry).collect(Collectors.toSet()));
        m_cache.resized(m_name, m_zip.size());
    }

    /**
     * Takes an instance, if it is one of those wanted and whole.
     *
     * @param file its bytes
     * @param wanted which SOP Instance UIDs
     * @param headers gets its header
     * @return why it was dropped; empty if it is there now
     * @throws IOException if reading throws or the disk is full; nothing is kept then
     */
    Optional<String> put(final InputStream file, final Predicate<String> wanted, final Optional<KnownHeaders> headers)
        throws IOException {
        // Most instances are single slices: those are checked before they are written, which saves reading them again.
        final byte[] start = file.readNBytes(IN_MEMORY);
        try {
            if (start.length < IN_MEMORY) {
                put(start, wanted, headers);
            } else {
                put(start, file, wanted, headers);
            }
        } catch (final DicomException e) {
            return Optional.of(e.getMessage());
        }
        m_cache.resized(m_name, m_zip.size());
        return Optional.empty();
    }

    private void put(final byte[] file, final Predicate<String> wanted, final Optional<KnownHeaders> headers) throws IOException {
        final ByteSource source = ByteSource.of(file);
        final DicomFile dicom = DicomFile.parse(source);
        final String entry = entry(check(dicom, wanted));
        if (m_zip.has(entry)) {
            return; // sent twice
        }
        headers.ifPresent(h -> h.add(source, dicom, m_zip.next(file.length), path(entry)));
        m_zip.add(entry, file);
    }

    private void put(final byte[] start, final InputStream rest, final Predicate<String> wanted, final Optional<KnownHeaders> headers)
        throws IOException {
        try {
            append(rest, start);
            try (ByteSource source = m_zip.pending().open(); DicomFile dicom = DicomFile.parse(source)) {
                final String entry = entry(check(dicom, wanted));
                if (!m_zip.has(entry)) {
                    headers.ifPresent(h -> h.add(source, dicom, m_zip.pendingPlace(), path(entry)));
                    m_zip.commit(entry);
                }
            }
        } finally {
            m_zip.rollback();
        }
    }

    private void append(final InputStream in, final byte[] start) throws IOException {
        m_zip.begin();
        m_zip.write(start, start.length);
        final byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            m_zip.write(buffer, n);
        }
    }

    private String check(final DicomFile dicom, final Predicate<String> wanted) throws IOException {
        final String instance = dicom.data().text(Tag.SOP_INSTANCE_UID);
        if (!dicom.data().text(Tag.SERIES_INSTANCE_UID).equals(m_key.series())
            || !dicom.data().text(Tag.STUDY_INSTANCE_UID).equals(m_key.study()) || !SeriesKey.isUid(instance)
            || !wanted.test(instance)) {
            throw new DicomException(DicomException.Reason.BAD_VALUE,
                "It is another instance than those of the series that was asked for");
        }
        final Optional<PixelLocation> pixels = dicom.pixels();
        if (pixels.isPresent() && !pixels.get().isEncapsulated()
            && pixels.get().offset() + pixels.get().length() > dicom.source().size()) {
            throw new DicomException(DicomException.Reason.TRUNCATED, "It ends within its pixel data");
        }
        return instance;
    }

    /** Says that all instances are there: from now on others find them. */
    void seal() throws IOException {
        m_zip.seal();
        m_cache.resized(m_name, m_zip.size());
    }

    /** Closes its file. */
    void close() throws IOException {
        m_zip.close();
    }
}
