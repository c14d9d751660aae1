package org.scanbridge.imaging.phantom;

/** What thick slices do to a volume: averages over blocks of slices along k, interpolated back to the fine grid. */
final class ThickSlices {

    private ThickSlices() {
    }

    /**
     * @param x values, i fastest
     * @param size numbers of voxels along i, j, k
     * @param thickness slices per block; the last block may be thinner
     * @return averages placed at the blocks' centers, linearly interpolated between and constant beyond the outermost
     *         centers; {@code x} itself for thickness 1
     */
    static float[] simulate(final float[] x, final int[] size, final int thickness) {
        if (thickness == 1) {
            return x;
        }
        final int plane = size[0] * size[1];
        final int blocks = (size[2] + thickness - 1) / thickness;
        final double[] mean = new double[blocks * plane];
        final double[] center = new double[blocks];
        for (int b = 0; b < blocks; b++) {
            final int from = b * thickness;
            final int to = Math.min(from + thickness, size[2]);
            center[b] = (from + to - 1) / 2.0;
            for (int k = from; k < to; k++) {
                for (int p = 0; p < plane; p++) {
                    mean[b * plane + p] += x[k * plane + p] / (double)(to - from);
                }
            }
        }
        final float[] y = new float[x.length];
        int b = 0;
        for (int k = 0; k < size[2]; k++) {
            while (b < blocks - 2 && k > center[b + 1]) {
                b++;
            }
            final int next = Math.min(b + 1, blocks - 1);
            final double t =
                next == b ? 0 : Math.max(0, Math.min(1, (k - center[b]) / (center[next] - center[b])));
            for (int p = 0; p < plane; p++) {
                y[k * plane + p] = (float)((1 - t) * mean[b * plane + p] + t * mean[next * plane + p]);
            }
        }
        return y;
    }
}
