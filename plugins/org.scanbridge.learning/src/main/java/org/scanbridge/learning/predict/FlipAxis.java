package org.scanbridge.learning.predict;

/** An index axis along which images may be reflected before they are segmented. */
public enum FlipAxis {
    /** Columns: left and right in an axial image. */
    I,
    /** Rows: front and back in an axial image. */
    J,
    /** Slices: head and foot in an axial image. */
    K
}
