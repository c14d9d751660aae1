package org.scanbridge.learning.anomaly;

import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.metrics.ScoreCounts;

/**
 * What the map of healthy people looks like who were not learned from: from it follows a threshold that marks at most a given
 * share of healthy voxels, and how unusual a whole image is, without a single label. The promise is one of these images taken
 * together; those of other healthy people can have more, the fewer were held out.
 *
 * @param images how many
 * @param voxels how many voxels of the map there are inside, all images together
 * @param thresholds [n]: the share n / 10000 of these voxels or less is above it, n from 0 to {@value #STEPS}
 * @param means mean of each image's map, ascending
 * @param tails 99th percentile of each image's map, ascending
 */
public record HealthyResiduals(int images, long voxels, float[] thresholds, double[] means, double[] tails) {

    /** Up to half of all voxels. */
    static final int STEPS = 5000;

    private static final double PER_PERCENT = 100;

    /** The largest share that there is a threshold for, in percent. */
    public static final double MAX_PERCENT = STEPS / PER_PERCENT;

    /** @throws IllegalArgumentException if the numbers do not fit */
    public HealthyResiduals {
        if (images < 1 || voxels < 1 || thresholds.length != STEPS + 1 || means.length != images
            || tails.length != images) {
            throw new IllegalArgumentException("Residuals of " + images + " images and " + voxels + " voxels with "
                + thresholds.length + " thresholds and " + means.length + " and " + tails.length + " scores do not fit.");
        }
    }

    /**
     * Puts maps together.
     *
     * @param counts of the values of all maps inside
     * @param scores of each map
     */
    static HealthyResiduals of(final ScoreCounts counts, final List<AnomalyScores> scores) {
        final float[] thresholds = new float[STEPS + 1];
        for (int n = 0; n <= STEPS; n++) {
            thresholds[n] = Math.max(0, counts.threshold(n / (100 * PER_PERCENT)));
        }
        return new HealthyResiduals(scores.size(), counts.positives() + counts.negatives(), thresholds,
            scores.stream().mapToDouble(AnomalyScores::mean).sorted().toArray(),
            scores.stream().mapToDouble(AnomalyScores::tail).sorted().toArray());
    }

    /**
     * The threshold above which lies at most a share of the healthy voxels.
     *
     * @param percent of the voxels, in [0, 50]; to two digits, rounded down
     * @throws IllegalArgumentException if it is out of range
     */
    public float threshold(final double percent) {
        if (!(percent >= 0 && percent <= MAX_PERCENT)) {
            throw new IllegalArgumentException("Healthy voxels marked " + percent + " %: 0 to " + MAX_PERCENT + ".");
        }
        // 0.29 · 100 is 28.999…
        return thresholds[(int)Math.floor(percent * PER_PERCENT + 1e-9)];
    }

    /** How many of the healthy images have a smaller mean than an image. */
    public int below(final double mean) {
        return (int)Arrays.stream(means).filter(m -> m < mean).count();
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof HealthyResiduals h && images == h.images && voxels == h.voxels
            && Arrays.equals(thresholds, h.thresholds) && Arrays.equals(means, h.means) && Arrays.equals(tails, h.tails);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(thresholds) + 31 * Arrays.hashCode(means);
    }

    @Override
    public String toString() {
        return voxels + " voxels of " + images + " images";
    }
}
