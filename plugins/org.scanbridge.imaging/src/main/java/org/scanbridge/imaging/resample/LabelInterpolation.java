package org.scanbridge.imaging.resample;

/** How a label between voxel centers is found; no new values arise either way. */
public enum LabelInterpolation {

    /**
     * The label of the nearest voxel center; of equally near ones the most frequent label, of equally frequent ones the
     * smaller value.
     */
    NEAREST,

    /**
     * The label with the largest trilinear weight among the eight surrounding voxels, the smaller value of two equal
     * ones: what linear interpolation of each label's mask and taking the largest gives. Smoother outlines.
     */
    LINEAR_VOTE,

    /**
     * As {@link #NEAREST}; then each connected part (26 neighbors) of a label that no voxel of the result stands for
     * gets one, the voxel that covers most of it. For lesions that are smaller than the new voxels.
     */
    NEAREST_KEEP_PARTS,

    /** As {@link #LINEAR_VOTE}, then as {@link #NEAREST_KEEP_PARTS}. */
    LINEAR_VOTE_KEEP_PARTS;

    boolean isNearest() {
        return this == NEAREST || this == NEAREST_KEEP_PARTS;
    }

    boolean keepsComponents() {
        return this == NEAREST_KEEP_PARTS || this == LINEAR_VOTE_KEEP_PARTS;
    }
}
