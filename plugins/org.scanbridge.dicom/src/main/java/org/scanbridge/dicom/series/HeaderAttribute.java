package org.scanbridge.dicom.series;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scanbridge.dicom.data.Dictionary;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;

/**
 * An attribute of a header that may be shown beside a volume if the user asks for it: one of those known by name, or any
 * other that holds text or numbers. Whether it may tell who the patient is says
 * {@link org.scanbridge.dicom.privacy.Identifying}.
 *
 * @param tag its tag
 * @param title what its column is called
 */
public record HeaderAttribute(int tag, String title) {

    /** First of all constants: the others are checked against it. */
    private static final Set<VR> NO_TEXT = Set.of(VR.SQ, VR.OB, VR.OD, VR.OF, VR.OL, VR.OV, VR.OW);

    /** Series Description (0008,103E): free text, in which a technician may have written anything. */
    public static final HeaderAttribute SERIES_DESCRIPTION = new HeaderAttribute(0x0008103E, "Series Description");

    /** Protocol Name (0018,1030): free text. */
    public static final HeaderAttribute PROTOCOL_NAME = new HeaderAttribute(0x00181030, "Protocol Name");

    /** Body Part Examined (0018,0015). */
    public static final HeaderAttribute BODY_PART = new HeaderAttribute(0x00180015, "Body Part");

    /** Institution Name (0008,0080). */
    public static final HeaderAttribute INSTITUTION = new HeaderAttribute(0x00080080, "Institution");

    /** Manufacturer (0008,0070). */
    public static final HeaderAttribute MANUFACTURER = new HeaderAttribute(0x00080070, "Manufacturer");

    /** Manufacturer's Model Name (0008,1090). */
    public static final HeaderAttribute MODEL = new HeaderAttribute(0x00081090, "Scanner Model");

    /** Station Name (0008,1010). */
    public static final HeaderAttribute STATION = new HeaderAttribute(0x00081010, "Station");

    /** Magnetic Field Strength (0018,0087) in T. */
    public static final HeaderAttribute FIELD_STRENGTH = new HeaderAttribute(0x00180087, "Field Strength");

    /** Repetition Time (0018,0080) in ms. */
    public static final HeaderAttribute REPETITION_TIME = new HeaderAttribute(0x00180080, "Repetition Time");

    /** Echo Time (0018,0081) in ms. */
    public static final HeaderAttribute ECHO_TIME = new HeaderAttribute(0x00180081, "Echo Time");

    /** Inversion Time (0018,0082) in ms. */
    public static final HeaderAttribute INVERSION_TIME = new HeaderAttribute(0x00180082, "Inversion Time");

    /** Flip Angle (0018,1314) in degrees. */
    public static final HeaderAttribute FLIP_ANGLE = new HeaderAttribute(0x00181314, "Flip Angle");

    /** Slice Thickness (0018,0050) in mm. */
    public static final HeaderAttribute SLICE_THICKNESS = new HeaderAttribute(0x00180050, "Slice Thickness");

    /** KVP (0018,0060) in kV. */
    public static final HeaderAttribute TUBE_VOLTAGE = new HeaderAttribute(0x00180060, "Tube Voltage");

    /** Convolution Kernel (0018,1210). */
    public static final HeaderAttribute CONVOLUTION_KERNEL = new HeaderAttribute(0x00181210, "Convolution Kernel");

    /** Patient's Sex (0010,0040). */
    public static final HeaderAttribute SEX = new HeaderAttribute(0x00100040, "Sex");

    /** Patient's Age (0010,1010), such as {@code 034Y}. */
    public static final HeaderAttribute AGE = new HeaderAttribute(0x00101010, "Age");

    private static final List<HeaderAttribute> KNOWN = List.of(MANUFACTURER, MODEL, FIELD_STRENGTH, BODY_PART,
        REPETITION_TIME, ECHO_TIME, INVERSION_TIME, FLIP_ANGLE, SLICE_THICKNESS, TUBE_VOLTAGE, CONVOLUTION_KERNEL,
        INSTITUTION, STATION, SERIES_DESCRIPTION, PROTOCOL_NAME, SEX, AGE);

    private static final Pattern TAG = Pattern.compile("\\(?([0-9A-Fa-f]{4}),? ?([0-9A-Fa-f]{4})\\)?");

    /** @throws IllegalArgumentException if the title is blank, or the attribute holds neither text nor numbers */
    public HeaderAttribute {
        if (Objects.requireNonNull(title, "title").isBlank()) {
            throw new IllegalArgumentException("The attribute " + Tag.toString(tag) + " has no title.");
        }
        final VR vr = Dictionary.vr(tag);
        if (NO_TEXT.contains(vr) || tag >>> 16 == 2) {
            throw new IllegalArgumentException("The attribute " + Tag.toString(tag) + " (" + vr
                + ") holds neither text nor numbers of the data set.");
        }
    }

    /** Those known by name, scanner first. */
    public static List<HeaderAttribute> known() {
        return KNOWN;
    }

    /**
     * The attribute of a title, or of a tag written as {@code (0018,0088)}, {@code 0018,0088} or {@code 00180088}.
     *
     * @return empty if the text is neither
     * @throws IllegalArgumentException if the attribute holds neither text nor numbers
     */
    public static Optional<HeaderAttribute> parse(final String text) {
        final String stripped = text.strip();
        final Matcher matcher = TAG.matcher(stripped);
        if (!matcher.matches()) {
            return KNOWN.stream().filter(k -> k.title.equalsIgnoreCase(stripped)).findFirst();
        }
        final int tag = Integer.parseUnsignedInt(matcher.group(1) + matcher.group(2), 16);
        return Optional.of(KNOWN.stream().filter(k -> k.tag == tag).findFirst()
            .orElseGet(() -> new HeaderAttribute(tag, Tag.toString(tag))));
    }
}
