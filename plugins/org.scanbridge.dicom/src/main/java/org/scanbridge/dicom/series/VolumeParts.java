package org.scanbridge.dicom.series;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;

/**
 * What tells apart the volumes that one series may hold: echoes, diffusion weightings, time points, kinds of image. How
 * they are divided by it, {@link SeriesVolumes} knows.
 */
final class VolumeParts {

    private VolumeParts() {
    }

    /**
     * What may tell the volume of a frame from others of its series, in the order in which it is asked.
     *
     * @throws DicomException if a value is no number
     */
    static Map<String, String> of(final DataSet data, final FunctionalGroups groups, final int frame)
        throws DicomException {
        final Map<String, String> parts = new LinkedHashMap<>();
        final DataSet content = groups.group(frame, Tag.FRAME_CONTENT_SEQUENCE);
        if (content != data) {
            put(parts, "stack", content.text(Tag.STACK_ID));
        }
        put(parts, "type", type(data, groups, frame));
        put(parts, "raw", PrivateBlock.find(data, 0x0043, "GEMS_PARM_01").map(p -> p.text(0x2F)).orElse(""));
        final DataSet echo = groups.group(frame, Tag.MR_ECHO_SEQUENCE);
        put(parts, "TE", echo == data ? data.text(Tag.ECHO_TIME) : numbers(echo, Tag.EFFECTIVE_ECHO_TIME));
        put(parts, "echo", data.text(Tag.ECHO_NUMBERS));
        put(parts, "TI", data.text(Tag.INVERSION_TIME));
        final DiffusionGradient diffusion = DiffusionGradient.of(data, groups.group(frame, Tag.MR_DIFFUSION_SEQUENCE));
        put(parts, "b", diffusion.b());
        put(parts, "g", diffusion.direction());
        // Arterial spin labeling: images with and without label.
        put(parts, "label", PrivateBlock.find(data, 0x2005, "Philips MR Imaging DD 005").map(p -> p.text(0x29)).orElse(""));
        put(parts, "t", content == data ? data.text(Tag.TEMPORAL_POSITION_IDENTIFIER)
            : numbers(content, Tag.TEMPORAL_POSITION_INDEX));
        put(parts, "acquisition", data.text(Tag.ACQUISITION_NUMBER));
        put(parts, "trigger", data.text(Tag.TRIGGER_TIME));
        put(parts, "time", data.text(Tag.ACQUISITION_TIME));
        return Collections.unmodifiableMap(parts);
    }

    /** Image Type of the object or, where it has functional groups, of the frame: magnitude, phase, in phase, … */
    private static String type(final DataSet data, final FunctionalGroups groups, final int frame)
        throws DicomException {
        for (final int group : new int[]{Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE, Tag.CT_IMAGE_FRAME_TYPE_SEQUENCE}) {
            final DataSet item = groups.group(frame, group);
            if (item != data) {
                return item.text(Tag.FRAME_TYPE);
            }
        }
        return data.text(Tag.IMAGE_TYPE);
    }

    private static String numbers(final DataSet data, final int tag) throws DicomException {
        final double[] numbers = data.numbers(tag);
        return numbers.length == 0 ? "" : numbers.length == 1 ? plain(numbers[0]) : Arrays.toString(numbers);
    }

    /** A number without a point if it is whole. */
    static String plain(final double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e9 ? Long.toString((long)v) : Double.toString(v);
    }

    /** A part's name in words for messages, with its tag where it has one. */
    static String words(final String part) {
        return switch (part) {
            case "stack" -> "Stack ID (0020,9056)";
            case "type" -> "Image Type (0008,0008)";
            case "raw" -> "GE's kind of image (0043,xx2F)";
            case "TE" -> "Echo Time (0018,0081)";
            case "echo" -> "Echo Number (0018,0086)";
            case "TI" -> "Inversion Time (0018,0082)";
            case "b" -> "b-value";
            case "g" -> "diffusion direction";
            case "label" -> "Philips' label type (2005,xx29)";
            case "t" -> "temporal position";
            case "acquisition" -> "Acquisition Number (0020,0012)";
            case "trigger" -> "Trigger Time (0018,1060)";
            default -> "Acquisition Time (0008,0032)";
        };
    }

    private static void put(final Map<String, String> parts, final String name, final String value) {
        if (!value.isEmpty()) {
            parts.put(name, value);
        }
    }
}
