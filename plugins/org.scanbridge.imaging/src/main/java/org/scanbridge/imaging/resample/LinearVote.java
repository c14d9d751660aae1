package org.scanbridge.imaging.resample;

/** The label with the largest trilinear weight; beyond the outermost voxel centers the edge labels continue. */
final class LinearVote {

    private LinearVote() {
    }

    /**
     * @param labels unsigned bytes, i fastest
     * @param size numbers of voxels along i, j, k
     * @param x continuous index along i; likewise {@code y} along j, {@code z} along k
     */
    static byte at(final byte[] labels, final int[] size, final double x, final double y, final double z) {
        final double[] p = {x, y, z};
        final int[] low = new int[3];
        final double[] t = new double[3];
        for (int a = 0; a < 3; a++) {
            final double clamped = Math.max(0, Math.min(size[a] - 1, p[a]));
            low[a] = (int)clamped;
            t[a] = clamped - low[a];
        }
        final int[] label = new int[8];
        final double[] weight = new double[8];
        for (int corner = 0; corner < 8; corner++) {
            int v = 0;
            double w = 1;
            for (int a = 2; a >= 0; a--) {
                final int upper = corner >> a & 1;
                v = v * size[a] + Math.min(low[a] + upper, size[a] - 1);
                w *= upper == 1 ? t[a] : 1 - t[a];
            }
            label[corner] = labels[v] & 0xff;
            weight[corner] = w;
        }
        int best = 0;
        double bestWeight = -1;
        for (int c = 0; c < 8; c++) {
            double sum = 0;
            for (int d = 0; d < 8; d++) {
                sum += label[d] == label[c] ? weight[d] : 0;
            }
            if (sum > bestWeight + 1e-12 || sum > bestWeight - 1e-12 && label[c] < best) {
                best = label[c];
                bestWeight = Math.max(sum, bestWeight);
            }
        }
        return (byte)best;
    }
}
