package org.scanbridge.dicom.study;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.pixel.DicomDecoders;

/**
 * What the headers of files say that were open before their study is read, as where they come from an archive: none of them
 * need be opened and parsed once more for it. Takes the memory that reading the headers would take. Safe for use by several
 * threads.
 */
public final class KnownHeaders {

    private final FileIndexer m_indexer;

    private final Map<String, IndexedFile> m_files = new ConcurrentHashMap<>();

    /** @param options those that the study will be read with */
    public KnownHeaders(final DicomStudyOptions options) {
        m_indexer = new FileIndexer(Objects.requireNonNull(options, "options"), DicomDecoders.standard());
    }

    /**
     * Remembers what the header of a file says. A header of which nothing can be made is not remembered: the study's reader
     * tells what is wrong with it.
     *
     * @param content all bytes of the file
     * @param header their header
     * @param file where it will lie when the study is read
     * @param path its path relative to the study's folder, with {@code /}
     */
    public void add(final ByteSource content, final DicomFile header, final FilePart file, final String path) {
        try {
            m_files.put(path, m_indexer.index(content, header, file, path));
        } catch (final IOException e) {
            m_files.remove(path);
        }
    }

    /** Number of files that are known. */
    public int size() {
        return m_files.size();
    }

    /** Forgets files, by their paths. */
    public void forget(final Collection<String> paths) {
        paths.forEach(m_files::remove);
    }

    Optional<IndexedFile> of(final String path) {
        return Optional.ofNullable(m_files.get(path));
    }
}
