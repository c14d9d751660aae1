package org.scanbridge.dicom.series;

/** What to do with a stack whose slices do not lie behind each other along their normal (CT gantry tilt). */
public enum TiltRule {
        /** Leave the series out; the problem names the angle. */
        SKIP,
        /**
         * Shift the slices within their planes by linear interpolation until they lie behind each other. The grid grows
         * so that no pixel is lost; its new corners take the background. The problem names the angle.
         */
        RESAMPLE
}
