package org.scanbridge.learning.architecture;

/**
 * How many voxels around a block a network looks at without saying anything about them: what convolutions without padding
 * use up.
 *
 * @param lowI voxels before the block along i; ≥ 0, as are the others
 * @param highI voxels behind it
 * @param lowJ voxels before the block along j
 * @param highJ voxels behind it
 * @param lowK voxels before the block along k
 * @param highK voxels behind it
 */
public record Margin(int lowI, int highI, int lowJ, int highJ, int lowK, int highK) {

    /** Of networks that see nothing but the block. */
    public static final Margin NONE = cube(0);

    /** The same on all sides. */
    public static Margin cube(final int voxels) {
        return new Margin(voxels, voxels, voxels, voxels, voxels, voxels);
    }

    /** A block with its margin. */
    public PatchSize around(final PatchSize block) {
        return new PatchSize(lowI + block.i() + highI, lowJ + block.j() + highJ, lowK + block.k() + highK);
    }

    /** Whether there is none. */
    public boolean isNone() {
        return equals(NONE);
    }
}
