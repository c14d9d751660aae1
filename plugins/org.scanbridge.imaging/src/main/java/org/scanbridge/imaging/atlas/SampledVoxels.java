package org.scanbridge.imaging.atlas;

import java.util.Arrays;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * The voxels that intensities and field are estimated from: a random part of those that lie within
 * the atlas and are no padding. They are taken as they are, not averaged, so that their noise is that of all voxels.
 *
 * @param intensities of the image
 * @param values their logarithms
 * @param priors [voxel * classes + class]
 * @param places box coordinates, x y z of each voxel one after the other
 * @param share of all such voxels that was taken, within (0, 1]
 */
record SampledVoxels(float[] intensities, float[] values, float[] priors, float[] places, double share) {

    private static final long SEED = 19_990_300;

    /** Of small things more than their share are taken, all if need be: estimates need numbers, whatever the size in mm. */
    private static final double LEAST = 20_000;

    static SampledVoxels of(final Volume image, final LogIntensity scale, final AtlasPlacement placement, final int classes,
        final double distance) {
        final Geometry g = image.geometry();
        long box = placement.isEmpty() ? 0 : 1;
        for (int a = 0; a < 3; a++) {
            box *= Math.max(0, placement.high(a) - placement.low(a) + 1);
        }
        final double share =
            Math.min(1, Math.max(g.voxelVolume() / (distance * distance * distance), LEAST / Math.max(1, box)));
        // drawn one by one: more than this do not come up in the lifetime of the universe
        final int most = (int)Math.min(box, (long)(box * share + 10 * Math.sqrt(box * share) + 10));
        final SeededRandom random = new SeededRandom(SEED);
        final float[] intensities = new float[most];
        final float[] values = new float[most];
        final float[] priors = new float[most * classes];
        final float[] places = new float[3 * most];
        int n = 0;
        for (int k = placement.low(2); most > 0 && k <= placement.high(2); k++) {
            for (int j = placement.low(1); j <= placement.high(1); j++) {
                for (int i = placement.low(0); i <= placement.high(0); i++) {
                    final float x = image.get(i, j, k);
                    if (n < most && random.nextDouble() < share && !scale.isPadding(x)
                        && placement.priors(i, j, k, priors, n * classes)) {
                        intensities[n] = x;
                        values[n] = (float)scale.log(x, 0);
                        places[3 * n] = (float)placement.box(0, i);
                        places[3 * n + 1] = (float)placement.box(1, j);
                        places[3 * n + 2] = (float)placement.box(2, k);
                        n++;
                    }
                }
            }
        }
        return new SampledVoxels(Arrays.copyOf(intensities, n), Arrays.copyOf(values, n), Arrays.copyOf(priors, n * classes),
            Arrays.copyOf(places, 3 * n), share);
    }

    /** Variance of the logarithms. */
    double variance() {
        double sum = 0;
        double squares = 0;
        for (final float y : values) {
            sum += y;
            squares += (double)y * y;
        }
        final double mean = sum / values.length;
        return Math.max(1e-12, squares / values.length - mean * mean);
    }
}
