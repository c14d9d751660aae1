package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
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

    private boolean m_hasFolder;

    CachedSeries(final SeriesCache cache, final String name, final SeriesKey key) {
        m_cache = Objects.requireNonNull(cache, "cache");
        m_name = Objects.requireNonNull(name, "name");
        m_key = Objects.requireNonNull(key, "key");
    }

    /** The name of its folder: a hash. */
    public String name() {
        return m_name;
    }

    /** Whether an instance is there, whole. */
    public boolean has(final String instance) {
        return Files.exists(file(instance));
    }

    private Path file(final String instance) {
        return m_cache.folder(m_name).resolve(SeriesCache.hash(instance) + ".dcm");
    }

    /**
     * The files of instances.
     *
     * @param instances SOP Instance UIDs of instances that are there
     * @return by path below {@link SeriesCache#images()}, with {@code /}
     */
    public Map<String, Path> files(final Set<String> instances) {
        final Map<String, Path> files = new TreeMap<>();
        instances.stream().map(this::file).forEach(f -> files.put(path(f), f));
        return files;
    }

    private String path(final Path file) {
        return m_name + "/" + file.getFileName();
    }

    /** All files that are there, by path below {@link SeriesCache#images()}. */
    Map<String, Path> files() throws IOException {
        final Path folder = m_cache.folder(m_name);
        final Map<String, Path> all = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(SeriesCache::isWhole).forEach(f -> all.put(path(f), f));
            }
        }
        return all;
    }

    /** Deletes instances that the archive does not have any more. */
    void retain(final Set<String> instances) throws IOException {
        final Path folder = m_cache.folder(m_name);
        if (!Files.isDirectory(folder)) {
            return;
        }
        final Set<String> names = instances.stream().map(i -> file(i).getFileName().toString()).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.filter(SeriesCache::isWhole).toList()) {
                if (!names.contains(file.getFileName().toString())) {
                    final long size = Files.size(file);
                    Files.delete(file);
                    m_cache.resized(m_name, -size);
                }
            }
        }
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
        if (start.length < IN_MEMORY) {
            return put(start, wanted, headers);
        }
        final Path temporary = temporary();
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                out.write(start);
                final byte[] buffer = new byte[BUFFER];
                for (int n = file.read(buffer); n >= 0; n = file.read(buffer)) {
                    out.write(buffer, 0, n);
                }
            }
            final Path place;
            try (ByteSource source = ByteSource.open(temporary); DicomFile dicom = DicomFile.parse(source)) {
                place = file(check(dicom, wanted));
                if (Files.exists(place)) {
                    return Optional.empty(); // sent twice
                }
                headers.ifPresent(h -> h.add(source, dicom, place, path(place)));
            } catch (final DicomException e) {
                return Optional.of(e.getMessage());
            }
            keep(place, temporary, Files.size(temporary));
            return Optional.empty();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Optional<String> put(final byte[] file, final Predicate<String> wanted, final Optional<KnownHeaders> headers)
        throws IOException {
        final Path place;
        final ByteSource source = ByteSource.of(file);
        try (DicomFile dicom = DicomFile.parse(source)) {
            place = file(check(dicom, wanted));
            if (Files.exists(place)) {
                return Optional.empty(); // sent twice
            }
            headers.ifPresent(h -> h.add(source, dicom, place, path(place)));
        } catch (final DicomException e) {
            return Optional.of(e.getMessage());
        }
        final Path temporary = temporary();
        try {
            Files.write(temporary, file);
            keep(place, temporary, file.length);
        } catch (final IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return Optional.empty();
    }

    private Path temporary() throws IOException {
        if (!m_hasFolder) {
            Files.createDirectories(m_cache.folder(m_name));
            m_hasFolder = true;
        }
        return m_cache.temporary(m_name);
    }

    private void keep(final Path place, final Path temporary, final long size) throws IOException {
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        m_cache.resized(m_name, size);
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
}
