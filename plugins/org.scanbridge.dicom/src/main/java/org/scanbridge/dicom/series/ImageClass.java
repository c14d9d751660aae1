package org.scanbridge.dicom.series;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.imaging.volume.Geometry;

/**
 * The SOP classes that derived images are written in (PS3.4 B.5), with the modules of each (PS3.3 A.2, A.3, A.4, A.8, A.21,
 * A.26) that a volume and its source images can fill. What does not fit into the class of its modality becomes a Secondary
 * Capture of that modality, which holds the same values; where its slices lie is then told by attributes of the Image Plane
 * Module, which PS3.2 allows as a Standard Extended SOP Class.
 */
enum ImageClass {
        MR(Uid.MR_IMAGE_STORAGE), CT(Uid.CT_IMAGE_STORAGE), PET(Uid.PET_IMAGE_STORAGE), CR(Uid.CR_IMAGE_STORAGE),
        /** Has no rescaling: for whole numbers of 16 bits only. */
        DX(Uid.DX_IMAGE_STORAGE), SECONDARY_CAPTURE(Uid.SECONDARY_CAPTURE_STORAGE);

    /** Type 1 in the PET Series and PET Image Modules (PS3.3 C.8.9.1, C.8.9.4); nothing can be put in their place. */
    private static final int[] PET_NEEDS = {Tag.SERIES_DATE, Tag.SERIES_TIME, Tag.COUNTS_SOURCE, Tag.SERIES_TYPE,
        Tag.DECAY_CORRECTION, Tag.FRAME_REFERENCE_TIME};

    /** Type 1 in the DX modules (PS3.3 C.8.11.2 to C.8.11.4). */
    private static final int[] DX_NEEDS = {Tag.IMAGE_LATERALITY, Tag.PATIENT_ORIENTATION, Tag.IMAGER_PIXEL_SPACING,
        Tag.PIXEL_INTENSITY_RELATIONSHIP, Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN, Tag.BURNED_IN_ANNOTATION};

    private static final double[] UPRIGHT = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private final String m_uid;

    ImageClass(final String uid) {
        m_uid = uid;
    }

    /** SOP Class UID. */
    String uid() {
        return m_uid;
    }

    /**
     * The class of a derived image.
     *
     * @param modality of the source
     * @param g grid of the image
     * @param words whether all values are whole numbers of 0..65535
     * @param placed whether the source has a place in the patient
     * @param sources what is known of the source of each slice
     */
    static ImageClass of(final String modality, final Geometry g, final boolean words, final boolean placed,
        final List<DataSet> sources) {
        if (placed) {
            return switch (modality) {
                case "MR" -> MR;
                case "CT" -> CT;
                case "PT" -> sources.stream().allMatch(ImageClass::isPet) ? PET : SECONDARY_CAPTURE;
                default -> SECONDARY_CAPTURE;
            };
        }
        // Turned or mirrored, the patient's orientation is no longer that of the source.
        final boolean upright = Arrays.equals(g.direction(), UPRIGHT);
        return modality.equals("CR") && upright ? CR
            : modality.equals("DX") && upright && words && has(sources.get(0), DX_NEEDS) ? DX : SECONDARY_CAPTURE;
    }

    private static boolean isPet(final DataSet source) {
        return has(source, PET_NEEDS)
            && (source.text(Tag.DECAY_CORRECTION).equals("NONE") || source.hasValue(Tag.DECAY_FACTOR));
    }

    private static boolean has(final DataSet source, final int... tags) {
        return Arrays.stream(tags).allMatch(source::hasValue);
    }

    /** Writes the modules of this class, of which there are none for MR and CT, into slice k of so many. */
    void modules(final DataSetBuilder slice, final DataSet source, final int k, final int slices) {
        switch (this) {
            case PET -> pet(slice, source, k, slices);
            case CR -> {
                image(slice, source, "SECONDARY");
                Acquisition.copyOrEmpty(source, slice, Tag.BODY_PART_EXAMINED, Tag.VIEW_POSITION, Tag.KVP);
            }
            case DX -> dx(slice, source);
            case SECONDARY_CAPTURE -> {
                image(slice, source, "SECONDARY");
                slice.text(Tag.CONVERSION_TYPE, "WSD");
            }
            default -> throw new IllegalStateException(this + " has modules of its own");
        }
    }

    private void image(final DataSetBuilder slice, final DataSet source, final String second) {
        slice.text(Tag.IMAGE_TYPE, "DERIVED", second);
        Acquisition.copy(source, slice, Tag.LOSSY_IMAGE_COMPRESSION, Tag.BURNED_IN_ANNOTATION);
        // Given by Patient Orientation Code Sequence in PET and not known in the other classes.
        slice.remove(Tag.PATIENT_POSITION);
        if (this == DX || this == CR && source.hasValue(Tag.BODY_PART_EXAMINED)) {
            slice.remove(Tag.LATERALITY); // told by Image Laterality, or of no meaning for parts that are no pair
        }
        Acquisition.copy(source, slice, Tag.LATERALITY);
        if (this != PET) {
            Acquisition.copyOrEmpty(source, slice, Tag.PATIENT_ORIENTATION);
        }
    }

    private void pet(final DataSetBuilder slice, final DataSet source, final int k, final int slices) {
        image(slice, source, "PRIMARY");
        Acquisition.copy(source, slice, Tag.SERIES_DATE, Tag.SERIES_TIME, Tag.COUNTS_SOURCE, Tag.DECAY_CORRECTION,
            Tag.FRAME_REFERENCE_TIME, Tag.DECAY_FACTOR);
        Acquisition.copyOrEmpty(source, slice, Tag.ACQUISITION_DATE, Tag.ACQUISITION_TIME, Tag.CORRECTED_IMAGE,
            Tag.ACTUAL_FRAME_DURATION, Tag.COLLIMATOR_TYPE);
        // One volume of a dynamic or gated series is static; and nobody knows the unit of processed values.
        slice.text(Tag.SERIES_TYPE, source.texts(Tag.SERIES_TYPE).get(0).equals("WHOLE BODY") ? "WHOLE BODY" : "STATIC",
            "IMAGE").text(Tag.UNITS, "NONE").numbers(Tag.NUMBER_OF_SLICES, slices).numbers(Tag.IMAGE_INDEX, k + 1)
            .empty(Tag.RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, Tag.PATIENT_ORIENTATION_CODE_SEQUENCE,
                Tag.PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE);
    }

    private void dx(final DataSetBuilder slice, final DataSet source) {
        image(slice, source, "PRIMARY");
        Acquisition.copy(source, slice, Tag.IMAGE_LATERALITY, Tag.PIXEL_INTENSITY_RELATIONSHIP, Tag.BODY_PART_EXAMINED,
            Tag.VIEW_POSITION);
        Acquisition.copyOrEmpty(source, slice, Tag.DETECTOR_TYPE, Tag.POSITIONER_TYPE);
        slice.remove(Tag.LATERALITY);
        slice.copy(source, Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN)
            .text(Tag.PRESENTATION_INTENT_TYPE, "FOR PRESENTATION").text(Tag.PRESENTATION_LUT_SHAPE, "IDENTITY")
            .empty(Tag.ANATOMIC_REGION_SEQUENCE, Tag.ACQUISITION_CONTEXT_SEQUENCE);
        if (!source.hasValue(Tag.LOSSY_IMAGE_COMPRESSION)) {
            slice.text(Tag.LOSSY_IMAGE_COMPRESSION, "00");
        }
    }
}
