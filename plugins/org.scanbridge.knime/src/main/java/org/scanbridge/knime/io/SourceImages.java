package org.scanbridge.knime.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.scanbridge.dicom.archive.SeriesCache;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;

/**
 * Finds the DICOM series that images of a table were made from, by the ids that the DICOM Reader gave. Close it when they have
 * been read: they may lie in zip archives, which are open until then.
 */
public final class SourceImages implements AutoCloseable {

    private final Study m_study;

    private final Map<String, StudySeries> m_series = new HashMap<>();

    /** Whether the folder is that of a cache of the DICOM Archive Reader, from which series may have been deleted. */
    private final boolean m_cache;

    private SourceImages(final Study study, final boolean cache) {
        m_study = study;
        m_cache = cache;
        study.series().forEach(s -> m_series.put(s.info().series(), s));
    }

    /**
     * Reads the headers of a study.
     *
     * @param study the folder that the DICOM Reader read
     * @param key the pseudonym key that it used
     * @param progress counts files; cancels
     * @throws IOException if the folder cannot be listed
     */
    public static SourceImages read(final Path study, final String key, final Progress progress) throws IOException {
        final DicomStudyOptions options = DicomStudyOptions.defaults().withPseudonymKey(key).withHash(false);
        final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            final DicomStudyReader reader = new DicomStudyReader(options);
            // of a cache not as of any folder with zip archives, which would all be open at a time
            return SeriesCache.isImages(study)
                ? new SourceImages(reader.read(study, SeriesCache.files(study), progress, workers), true)
                : new SourceImages(reader.read(study, progress, workers), false);
        } finally {
            workers.shutdownNow();
        }
    }

    /**
     * The series of an id.
     *
     * @throws NotWrittenException if the study has none
     */
    public StudySeries of(final String id) throws NotWrittenException {
        final StudySeries series = m_series.get(id);
        if (series == null) {
            throw new NotWrittenException(m_cache ? "Series " + id + " is not in the cache of the DICOM Archive Reader any more, or"
                + " lacks slices. Raise its \"Cache size in MB\" until the cache holds all series of the run and execute it once"
                + " more, and choose the pseudonym key that it used."
                : "Series " + id + " is not in the study folder, or lacks slices. Choose"
                    + " the folder and the pseudonym key that the DICOM Reader used.");
        }
        return series;
    }

    /** Closes the archives; series that lie in them cannot be read any more. */
    @Override
    public void close() throws IOException {
        m_study.close();
    }
}
