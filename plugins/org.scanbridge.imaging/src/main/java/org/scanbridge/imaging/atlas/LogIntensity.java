package org.scanbridge.imaging.atlas;

import org.hipparchus.util.FastMath;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.normalize.Surroundings;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

/**
 * Intensities as logarithms, in which a multiplicative field is about a sum: y = log((x − low)/(high − low) + 0.1), with low
 * and high the 0.1 and 99 percentile of the image, without its padding if that is not its lowest value. The summand keeps the
 * logarithm of noise in air from having a long tail; low makes images with negative values (z-scores, CT) fit as well, and the
 * result the same for any gain and offset.
 */
final class LogIntensity {

    private static final double OFFSET = 0.1;

    /**
     * Share of voxels with exactly the lowest value, or that of the surroundings, from which these are no measurement but padding or a
     * cut-out.
     */
    private static final double PADDED = 0.05;

    private final double m_low;

    private final double m_range;

    private final float m_padding;

    private final boolean m_isPadded;

    /** @throws ImagingException if the image is constant or not finite */
    LogIntensity(final Volume image) {
        final int notFinite = NonFiniteVoxels.count(image);
        if (notFinite > 0) {
            throw new ImagingException("The image of subject \"" + image.info().subject() + "\" has " + notFinite
                + " voxels that are no finite numbers. Replace them with the node Volume Normalizer first.");
        }
        final float minimum = (float)Percentiles.of(image.voxels(), 0)[0];
        // a brain that was z-scored, or whose contrast was inverted, has surroundings that are brighter than some of its tissue
        m_padding = Surroundings.of(image).map(Surroundings::value).orElse(minimum);
        m_isPadded = Surroundings.count(image.voxels(), m_padding) > PADDED * image.voxels().length;
        final double[] p = Percentiles.of(m_padding == minimum ? image.voxels() : others(image, m_padding), 0, 0.1, 99, 100);
        m_low = p[1];
        m_range = (p[2] > p[1] ? p[2] : p[3]) - m_low;
        if (!(m_range > 0)) {
            throw new ImagingException("The image of subject \"" + image.info().subject() + "\" has the value " + (float)p[0]
                + (m_padding == minimum ? " everywhere" : " wherever it is not " + m_padding)
                + ": there is nothing to segment. Leave out the row.");
        }
    }

    private static float[] others(final Volume image, final float value) {
        final float[] others = new float[image.voxels().length - Surroundings.count(image.voxels(), value)];
        int n = 0;
        for (final float x : image.voxels()) {
            if (x != value) {
                others[n++] = x;
            }
        }
        return others;
    }

    /** The value that padding has if there is any. */
    float padding() {
        return m_padding;
    }

    /** Whether part of another volume, such as a part of this image, is padding: more than a twentieth of its voxels. */
    boolean isPadded(final Volume part) {
        return m_isPadded && Surroundings.count(part.voxels(), m_padding) > PADDED * part.voxels().length;
    }

    /** Whether a value is that of voxels outside a cut-out or of padding, not of a measurement. */
    boolean isPadding(final float x) {
        return m_isPadded && x == m_padding;
    }

    /** The value without a field, y = log((x − low)/(high − low) exp(−field) + 0.1). */
    double log(final double x, final double field) {
        return FastMath.log(signal(x) * FastMath.exp(-field) + OFFSET);
    }

    /**
     * Logarithm of the derivative of {@link #log} with this field by the one without: densities of values without the field are
     * multiplied by it. Else a field that darkens air would make all of it more probable.
     */
    double stretch(final double x, final double field) {
        final double s = signal(x);
        return FastMath.log((s + OFFSET) / (s * FastMath.exp(-field) + OFFSET)) - field;
    }

    /** How much {@link #log} falls for a little more field: near 0 in air, near 1 in bright tissue. */
    double gain(final double x, final double field) {
        final double s = signal(x) * FastMath.exp(-field);
        return s / (s + OFFSET);
    }

    private double signal(final double x) {
        return Math.max(0, (x - m_low) / m_range);
    }

    /** The value that has no field where {@code x} has this field. */
    double corrected(final double x, final double field) {
        return (x - m_low) * FastMath.exp(-field) + m_low;
    }
}
