package org.scanbridge.imaging.metrics;

/** The logarithm that entropies are measured with. */
public enum LogBase {

    /** Natural logarithm; entropy in nats. */
    NATURAL(1),

    /** Base 2; entropy in bits. */
    TWO(Math.log(2));

    private final double m_divisor;

    LogBase(final double divisor) {
        m_divisor = divisor;
    }

    /** The logarithm of {@code x}. */
    public double log(final double x) {
        return Math.log(x) / m_divisor;
    }
}
