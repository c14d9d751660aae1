package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Objects;

import org.scanbridge.dicom.series.Problem;

/**
 * What a folder of NIfTI files holds.
 *
 * @param series the images, ordered by site, subject and series
 * @param problems what is wrong in the folder, ordered by file
 * @param inputHash SHA-256 over the relative path and the content of every NIfTI file, 64 hexadecimal digits
 */
public record NiftiStudy(List<NiftiSeries> series, List<Problem> problems, String inputHash) {

    /** Copies the lists. */
    public NiftiStudy {
        series = List.copyOf(series);
        problems = List.copyOf(problems);
        Objects.requireNonNull(inputHash, "inputHash");
    }
}
