package org.scanbridge.knime.learn;

/** A curve as a row of a few bars of text, each the mean of an equal part of the values, from the lowest to the highest. */
final class Sparkline {

    private static final String BARS = "▁▂▃▄▅▆▇█";

    private static final int WIDTH = 16;

    private final double[] m_sums = new double[WIDTH];

    private final int[] m_counts = new int[WIDTH];

    private int m_used;

    private int m_perBar = 1;

    /** Appends a value. When all bars are in use, each two become one. */
    void add(final double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        if (m_used > 0 && m_counts[m_used - 1] < m_perBar) {
            m_sums[m_used - 1] += value;
            m_counts[m_used - 1]++;
            return;
        }
        if (m_used == WIDTH) {
            for (int b = 0; b < WIDTH; b++) {
                m_sums[b] = b < WIDTH / 2 ? m_sums[2 * b] + m_sums[2 * b + 1] : 0;
                m_counts[b] = b < WIDTH / 2 ? m_counts[2 * b] + m_counts[2 * b + 1] : 0;
            }
            m_used = WIDTH / 2;
            m_perBar *= 2;
        }
        m_sums[m_used] = value;
        m_counts[m_used++] = 1;
    }

    /** The bars after a space; nothing as long as there are less than two. */
    @Override
    public String toString() {
        if (m_used < 2) {
            return "";
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int b = 0; b < m_used; b++) {
            low = Math.min(low, m_sums[b] / m_counts[b]);
            high = Math.max(high, m_sums[b] / m_counts[b]);
        }
        final StringBuilder text = new StringBuilder(" ");
        for (int b = 0; b < m_used; b++) {
            final double share = high > low ? (m_sums[b] / m_counts[b] - low) / (high - low) : 0;
            text.append(BARS.charAt((int)Math.round(share * (BARS.length() - 1))));
        }
        return text.toString();
    }
}
