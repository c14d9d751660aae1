package org.scanbridge.imaging.metrics;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * The voxels from (i, j, k) {@code min} to {@code max}, both including; empty if a minimum is above its maximum.
 */
record ObjectBox(int minI, int minJ, int minK, int maxI, int maxJ, int maxK) {

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
