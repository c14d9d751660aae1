package org.scanbridge.imaging.sampling;

/**
 * A box of voxels of a volume, from (i, j, k) to (i + sizeI - 1, j + sizeJ - 1, k + sizeK - 1), both including.
 *
 * @param i index of the first voxel along i; likewise {@code j}, {@code k}
 * @param j see {@code i}
 * @param k see {@code i}
 * @param sizeI number of voxels along i, at least 1; likewise {@code sizeJ}, {@code sizeK}
 * @param sizeJ see {@code sizeI}
 * @param sizeK see {@code sizeI}
 */
public record Patch(int i, int j, int k, int sizeI, int sizeJ, int sizeK) {

    /** @throws IllegalArgumentException if the box is empty */
    public Patch {
        if (sizeI < 1 || sizeJ < 1 || sizeK < 1) {
            throw new IllegalArgumentException("patch of " + sizeI + "×" + sizeJ + "×" + sizeK + " voxels");
        }
    }
}
