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
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.study.Folders;
import org.scanbridge.imaging.Progress;

/**
 * A folder that keeps what came from archives, so that a run that was broken off goes on where it was, and one that is
 * repeated asks for nothing twice. Series that were not used for longest go first when it grows beyond its limit. Used by
 * one run at a time. Names of files and folders are hashes; the files are as the archive sent them and identify patients, so
 * the folder is made for its owner only where the file system can tell.
 * <p>
 * {@code images/<series>.zip} holds the instances of a series that came wholly, each checked, without compression, so that every
 * reader of folders with DICOM files in zip archives reads it. {@code state/<series>.part} is one of which not all has come yet.
 * Folders {@code images/<series>} with a file for each instance, as earlier versions made them, are found, packed when their
 * series is used, and deleted like the others when there is no room. When a series was used last, its file's date says. Safe for
 * use by several threads.
 */
public final class SeriesCache implements Closeable {

    /** 128 bits: nobody will see two series with the same. */
    private static final int HASH = 16;

    /** How names of instances end. */
    static final String DICOM = ".dcm";

    private static final String ZIP = ".zip";

    /** How names of files end that are not whole yet. */
    private static final String PART = ".part";

    /** How names of files end that were left while they were copied. */
    private static final String NEW = ".new";

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * HASH + "}");

    /** How often a cache in use is tried again, in ms. */
    private static final long POLL = 250;

    private final Path m_images;

    private final Path m_state;

    private final long m_limit;

    private final FileChannel m_channel;

    private final FileLock m_lock;

    /** Bytes of each series in the folder. */
    private final Map<String, Long> m_sizes = new HashMap<>();

    /** Their sum. */
    private long m_size;

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

    /** Finds what is there; what a run left half-written beside what is whole goes. */
    private void scan() throws IOException {
        for (final Path file : children(m_state)) {
            final String name = withoutEnding(file, PART);
            if (file.getFileName().toString().endsWith(NEW) || isName(name) && Files.exists(place(name))) {
                Files.deleteIfExists(file);
            } else if (isName(name)) {
                add(name, Files.size(file));
            }
        }
        for (final Path file : children(m_images)) {
            final String name = withoutEnding(file, ZIP);
            if (isName(name)) {
                add(name, Files.size(file));
            } else if (isName(file.getFileName().toString()) && Files.isDirectory(file)) {
                scanFolder(file);
            }
        }
    }

    private void scanFolder(final Path folder) throws IOException {
        final String name = folder.getFileName().toString();
        if (Files.exists(place(name))) {
            Folders.deleteTree(folder); // it was packed
            return;
        }
        for (final Path file : children(folder)) {
            if (file.getFileName().toString().endsWith(PART)) {
                Files.deleteIfExists(file);
            } else {
                add(name, Files.size(file));
            }
        }
    }

    private void add(final String name, final long bytes) {
        m_sizes.merge(name, bytes, Long::sum);
        m_size += bytes;
    }

    private static boolean isName(final String name) {
        return NAME.matcher(name).matches();
    }

    /** The name of a file without an ending; empty if it has another one. */
    private static String withoutEnding(final Path file, final String ending) {
        final String name = file.getFileName().toString();
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : "";
    }

    private static List<Path> children(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Folder of all images, one file a series. */
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
        boolean done = false;
        try {
            touch(name);
            final CachedSeries series = new CachedSeries(this, name, key);
            done = true;
            return series;
        } finally {
            if (!done) {
                unuse(List.of(name));
            }
        }
    }

    private void unuse(final Collection<String> names) {
        synchronized (m_used) {
            names.forEach(s -> m_used.computeIfPresent(s, (n, count) -> count > 1 ? count - 1 : null));
        }
    }

    /** Ends the use of series; they stay as long as there is room. */
    public void release(final Collection<CachedSeries> series) throws IOException {
        unuse(series.stream().map(CachedSeries::name).toList());
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
            return m_size;
        }
    }

    /** Tells how large the file of a series is now. */
    void resized(final String name, final long bytes) throws IOException {
        final long more;
        synchronized (m_used) {
            more = bytes - m_sizes.getOrDefault(name, 0L);
            add(name, more);
        }
        if (more > 0) {
            shrink();
        }
    }

    /** Where the file of a series is once it is whole. */
    Path place(final String name) {
        return m_images.resolve(name + ZIP);
    }

    /** Where it is until then: in no folder that others read. */
    Path growing(final String name) {
        return m_state.resolve(name + PART);
    }

    /** Where earlier versions kept a series. */
    Path folder(final String name) {
        return m_images.resolve(name);
    }

    /** Deletes the folder of a series that was packed. */
    void deleteFolder(final String name) throws IOException {
        Folders.deleteTree(folder(name));
        Files.deleteIfExists(marker(name));
    }

    /** The whole instances in a folder of an earlier version, by name; none if there is no such folder. */
    static Map<String, Path> instances(final Path folder) throws IOException {
        final Map<String, Path> files = new TreeMap<>();
        for (final Path file : children(folder)) {
            if (isName(withoutEnding(file, DICOM))) {
                files.put(file.getFileName().toString(), file);
            }
        }
        return files;
    }

    /** The path of an instance below {@link #images()}: as if the file of its series were a folder. */
    static String path(final String name, final String entry) {
        return name + ZIP + "/" + entry;
    }

    /**
     * All instances of series that are whole. Reads as much of the files as it takes to find them, and keeps none of them open,
     * however many there are.
     *
     * @param images folder of the images of a cache, see {@link #isImages}
     * @return by path below the folder, with {@code /}
     * @throws IOException if it cannot be read
     */
    public static Map<String, FilePart> files(final Path images) throws IOException {
        final Map<String, FilePart> files = new TreeMap<>();
        for (final Path file : children(images)) {
            final String name = withoutEnding(file, ZIP);
            if (isName(name)) {
                InstanceZip.list(file).forEach((entry, part) -> files.put(path(name, entry), part));
            } else if (isName(file.getFileName().toString())) {
                instances(file).forEach((entry, path) -> files.put(file.getFileName() + "/" + entry, FilePart.whole(path)));
            }
        }
        return files;
    }

    /** Deletes series that are not in use, that not used for longest first, until the rest is within the limit. */
    private void shrink() throws IOException {
        synchronized (m_used) {
            if (m_size <= m_limit) {
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
                if (m_size <= m_limit) {
                    return;
                }
                Files.deleteIfExists(place(name));
                Files.deleteIfExists(growing(name));
                deleteFolder(name);
                m_size -= m_sizes.remove(name);
            }
        }
    }

    private FileTime lastUse(final String name) throws IOException {
        for (final Path file : List.of(place(name), growing(name), marker(name))) {
            if (Files.exists(file)) {
                return Files.getLastModifiedTime(file);
            }
        }
        return FileTime.fromMillis(0);
    }

    /** What told earlier versions when a series was used last. */
    private Path marker(final String name) {
        return m_state.resolve(name + ".used");
    }

    private void touch(final String name) throws IOException {
        for (final Path file : List.of(place(name), growing(name))) {
            if (Files.exists(file)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            }
        }
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
