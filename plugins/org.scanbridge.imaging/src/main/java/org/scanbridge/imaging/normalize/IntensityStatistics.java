package org.scanbridge.imaging.normalize;

/** Collects the foreground intensities of one or more images and turns them into one {@link IntensityMap}. */
public interface IntensityStatistics {

    /**
     * Takes in the foreground of one image.
     *
     * @param values finite, at least one; not kept and not changed
     */
    void add(float[] values);

    /**
     * The map for all values so far.
     *
     * @throws IllegalStateException if there were none
     */
    IntensityMap map();
}
