package org.scanbridge.imaging.metrics;

import java.util.OptionalDouble;

import org.scanbridge.imaging.volume.LabelVolume;

/** How much tissue a segmentation holds, in milliliters. */
public final class SegmentVolume {

    private static final double CUBIC_MM_PER_ML = 1000;

    private SegmentVolume() {
    }

    /** Number of voxels with a label value in [0, 255]. */
    public static long voxels(final LabelVolume segmentation, final int label) {
        long count = 0;
        for (final byte v : segmentation.voxels()) {
            if ((v & 0xff) == label) {
                count++;
            }
        }
        return count;
    }

    /** Volume of a class in ml: voxels times voxel volume. */
    public static double milliliters(final LabelVolume segmentation, final int label) {
        return voxels(segmentation, label) * segmentation.geometry().voxelVolume() / CUBIC_MM_PER_ML;
    }

    /** (predicted - true)/true, signed; empty if the true volume is 0. */
    public static OptionalDouble relativeDifference(final double predictedMl, final double trueMl) {
        return trueMl == 0 ? OptionalDouble.empty() : OptionalDouble.of((predictedMl - trueMl) / trueMl);
    }
}
