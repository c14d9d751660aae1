package org.scanbridge.imaging.atlas;

import org.hipparchus.util.FastMath;
import org.scanbridge.imaging.volume.Volume;

/**
 * How frequent an intensity is in an image, wherever it is: the density of {@link LogIntensity} over all voxels that are no padding,
 * by a smoothed histogram. What an atlas has to say of an image is what it says beyond this.
 */
final class MarginalDensity {

    private static final int BINS = 256;

    private final double m_low;

    private final double m_width;

    private final double[] m_log = new double[BINS];

    MarginalDensity(final Volume image, final LogIntensity scale) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (final float x : image.voxels()) {
            if (!scale.isPadding(x)) {
                low = Math.min(low, x);
                high = Math.max(high, x);
            }
        }
        m_low = scale.log(low, 0);
        // a constant image was refused before, one that is constant but for padding has a single bin
        m_width = Math.max(1e-6, (scale.log(high, 0) - m_low) / BINS);
        final double[] counts = new double[BINS];
        long all = 0;
        for (final float x : image.voxels()) {
            if (!scale.isPadding(x)) {
                counts[bin(scale.log(x, 0))]++;
                all++;
            }
        }
        for (int b = 0; b < BINS; b++) {
            final double smooth = (counts[Math.max(0, b - 1)] + 2 * counts[b] + counts[Math.min(BINS - 1, b + 1)]) / 4;
            // half a voxel more, so that no density is 0
            m_log[b] = FastMath.log((smooth + 0.5) / (all + 0.5 * BINS) / m_width);
        }
    }

    private int bin(final double y) {
        return (int)Math.max(0, Math.min(BINS - 1, (y - m_low) / m_width));
    }

    /** Logarithm of the density at a value of {@link LogIntensity} without a field. */
    double log(final double y) {
        return m_log[bin(y)];
    }
}
