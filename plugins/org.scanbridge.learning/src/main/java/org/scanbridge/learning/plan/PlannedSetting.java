package org.scanbridge.learning.plan;

/** What a plan decides. */
public enum PlannedSetting {
    /** Order and direction of the index axes. */
    AXES,
    /** Distance of voxel centers. */
    SPACING,
    /** How intensities are brought to a common scale. */
    NORMALIZATION,
    /** Family of the network. */
    ARCHITECTURE,
    /** Channels at full resolution. */
    WIDTH,
    /** Number of resolutions. */
    LEVELS,
    /** Size of the blocks it learns from. */
    PATCH,
    /** How it is trained. */
    APPROACH,
    /** Optimizer steps. */
    STEPS,
    /** Patches per step. */
    BATCH,
    /** Steps between validations. */
    VALIDATION_INTERVAL,
    /** Share of patches on labeled voxels. */
    FOREGROUND_SHARE,
    /** Whether left and right are exchanged at random. */
    MIRROR,
    /** Whether patches are changed at random. */
    AUGMENTATION,
    /** What the result has to be compared with. */
    CONTROL
}
