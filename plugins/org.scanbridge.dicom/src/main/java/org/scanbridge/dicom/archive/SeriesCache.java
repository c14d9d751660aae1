package org.scanbridge.dicom.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.scanbridge.dicom.study.Folders;
import org.scanbridge.imaging.Progress;

/**
 * A folder that keeps what came from archives, so that a run that was broken off goes on where it was, and one that is
 * repeated asks for nothing twice. Series that were not used for longest go first when it grows beyond its limit. Used by
 * one run at a time. Names of files and folders are hashes; the files are as the archive sent them and identify patients, so
 * the folder is made for its owner only where the file system can tell.
 * <p>
 * {@code images/<series>/<instance>.dcm} are whole instances that were checked; {@code state} holds the rest. Safe for use
 * by several threads.
 */
public final class SeriesCache implements Closeable {

    /** 128 bits: nobody will see two series with the same. */
    private static final int HASH = 16;

    /** How names of files end that are not whole yet. */
    private static final String PART = ".part";

    /** How often a cache in use is tried again, in ms. */
    private static final long POLL = 250;

    private final Path m_images;

    private final Path m_state;

    private final long m_limit;

    private final FileChannel m_channel;

    private final FileLock m_lock;

    private final AtomicLong m_temporaries = new AtomicLong();

    /** Bytes of each series in the folder. */
    private final Map<String, Long> m_sizes = new HashMap<>();

    /** The series in use by this run, with how many use them. */
    private final Map<String, Integer> m_used = new HashMap<>();

    private SeriesCache(final Path root, final long limit, final FileChannel channel, final FileLock lock) {
        m_images = root.resolve("images");
        m_state = root.resolve("state");
        m_limit = limit;
        m_channel = channel;
        m_lock = lock;
    }

