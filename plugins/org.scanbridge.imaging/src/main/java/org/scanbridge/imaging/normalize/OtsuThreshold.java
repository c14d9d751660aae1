package org.scanbridge.imaging.normalize;

/**
 * Otsu's threshold (A threshold selection method from gray-level histograms, IEEE Trans. SMC 9(1), 1979): of a 256-bin
 * histogram between minimum and maximum, the upper edge of the bin that, as the last bin of the lower class, maximizes
 * the variance between the two classes; the first such bin if several do. {@code skimage.filters.threshold_otsu} gives
 * the center of the same bin, which leaves part of the lower class above the threshold.
 */
final class OtsuThreshold {

    private static final int BINS = 256;

    private OtsuThreshold() {
    }

    /**
     * @param values finite values, at least one
     * @return the threshold; the common value if all are equal
     */
    static double of(final float[] values) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (final float v : values) {
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        final double width = ((double)max - min) / BINS;
        if (width == 0) {
            return min;
        }
        final long[] counts = new long[BINS];
        for (final float v : values) {
            counts[Math.min(BINS - 1, (int)((v - (double)min) / width))]++;
        }
        return min + (lastBelow(counts) + 1) * width;
    }

    /** The last bin of the lower class. */
    static int lastBelow(final long[] counts) {
        long all = 0;
        double sum = 0;
        for (int b = 0; b < counts.length; b++) {
            all += counts[b];
            sum += (double)b * counts[b];
        }
        int best = 0;
        double bestVariance = -1;
        long below = 0;
        double sumBelow = 0;
        for (int b = 0; b < counts.length - 1; b++) {
            below += counts[b];
            sumBelow += (double)b * counts[b];
            final long above = all - below;
            final double difference = sumBelow / below - (sum - sumBelow) / above;
            final double variance = (double)below * above * difference * difference;
            if (variance > bestVariance) {
                bestVariance = variance;
                best = b;
            }
        }
        return best;
    }
}
