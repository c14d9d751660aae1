package org.scanbridge.dicom.seg;

import java.util.Objects;

/**
 * One segment of a segmentation as its Segment Sequence describes it.
 *
 * @param number Segment Number, the label value
 * @param label Segment Label, the class name; never blank
 */
public record Segment(int number, String label) {

    /** @throws NullPointerException if the label is null */
    public Segment {
        Objects.requireNonNull(label, "label");
    }
}