    /**
     * Opens a cache; waits as long as another run uses it.
     *
     * @param root its folder, made if it is not there
     * @param limit size in bytes beyond which series that are not in use are deleted
     * @param progress cancels the waiting
     * @throws IOException if the folder cannot be made or written
     * @throws CancellationException if the progress was cancelled
     */
    public static SeriesCache open(final Path root, final long limit, final Progress progress) throws IOException {
        create(root);
        Files.createDirectories(root.resolve("images"));
        Files.createDirectories(root.resolve("state"));
        final FileChannel channel = FileChannel.open(root.resolve("state").resolve("lock"), StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
        try {
            final SeriesCache cache = new SeriesCache(root, limit, channel, lock(channel, progress));
            cache.scan();
            return cache;
        } catch (final IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void create(final Path root) throws IOException {
        if (Files.isDirectory(root)) {
            return;
        }
        if (root.toAbsolutePath().getParent() != null) {
            Files.createDirectories(root.toAbsolutePath().getParent());
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(root);
        }
    }

    private static FileLock lock(final FileChannel channel, final Progress progress) throws IOException {
        while (true) {
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (final OverlappingFileLockException e) {
                // another node of this program
            }
            if (lock != null) {
                return lock;
            }
            progress.report(0, "Waiting for another run that uses the cache folder");
            try {
                Thread.sleep(POLL);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (CancellationException)new CancellationException("interrupted").initCause(e);
            }
        }
    }

    /** Finds what is there; what a run left half-written goes. */
    private void scan() throws IOException {
        for (final Path folder : children(m_images)) {
            long bytes = 0;
            for (final Path file : children(folder)) {
                if (isWhole(file)) {
                    bytes += Files.size(file);
                } else {
                    Files.deleteIfExists(file);
                }
            }
            m_sizes.put(folder.getFileName().toString(), bytes);
        }
    }

    private static List<Path> children(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Folder of all images, one sub-folder a series. */
    public Path images() {
        return m_images;
    }

    /**
     * A series, in use from now on until {@link #release}.
     *
     * @param archive tells archives apart
     */
    public CachedSeries use(final String archive, final SeriesKey key) throws IOException {
        final String name = hash(archive + "\n" + key.study() + "\n" + key.series());
        synchronized (m_used) {
            m_used.merge(name, 1, Integer::sum);
            m_sizes.putIfAbsent(name, 0L);
        }
        touch(name);
        return new CachedSeries(this, name, key);
    }

    /** Ends the use of series; they stay as long as there is room. */
    public void release(final Collection<CachedSeries> series) throws IOException {
        synchronized (m_used) {
            series.forEach(s -> m_used.computeIfPresent(s.name(), (n, count) -> count > 1 ? count - 1 : null));
        }
        shrink();
    }

    /** Bytes of the series in use. */
    public long used() {
        synchronized (m_used) {
            return m_used.keySet().stream().mapToLong(n -> m_sizes.getOrDefault(n, 0L)).sum();
        }
    }

    /** Whether a folder is that of the images of a cache. */
    public static boolean isImages(final Path folder) {
        return folder.endsWith("images") && Files.exists(folder.resolveSibling("state").resolve("lock"));
    }

    /** Whether a series is still in the folder, or was deleted to make room. */
    public boolean holds(final CachedSeries series) {
        synchronized (m_used) {
            return m_sizes.containsKey(series.name());
        }
    }

    /** Bytes that may be used. */
    public long limit() {
        return m_limit;
    }

    /** Bytes of all series. */
    public long size() {
        synchronized (m_used) {
            return m_sizes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Tells of a file that was added (or, with a negative size, deleted). */
    void resized(final String name, final long bytes) throws IOException {
        synchronized (m_used) {
            m_sizes.merge(name, bytes, Long::sum);
        }
        if (bytes > 0) {
            shrink();
        }
    }

    Path folder(final String name) {
        return m_images.resolve(name);
    }

    /**
     * A name for a file that is not there: only this run writes, and what an earlier one left is gone. It lies beside the
     * series' whole files, as several threads that make files in one folder, or move them between two, wait for each other.
     */
    Path temporary(final String name) {
        return folder(name).resolve(m_temporaries.getAndIncrement() + PART);
    }

    /** Whether a file of a series' folder is an instance, not one that is being written or was left half-written. */
    static boolean isWhole(final Path file) {
        return !file.getFileName().toString().endsWith(PART);
    }

    /** Deletes series that are not in use, that not used for longest first, until the rest is within the limit. */
    private void shrink() throws IOException {
        synchronized (m_used) {
            long size = size();
            if (size <= m_limit) {
                return;
            }
            final List<String> oldest = new ArrayList<>(m_sizes.keySet());
            oldest.removeAll(m_used.keySet());
            final Map<String, FileTime> times = new HashMap<>();
            for (final String name : oldest) {
                times.put(name, lastUse(name));
            }
            oldest.sort(Comparator.comparing((String n) -> times.get(n)).thenComparing(n -> n));
            for (final String name : oldest) {
                if (size <= m_limit) {
                    return;
                }
                Folders.deleteTree(folder(name));
                Files.deleteIfExists(m_state.resolve(name + ".used"));
                size -= m_sizes.remove(name);
            }
        }
    }

    private FileTime lastUse(final String name) throws IOException {
        final Path marker = m_state.resolve(name + ".used");
        return Files.exists(marker) ? Files.getLastModifiedTime(marker) : FileTime.fromMillis(0);
    }

    private void touch(final String name) throws IOException {
        final Path marker = m_state.resolve(name + ".used");
        if (!Files.exists(marker)) {
            Files.write(marker, new byte[0]);
        }
        Files.setLastModifiedTime(marker, FileTime.from(Instant.now()));
    }

    /** A name that tells nobody what it stands for. */
    static String hash(final String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)), 0,
                HASH);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Lets other runs use the cache. */
    @Override
    public void close() throws IOException {
        m_lock.release();
        m_channel.close();
    }
}
