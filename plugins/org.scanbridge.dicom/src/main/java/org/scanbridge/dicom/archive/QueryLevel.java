package org.scanbridge.dicom.archive;

import org.scanbridge.dicom.data.Tag;

/** Levels of the Study Root information model (PS3.4 C.6.2.1). */
public enum QueryLevel {
        /** Studies. */
        STUDY(Tag.STUDY_INSTANCE_UID),
        /** Series. */
        SERIES(Tag.SERIES_INSTANCE_UID),
        /** Instances; {@code IMAGE} in DIMSE. */
        INSTANCE(Tag.SOP_INSTANCE_UID);

    private final int m_uniqueKey;

    QueryLevel(final int uniqueKey) {
        m_uniqueKey = uniqueKey;
    }

    /** Tag of the UID that tells matches of this level apart. */
    public int uniqueKey() {
        return m_uniqueKey;
    }
}
