package org.scanbridge.dicom.study;

import java.util.List;
import java.util.Objects;

import org.scanbridge.dicom.series.Problem;

/**
 * What a folder of DICOM files holds.
 *
 * @param series the volumes, ordered by site, subject and series
 * @param problems what is wrong in the folder, ordered by file and series
 * @param inputHash SHA-256 over the relative path and the content of every file, 64 hexadecimal digits; empty if not
 *            asked for
 */
public record Study(List<StudySeries> series, List<Problem> problems, String inputHash) {

    /** Copies the lists. */
    public Study {
        series = List.copyOf(series);
        problems = List.copyOf(problems);
        Objects.requireNonNull(inputHash, "inputHash");
    }
}
