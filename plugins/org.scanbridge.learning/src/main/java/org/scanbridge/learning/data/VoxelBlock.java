package org.scanbridge.learning.data;

import java.util.Arrays;

import org.scanbridge.learning.architecture.PatchSize;

/**
 * An image of a known background on a grid of at least a block's size, from which blocks are cut.
 *
 * @param voxels i fastest
 * @param size voxels along i, j, k
 * @param offset how many voxels were added before the image's own along i, j, k
 */
public record VoxelBlock(float[] voxels, int[] size, int[] offset) {

    /** Surrounds an image with background (the same on both sides, one more behind) where it is too small. */
    public static VoxelBlock padded(final float[] voxels, final int[] size, final PatchSize atLeast) {
        final int[] wanted = {Math.max(size[0], atLeast.i()), Math.max(size[1], atLeast.j()),
            Math.max(size[2], atLeast.k())};
        if (Arrays.equals(size, wanted)) {
            return new VoxelBlock(voxels, wanted, new int[3]);
        }
        final int[] offset = new int[3];
        for (int a = 0; a < 3; a++) {
            offset[a] = (wanted[a] - size[a]) / 2;
        }
        final float[] padded = new float[Math.multiplyExact(Math.multiplyExact(wanted[0], wanted[1]), wanted[2])];
        Arrays.fill(padded, Background.of(voxels).value());
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                System.arraycopy(voxels, (k * size[1] + j) * size[0], padded,
                    ((k + offset[2]) * wanted[1] + j + offset[1]) * wanted[0] + offset[0], size[0]);
            }
        }
        return new VoxelBlock(padded, wanted, offset);
    }

    /** Copies the block that starts at (i, j, k) to a place in an array, i fastest. */
    public void copyBlock(final int i, final int j, final int k, final PatchSize block, final float[] to, final int at) {
        int target = at;
        for (int c = k; c < k + block.k(); c++) {
            for (int b = j; b < j + block.j(); b++) {
                System.arraycopy(voxels, (c * size[1] + b) * size[0] + i, to, target, block.i());
                target += block.i();
            }
        }
    }
}
