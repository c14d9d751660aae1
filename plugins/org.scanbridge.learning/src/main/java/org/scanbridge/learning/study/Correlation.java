package org.scanbridge.learning.study;

/** Pearson's correlation (the normalized cross-correlation of images) and mean squared error of pairs of numbers. */
final class Correlation {

    private long m_count;

    private double m_sumA;

    private double m_sumB;

    private double m_squaresA;

    private double m_squaresB;

    private double m_products;

    private double m_errors;

    void add(final double a, final double b) {
        m_count++;
        m_sumA += a;
        m_sumB += b;
        m_squaresA += a * a;
        m_squaresB += b * b;
        m_products += a * b;
        m_errors += (a - b) * (a - b);
    }

    /** In [-1, 1]; NaN if a side is constant or nothing was added. */
    double coefficient() {
        final double a = m_squaresA - m_sumA * m_sumA / m_count;
        final double b = m_squaresB - m_sumB * m_sumB / m_count;
        return a > 0 && b > 0 ? (m_products - m_sumA * m_sumB / m_count) / Math.sqrt(a * b) : Double.NaN;
    }

    /** NaN if nothing was added. */
    double meanSquaredError() {
        return m_errors / m_count;
    }
}
