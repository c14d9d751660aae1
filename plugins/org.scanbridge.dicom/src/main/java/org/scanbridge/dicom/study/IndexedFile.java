package org.scanbridge.dicom.study;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.seg.LabelSource;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.SeriesHeader;
import org.scanbridge.dicom.series.Slice;

/**
 * What the header of one file says.
 *
 * @param path relative path with {@code /}
 * @param header what it says about its series; empty if it is no usable DICOM object
 * @param slices the frames of an image; empty for other objects
 * @param labels labels for an image, if it holds some
 * @param problem what is wrong with it; its series is not filled in
 * @param hash SHA-256 of its content; empty if not asked for
 */
record IndexedFile(String path, Optional<SeriesHeader> header, List<Slice> slices,
    Optional<LabelSource> labels, Optional<Problem> problem, byte[] hash) {

    IndexedFile {
        Objects.requireNonNull(path, "path");
        slices = List.copyOf(slices);
    }
}
