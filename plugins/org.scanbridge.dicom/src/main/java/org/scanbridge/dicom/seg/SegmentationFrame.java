package org.scanbridge.dicom.seg;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.dicom.series.Plane;

/**
 * One frame of a segmentation.
 *
 * @param segment number of the segment it shows; 0 where pixel values are label values (LABELMAP)
 * @param plane where it lies; empty if only its source image tells
 * @param sources SOP Instance UIDs of the images it was drawn on; may be empty
 */
public record SegmentationFrame(int segment, Optional<Plane> plane, Set<String> sources) {

    /** Copies the set. */
    public SegmentationFrame {
        Objects.requireNonNull(plane, "plane");
        sources = Set.copyOf(sources);
    }
}
