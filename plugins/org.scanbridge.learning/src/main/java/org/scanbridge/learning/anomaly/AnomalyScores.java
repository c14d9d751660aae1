package org.scanbridge.learning.anomaly;

import org.scanbridge.imaging.stats.Percentiles;

/**
 * How unusual an image or a region is.
 *
 * @param voxels how many it has
 * @param mean of the map
 * @param tail 99th percentile of the map
 * @param marked how many voxels are above the threshold
 */
public record AnomalyScores(int voxels, double mean, double tail, int marked) {

    private static final double TAIL = 99;

    /**
     * @param values of the map, at least one
     * @param threshold above which a voxel is marked
     */
    public static AnomalyScores of(final float[] values, final float threshold) {
        double sum = 0;
        int marked = 0;
        for (final float v : values) {
            sum += v;
            marked += v > threshold ? 1 : 0;
        }
        return new AnomalyScores(values.length, sum / values.length, Percentiles.of(values, TAIL)[0], marked);
    }

    /** Share of the voxels that are marked, in [0, 1]. */
    public double share() {
        return (double)marked / voxels;
    }
}
