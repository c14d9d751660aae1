package org.scanbridge.imaging.crf;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * A bright ball and a dark wall with noise, and unsure probabilities of three classes, all from formulas that any language
 * can repeat; and the mean field by all pairs of voxels, which is what the product's filters stand for.
 */
final class CrfCase {

    static final Geometry GRID = Geometry.axial(new int[]{9, 8, 7}, 1, 1.25, 2);

    private CrfCase() {
    }

    private static double noise(final int v, final double a) {
        return 0.5 * Math.sin(12.9898 * v + a) + 0.5 * Math.sin(78.233 * v + 2 * a);
    }

    static Volume image(final Geometry grid) {
        final float[] voxels = new float[grid.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)((isBall(v) ? 2 : isWall(v) ? -1 : 0) + 0.3 * noise(v, 1));
        }
        return new Volume(voxels, grid, VolumeInfo.UNKNOWN);
    }

    static List<Volume> probabilities(final Geometry grid) {
        final float[][] maps = new float[3][grid.voxelCount()];
        for (int v = 0; v < maps[0].length; v++) {
            final double[] e = {Math.exp(1 + 1.2 * noise(v, 2)), Math.exp((isBall(v) ? 1.5 : -1) + 1.2 * noise(v, 3)),
                Math.exp((isWall(v) ? 1.5 : -1) + 1.2 * noise(v, 4))};
            for (int l = 0; l < 3; l++) {
                maps[l][v] = (float)(e[l] / (e[0] + e[1] + e[2]));
            }
        }
        final List<Volume> volumes = new ArrayList<>();
        for (final float[] map : maps) {
            volumes.add(new Volume(map, grid, VolumeInfo.UNKNOWN));
        }
        return volumes;
    }

    private static int[] index(final int v) {
        return new int[]{v % 9, v / 9 % 8, v / 72};
    }

    private static boolean isBall(final int v) {
        final int[] n = index(v);
        return Math.pow(n[0] - 4, 2) + Math.pow(1.25 * n[1] - 4, 2) + Math.pow(2 * n[2] - 6, 2) < 9;
    }

    private static boolean isWall(final int v) {
        return index(v)[0] > 6;
    }

    /** Q by class and voxel, in double precision, O(N²). */
    static double[][] byAllPairs(final List<Volume> probabilities, final List<Volume> images, final CrfOptions o) {
        final int n = probabilities.get(0).geometry().voxelCount();
        final double[][] kernel = new double[n][n];
        if (o.smoothnessWeight() > 0) {
            addKernel(kernel, o.smoothnessWeight(), (a, b) -> distance(probabilities.get(0).geometry(), a, b) / square(o.smoothnessMm()));
        }
        if (o.appearanceWeight() > 0) {
            addKernel(kernel, o.appearanceWeight(), (a, b) -> {
                double d = distance(probabilities.get(0).geometry(), a, b) / square(o.appearanceMm());
                for (final Volume image : images) {
                    d += square((image.voxels()[a] - (double)image.voxels()[b]) / o.appearanceIntensity());
                }
                return d;
            });
        }
        final int classes = probabilities.size();
        double[][] q = new double[classes][n];
        for (int l = 0; l < classes; l++) {
            for (int v = 0; v < n; v++) {
                q[l][v] = probabilities.get(l).voxels()[v];
            }
        }
        for (int t = 0; t < o.iterations(); t++) {
            final double[][] next = new double[classes][n];
            for (int v = 0; v < n; v++) {
                double sum = 0;
                for (int l = 0; l < classes; l++) {
                    double message = 0;
                    for (int w = 0; w < n; w++) {
                        message += kernel[v][w] * q[l][w];
                    }
                    next[l][v] = probabilities.get(l).voxels()[v] * Math.exp(message);
                    sum += next[l][v];
                }
                for (int l = 0; l < classes; l++) {
                    next[l][v] /= sum;
                }
            }
            q = next;
        }
        return q;
    }

    /** Half of its negative is the exponent of a kernel. */
    private interface SquaredDistance {

        double of(int a, int b);
    }

    private static void addKernel(final double[][] to, final double weight, final SquaredDistance distance) {
        final int n = to.length;
        final double[][] kernel = new double[n][n];
        final double[] rows = new double[n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                kernel[a][b] = Math.exp(-0.5 * distance.of(a, b));
                rows[a] += kernel[a][b];
            }
        }
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                to[a][b] += weight * kernel[a][b] / Math.sqrt(rows[a] * rows[b]);
            }
        }
    }

    /** Squared distance in the patient, in mm². */
    private static double distance(final Geometry grid, final int a, final int b) {
        final double[] p = position(grid, a);
        final double[] q = position(grid, b);
        return square(p[0] - q[0]) + square(p[1] - q[1]) + square(p[2] - q[2]);
    }

    private static double[] position(final Geometry grid, final int v) {
        return grid.position(v % grid.size(0), v / grid.size(0) % grid.size(1), v / grid.size(0) / grid.size(1));
    }

    private static double square(final double x) {
        return x * x;
    }
}
