package org.scanbridge.dicom.data;

/**
 * Tags of the attributes that are read or written here (PS3.6): group number in the upper, element number in the lower
 * 16 bits. Names are the standard's keywords.
 */
public final class Tag {

    // File meta information

    /** Media Storage SOP Class UID. */
    public static final int MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002;

    /** Media Storage SOP Instance UID. */
    public static final int MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;

    /** File Meta Information Group Length. */
    public static final int FILE_META_INFORMATION_GROUP_LENGTH = 0x00020000;

    /** Transfer Syntax UID. */
    public static final int TRANSFER_SYNTAX_UID = 0x00020010;

    /** Implementation Class UID. */
    public static final int IMPLEMENTATION_CLASS_UID = 0x00020012;

    /** Implementation Version Name. */
    public static final int IMPLEMENTATION_VERSION_NAME = 0x00020013;

    // Archives

    /** Modalities in Study. */
    public static final int MODALITIES_IN_STUDY = 0x00080061;

    /** Number of Series Related Instances. */
    public static final int NUMBER_OF_SERIES_RELATED_INSTANCES = 0x00201209;

    /** Warning Reason. */
    public static final int WARNING_REASON = 0x00081196;

    /** Failure Reason. */
    public static final int FAILURE_REASON = 0x00081197;

    /** Failed SOP Sequence. */
    public static final int FAILED_SOP_SEQUENCE = 0x00081198;

    /** Referenced SOP Sequence. */
    public static final int REFERENCED_SOP_SEQUENCE = 0x00081199;

    // Directory

    /** Directory Record Sequence. */
    public static final int DIRECTORY_RECORD_SEQUENCE = 0x00041220;

    /** Directory Record Type. */
    public static final int DIRECTORY_RECORD_TYPE = 0x00041430;

    /** Referenced File ID. */
    public static final int REFERENCED_FILE_ID = 0x00041500;

    // Identification

    /** Specific Character Set. */
    public static final int SPECIFIC_CHARACTER_SET = 0x00080005;

    /** Image Type. */
    public static final int IMAGE_TYPE = 0x00080008;

    /** SOP Class UID. */
    public static final int SOP_CLASS_UID = 0x00080016;

    /** SOP Instance UID. */
    public static final int SOP_INSTANCE_UID = 0x00080018;

    /** Study Date. */
    public static final int STUDY_DATE = 0x00080020;

    /** Series Date. */
    public static final int SERIES_DATE = 0x00080021;

    /** Content Date. */
    public static final int CONTENT_DATE = 0x00080023;

    /** Study Time. */
    public static final int STUDY_TIME = 0x00080030;

    /** Series Time. */
    public static final int SERIES_TIME = 0x00080031;

    /** Content Time. */
    public static final int CONTENT_TIME = 0x00080033;

    /** Accession Number. */
    public static final int ACCESSION_NUMBER = 0x00080050;

    /** Modality. */
    public static final int MODALITY = 0x00080060;

    /** Manufacturer. */
    public static final int MANUFACTURER = 0x00080070;

    /** Institution Name. */
    public static final int INSTITUTION_NAME = 0x00080080;

    /** Referring Physician's Name. */
    public static final int REFERRING_PHYSICIAN_NAME = 0x00080090;

    /** Code Value. */
    public static final int CODE_VALUE = 0x00080100;

    /** Coding Scheme Designator. */
    public static final int CODING_SCHEME_DESIGNATOR = 0x00080102;

    /** Code Meaning. */
    public static final int CODE_MEANING = 0x00080104;

    /** Station Name. */
    public static final int STATION_NAME = 0x00081010;

    /** Study Description. */
    public static final int STUDY_DESCRIPTION = 0x00081030;

    /** Series Description. */
    public static final int SERIES_DESCRIPTION = 0x0008103E;

    /** Manufacturer's Model Name. */
    public static final int MANUFACTURER_MODEL_NAME = 0x00081090;

    /** Derivation Description. */
    public static final int DERIVATION_DESCRIPTION = 0x00082111;

