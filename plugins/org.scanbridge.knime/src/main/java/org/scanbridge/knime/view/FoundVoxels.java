package org.scanbridge.knime.view;

import org.scanbridge.imaging.render.Plane;
import org.scanbridge.imaging.render.SliceStack;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;

/** Counts labeled voxels, or voxels in which two segmentations differ, slice by slice: one slice is in memory at a time. */
final class FoundVoxels {

    /** The side of the square in which voxels are counted to say where they are densest, odd. */
    private static final int SQUARE = 9;

    private FoundVoxels() {
    }

    /**
     * @param first a segmentation
     * @param second another one on the same grid; null to count the labeled voxels of the first
     */
    static SliceService.Found of(final LabelVolumeValue first, final LabelVolumeValue second) {
        final Geometry grid = first.geometry();
        final int[][] along = {new int[grid.size(0)], new int[grid.size(1)], new int[grid.size(2)]};
        for (int k = 0; k < grid.size(2); k++) {
            final boolean[] found = slice(first, second, k);
            for (int v = 0; v < found.length; v++) {
                if (found[v]) {
                    along[0][v % grid.size(0)]++;
                    along[1][v / grid.size(0)]++;
                    along[2][k]++;
                }
            }
        }
        final int[][] counts = new int[Plane.values().length][];
        for (final Plane plane : Plane.values()) {
            final SliceStack stack = new SliceStack(grid, plane);
            counts[plane.ordinal()] = new int[stack.size()[2]];
            for (int n = 0; n < stack.size()[2]; n++) {
                counts[plane.ordinal()][n] = along[stack.axis()][stack.index(n)];
            }
        }
        int most = 0;
        for (int k = 1; k < grid.size(2); k++) {
            most = along[2][k] > along[2][most] ? k : most;
        }
        return new SliceService.Found(counts,
            along[2][most] == 0 ? null : densest(slice(first, second, most), grid, most));
    }

    private static boolean[] slice(final LabelVolumeValue first, final LabelVolumeValue second, final int k) {
        final LabelVolume one = first.slice(k);
        final LabelVolume other = second == null ? null : second.slice(k);
        final boolean[] found = new boolean[one.voxels().length];
        for (int v = 0; v < found.length; v++) {
            found[v] = one.voxels()[v] != (other == null ? 0 : other.voxels()[v]);
        }
        return found;
    }

    /** The position of the found voxel of slice k around which a square holds most of them. */
    private static double[] densest(final boolean[] found, final Geometry grid, final int k) {
        final int width = grid.size(0);
        final int height = grid.size(1);
        final int[] sums = new int[(width + 1) * (height + 1)];
        for (int j = 0; j < height; j++) {
            for (int i = 0; i < width; i++) {
                sums[(j + 1) * (width + 1) + i + 1] = (found[j * width + i] ? 1 : 0) + sums[j * (width + 1) + i + 1]
                    + sums[(j + 1) * (width + 1) + i] - sums[j * (width + 1) + i];
            }
        }
        int best = -1;
        int voxel = -1;
        for (int v = 0; v < found.length; v++) {
            if (found[v]) {
                final int i0 = Math.max(0, v % width - SQUARE / 2);
                final int i1 = Math.min(width, v % width + SQUARE / 2 + 1);
                final int j0 = Math.max(0, v / width - SQUARE / 2);
                final int j1 = Math.min(height, v / width + SQUARE / 2 + 1);
                final int sum = sums[j1 * (width + 1) + i1] - sums[j0 * (width + 1) + i1] - sums[j1 * (width + 1) + i0]
                    + sums[j0 * (width + 1) + i0];
                if (sum > best) {
                    best = sum;
                    voxel = v;
                }
            }
        }
        return grid.position(voxel % width, voxel / width, k);
    }
}
