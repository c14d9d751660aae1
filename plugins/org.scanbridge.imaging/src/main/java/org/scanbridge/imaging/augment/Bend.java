package org.scanbridge.imaging.augment;

/**
 * low + range·t^γ with t = (x - low)/range in [0, 1], with the same bits on every machine: for γ up to {@value #TABLED} from
 * parabolas about 1024 places of [0, 1], about 1024 of its first 64th where the curve bends more, and below that, and for
 * larger γ, by {@link PowerCurve}. Relative to the power itself, a parabola is off by at most 1.5e-6·|γ(γ - 1)(γ - 2)|, at
 * the 16th part, and by less than 1e-7 from the 40th on (the third derivative over 6, times the cube of half their distance);
 * relative to the range, by less than 5e-8 for γ from 0.5 to 3, less than what a float resolves.
 */
final class Bend {

    private static final double TABLED = 4;

    private static final int PARTS = 1 << 10;

    /** A 1/64 of the parts: the first ones of each table, which the next finer one stands in for. */
    private static final int FIRST = PARTS / 64;

    /** Added to a float below 2^22, this rounds it to a whole number and leaves that in the last bits. */
    private static final float ROUNDING = 1 << 23;

    private static final int ROUNDED = (1 << 23) - 1;

    private final PowerCurve m_curve;

    private final boolean m_isTabled;

    private final float[] m_coarse = new float[4 * (PARTS + 1)];

    private final float[] m_fine = new float[4 * (PARTS + 1)];

    private final float m_low;

    private final float m_parts;

    private final double m_range;

    /**
     * @param gamma in [0.01, 100]
     * @param low smallest intensity
     * @param range largest minus smallest intensity, above 0
     */
    Bend(final double gamma, final double low, final double range) {
        m_curve = new PowerCurve(gamma);
        m_low = (float)low;
        m_range = range;
        m_parts = (float)(PARTS / range);
        m_isTabled = gamma <= TABLED && m_parts > 0 && m_parts < Float.MAX_VALUE / PARTS;
        if (m_isTabled) {
            tabulate(m_coarse, 1, gamma, low, range);
            tabulate(m_fine, (double)FIRST / PARTS, gamma, low, range);
        }
    }

    /** Value and, times the distance of places, slope and half the curvature at each place. */
    private void tabulate(final float[] table, final double scale, final double gamma, final double low,
        final double range) {
        for (int p = FIRST; p <= PARTS; p++) {
            final double t = (double)p / PARTS * scale;
            final double y = m_curve.at(t) * range;
            final double step = scale / PARTS / t;
            table[4 * p] = (float)(low + y);
            table[4 * p + 1] = (float)(y * gamma * step);
            table[4 * p + 2] = (float)(y * gamma * (gamma - 1) / 2 * step * step);
        }
    }

    /** Bends the foreground of a stretch; a value that bends to exactly 0 becomes the smallest float above, to stay in it. */
    void apply(final float[] x, final float[] target, final int from, final int to) {
        if (m_low > 0) {
            positive(x, target, from, to);
        } else {
            signed(x, target, from, to);
        }
    }

    /** Where all of the foreground is above 0: the background is then below all places, and nothing bends to 0. */
    private void positive(final float[] x, final float[] target, final int from, final int to) {
        final float[] table = m_coarse;
        final float low = m_low;
        final float parts = m_isTabled ? m_parts : 0;
        for (int v = from; v < to; v++) {
            final float t = (x[v] - low) * parts;
            target[v] = t >= FIRST ? at(table, t) : x[v] == 0 ? 0 : low(x[v]);
        }
    }

    private void signed(final float[] x, final float[] target, final int from, final int to) {
        final float[] table = m_coarse;
        final float low = m_low;
        final float parts = m_isTabled ? m_parts : 0;
        for (int v = from; v < to; v++) {
            if (x[v] == 0) {
                target[v] = 0;
            } else {
                final float t = (x[v] - low) * parts;
                final float y = t >= FIRST ? at(table, t) : low(x[v]);
                target[v] = y == 0 ? Float.MIN_VALUE : y;
            }
        }
    }

    private float low(final float x) {
        final float t = (x - m_low) * m_parts * 64;
        return m_isTabled && t >= FIRST ? at(m_fine, t) : exact(x);
    }

    private float exact(final float x) {
        return (float)(m_low + m_range * m_curve.at(Math.max(0, (x - (double)m_low) / m_range)));
    }

    private static float at(final float[] table, final float t) {
        final float rounded = t + ROUNDING;
        final int c = 4 * (Float.floatToRawIntBits(rounded) & ROUNDED);
        final float u = t - (rounded - ROUNDING);
        return table[c] + u * (table[c + 1] + u * table[c + 2]);
    }
}
