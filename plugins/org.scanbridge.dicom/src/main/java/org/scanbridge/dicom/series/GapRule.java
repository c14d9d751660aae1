package org.scanbridge.dicom.series;

/** What to do with a stack in which slices are missing. A problem is reported in any case. */
public enum GapRule {
        /** Leave the series out. */
        SKIP,
        /** Fill each gap by linear interpolation between its neighbors, label maps by the nearest slice. */
        FILL,
        /**
         * Stack the slices as if they were evenly spaced by their mean distance. Positions inside the volume are then off
         * by up to the size of the gaps.
         */
        ACCEPT
}
