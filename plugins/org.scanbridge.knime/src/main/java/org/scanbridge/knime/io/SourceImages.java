package org.scanbridge.knime.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;

/** Finds the DICOM series that images of a table were made from, by the ids that the DICOM Reader gave. */
public final class SourceImages {

    private final Map<String, StudySeries> m_series;

    private SourceImages(final Map<String, StudySeries> series) {
        m_series = series;
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
            final Map<String, StudySeries> series = new HashMap<>();
            new DicomStudyReader(options).read(study, progress, workers).series()
                .forEach(s -> series.put(s.info().series(), s));
            return new SourceImages(series);
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
            throw new NotWrittenException("Series " + id + " is not in the study folder, or lacks slices. Choose"
                + " the folder and the pseudonym key that the DICOM Reader used.");
        }
        return series;
    }
}