    /** Referenced Series Sequence. */
    public static final int REFERENCED_SERIES_SEQUENCE = 0x00081115;

    /** Referenced Image Sequence. */
    public static final int REFERENCED_IMAGE_SEQUENCE = 0x00081140;

    /** Referenced Instance Sequence. */
    public static final int REFERENCED_INSTANCE_SEQUENCE = 0x0008114A;

    /** Referenced SOP Class UID. */
    public static final int REFERENCED_SOP_CLASS_UID = 0x00081150;

    /** Referenced SOP Instance UID. */
    public static final int REFERENCED_SOP_INSTANCE_UID = 0x00081155;

    /** Referenced Frame Number. */
    public static final int REFERENCED_FRAME_NUMBER = 0x00081160;

    /** Source Image Sequence. */
    public static final int SOURCE_IMAGE_SEQUENCE = 0x00082112;

    /** Derivation Image Sequence. */
    public static final int DERIVATION_IMAGE_SEQUENCE = 0x00089124;

    /** Purpose of Reference Code Sequence. */
    public static final int PURPOSE_OF_REFERENCE_CODE_SEQUENCE = 0x0040A170;

    /** Anatomic Region Sequence. */
    public static final int ANATOMIC_REGION_SEQUENCE = 0x00082218;

    /** Derivation Code Sequence. */
    public static final int DERIVATION_CODE_SEQUENCE = 0x00089215;

    /** Content Label. */
    public static final int CONTENT_LABEL = 0x00700080;

    // Patient

    /** Patient's Name. */
    public static final int PATIENT_NAME = 0x00100010;

    /** Patient ID. */
    public static final int PATIENT_ID = 0x00100020;

    /** Issuer of Patient ID. */
    public static final int ISSUER_OF_PATIENT_ID = 0x00100021;

    /** Patient's Birth Date. */
    public static final int PATIENT_BIRTH_DATE = 0x00100030;

    /** Patient's Sex. */
    public static final int PATIENT_SEX = 0x00100040;

    /** Patient Identity Removed. */
    public static final int PATIENT_IDENTITY_REMOVED = 0x00120062;

    /** De-identification Method. */
    public static final int DEIDENTIFICATION_METHOD = 0x00120063;

    /** De-identification Method Code Sequence. */
    public static final int DEIDENTIFICATION_METHOD_CODE_SEQUENCE = 0x00120064;

    /** Longitudinal Temporal Information Modified. */
    public static final int LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED = 0x00280303;

    /** Conversion Type. */
    public static final int CONVERSION_TYPE = 0x00080064;

    // Acquisition

    /** Scanning Sequence. */
    public static final int SCANNING_SEQUENCE = 0x00180020;

    /** Sequence Variant. */
    public static final int SEQUENCE_VARIANT = 0x00180021;

    /** Scan Options. */
    public static final int SCAN_OPTIONS = 0x00180022;

    /** MR Acquisition Type. */
    public static final int MR_ACQUISITION_TYPE = 0x00180023;

    /** Slice Thickness. */
    public static final int SLICE_THICKNESS = 0x00180050;

    /** KVP. */
    public static final int KVP = 0x00180060;

    /** Repetition Time. */
    public static final int REPETITION_TIME = 0x00180080;

    /** Echo Time. */
    public static final int ECHO_TIME = 0x00180081;

    /** Magnetic Field Strength. */
    public static final int MAGNETIC_FIELD_STRENGTH = 0x00180087;

    /** Spacing Between Slices. */
    public static final int SPACING_BETWEEN_SLICES = 0x00180088;

    /** Echo Train Length. */
    public static final int ECHO_TRAIN_LENGTH = 0x00180091;

    /** Device Serial Number. */
    public static final int DEVICE_SERIAL_NUMBER = 0x00181000;

    /** Software Versions. */
    public static final int SOFTWARE_VERSIONS = 0x00181020;

