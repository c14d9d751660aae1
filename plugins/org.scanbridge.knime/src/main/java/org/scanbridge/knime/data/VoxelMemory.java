package org.scanbridge.knime.data;

/** What the voxels take that are kept in memory without need. */
public final class VoxelMemory {

    private VoxelMemory() {
    }

    /**
     * Forgets all voxels that are kept in case they are asked for again; who asks gets them from their files. Java would
     * drop them too before memory is full, but until then counts them as used.
     */
    public static void release() {
        VolumeCell.releaseCache();
        LabelVolumeCell.releaseCache();
    }
}
