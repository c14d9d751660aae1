package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.scanbridge.imaging.Progress;

/**
 * Writes subjects as a study folder {@code <root>/<site>/<subject>/}, one MR series and, where labeled, one DICOM
 * Segmentation per subject. The whole folder appears at once or not at all: it is written under a temporary name beside
 * its place and then renamed. The same subjects and seed give the same bytes.
 */
public final class DicomStudyWriter {

    private final String m_seed;

    /** @param seed all UIDs derive from this text and the names of sites and subjects */
    public DicomStudyWriter(final String seed) {
        m_seed = seed;
    }

    /**
     * Writes the study.
     *
     * @param root the folder to appear; may exist if it is empty or holds exactly what would be written
     * @param subjects the subjects; no two with the same site and subject
     * @param progress counts subjects; cancels, and nothing stays behind
     * @throws java.nio.file.FileAlreadyExistsException if the folder holds something else
     * @throws IOException if writing fails; nothing stays behind
     */
    public void write(final Path root, final List<StudySubject> subjects, final Progress progress) throws IOException {
        throw new UnsupportedOperationException(m_seed);
    }
}
