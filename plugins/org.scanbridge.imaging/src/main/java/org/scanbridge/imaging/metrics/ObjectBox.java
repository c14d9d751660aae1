package org.scanbridge.imaging.metrics;

import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * The voxels from (i, j, k) {@code min} to {@code max}, both including; empty if a minimum is above its maximum.
 *
 * @param minI first voxel along i
 * @param minJ first voxel along j
 * @param minK first voxel along k
 * @param maxI last voxel along i
 * @param maxJ last voxel along j
 * @param maxK last voxel along k
 */
public record ObjectBox(int minI, int minJ, int minK, int maxI, int maxJ, int maxK) {

    /** The smallest box around the voxels of a class. */
    static ObjectBox of(final LabelVolume labels, final int label) {
        final Geometry g = labels.geometry();
        final byte[] x = labels.voxels();
        final byte wanted = (byte)label;
        int minI = g.size(0);
        int minJ = g.size(1);
        int minK = g.size(2);
        int maxI = -1;
        int maxJ = -1;
        int maxK = -1;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                final int start = (k * g.size(1) + j) * g.size(0);
                int first = 0;
                while (first < g.size(0) && x[start + first] != wanted) {
                    first++;
                }
                if (first < g.size(0)) {
                    int last = g.size(0) - 1;
                    while (x[start + last] != wanted) {
                        last--;
                    }
                    minI = Math.min(minI, first);
                    maxI = Math.max(maxI, last);
                    minJ = Math.min(minJ, j);
                    maxJ = Math.max(maxJ, j);
                    minK = Math.min(minK, k);
                    maxK = Math.max(maxK, k);
                }
            }
        }
        return new ObjectBox(minI, minJ, minK, maxI, maxJ, maxK);
    }

    /** The boxes around all parts of a class; that of part n at n, at 0 an empty one. */
    static ObjectBox[] ofParts(final ConnectedComponents parts, final Geometry g) {
        final int[][] bounds = new int[parts.count() + 1][];
        int v = 0;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++, v++) {
                    final int part = parts.at(v);
                    if (part == 0) {
                        continue;
                    }
                    final int[] b = bounds[part];
                    if (b == null) {
                        bounds[part] = new int[]{i, j, k, i, j, k};
                    } else {
                        b[0] = Math.min(b[0], i);
                        b[1] = Math.min(b[1], j);
                        b[3] = Math.max(b[3], i);
                        b[4] = Math.max(b[4], j);
                        b[5] = k;
                    }
                }
            }
        }
        final ObjectBox[] boxes = new ObjectBox[bounds.length];
        boxes[0] = new ObjectBox(0, 0, 0, -1, -1, -1);
        for (int n = 1; n < boxes.length; n++) {
            final int[] b = bounds[n];
            boxes[n] = new ObjectBox(b[0], b[1], b[2], b[3], b[4], b[5]);
        }
        return boxes;
    }

    /** Number of voxels; 0 if it is empty. */
    public long voxels() {
        return extent(minI, maxI) * extent(minJ, maxJ) * extent(minK, maxK);
    }

    private static long extent(final int min, final int max) {
        return Math.max(0, max - min + 1);
    }

    /** Intersection over union with another box of the same grid, in [0, 1]; 0 if both are empty. */
    public double iou(final ObjectBox o) {
        final long common = extent(Math.max(minI, o.minI), Math.min(maxI, o.maxI))
            * extent(Math.max(minJ, o.minJ), Math.min(maxJ, o.maxJ))
            * extent(Math.max(minK, o.minK), Math.min(maxK, o.maxK));
        return common == 0 ? 0 : (double)common / (voxels() + o.voxels() - common);
    }

    /**
     * The box in the patient: the least and greatest L, P and S of its eight outer corners, half a voxel beyond the centers of
     * its first and last voxels, in mm. On an oblique grid it is the upright box around the tilted one.
     *
     * @return minimum of L, P, S, maximum of L, P, S
     */
    public double[] patient(final Geometry g) {
        final double inf = Double.POSITIVE_INFINITY;
        final double[] bounds = {inf, inf, inf, -inf, -inf, -inf};
        for (int corner = 0; corner < 8; corner++) {
            final double[] position = g.position((corner & 1) == 0 ? minI - 0.5 : maxI + 0.5,
                (corner & 2) == 0 ? minJ - 0.5 : maxJ + 0.5, (corner & 4) == 0 ? minK - 0.5 : maxK + 0.5);
            for (int a = 0; a < 3; a++) {
                bounds[a] = Math.min(bounds[a], position[a]);
                bounds[3 + a] = Math.max(bounds[3 + a], position[a]);
            }
        }
        return bounds;
    }

    boolean isEmpty() {
        return minI > maxI;
    }

    ObjectBox union(final ObjectBox o) {
        return new ObjectBox(Math.min(minI, o.minI), Math.min(minJ, o.minJ), Math.min(minK, o.minK),
            Math.max(maxI, o.maxI), Math.max(maxJ, o.maxJ), Math.max(maxK, o.maxK));
    }

    /** Numbers of voxels along i, j, k. */
    int[] size() {
        return new int[]{maxI - minI + 1, maxJ - minJ + 1, maxK - minK + 1};
    }

    /** For each voxel of the box whether it is on the surface of the class, i fastest. */
    boolean[] surface(final LabelVolume labels, final int label) {
        final Geometry g = labels.geometry();
        final byte[] x = labels.voxels();
        final byte wanted = (byte)label;
        final int ni = g.size(0);
        final int nj = g.size(1);
        final int nk = g.size(2);
        // An image of a single voxel has no neighbors along any axis; the voxel still bounds the object.
        final boolean alone = ni == 1 && nj == 1 && nk == 1;
        final boolean[] surface = new boolean[(maxI - minI + 1) * (maxJ - minJ + 1) * (maxK - minK + 1)];
        int n = 0;
        for (int k = minK; k <= maxK; k++) {
            for (int j = minJ; j <= maxJ; j++) {
                int v = (k * nj + j) * ni + minI;
                for (int i = minI; i <= maxI; i++, v++, n++) {
                    surface[n] = x[v] == wanted && (alone || isEdge(x, wanted, v, 1, i, ni)
                        || isEdge(x, wanted, v, ni, j, nj) || isEdge(x, wanted, v, ni * nj, k, nk));
                }
            }
        }
        return surface;
    }

    private static boolean isEdge(final byte[] x, final byte wanted, final int v, final int stride, final int index,
        final int size) {
        return size > 1
            && (index == 0 || index == size - 1 || x[v - stride] != wanted || x[v + stride] != wanted);
    }
}
