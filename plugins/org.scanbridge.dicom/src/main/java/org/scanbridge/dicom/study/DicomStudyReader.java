package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

import org.scanbridge.imaging.Progress;

/**
 * Reads a folder tree of DICOM files into volumes and their segmentations. Whatever is wrong in the tree becomes a
 * {@link org.scanbridge.dicom.series.Problem}; only a folder that cannot be listed is an error.
 */
public final class DicomStudyReader {

    private final DicomStudyOptions m_options;

    /** @param options how to read */
    public DicomStudyReader(final DicomStudyOptions options) {
        m_options = Objects.requireNonNull(options, "options");
    }

    /**
     * Reads the headers of all files below a folder, once and in parallel, and builds volumes from them. The result is
     * the same whatever the number of workers.
     *
     * @param root the folder
     * @param progress counts files; cancels
     * @param executor runs the reading; not shut down
     * @throws IOException if the folder does not exist or cannot be listed
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    public Study read(final Path root, final Progress progress, final ExecutorService executor) throws IOException {
        throw new UnsupportedOperationException(m_options.toString());
    }
}
