package org.scanbridge.imaging.register;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * Two guesses of where the thing in an image is.
 *
 * @param field center of the voxel grid, LPS in mm
 * @param mass center of the intensities above the lowest, LPS in mm
 */
public record Centers(double[] field, double[] mass) {

    /** Those of an image of finite voxels; of a constant one, both are the center of the grid. */
    public static Centers of(final Volume image) {
        final Geometry g = image.geometry();
        final float[] x = image.voxels();
        float low = x[0];
        for (final float v : x) {
            low = Math.min(low, v);
        }
        final double[] sum = new double[3];
        double all = 0;
        int v = 0;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++, v++) {
                    final double w = (double)x[v] - low;
                    sum[0] += w * i;
                    sum[1] += w * j;
                    sum[2] += w * k;
                    all += w;
                }
            }
        }
        final double[] field = g.center();
        return new Centers(field, all > 0 ? g.position(sum[0] / all, sum[1] / all, sum[2] / all) : field);
    }
}
