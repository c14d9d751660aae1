package org.scanbridge.imaging.metrics;

import java.util.Arrays;
import java.util.Objects;

import org.scanbridge.imaging.ImagingException;

/** Counts of intensities over a {@link HistogramRange}; values outside are counted in the end bins and reported. */
public final class Histogram {

    private final HistogramRange m_range;

    private final long[] m_counts;

    private final long m_below;

    private final long m_above;

    /**
     * @param range the bins
     * @param counts one count per bin, not negative; copied
     * @param below how many of the first bin's values lie below the range
     * @param above how many of the last bin's values lie above the range
     * @throws IllegalArgumentException if these do not fit together
     */
    public Histogram(final HistogramRange range, final long[] counts, final long below, final long above) {
        m_range = Objects.requireNonNull(range, "range");
        m_counts = counts.clone();
        m_below = below;
        m_above = above;
        if (counts.length != range.bins()) {
            throw new IllegalArgumentException(counts.length + " counts for " + range.bins() + " bins");
        }
        if (Arrays.stream(counts).anyMatch(c -> c < 0) || below < 0 || above < 0 || below > counts[0]
            || above > counts[counts.length - 1]) {
            throw new IllegalArgumentException("histogram counts must not be negative, and values outside the range "
                + "(" + below + " below, " + above + " above) must be counted in the end bins");
        }
    }

    /** The histogram of no value. */
    public static Histogram empty(final HistogramRange range) {
        return new Histogram(range, new long[range.bins()], 0, 0);
    }

    /**
     * Counts values.
     *
     * @throws ImagingException if a value is NaN or infinite
     */
    public static Histogram of(final float[] values, final HistogramRange range) {
        final long[] counts = new long[range.bins()];
        long below = 0;
        long above = 0;
        for (final float v : values) {
            if (!Float.isFinite(v)) {
                throw new ImagingException("A histogram cannot count the value " + v
                    + ". Replace NaN and infinite voxels first.");
            }
            counts[range.bin(v)]++;
            if (v < range.min()) {
                below++;
            } else if (v > range.max()) {
                above++;
            }
        }
        return new Histogram(range, counts, below, above);
    }

    /**
     * The histogram of both sets of values.
     *
     * @throws IllegalArgumentException if the ranges differ
     */
    public Histogram plus(final Histogram other) {
        if (!m_range.equals(other.m_range)) {
            throw new IllegalArgumentException(
                "histograms over " + m_range + " and " + other.m_range + " do not add up");
        }
        final long[] sum = m_counts.clone();
        for (int b = 0; b < sum.length; b++) {
            sum[b] += other.m_counts[b];
        }
        return new Histogram(m_range, sum, m_below + other.m_below, m_above + other.m_above);
    }

    /** The bins. */
    public HistogramRange range() {
        return m_range;
    }

    /** Number of values in bin {@code b}. */
    public long count(final int b) {
        return m_counts[b];
    }

    /** Counts of all bins; a copy. */
    public long[] counts() {
        return m_counts.clone();
    }

    /** Number of values below the range, counted in the first bin. */
    public long below() {
        return m_below;
    }

    /** Number of values above the range, counted in the last bin. */
    public long above() {
        return m_above;
    }

    /** Number of all values. */
    public long total() {
        return Arrays.stream(m_counts).sum();
    }

    /** Share of each bin, adding up to 1; all 0 for an empty histogram. */
    public double[] shares() {
        final double total = Math.max(1, total());
        return Arrays.stream(m_counts).mapToDouble(c -> c / total).toArray();
    }
}
