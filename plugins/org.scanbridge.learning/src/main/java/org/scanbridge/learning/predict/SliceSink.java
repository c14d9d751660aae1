package org.scanbridge.learning.predict;

/** Takes the slices of a sliding-window prediction, from k = 0 upwards, each once. */
@FunctionalInterface
interface SliceSink {

    /**
     * @param k index of the slice
     * @param probabilities [j, i, classes] of the slice, which add up to 1 per voxel; valid only during the call
     */
    void slice(int k, float[] probabilities);
}
