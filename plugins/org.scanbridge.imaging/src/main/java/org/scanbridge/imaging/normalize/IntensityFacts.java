package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

/**
 * What the values of an image tell about what is background in it, relative to the one that a background would have: 0, or that of its
 * {@link Surroundings}.
 *
 * @param ct whether values are Hounsfield units
 * @param zero the value that a background would have
 * @param min smallest value, minus {@code zero}
 * @param max largest value, minus {@code zero}
 * @param below number of voxels below {@code zero}
 * @param zeros number of voxels that are exactly {@code zero}
 * @param voxels number of voxels
 */
record IntensityFacts(boolean ct, float zero, double min, double max, long below, long zeros, int voxels) {

    /** Without a modality (NIfTI has none), values down to here are taken for Hounsfield units: fat is -100, air -1000. */
    private static final float HOUNSFIELD = -200;

    /** Negative values up to this share of the voxels and of the maximum are ripples of an interpolation. */
    private static final double RIPPLE = 0.01;

    /** Noise is darker than this share of the mean tissue: at a signal-to-noise ratio of 5, 1.25 σ over 5 σ. */
    private static final double DARK = 0.25;

    /** Air takes at least this share of the voxels above 0. */
    private static final double MUCH = 0.1;

    /** At the rim of a slice at least this share of the dark voxels is above 0; after masking nearly all are 0. */
    static final double RIM = 0.2;

    private static final int BINS = 256;

    /** Relative to 0. */
    static IntensityFacts of(final Volume image) {
        return of(image, 0);
    }

    /**
     * @param image all voxels finite
     * @param zero the value that a background would have
     */
    static IntensityFacts of(final Volume image, final float zero) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        long below = 0;
        long zeros = 0;
        for (final float v : image.voxels()) {
            min = Math.min(min, v);
            max = Math.max(max, v);
            below += v < zero ? 1 : 0;
            zeros += v == zero ? 1 : 0;
        }
        final String modality = image.info().modality();
        return new IntensityFacts(modality.equals("CT") || image.info().units().equals("HU")
            || modality.isEmpty() && min <= HOUNSFIELD, zero, (double)min - zero, (double)max - zero, below, zeros,
            image.voxels().length);
    }

    /** Share of the voxels that are {@code zero}, in [0, 1]. */
    double zeroShare() {
        return (double)zeros / voxels;
    }

    /** Share of the voxels below {@code zero}, in [0, 1]. */
    double belowShare() {
        return (double)below / voxels;
    }

    /** Whether so many voxels are {@code zero} that this is a background. */
    boolean hasZeroBackground() {
        return zeroShare() >= Surroundings.BACKGROUND;
    }

    /** Whether {@code zero} lies within the scale, as after a z-score, and not at its lower end. */
    boolean isSigned() {
        return below > 0 && (belowShare() > RIPPLE || -min > 5 * RIPPLE * max);
    }

    /**
     * Whether noise surrounds the tissue: Otsu's threshold divides the values above {@code zero}, up to their 99th percentile, into
     * a dark class with at least a tenth of them whose mean is less than a quarter of the other's; and at the rim of the
     * slices, where air is, dark voxels are not all {@code zero}. Dark tissue, such as fluid in a masked FLAIR image, does not reach
     * the rim.
     */
    boolean hasNoisyAir(final Volume image) {
        final float[] values = image.voxels();
        final long positive = voxels - below - zeros;
        if (positive < 2) {
            return false;
        }
        final double rank = below + zeros + 0.99 * (positive - 1);
        final double top = Percentiles.of(values, 100 * rank / (voxels - 1))[0] - zero;
        if (!(top > 0)) {
            return false;
        }
        final long[] counts = new long[BINS];
        for (final float v : values) {
            if (v > zero) {
                counts[(int)Math.min(BINS - 1, ((double)v - zero) / top * BINS)]++;
            }
        }
        final int last = OtsuThreshold.lastBelow(counts);
        long dark = 0;
        double darkSum = 0;
        double brightSum = 0;
        for (int b = 0; b < BINS; b++) {
            if (b <= last) {
                dark += counts[b];
                darkSum += (b + 0.5) * counts[b];
            } else {
                brightSum += (b + 0.5) * counts[b];
            }
        }
        return dark < positive && dark >= MUCH * positive
            && darkSum / dark < DARK * brightSum / (positive - dark)
            && isNoiseAtTheRim(image, zero + (last + 1) * top / BINS);
    }

    private boolean isNoiseAtTheRim(final Volume image, final double threshold) {
        final int[] size = image.geometry().size();
        final float[] values = image.voxels();
        long dark = 0;
        long noise = 0;
        int v = 0;
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                final boolean row = j == 0 || j == size[1] - 1;
                for (int i = 0; i < size[0]; i++, v++) {
                    if ((row || i == 0 || i == size[0] - 1) && values[v] <= threshold) {
                        dark++;
                        noise += values[v] > zero ? 1 : 0;
                    }
                }
            }
        }
        return noise > 0 && noise >= RIM * dark;
    }
}
