package org.scanbridge.imaging.normalize;

/** What happens to voxels outside the foreground. */
public enum Background {

    /** They become the method's background value: 0 after a z-score, the lower end after scaling to a range. */
    CONSTANT,

    /** They are mapped like the foreground. */
    MAPPED
}