    /** Imager Pixel Spacing. */
    public static final int IMAGER_PIXEL_SPACING = 0x00181164;

    /** Estimated Radiographic Magnification Factor. */
    public static final int ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR = 0x00181114;

    /** Patient Position. */
    public static final int PATIENT_POSITION = 0x00185100;

    /** Diffusion b-value. */
    public static final int DIFFUSION_B_VALUE = 0x00189087;

    /** Diffusion Gradient Orientation. */
    public static final int DIFFUSION_GRADIENT_ORIENTATION = 0x00189089;

    /** Effective Echo Time. */
    public static final int EFFECTIVE_ECHO_TIME = 0x00189082;

    /** MR Echo Sequence. */
    public static final int MR_ECHO_SEQUENCE = 0x00189114;

    /** MR Diffusion Sequence. */
    public static final int MR_DIFFUSION_SEQUENCE = 0x00189117;

    /** Echo Number(s). */
    public static final int ECHO_NUMBERS = 0x00180086;

    /** Trigger Time. */
    public static final int TRIGGER_TIME = 0x00181060;

    /** Inversion Time. */
    public static final int INVERSION_TIME = 0x00180082;

    /** Acquisition Time. */
    public static final int ACQUISITION_TIME = 0x00080032;

    /** Frame Type. */
    public static final int FRAME_TYPE = 0x00089007;

    /** Number of Temporal Positions. */
    public static final int NUMBER_OF_TEMPORAL_POSITIONS = 0x00200105;

    /** Number of Slices. */
    public static final int NUMBER_OF_SLICES = 0x00540081;

    /** Diffusion Gradient Direction Sequence. */
    public static final int DIFFUSION_GRADIENT_DIRECTION_SEQUENCE = 0x00189076;

    // Relationship

    /** Study Instance UID. */
    public static final int STUDY_INSTANCE_UID = 0x0020000D;

    /** Series Instance UID. */
    public static final int SERIES_INSTANCE_UID = 0x0020000E;

    /** Study ID. */
    public static final int STUDY_ID = 0x00200010;

    /** Series Number. */
    public static final int SERIES_NUMBER = 0x00200011;

    /** Acquisition Number. */
    public static final int ACQUISITION_NUMBER = 0x00200012;

    /** Instance Number. */
    public static final int INSTANCE_NUMBER = 0x00200013;

    /** Image Position (Patient). */
    public static final int IMAGE_POSITION_PATIENT = 0x00200032;

    /** Image Orientation (Patient). */
    public static final int IMAGE_ORIENTATION_PATIENT = 0x00200037;

    /** Frame of Reference UID. */
    public static final int FRAME_OF_REFERENCE_UID = 0x00200052;

    /** Laterality. */
    public static final int LATERALITY = 0x00200060;

    /** Temporal Position Identifier. */
    public static final int TEMPORAL_POSITION_IDENTIFIER = 0x00200100;

    /** Images in Acquisition. */
    public static final int IMAGES_IN_ACQUISITION = 0x00201002;

    /** Position Reference Indicator. */
    public static final int POSITION_REFERENCE_INDICATOR = 0x00201040;

    /** Dimension Organization Sequence. */
    public static final int DIMENSION_ORGANIZATION_SEQUENCE = 0x00209221;

    /** Dimension Organization UID. */
    public static final int DIMENSION_ORGANIZATION_UID = 0x00209164;

    /** Dimension Index Sequence. */
    public static final int DIMENSION_INDEX_SEQUENCE = 0x00209222;

    /** Dimension Index Pointer. */
    public static final int DIMENSION_INDEX_POINTER = 0x00209165;

    /** Functional Group Pointer. */
    public static final int FUNCTIONAL_GROUP_POINTER = 0x00209167;

    /** Dimension Index Values. */
    public static final int DIMENSION_INDEX_VALUES = 0x00209157;

    /** Dimension Description Label. */
    public static final int DIMENSION_DESCRIPTION_LABEL = 0x00209421;

