package org.scanbridge.imaging.resample;

/** The label with the largest trilinear weight; beyond the outermost voxel centers the edge labels continue. */
final class LinearVote {

    private static final int CORNERS = 8;

    /** Weights closer than this are equal but for rounding. */
    private static final double TIE = 1e-12;

    private LinearVote() {
    }

    /**
     * @param labels unsigned bytes, i fastest
     * @param size numbers of voxels along i, j, k
     * @param x continuous index along i; likewise {@code y} along j, {@code z} along k
     */
    static byte at(final byte[] labels, final int[] size, final double x, final double y, final double z) {
        final int i = low(x, size[0]);
        final int j = low(y, size[1]);
        final int k = low(z, size[2]);
        final double tx = Math.min(size[0] - 1, Math.max(0, x)) - i;
        final double ty = Math.min(size[1] - 1, Math.max(0, y)) - j;
        final double tz = Math.min(size[2] - 1, Math.max(0, z)) - k;
        final int di = i + 1 < size[0] ? 1 : 0;
        final int dj = j + 1 < size[1] ? size[0] : 0;
        final int dk = k + 1 < size[2] ? size[0] * size[1] : 0;
        final int v = (k * size[1] + j) * size[0] + i;
        final byte first = labels[v];
        if (labels[v + di] == first && labels[v + dj] == first && labels[v + dj + di] == first
            && labels[v + dk] == first && labels[v + dk + di] == first && labels[v + dk + dj] == first
            && labels[v + dk + dj + di] == first) {
            return first;
        }
        int best = 0;
        double bestWeight = -1;
        for (int c = 0; c < CORNERS; c++) {
            final int label = labels[corner(v, c, di, dj, dk)] & 0xff;
            double sum = 0;
            for (int d = 0; d < CORNERS; d++) {
                if ((labels[corner(v, d, di, dj, dk)] & 0xff) == label) {
                    sum += ((d & 1) == 1 ? tx : 1 - tx) * ((d & 2) == 2 ? ty : 1 - ty) * ((d & 4) == 4 ? tz : 1 - tz);
                }
            }
            if (sum > bestWeight + TIE || sum > bestWeight - TIE && label < best) {
                best = label;
                bestWeight = Math.max(sum, bestWeight);
            }
        }
        return (byte)best;
    }

    private static int low(final double x, final int size) {
        return (int)Math.max(0, Math.min(size - 1, x));
    }

    private static int corner(final int v, final int c, final int di, final int dj, final int dk) {
        return v + ((c & 1) == 1 ? di : 0) + ((c & 2) == 2 ? dj : 0) + ((c & 4) == 4 ? dk : 0);
    }
}
