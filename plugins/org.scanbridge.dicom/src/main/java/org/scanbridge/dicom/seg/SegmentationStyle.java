package org.scanbridge.dicom.seg;

import java.util.Map;

/**
 * How a label volume is written as a DICOM Segmentation.
 *
 * @param labelMap whether as a label map (Label Map Segmentation Storage, one frame a slice, since DICOM 2024d) instead of
 *            one binary frame per segment and slice, which more software reads
 * @param properties what segments show, by label value; others are looked up by their class names
 */
public record SegmentationStyle(boolean labelMap, Map<Integer, SegmentProperty> properties) {

    /** Binary segments whose properties are looked up by name. */
    public static final SegmentationStyle BINARY = new SegmentationStyle(false, Map.of());

    /** Copies the map. */
    public SegmentationStyle {
        properties = Map.copyOf(properties);
    }

    /** What a segment shows. */
    SegmentProperty property(final int value, final String className) {
        return properties.getOrDefault(value, SegmentProperty.of(className));
    }
}
