package org.scanbridge.imaging.normalize;

/** A normalization that maps intensities by a clipped line learned from foreground intensities. */
public sealed interface IntensityMethod permits ZScore, ClippedZScore, RobustScaling, MinMax, PercentileScaling {

    /** An empty collector. */
    IntensityStatistics statistics();

    /** What voxels outside the foreground become when they are not mapped like the foreground. */
    float backgroundValue();
}
