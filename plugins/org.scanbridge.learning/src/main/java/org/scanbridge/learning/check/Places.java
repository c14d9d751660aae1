package org.scanbridge.learning.check;

import java.util.List;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Where the structures of a segmentation are: the share of each in the cells of a coarse grid around all of them. The grid
 * lies along the patient's axes, between the 2nd and the 98th percentile of the voxels' places and a quarter beyond, so that heads of different
 * size and position lie upon each other without registration.
 */
final class Places {

    private static final int CELLS = 20;

    private static final double LOW = 0.02;

    private static final double HIGH = 0.98;

    private static final double BEYOND = 0.25;

    /** Bins of 1 mm for percentiles of places. */
    private static final int MOST_BINS = 4096;

    private Places() {
    }

    /**
     * Shares of the cells' volumes, per structure.
     *
     * @param labels with classes of the network
     */
    static float[][] of(final LabelVolume labels, final List<Structure> structures) {
        final boolean[][] inside = structures.stream().map(Structure::inside).toArray(boolean[][]::new);
        final boolean[] any = new boolean[256];
        for (final boolean[] each : inside) {
            for (int c = 0; c < any.length; c++) {
                any[c] |= each[c];
            }
        }
        final float[][] shares = new float[inside.length][CELLS * CELLS * CELLS];
        final double[][] box = box(labels, any);
        if (box == null) {
            return shares;
        }
        final Geometry g = labels.geometry();
        double cell = 1;
        for (final double[] range : box) {
            cell *= (range[1] - range[0]) / CELLS;
        }
        final float share = (float)(g.voxelVolume() / cell);
        visit(labels, any, (label, position) -> {
            int at = 0;
            for (int a = 2; a >= 0; a--) {
                final int n = (int)Math.floor((position[a] - box[a][0]) / (box[a][1] - box[a][0]) * CELLS);
                if (n < 0 || n >= CELLS) {
                    return;
                }
                at = at * CELLS + n;
            }
            for (int s = 0; s < inside.length; s++) {
                shares[s][at] += inside[s][label] ? share : 0;
            }
        });
        return shares;
    }

    /** What two have in common: 2 Σ min(a, b) / Σ (a + b); 1 if both are empty. */
    static double overlap(final float[] a, final float[] b) {
        double both = 0;
        double sum = 0;
        for (int n = 0; n < a.length; n++) {
            both += Math.min(a[n], b[n]);
            sum += a[n] + b[n];
        }
        return sum == 0 ? 1 : 2 * both / sum;
    }

    /** Between which places in mm along L, P and S; null if there is nothing. */
    private static double[][] box(final LabelVolume labels, final boolean[] any) {
        final Geometry g = labels.geometry();
        final double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        for (int corner = 0; corner < 8; corner++) {
            final double[] p = g.position((corner & 1) * (g.size(0) - 1.0), (corner >> 1 & 1) * (g.size(1) - 1.0),
                (corner >> 2) * (g.size(2) - 1.0));
            for (int a = 0; a < 3; a++) {
                least[a] = Math.min(least[a], p[a]);
            }
        }
        final long[][] counts = new long[3][MOST_BINS];
        final long[] all = new long[1];
        visit(labels, any, (label, position) -> {
            for (int a = 0; a < 3; a++) {
                counts[a][Math.min(MOST_BINS - 1, (int)(position[a] - least[a]))]++;
            }
            all[0]++;
        });
        if (all[0] == 0) {
            return null;
        }
        final double[][] box = new double[3][];
        for (int a = 0; a < 3; a++) {
            final double low = least[a] + percentile(counts[a], LOW * all[0]);
            final double high = least[a] + percentile(counts[a], HIGH * all[0]) + 1;
            final double more = BEYOND * (high - low);
            box[a] = new double[]{low - more, high + more};
        }
        return box;
    }

    private static int percentile(final long[] counts, final double rank) {
        long sum = 0;
        for (int n = 0; n < counts.length; n++) {
            sum += counts[n];
            if (sum >= rank) {
                return n;
            }
        }
        return counts.length - 1;
    }

    @FunctionalInterface
    private interface Visitor {
        void at(int label, double[] position);
    }

    private static void visit(final LabelVolume labels, final boolean[] any, final Visitor visitor) {
        final Geometry g = labels.geometry();
        int v = 0;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++, v++) {
                    final int label = labels.voxels()[v] & 0xff;
                    if (any[label]) {
                        visitor.at(label, g.position(i, j, k));
                    }
                }
            }
        }
    }

    /** The mean of several. */
    static float[][] mean(final List<float[][]> all) {
        final float[][] mean = new float[all.get(0).length][];
        for (int s = 0; s < mean.length; s++) {
            mean[s] = new float[all.get(0)[s].length];
            for (final float[][] each : all) {
                for (int n = 0; n < mean[s].length; n++) {
                    mean[s][n] += each[s][n] / all.size();
                }
            }
        }
        return mean;
    }
}
