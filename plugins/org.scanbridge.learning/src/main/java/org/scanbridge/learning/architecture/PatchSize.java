package org.scanbridge.learning.architecture;

/**
 * Size in voxels of the blocks a network is trained on, along the index axes i, j, k of a volume.
 *
 * @param i voxels along i; at least 1, as are the others; 2<sup>31</sup> − 1 at most in one patch
 * @param j voxels along j
 * @param k voxels along k; 1 for 2-D networks
 */
public record PatchSize(int i, int j, int k) {

    /** @throws IllegalArgumentException if a size is below 1, or the patch has more voxels than an array holds */
    public PatchSize {
        if (i < 1 || j < 1 || k < 1) {
            throw new IllegalArgumentException("Patch size " + i + "×" + j + "×" + k + ": each axis needs at least 1.");
        }
        // three such factors may not even fit a long
        if ((long)i * j > Integer.MAX_VALUE || (long)i * j * k > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Patch size " + i + "×" + j + "×" + k + ": at most 2^31 − 1 voxels together.");
        }
    }

    /** A cube. */
    public static PatchSize cube(final int size) {
        return new PatchSize(size, size, size);
    }

    /** Number of voxels of one patch. */
    public int voxels() {
        return i * j * k;
    }

    @Override
    public String toString() {
        return i + "×" + j + "×" + k;
    }
}
