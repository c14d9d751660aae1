package org.scanbridge.imaging.metrics;

import java.util.OptionalDouble;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * How the voxels of one class were predicted, and the scores that follow from the four counts. A score that has no
 * defined value is empty, never 0 or 1 in disguise; means skip empty scores and report how many there were.
 *
 * @param truePositives voxels predicted as the class that are of the class (TP)
 * @param falsePositives voxels predicted as the class that are not (FP)
 * @param falseNegatives voxels of the class predicted as another (FN)
 * @param trueNegatives all other voxels (TN)
 */
public record ConfusionCounts(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

    /** @throws IllegalArgumentException if a count is negative */
    public ConfusionCounts {
        if (truePositives < 0 || falsePositives < 0 || falseNegatives < 0 || trueNegatives < 0) {
            throw new IllegalArgumentException("negative confusion counts: TP " + truePositives + ", FP "
                + falsePositives + ", FN " + falseNegatives + ", TN " + trueNegatives);
        }
    }

    /**
     * Counts the voxels of one class.
     *
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param label the class, in [0, 255]
     * @throws ImagingException if the grids differ
     */
    public static ConfusionCounts of(final LabelVolume prediction, final LabelVolume truth, final int label) {
        Grids.requireSame(prediction, truth);
        final byte[] p = prediction.voxels();
        final byte[] t = truth.voxels();
        long tp = 0;
        long fp = 0;
        long fn = 0;
        for (int v = 0; v < p.length; v++) {
            final boolean predicted = (p[v] & 0xff) == label;
            final boolean actual = (t[v] & 0xff) == label;
            if (predicted && actual) {
                tp++;
            } else if (predicted) {
                fp++;
            } else if (actual) {
                fn++;
            }
        }
        return new ConfusionCounts(tp, fp, fn, p.length - tp - fp - fn);
    }

    /** Sum of two counts, as if both pairs were one image. */
    public ConfusionCounts plus(final ConfusionCounts other) {
        return new ConfusionCounts(truePositives + other.truePositives, falsePositives + other.falsePositives,
            falseNegatives + other.falseNegatives, trueNegatives + other.trueNegatives);
    }

    /** Number of voxels predicted as the class, TP + FP. */
    public long predicted() {
        return truePositives + falsePositives;
    }

    /** Number of voxels of the class, TP + FN. */
    public long actual() {
        return truePositives + falseNegatives;
    }

    /** 2TP/(2TP + FP + FN); empty if both masks are empty, 0 if exactly one is (Dice, Ecology 26, 1945). */
    public OptionalDouble dice() {
        return ratio(2.0 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    /** TP/(TP + FP + FN) = D/(2 - D); empty if both masks are empty, 0 if exactly one is. */
    public OptionalDouble jaccard() {
        return ratio(truePositives, truePositives + falsePositives + falseNegatives);
    }

    /** TP/(TP + FP), positive predictive value; empty if the prediction is empty. */
    public OptionalDouble precision() {
        return ratio(truePositives, predicted());
    }

    /** TP/(TP + FN), recall; empty if the truth is empty. */
    public OptionalDouble sensitivity() {
        return ratio(truePositives, actual());
    }

    /** TN/(TN + FP); empty if the truth fills the image. */
    public OptionalDouble specificity() {
        return ratio(trueNegatives, trueNegatives + falsePositives);
    }

    /** (TP + TN)/all; empty if there is no voxel at all. */
    public OptionalDouble accuracy() {
        return ratio(truePositives + trueNegatives,
            truePositives + trueNegatives + falsePositives + falseNegatives);
    }

    private static OptionalDouble ratio(final double numerator, final long denominator) {
        return denominator == 0 ? OptionalDouble.empty() : OptionalDouble.of(numerator / denominator);
    }
}
