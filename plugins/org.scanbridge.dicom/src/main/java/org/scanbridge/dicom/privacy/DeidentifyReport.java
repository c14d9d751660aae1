package org.scanbridge.dicom.privacy;

import java.util.List;

import org.scanbridge.dicom.series.Problem;

/**
 * What a de-identifying copy did.
 *
 * @param files number of files read
 * @param copied number of files written
 * @param problems files that were left out or are suspect, ordered by file
 */
public record DeidentifyReport(int files, int copied, List<Problem> problems) {

    /** Copies the list. */
    public DeidentifyReport {
        problems = List.copyOf(problems);
    }
}
