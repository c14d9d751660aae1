package org.scanbridge.imaging.components;

/** Which voxels are neighbors. */
public enum Connectivity {

    /** Those that share a face: 6 in a volume, 4 in a plane. */
    FACES,

    /** Those that share at least a corner: 26 in a volume, 8 in a plane. */
    CORNERS
}