    /** Frame Content Sequence. */
    public static final int FRAME_CONTENT_SEQUENCE = 0x00209111;

    /** Stack ID. */
    public static final int STACK_ID = 0x00209056;

    /** Temporal Position Index. */
    public static final int TEMPORAL_POSITION_INDEX = 0x00209128;

    /** Plane Position Sequence. */
    public static final int PLANE_POSITION_SEQUENCE = 0x00209113;

    /** Plane Orientation Sequence. */
    public static final int PLANE_ORIENTATION_SEQUENCE = 0x00209116;

    // Image

    /** Samples per Pixel. */
    public static final int SAMPLES_PER_PIXEL = 0x00280002;

    /** Photometric Interpretation. */
    public static final int PHOTOMETRIC_INTERPRETATION = 0x00280004;

    /** Planar Configuration. */
    public static final int PLANAR_CONFIGURATION = 0x00280006;

    /** Number of Frames. */
    public static final int NUMBER_OF_FRAMES = 0x00280008;

    /** Rows. */
    public static final int ROWS = 0x00280010;

    /** Columns. */
    public static final int COLUMNS = 0x00280011;

    /** Pixel Spacing. */
    public static final int PIXEL_SPACING = 0x00280030;

    /** Bits Allocated. */
    public static final int BITS_ALLOCATED = 0x00280100;

    /** Bits Stored. */
    public static final int BITS_STORED = 0x00280101;

    /** High Bit. */
    public static final int HIGH_BIT = 0x00280102;

    /** Pixel Representation. */
    public static final int PIXEL_REPRESENTATION = 0x00280103;

    /** Rescale Intercept. */
    public static final int RESCALE_INTERCEPT = 0x00281052;

    /** Rescale Slope. */
    public static final int RESCALE_SLOPE = 0x00281053;

    /** Rescale Type. */
    public static final int RESCALE_TYPE = 0x00281054;

    /** Red Palette Color Lookup Table Descriptor. */
    public static final int RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR = 0x00281101;

    /** Green Palette Color Lookup Table Descriptor. */
    public static final int GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR = 0x00281102;

    /** Blue Palette Color Lookup Table Descriptor. */
    public static final int BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR = 0x00281103;

    /** Red Palette Color Lookup Table Data. */
    public static final int RED_PALETTE_COLOR_LOOKUP_TABLE_DATA = 0x00281201;

    /** Green Palette Color Lookup Table Data. */
    public static final int GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA = 0x00281202;

    /** Blue Palette Color Lookup Table Data. */
    public static final int BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA = 0x00281203;

    /** Segmented Red Palette Color Lookup Table Data. */
    public static final int SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA = 0x00281221;

    /** Segmented Green Palette Color Lookup Table Data. */
    public static final int SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA = 0x00281222;

    /** Segmented Blue Palette Color Lookup Table Data. */
    public static final int SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA = 0x00281223;

    /** Lossy Image Compression. */
    public static final int LOSSY_IMAGE_COMPRESSION = 0x00282110;

    /** Modality LUT Sequence. */
    public static final int MODALITY_LUT_SEQUENCE = 0x00283000;

    /** LUT Descriptor. */
    public static final int LUT_DESCRIPTOR = 0x00283002;

    /** LUT Data. */
    public static final int LUT_DATA = 0x00283006;

    /** Real World Value Mapping Sequence. */
    public static final int REAL_WORLD_VALUE_MAPPING_SEQUENCE = 0x00409096;

    /** Measurement Units Code Sequence. */
    public static final int MEASUREMENT_UNITS_CODE_SEQUENCE = 0x004008EA;

    /** Burned In Annotation. */
    public static final int BURNED_IN_ANNOTATION = 0x00280301;

    /** Pixel Padding Value. */
    public static final int PIXEL_PADDING_VALUE = 0x00280120;

    /** Pixel Padding Range Limit. */
    public static final int PIXEL_PADDING_RANGE_LIMIT = 0x00280121;

    /** Float Pixel Padding Value. */
    public static final int FLOAT_PIXEL_PADDING_VALUE = 0x00280122;

