package org.scanbridge.imaging.resample;

/** How a value between voxel centers is found. */
public enum Interpolation {

    /** The value of the nearest voxel center; of equally near ones the largest that is a number. */
    NEAREST,

    /** Trilinear. */
    LINEAR,

    /** The cubic B-spline through all values; may overshoot at edges, and a NaN spoils the lines through it. */
    CUBIC
}
