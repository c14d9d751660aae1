package org.scanbridge.learning.data;

import java.util.Arrays;

import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.PatchSize;

/**
 * An image of a known background on a grid of at least a block's size, from which blocks are cut, with what a network sees
 * around them.
 *
 * @param voxels of the grid and its margin, i fastest
 * @param size voxels of the grid along i, j, k, without the margin
 * @param offset how many voxels were added before the image's own along i, j, k to make the grid
 * @param margin how much background is around the grid; copied blocks have the same margin
 */
public record VoxelBlock(float[] voxels, int[] size, int[] offset, Margin margin) {

    /** Without a margin. */
    public VoxelBlock(final float[] voxels, final int[] size, final int[] offset) {
        this(voxels, size, offset, Margin.NONE);
    }

    /** Surrounds an image with background (the same on both sides, one more behind) where it is too small. */
    public static VoxelBlock padded(final float[] voxels, final int[] size, final PatchSize atLeast) {
        final int[] wanted = {Math.max(size[0], atLeast.i()), Math.max(size[1], atLeast.j()),
            Math.max(size[2], atLeast.k())};
        if (Arrays.equals(size, wanted)) {
            return new VoxelBlock(voxels, wanted, new int[3], Margin.NONE);
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
        return new VoxelBlock(padded, wanted, offset, Margin.NONE);
    }

    /** The same image with this much background around its grid. */
    public VoxelBlock within(final Margin wanted) {
        if (wanted.isNone()) {
            return this;
        }
        final int width = length(size[0], wanted.lowI(), wanted.highI());
        final int height = length(size[1], wanted.lowJ(), wanted.highJ());
        final int depth = length(size[2], wanted.lowK(), wanted.highK());
        final float[] padded = new float[Math.multiplyExact(Math.multiplyExact(width, height), depth)];
        Arrays.fill(padded, Background.of(voxels).value());
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                System.arraycopy(voxels, (k * size[1] + j) * size[0], padded,
                    ((k + wanted.lowK()) * height + j + wanted.lowJ()) * width + wanted.lowI(), size[0]);
            }
        }
        return new VoxelBlock(padded, size, offset, wanted);
    }

    /** Length of an axis: as much margin behind as before, so that a block can also be copied to be mirrored. */
    private static int length(final int size, final int low, final int high) {
        return low + size + Math.max(low, high);
    }

    /** Where a voxel of the grid and its margin is in {@link #voxels}; each index counts from the margin's first voxel. */
    int index(final int i, final int j, final int k) {
        return (k * length(size[1], margin.lowJ(), margin.highJ()) + j) * length(size[0], margin.lowI(), margin.highI()) + i;
    }

    /** Number of voxels that {@link #copyBlock} copies. */
    public int copiedVoxels(final PatchSize block) {
        return margin.around(block).voxels();
    }

    /** Copies the block of the grid that starts at (i, j, k), and the margin around it, to a place in an array, i fastest. */
    public void copyBlock(final int i, final int j, final int k, final PatchSize block, final float[] to, final int at) {
        final PatchSize copied = margin.around(block);
        int target = at;
        // voxel (i, j, k) of the grid has the index (i + low, …) of the array, where the block's margin begins at (i, …)
        for (int c = k; c < k + copied.k(); c++) {
            for (int b = j; b < j + copied.j(); b++) {
                System.arraycopy(voxels, index(i, b, c), to, target, copied.i());
                target += copied.i();
            }
        }
    }
}