    /** Double Float Pixel Padding Value. */
    public static final int DOUBLE_FLOAT_PIXEL_PADDING_VALUE = 0x00280123;

    /** Float Pixel Padding Range Limit. */
    public static final int FLOAT_PIXEL_PADDING_RANGE_LIMIT = 0x00280124;

    /** Double Float Pixel Padding Range Limit. */
    public static final int DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT = 0x00280125;

    /** Real World Value Last Value Mapped. */
    public static final int REAL_WORLD_VALUE_LAST_VALUE_MAPPED = 0x00409211;

    /** Real World Value LUT Data. */
    public static final int REAL_WORLD_VALUE_LUT_DATA = 0x00409212;

    /** Double Float Real World Value Last Value Mapped. */
    public static final int DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED = 0x00409213;

    /** Double Float Real World Value First Value Mapped. */
    public static final int DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED = 0x00409214;

    /** Real World Value First Value Mapped. */
    public static final int REAL_WORLD_VALUE_FIRST_VALUE_MAPPED = 0x00409216;

    /** Real World Value Intercept. */
    public static final int REAL_WORLD_VALUE_INTERCEPT = 0x00409224;

    /** Real World Value Slope. */
    public static final int REAL_WORLD_VALUE_SLOPE = 0x00409225;

    /** Pixel Measures Sequence. */
    public static final int PIXEL_MEASURES_SEQUENCE = 0x00289110;

    /** Pixel Value Transformation Sequence. */
    public static final int PIXEL_VALUE_TRANSFORMATION_SEQUENCE = 0x00289145;

    /** Frame VOI LUT Sequence. */
    public static final int FRAME_VOI_LUT_SEQUENCE = 0x00289132;

    // Segmentation

    /** Segmentation Type. */
    public static final int SEGMENTATION_TYPE = 0x00620001;

    /** Segments Overlap. */
    public static final int SEGMENTS_OVERLAP = 0x00620013;

    /** Segment Sequence. */
    public static final int SEGMENT_SEQUENCE = 0x00620002;

    /** Segmented Property Category Code Sequence. */
    public static final int SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE = 0x00620003;

    /** Segment Number. */
    public static final int SEGMENT_NUMBER = 0x00620004;

    /** Segment Label. */
    public static final int SEGMENT_LABEL = 0x00620005;

    /** Segment Algorithm Type. */
    public static final int SEGMENT_ALGORITHM_TYPE = 0x00620008;

    /** Segment Algorithm Name. */
    public static final int SEGMENT_ALGORITHM_NAME = 0x00620009;

    /** Segment Identification Sequence. */
    public static final int SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062000A;

    /** Referenced Segment Number. */
    public static final int REFERENCED_SEGMENT_NUMBER = 0x0062000B;

    /** Maximum Fractional Value. */
    public static final int MAXIMUM_FRACTIONAL_VALUE = 0x0062000E;

    /** Segmented Property Type Code Sequence. */
    public static final int SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE = 0x0062000F;

    // Content

    /** Content Description. */
    public static final int CONTENT_DESCRIPTION = 0x00700081;

    /** Content Creator's Name. */
    public static final int CONTENT_CREATOR_NAME = 0x00700084;

    /** Spatial Locations Preserved. */
    public static final int SPATIAL_LOCATIONS_PRESERVED = 0x0028135A;

    /** Structure Set ROI Sequence. */
    public static final int STRUCTURE_SET_ROI_SEQUENCE = 0x30060020;

    /** ROI Contour Sequence. */
    public static final int ROI_CONTOUR_SEQUENCE = 0x30060039;

    /** Contour Sequence. */
    public static final int CONTOUR_SEQUENCE = 0x30060040;

    /** Contour Image Sequence. */
    public static final int CONTOUR_IMAGE_SEQUENCE = 0x30060016;

    /** Referenced Frame of Reference Sequence. */
    public static final int REFERENCED_FRAME_OF_REFERENCE_SEQUENCE = 0x30060010;

