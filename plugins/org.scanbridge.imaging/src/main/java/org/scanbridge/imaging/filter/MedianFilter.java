package org.scanbridge.imaging.filter;

import java.util.Arrays;

import org.scanbridge.imaging.parallel.Chunks;

/**
 * The median of the box around each voxel, the image continued by its outermost voxels: the definition of
 * {@code scipy.ndimage.median_filter} with {@code mode='nearest'}. The result does not depend on the number of workers.
 * <p>
 * Of a row 9, 1, 2, 8, 3 the medians of 3 are 9, 2, 2, 3, 3.
 */
public final class MedianFilter {

    /** Voxels of the largest box. */
    public static final int LARGEST_BOX = 1_000_000;

    private final int[] m_radius;

    /**
     * @param radius half the box's length along i, j, k without the voxel itself: 1 for 3 voxels; 0 leaves an axis alone
     * @throws IllegalArgumentException if one is negative, or the box has more than {@link #LARGEST_BOX} voxels
     */
    public MedianFilter(final int... radius) {
        long box = 1;
        for (final int r : radius) {
            box *= r < 0 ? Integer.MAX_VALUE : 2L * r + 1;
            if (radius.length != 3 || box > LARGEST_BOX) {
                throw new IllegalArgumentException("radius " + Arrays.toString(radius)
                    + " voxels: needs 3 numbers of at least 0, and a box of at most " + LARGEST_BOX + " voxels");
            }
        }
        m_radius = radius.clone();
    }

    /**
     * @param voxels values, i fastest, not NaN; not changed
     * @param size numbers of voxels along i, j, k
     * @param where which voxels to compute; the others become 0, but are seen by their neighbors
     * @return the medians in a new array
     */
    public float[] apply(final float[] voxels, final int[] size, final boolean[] where) {
        final float[] result = new float[voxels.length];
        Chunks.forEach(voxels.length, (chunk, from, to) -> {
            final float[] box = new float[(2 * m_radius[0] + 1) * (2 * m_radius[1] + 1) * (2 * m_radius[2] + 1)];
            for (int v = from; v < to; v++) {
                if (where[v]) {
                    gather(voxels, size, v, box);
                    Arrays.sort(box);
                    result[v] = box[box.length / 2];
                }
            }
        });
        return result;
    }

    private void gather(final float[] voxels, final int[] size, final int voxel, final float[] box) {
        final int i = voxel % size[0];
        final int j = voxel / size[0] % size[1];
        final int k = voxel / size[0] / size[1];
        int n = 0;
        for (int c = k - m_radius[2]; c <= k + m_radius[2]; c++) {
            for (int b = j - m_radius[1]; b <= j + m_radius[1]; b++) {
                final int row = (within(c, size[2]) * size[1] + within(b, size[1])) * size[0];
                for (int a = i - m_radius[0]; a <= i + m_radius[0]; a++) {
                    box[n++] = voxels[row + within(a, size[0])];
                }
            }
        }
    }

    private static int within(final int index, final int size) {
        return Math.max(0, Math.min(size - 1, index));
    }
}
