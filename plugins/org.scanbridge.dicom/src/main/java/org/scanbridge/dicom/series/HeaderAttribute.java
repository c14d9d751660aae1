package org.scanbridge.dicom.series;

/**
 * Attributes of a header that may be shown beside a volume if the user asks for them. None names a patient; descriptions
 * are free text, though, in which a technician may have written anything.
 */
public enum HeaderAttribute {
        /** Series Description (0008,103E). */
        SERIES_DESCRIPTION(0x0008103E),
        /** Protocol Name (0018,1030). */
        PROTOCOL_NAME(0x00181030),
        /** Body Part Examined (0018,0015). */
        BODY_PART(0x00180015),
        /** Institution Name (0008,0080). */
        INSTITUTION(0x00080080),
        /** Manufacturer (0008,0070). */
        MANUFACTURER(0x00080070),
        /** Manufacturer's Model Name (0008,1090). */
        MODEL(0x00081090),
        /** Station Name (0008,1010). */
        STATION(0x00081010),
        /** Magnetic Field Strength (0018,0087) in T. */
        FIELD_STRENGTH(0x00180087),
        /** Repetition Time (0018,0080) in ms. */
        REPETITION_TIME(0x00180080),
        /** Echo Time (0018,0081) in ms. */
        ECHO_TIME(0x00180081),
        /** Inversion Time (0018,0082) in ms. */
        INVERSION_TIME(0x00180082),
        /** Flip Angle (0018,1314) in degrees. */
        FLIP_ANGLE(0x00181314),
        /** Slice Thickness (0018,0050) in mm. */
        SLICE_THICKNESS(0x00180050),
        /** KVP (0018,0060) in kV. */
        TUBE_VOLTAGE(0x00180060),
        /** Convolution Kernel (0018,1210). */
        CONVOLUTION_KERNEL(0x00181210),
        /** Patient's Sex (0010,0040). */
        SEX(0x00100040),
        /** Patient's Age (0010,1010), such as {@code 034Y}. */
        AGE(0x00101010);

    private final int m_tag;

    HeaderAttribute(final int tag) {
        m_tag = tag;
    }

    /** Its tag. */
    public int tag() {
        return m_tag;
    }
}