    /** RT Referenced Study Sequence. */
    public static final int RT_REFERENCED_STUDY_SEQUENCE = 0x30060012;

    /** RT Referenced Series Sequence. */
    public static final int RT_REFERENCED_SERIES_SEQUENCE = 0x30060014;

    /** Grid Frame Offset Vector. */
    public static final int GRID_FRAME_OFFSET_VECTOR = 0x3004000C;

    /** ROI Number. */
    public static final int ROI_NUMBER = 0x30060022;

    /** ROI Name. */
    public static final int ROI_NAME = 0x30060026;

    /** Operators' Name. */
    public static final int OPERATORS_NAME = 0x00081070;

    /** Structure Set Label. */
    public static final int STRUCTURE_SET_LABEL = 0x30060002;

    /** Structure Set Date. */
    public static final int STRUCTURE_SET_DATE = 0x30060008;

    /** Structure Set Time. */
    public static final int STRUCTURE_SET_TIME = 0x30060009;

    /** ROI Display Color. */
    public static final int ROI_DISPLAY_COLOR = 0x3006002A;

    /** ROI Generation Algorithm. */
    public static final int ROI_GENERATION_ALGORITHM = 0x30060036;

    /** ROI Generation Description. */
    public static final int ROI_GENERATION_DESCRIPTION = 0x30060038;

    /** RT ROI Observations Sequence. */
    public static final int RT_ROI_OBSERVATIONS_SEQUENCE = 0x30060080;

    /** Observation Number. */
    public static final int OBSERVATION_NUMBER = 0x30060082;

    /** RT ROI Interpreted Type. */
    public static final int RT_ROI_INTERPRETED_TYPE = 0x300600A4;

    /** ROI Interpreter. */
    public static final int ROI_INTERPRETER = 0x300600A6;

    /** Approval Status. */
    public static final int APPROVAL_STATUS = 0x300E0002;

    /** Contour Geometric Type. */
    public static final int CONTOUR_GEOMETRIC_TYPE = 0x30060042;

    /** Number of Contour Points. */
    public static final int NUMBER_OF_CONTOUR_POINTS = 0x30060046;

    /** Contour Data. */
    public static final int CONTOUR_DATA = 0x30060050;

    /** Referenced ROI Number. */
    public static final int REFERENCED_ROI_NUMBER = 0x30060084;

    /** Referenced Frame of Reference UID. */
    public static final int REFERENCED_FRAME_OF_REFERENCE_UID = 0x30060024;

    // Functional groups and pixel data

    /** Icon Image Sequence. */
    public static final int ICON_IMAGE_SEQUENCE = 0x00880200;

    /** Shared Functional Groups Sequence. */
    public static final int SHARED_FUNCTIONAL_GROUPS_SEQUENCE = 0x52009229;

    /** Per-Frame Functional Groups Sequence. */
    public static final int PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = 0x52009230;

    /** Extended Offset Table. */
    public static final int EXTENDED_OFFSET_TABLE = 0x7FE00001;

    /** Float Pixel Data. */
    public static final int FLOAT_PIXEL_DATA = 0x7FE00008;

    /** Double Float Pixel Data. */
    public static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE00009;

    /** Pixel Data. */
    public static final int PIXEL_DATA = 0x7FE00010;

    /** MR Image Frame Type Sequence. */
    public static final int MR_IMAGE_FRAME_TYPE_SEQUENCE = 0x00189226;

    /** CT Image Frame Type Sequence. */
    public static final int CT_IMAGE_FRAME_TYPE_SEQUENCE = 0x00189329;

    // Derived images of positron emission tomography and radiography

    /** View Position. */
    public static final int VIEW_POSITION = 0x00185101;

    /** Body Part Examined. */
    public static final int BODY_PART_EXAMINED = 0x00180015;

    /** Image Laterality. */
    public static final int IMAGE_LATERALITY = 0x00200062;

