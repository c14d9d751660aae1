package org.scanbridge.learning.predict;

/**
 * How undecided class probabilities are: H(p) = -Σ p ln p (Shannon, Bell System Technical Journal 27, 1948), with
 * 0·ln 0 = 0. It is 0 where one class is certain and ln C where all C classes are equally probable.
 */
final class Entropy {

    private Entropy() {
    }

    /**
     * The entropy in nats.
     *
     * @param probabilities holds the probabilities of a voxel, not negative and adding up to 1
     * @param from index of the first one
     * @param classes number of them
     */
    static double nats(final float[] probabilities, final int from, final int classes) {
        double h = 0;
        for (int c = from; c < from + classes; c++) {
            final double p = probabilities[c];
            if (p > 0) {
                h -= p * Math.log(p);
            }
        }
        // Rounding may leave a certain voxel a few ulps below 0.
        return Math.max(0, h);
    }

    /**
     * The mean over regions of the entropy of being inside or not, -p ln p - (1 - p) ln (1 - p), as a share of its largest
     * value ln 2, in [0, 1].
     *
     * @param probabilities holds the probabilities of the regions of a voxel, each in [0, 1]
     * @param from index of the first one
     * @param regions number of them
     */
    static double ofRegions(final float[] probabilities, final int from, final int regions) {
        final float[] both = new float[2];
        double sum = 0;
        for (int r = from; r < from + regions; r++) {
            both[0] = probabilities[r];
            both[1] = 1 - probabilities[r];
            sum += normalized(both, 0, 2);
        }
        return sum / regions;
    }

    /** The entropy as a share of its largest value ln C, in [0, 1], so that networks of different class numbers compare. */
    static double normalized(final float[] probabilities, final int from, final int classes) {
        return Math.min(1, nats(probabilities, from, classes) / Math.log(classes));
    }
}
