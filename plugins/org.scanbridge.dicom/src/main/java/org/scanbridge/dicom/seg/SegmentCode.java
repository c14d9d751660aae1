package org.scanbridge.dicom.seg;

import java.util.Objects;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;

/**
 * A coded concept (PS3.3 section 8).
 *
 * @param value Code Value, at most 16 characters
 * @param scheme Coding Scheme Designator such as {@code SCT} or {@code DCM}
 * @param meaning Code Meaning, at most 64 characters
 */
public record SegmentCode(String value, String scheme, String meaning) {

    /** Tissue, of SNOMED CT: category and type of a segment about which no more is known (PS3.16 CID 7150). */
    public static final SegmentCode TISSUE = new SegmentCode("85756007", "SCT", "Tissue");

    /** What a segmentation does to its source image (PS3.16 CID 7203). */
    static final SegmentCode SEGMENTATION = new SegmentCode("113076", "DCM", "Segmentation");

    /** Why a source image is referred to (PS3.16 CID 7202). */
    static final SegmentCode SOURCE_IMAGE =
        new SegmentCode("121322", "DCM", "Source image for image processing operation");

    /** @throws NullPointerException if a component is null */
    public SegmentCode {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(meaning, "meaning");
    }

    /** The item of a code sequence. */
    DataSet item() {
        return DataSet.builder().text(Tag.CODE_VALUE, value).text(Tag.CODING_SCHEME_DESIGNATOR, scheme)
            .text(Tag.CODE_MEANING, meaning).build();
    }
}
