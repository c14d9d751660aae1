package org.scanbridge.imaging.register;

/**
 * Places of the fixed side of a registration and how much of each fixed bin lies there: two neighboring intensity bins
 * of an image (linear Parzen window), or the class probabilities of an atlas.
 *
 * @param positions LPS in mm, x y z of each sample one after the other
 * @param first where each sample's entries begin in the two following arrays; one more number than samples
 * @param bins fixed bins, each within [0, binCount-1]
 * @param weights how much of them; those of one sample add up to its weight, usually 1
 * @param binCount number of fixed bins
 * @param volume how much space all samples together stand for, in mm³
 */
public record FixedSamples(double[] positions, int[] first, int[] bins, float[] weights, int binCount, double volume) {

    /** Number of samples. */
    public int count() {
        return first.length - 1;
    }
}
