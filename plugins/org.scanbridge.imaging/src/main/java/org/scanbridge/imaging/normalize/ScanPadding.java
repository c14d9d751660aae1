package org.scanbridge.imaging.normalize;

import java.util.Optional;

import org.scanbridge.imaging.volume.Volume;

/**
 * What a CT has around its circle of reconstruction: one value, such as -2000, -2048 or -3024, below everything that is
 * measured. Air is -1000 HU, and 12 bits with the usual intercept end at -1024.
 *
 * @param value smallest value of the image, below -1024
 * @param voxels how many voxels have it: at least one of a thousand, but not all
 */
public record ScanPadding(float value, int voxels) {

    /** The lowest value that 12 bits hold: air cut off there is a measurement. */
    private static final float LOWEST_MEASURED = -1024;

    /** Noise has its smallest value once or twice. */
    private static final double LEAST = 0.001;

    /** @param image a CT in HU; values that are not finite are left out of account */
    public static Optional<ScanPadding> of(final Volume image) {
        float min = Float.POSITIVE_INFINITY;
        int count = 0;
        for (final float x : image.voxels()) {
            if (x < min && x > Float.NEGATIVE_INFINITY) {
                min = x;
                count = 0;
            }
            count += x == min ? 1 : 0;
        }
        return min < LOWEST_MEASURED && count >= LEAST * image.voxels().length && count < image.voxels().length
            ? Optional.of(new ScanPadding(min, count)) : Optional.empty();
    }
}
