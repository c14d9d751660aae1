package org.scanbridge.imaging.resample;

/** How a label between voxel centers is found; no new values arise either way. */
public enum LabelInterpolation {

    /** The label of the nearest voxel center. */
    NEAREST,

    /**
     * The label with the largest trilinear weight among the eight surrounding voxels, the smaller value of two equal
     * ones: what linear interpolation of each label's mask and taking the largest gives. Smoother outlines.
     */
    LINEAR_VOTE
}
