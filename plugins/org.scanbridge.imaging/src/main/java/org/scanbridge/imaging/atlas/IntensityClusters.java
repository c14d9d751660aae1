package org.scanbridge.imaging.atlas;

import java.util.Arrays;

/**
 * Clusters of numbers by Lloyd's k-means in one dimension (IEEE Trans. Inf. Theory 1982), from the quantiles on, which
 * makes it the same each time.
 */
public final class IntensityClusters {

    private static final int STEPS = 100;

    private IntensityClusters() {
    }

    /**
     * @param values finite; sorted in place
     * @param count number of clusters
     * @return upper bounds of all clusters but the last, increasing; fewer where there are fewer different values
     */
    public static double[] bounds(final double[] values, final int count) {
        Arrays.sort(values);
        final int n = values.length;
        final double[] sums = new double[n + 1];
        for (int v = 0; v < n; v++) {
            sums[v + 1] = sums[v] + values[v];
        }
        double[] means = new double[count];
        for (int c = 0; c < count; c++) {
            means[c] = values[(int)((c + 0.5) * n / count)];
        }
        for (int step = 0; step < STEPS; step++) {
            means = Arrays.stream(means).distinct().toArray();
            final double[] next = new double[means.length];
            int from = 0;
            for (int c = 0; c < means.length; c++) {
                final int to = c + 1 == means.length ? n : firstAbove(values, (means[c] + means[c + 1]) / 2);
                next[c] = to > from ? (sums[to] - sums[from]) / (to - from) : means[c];
                from = to;
            }
            if (Arrays.equals(means, next)) {
                break;
            }
            means = next;
        }
        final double[] bounds = new double[means.length - 1];
        for (int c = 0; c < bounds.length; c++) {
            bounds[c] = (means[c] + means[c + 1]) / 2;
        }
        return bounds;
    }

    private static int firstAbove(final double[] sorted, final double x) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            final int mid = (low + high) >>> 1;
            if (sorted[mid] > x) {
                high = mid;
            } else {
                low = mid + 1;
            }
        }
        return low;
    }
}
