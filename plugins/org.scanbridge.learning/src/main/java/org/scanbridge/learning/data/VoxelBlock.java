package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.PatchSize;

/**
 * An image of a known background on a grid of at least a block's size, from which blocks are cut, with what a network sees
 * around them. Several channels lie one after the other here, and voxel by voxel in the blocks, as networks want them.
 *
 * @param channels the voxels of the grid and its margin, i fastest, of each channel; at least one
 * @param size voxels of the grid along i, j, k, without the margin
 * @param offset how many voxels were added before the image's own along i, j, k to make the grid
 * @param margin how much background is around the grid; copied blocks have the same margin
 */
public record VoxelBlock(List<float[]> channels, int[] size, int[] offset, Margin margin) {

    /** Surrounds an image with background (the same on both sides, one more behind) where it is too small. */
    public static VoxelBlock padded(final float[] voxels, final int[] size, final PatchSize atLeast) {
        return padded(List.of(voxels), size, atLeast);
    }

    /** As {@link #padded(float[], int[], PatchSize)} for several channels, each with its own background. */
    public static VoxelBlock padded(final List<float[]> channels, final int[] size, final PatchSize atLeast) {
        final int[] wanted = {Math.max(size[0], atLeast.i()), Math.max(size[1], atLeast.j()),
            Math.max(size[2], atLeast.k())};
        if (Arrays.equals(size, wanted)) {
            return new VoxelBlock(channels, wanted, new int[3], Margin.NONE);
        }
        final int[] offset = new int[3];
        for (int a = 0; a < 3; a++) {
            offset[a] = (wanted[a] - size[a]) / 2;
        }
        final List<float[]> padded = new ArrayList<>();
        channels.forEach(c -> padded.add(surrounded(c, size, wanted, offset)));
        return new VoxelBlock(List.copyOf(padded), wanted, offset, Margin.NONE);
    }

    private static float[] surrounded(final float[] voxels, final int[] size, final int[] wanted, final int[] offset) {
        final float[] padded = new float[Math.multiplyExact(Math.multiplyExact(wanted[0], wanted[1]), wanted[2])];
        Arrays.fill(padded, Background.of(voxels, size).value());
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                System.arraycopy(voxels, (k * size[1] + j) * size[0], padded,
                    ((k + offset[2]) * wanted[1] + j + offset[1]) * wanted[0] + offset[0], size[0]);
            }
        }
        return padded;
    }

    /** The same image with this much background around its grid. */
    public VoxelBlock within(final Margin wanted) {
        if (wanted.isNone()) {
            return this;
        }
        final int[] wider = {length(size[0], wanted.lowI(), wanted.highI()),
            length(size[1], wanted.lowJ(), wanted.highJ()), length(size[2], wanted.lowK(), wanted.highK())};
        final int[] low = {wanted.lowI(), wanted.lowJ(), wanted.lowK()};
        final List<float[]> padded = new ArrayList<>();
        channels.forEach(c -> padded.add(surrounded(c, size, wider, low)));
        return new VoxelBlock(List.copyOf(padded), size, offset, wanted);
    }

    /** Length of an axis: as much margin behind as before, so that a block can also be copied to be mirrored. */
    private static int length(final int size, final int low, final int high) {
        return low + size + Math.max(low, high);
    }

    /** Where a voxel of the grid and its margin is in a channel; each index counts from the margin's first voxel. */
    int index(final int i, final int j, final int k) {
        return (k * length(size[1], margin.lowJ(), margin.highJ()) + j) * length(size[0], margin.lowI(), margin.highI()) + i;
    }

    /**
     * Copies the block of the grid that starts at (i, j, k), and the margin around it, to a place in an array: [k, j, i,
     * channels].
     */
    public void copyBlock(final int i, final int j, final int k, final PatchSize block, final float[] to, final int at) {
        final PatchSize copied = margin.around(block);
        int target = at;
        // voxel (i, j, k) of the grid has the index (i + low, …) of the array, where the block's margin begins at (i, …)
        for (int c = k; c < k + copied.k(); c++) {
            for (int b = j; b < j + copied.j(); b++) {
                copyRow(index(i, b, c), copied.i(), to, target);
                target += copied.i() * channels.size();
            }
        }
    }

    private void copyRow(final int from, final int count, final float[] to, final int at) {
        if (channels.size() == 1) {
            System.arraycopy(channels.get(0), from, to, at, count);
            return;
        }
        for (int c = 0; c < channels.size(); c++) {
            final float[] voxels = channels.get(c);
            for (int v = 0; v < count; v++) {
                to[at + v * channels.size() + c] = voxels[from + v];
            }
        }
    }
}
