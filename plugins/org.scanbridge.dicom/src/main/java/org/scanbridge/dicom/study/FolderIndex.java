package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.imaging.Progress;

/**
 * The headers of all files below a folder, each read once, in parallel.
 *
 * @param files in the order of their relative paths
 * @param problems of folders and files that cannot be listed
 * @param archives the archives that files lie in, open
 */
record FolderIndex(List<IndexedFile> files, List<Problem> problems, Archives archives) {

    /** Files per task: enough to make the overhead of a task small, few enough to be cancelled at once. */
    private static final int BATCH = 32;

    /**
     * Lists and reads a folder, or the files that a DICOMDIR names.
     *
     * @param indexer tells what the header of a file says, by its relative path; called by several threads
     * @throws IOException if it does not exist or is neither
     * @throws CancellationException if the progress was cancelled; no task goes on then
     */
    static FolderIndex of(final Path root, final BiFunction<FilePart, String, IndexedFile> indexer,
        final Progress progress, final ExecutorService executor) throws IOException {
        progress.report(0, "Listing files");
        final List<Problem> problems = new ArrayList<>();
        final Archives archives = new Archives();
        boolean done = false;
        try {
            final Map<String, FilePart> files = new TreeMap<>();
            StudyFiles.list(root, archives, problems).forEach((path, file) -> files.put(path, FilePart.whole(file)));
            final FolderIndex index = new FolderIndex(index(files, indexer, progress, executor), problems, archives);
            done = true;
            return index;
        } finally {
            if (!done) {
                archives.close();
            }
        }
    }

    /**
     * Reads files that are known already; none of them lies in an archive.
     *
     * @param files by path
     */
    static FolderIndex of(final Map<String, FilePart> files, final BiFunction<FilePart, String, IndexedFile> indexer,
        final Progress progress, final ExecutorService executor) throws IOException {
        return new FolderIndex(index(new TreeMap<>(files), indexer, progress, executor), List.of(), new Archives());
    }

    private static List<IndexedFile> index(final Map<String, FilePart> files, final BiFunction<FilePart, String, IndexedFile> indexer,
        final Progress progress, final ExecutorService executor) throws IOException {
        final List<Future<List<IndexedFile>>> batches = new ArrayList<>();
        final List<Map.Entry<String, FilePart>> entries = new ArrayList<>(files.entrySet());
        for (int from = 0; from < entries.size(); from += BATCH) {
            final List<Map.Entry<String, FilePart>> batch = entries.subList(from, Math.min(from + BATCH, entries.size()));
            batches.add(executor.submit(() -> {
                final List<IndexedFile> indexed = new ArrayList<>(batch.size());
                for (final Map.Entry<String, FilePart> e : batch) {
                    indexed.add(indexer.apply(e.getValue(), e.getKey()));
                }
                return indexed;
            }));
        }
        final List<IndexedFile> indexed = new ArrayList<>(entries.size());
        try {
            for (final Future<List<IndexedFile>> batch : batches) {
                indexed.addAll(get(batch));
                progress.report((double)indexed.size() / entries.size(),
                    "Read " + indexed.size() + " of " + entries.size() + " headers");
            }
        } finally {
            batches.forEach(b -> b.cancel(true));
        }
        return indexed;
    }

    /** Waits for a task; an interrupt cancels. */
    static <T> T get(final Future<T> task) throws IOException {
        try {
            return task.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** SHA-256 over relative paths and content hashes, in hexadecimal digits. */
    String hash() {
        final MessageDigest digest = FileIndexer.sha256();
        for (final IndexedFile file : files) {
            digest.update(file.path().getBytes(StandardCharsets.UTF_8));
            digest.update((byte)0);
            digest.update(file.hash());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
