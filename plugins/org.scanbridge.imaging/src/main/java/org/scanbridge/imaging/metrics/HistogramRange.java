package org.scanbridge.imaging.metrics;

import java.util.Collection;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.stats.Percentiles;

/**
 * The bins that histograms share so that they can be compared: {@code bins} equal bins over [{@code min}, {@code max}].
 * Bin b holds [min + b·w, min + (b+1)·w), the last one also {@code max}.
 *
 * @param min lower end, finite
 * @param max upper end, finite and above {@code min}
 * @param bins number of bins, at least 1
 */
public record HistogramRange(double min, double max, int bins) {

    /** The usual number of bins. */
    public static final int DEFAULT_BINS = 256;

    /** @throws IllegalArgumentException if the range is empty or there is no bin */
    public HistogramRange {
        if (!(min < max) || !Double.isFinite(min) || !Double.isFinite(max)) {
            throw new IllegalArgumentException(
                "histogram range [" + min + ", " + max + "] must be finite and increasing");
        }
        if (bins < 1) {
            throw new IllegalArgumentException("a histogram needs at least 1 bin, not " + bins);
        }
    }

    /** 256 bins over [min, max]. */
    public static HistogramRange of(final double min, final double max) {
        return new HistogramRange(min, max, DEFAULT_BINS);
    }

    /**
     * The range between the 0.1th and 99.9th percentile of all values pooled.
     *
     * @param groups finite values of everything that will be compared, empty groups allowed
     * @param bins number of bins
     * @return the range; widened by half a unit to both sides if all values are equal
     * @throws ImagingException if there is no value at all
     */
    public static HistogramRange pooled(final Collection<float[]> groups, final int bins) {
        final float[] all = new float[Math.toIntExact(groups.stream().mapToLong(g -> g.length).sum())];
        int n = 0;
        for (final float[] group : groups) {
            System.arraycopy(group, 0, all, n, group.length);
            n += group.length;
        }
        if (n == 0) {
            throw new ImagingException("There is no foreground voxel to take a histogram of. "
                + "Choose another foreground, or check the segmentations.");
        }
        final double[] q = Percentiles.of(all, 0.1, 99.9);
        return q[0] < q[1] ? new HistogramRange(q[0], q[1], bins)
            : new HistogramRange(q[0] - 0.5, q[1] + 0.5, bins);
    }

    /** Width of a bin. */
    public double width() {
        return (max - min) / bins;
    }

    /** Center of bin {@code b}. */
    public double center(final int b) {
        return min + (b + 0.5) * width();
    }

    /** The bin of a finite value; values outside the range belong to the end bins. */
    public int bin(final double value) {
        return (int)Math.max(0, Math.min(bins - 1, Math.floor((value - min) / width())));
    }
}
