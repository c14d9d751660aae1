package org.scanbridge.dicom.archive;

import java.util.Set;

import org.scanbridge.dicom.data.Tag;

/** Levels of the Study Root information model (PS3.4 C.6.2.1). */
public enum QueryLevel {
        /** Studies. */
        STUDY(Tag.STUDY_INSTANCE_UID),
        /** Series. */
        SERIES(Tag.SERIES_INSTANCE_UID),
        /** Instances; {@code IMAGE} in DIMSE. */
        INSTANCE(Tag.SOP_INSTANCE_UID);

    /** Attributes of patients and studies in the Study Root model, beside those whose group says so. */
    private static final Set<Integer> OF_STUDY = Set.of(Tag.STUDY_INSTANCE_UID, Tag.STUDY_DATE, Tag.STUDY_TIME,
        Tag.ACCESSION_NUMBER, Tag.STUDY_ID, Tag.STUDY_DESCRIPTION, Tag.MODALITIES_IN_STUDY, Tag.REFERRING_PHYSICIAN_NAME,
        0x00200200, 0x00201206, 0x00201208);

    private static final Set<Integer> OF_INSTANCE = Set.of(Tag.SOP_INSTANCE_UID, Tag.SOP_CLASS_UID, Tag.INSTANCE_NUMBER,
        Tag.ROWS, 0x00280011, Tag.BITS_ALLOCATED, Tag.NUMBER_OF_FRAMES);

    private static final int PATIENT_GROUP = 0x0010;

    private final int m_uniqueKey;

    QueryLevel(final int uniqueKey) {
        m_uniqueKey = uniqueKey;
    }

    /** The level at which archives keep an attribute. */
    public static QueryLevel of(final int tag) {
        if (tag >>> 16 == PATIENT_GROUP || OF_STUDY.contains(tag)) {
            return STUDY;
        }
        return OF_INSTANCE.contains(tag) ? INSTANCE : SERIES;
    }

    /** Tag of the UID that tells matches of this level apart. */
    public int uniqueKey() {
        return m_uniqueKey;
    }
}
