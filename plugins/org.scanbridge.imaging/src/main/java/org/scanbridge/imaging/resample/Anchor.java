package org.scanbridge.imaging.resample;

/** What stays where it is when the spacing of a grid changes. */
public enum Anchor {

    /**
     * The middle of the field of view, which reaches half a voxel beyond the outermost voxel centers. Where the new
     * voxels divide the old length, the field of view stays exactly; where they do not, both ends differ alike, by a
     * quarter of a new voxel at most (more only where the axis is shorter than a new voxel). Turning an axis around
     * before or after gives the same.
     */
    EXTENT,

    /**
     * The center of voxel (0,0,0). The field of view moves by half the difference of the spacings, out of the image at
     * the first voxels or over its edge at the last ones. With a whole fraction of the spacing every old voxel center
     * is a new one too.
     */
    FIRST_VOXEL
}