    /** Patient Orientation. */
    public static final int PATIENT_ORIENTATION = 0x00200020;

    /** Pixel Intensity Relationship. */
    public static final int PIXEL_INTENSITY_RELATIONSHIP = 0x00281040;

    /** Pixel Intensity Relationship Sign. */
    public static final int PIXEL_INTENSITY_RELATIONSHIP_SIGN = 0x00281041;

    /** Window Center. */
    public static final int WINDOW_CENTER = 0x00281050;

    /** Window Width. */
    public static final int WINDOW_WIDTH = 0x00281051;

    /** Presentation LUT Shape. */
    public static final int PRESENTATION_LUT_SHAPE = 0x20500020;

    /** Presentation Intent Type. */
    public static final int PRESENTATION_INTENT_TYPE = 0x00080068;

    /** Detector Type. */
    public static final int DETECTOR_TYPE = 0x00187004;

    /** Acquisition Context Sequence. */
    public static final int ACQUISITION_CONTEXT_SEQUENCE = 0x00400555;

    /** Pixel Spacing Calibration Type. */
    public static final int PIXEL_SPACING_CALIBRATION_TYPE = 0x00280A02;

    /** Pixel Spacing Calibration Description. */
    public static final int PIXEL_SPACING_CALIBRATION_DESCRIPTION = 0x00280A04;

    /** Units. */
    public static final int UNITS = 0x00541001;

    /** Counts Source. */
    public static final int COUNTS_SOURCE = 0x00541002;

    /** Series Type. */
    public static final int SERIES_TYPE = 0x00541000;

    /** Decay Correction. */
    public static final int DECAY_CORRECTION = 0x00541102;

    /** Frame Reference Time. */
    public static final int FRAME_REFERENCE_TIME = 0x00541300;

    /** Decay Factor. */
    public static final int DECAY_FACTOR = 0x00541321;

    /** Image Index. */
    public static final int IMAGE_INDEX = 0x00541330;

    /** Corrected Image. */
    public static final int CORRECTED_IMAGE = 0x00280051;

    /** Actual Frame Duration. */
    public static final int ACTUAL_FRAME_DURATION = 0x00181242;

    /** Positioner Type. */
    public static final int POSITIONER_TYPE = 0x00181508;

    /** Collimator Type. */
    public static final int COLLIMATOR_TYPE = 0x00181181;

    /** Radiopharmaceutical Information Sequence. */
    public static final int RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE = 0x00540016;

    /** Patient Orientation Code Sequence. */
    public static final int PATIENT_ORIENTATION_CODE_SEQUENCE = 0x00540410;

    /** Patient Gantry Relationship Code Sequence. */
    public static final int PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE = 0x00540414;

    /** Acquisition Date. */
    public static final int ACQUISITION_DATE = 0x00080022;

    // Collimators of radiographs

    /** Collimator Shape. */
    public static final int COLLIMATOR_SHAPE = 0x00181700;

    /** Collimator Left Vertical Edge. */
    public static final int COLLIMATOR_LEFT_VERTICAL_EDGE = 0x00181702;

    /** Collimator Right Vertical Edge. */
    public static final int COLLIMATOR_RIGHT_VERTICAL_EDGE = 0x00181704;

    /** Collimator Upper Horizontal Edge. */
    public static final int COLLIMATOR_UPPER_HORIZONTAL_EDGE = 0x00181706;

    /** Collimator Lower Horizontal Edge. */
    public static final int COLLIMATOR_LOWER_HORIZONTAL_EDGE = 0x00181708;

    // Segmentations of images without a place

    /** Frame Label. */
    public static final int FRAME_LABEL = 0x00209453;

    private Tag() {
    }

    /** Whether a tag is private: its group number is odd. */
    public static boolean isPrivate(final int tag) {
        return (tag & 0x10000) != 0;
    }

    /** {@code (7FE0,0010)}. */
    public static String toString(final int tag) {
        return String.format("(%04X,%04X)", tag >>> 16, tag & 0xffff);
    }
}
