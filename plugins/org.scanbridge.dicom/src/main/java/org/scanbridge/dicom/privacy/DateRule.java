package org.scanbridge.dicom.privacy;

/** What becomes of dates and times. */
public enum DateRule {
        /** They are removed, emptied or replaced by dummies, as the profile demands. */
        REMOVE,
        /**
         * Dates are moved into the past by a number of days that the key and the patient give, so that the intervals
         * between a patient's examinations stay (Retain Longitudinal Temporal Information with Modified Dates Option);
         * times of day stay.
         */
        SHIFT
}
