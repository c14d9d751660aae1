package org.scanbridge.dicom.series;

import java.util.List;
import java.util.Objects;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Tag;

/**
 * A series as other objects refer to it, with the attributes of patient and study that objects derived from it must
 * carry as well (PS3.3 A.1.3). Identifies the patient if the series does.
 *
 * @param common attributes of patient, study and frame of reference; text in UTF-8
 * @param seriesUid Series Instance UID
 * @param instances the image of each slice, in the order of index k
 * @param acquisition how the images were acquired
 */
public record SourceSeries(DataSet common, String seriesUid, List<Instance> instances,
    Acquisition acquisition) {

    private static final int[] COPIED = {Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.ISSUER_OF_PATIENT_ID,
        Tag.PATIENT_BIRTH_DATE, Tag.PATIENT_SEX, Tag.STUDY_INSTANCE_UID, Tag.STUDY_DATE, Tag.STUDY_TIME, Tag.STUDY_ID,
        Tag.ACCESSION_NUMBER, Tag.REFERRING_PHYSICIAN_NAME, Tag.STUDY_DESCRIPTION, Tag.FRAME_OF_REFERENCE_UID,
        Tag.POSITION_REFERENCE_INDICATOR, Tag.INSTITUTION_NAME};

    /** Type 2 in every composite object: present even if empty. */
    private static final int[] REQUIRED = {Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.PATIENT_BIRTH_DATE, Tag.PATIENT_SEX,
        Tag.STUDY_DATE, Tag.STUDY_TIME, Tag.STUDY_ID, Tag.ACCESSION_NUMBER, Tag.REFERRING_PHYSICIAN_NAME,
        Tag.POSITION_REFERENCE_INDICATOR};

    /**
     * One image.
     *
     * @param sopClass SOP Class UID
     * @param sopInstance SOP Instance UID
     * @param frame index of the frame from 0 in a multi-frame object; -1 for a single-frame object
     */
    public record Instance(String sopClass, String sopInstance, int frame) {

        /** @throws NullPointerException if a UID is null */
        public Instance {
            Objects.requireNonNull(sopClass, "sopClass");
            Objects.requireNonNull(sopInstance, "sopInstance");
        }
    }

    /** Copies the list. */
    public SourceSeries {
        Objects.requireNonNull(common, "common");
        Objects.requireNonNull(seriesUid, "seriesUid");
        instances = List.copyOf(instances);
        Objects.requireNonNull(acquisition, "acquisition");
    }

    /** Of images in the patient of which nothing more is known. */
    public SourceSeries(final DataSet common, final String seriesUid, final List<Instance> instances) {
        this(common, seriesUid, instances, Acquisition.UNKNOWN);
    }

    /** The attributes of patient and study in a header, whatever its character set, in UTF-8. */
    public static DataSet common(final DataSet header) {
        final DataSetBuilder builder = DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192");
        builder.empty(REQUIRED);
        for (final int tag : COPIED) {
            final String text = header.text(tag);
            if (!text.isEmpty()) {
                builder.text(tag, text);
            }
        }
        return builder.build();
    }
}
