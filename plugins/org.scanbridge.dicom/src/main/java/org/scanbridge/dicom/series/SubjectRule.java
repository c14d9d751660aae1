package org.scanbridge.dicom.series;

/** What tells the subject of a series. */
public enum SubjectRule {
        /** Patient ID (0010,0020) and its issuer; where it is empty, the sub-folder. */
        PATIENT,
        /** Study Instance UID (0020,000D); where it is absent, the sub-folder. */
        STUDY,
        /** The sub-folder below the one that names the site, or directly in the study folder if folders name no sites. */
        FOLDER
}
