package org.scanbridge.dicom.study;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

import org.scanbridge.dicom.series.Problem;

/**
 * What a folder of DICOM files holds. Voxels are read on demand; close it when they have been.
 *
 * @param series the volumes, ordered by site, subject and series
 * @param problems what is wrong in the folder, ordered by file and series
 * @param inputHash SHA-256 over the relative path and the content of every file, 64 hexadecimal digits; empty if not
 *            asked for
 * @param archives the zip archives that files lie in; open until the study is closed
 */
public record Study(List<StudySeries> series, List<Problem> problems, String inputHash, Archives archives)
    implements Closeable {

    /** Copies the lists. */
    public Study {
        series = List.copyOf(series);
        problems = List.copyOf(problems);
        Objects.requireNonNull(inputHash, "inputHash");
        Objects.requireNonNull(archives, "archives");
    }

    /** Closes the archives; voxels that lie in them cannot be read any more. */
    @Override
    public void close() throws IOException {
        archives.close();
    }
}
