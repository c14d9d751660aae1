package org.scanbridge.imaging.augment;

/**
 * t^γ on [0, 1] with the same bits on every machine, without {@link StrictMath#pow} for each t: with t = 2ᵉ m, m in [1, 2),
 * and c the center of the one of 1024 equal parts of [1, 2) that holds m, t^γ = 2^(eγ) · c^γ · (1 + r)^γ, r = (m - c)/c.
 * The first two factors come from tables, the third is the binomial series up to r⁴. As |r| ≤ 2⁻¹¹, the first term left
 * out, C(γ, 5) r⁵, is below 3e-9 for exponents up to 100 and below 1e-14 up to 10; a float resolves 6e-8. The rounding of
 * eγ adds |eγ| ln 2 · 2⁻⁵³, 2.5e-14 where the power is 1e-97.
 */
final class PowerCurve {

    private static final int PARTS = 1 << 10;

    private static final int SHIFT = 52 - 10;

    private static final long MANTISSA = (1L << 52) - 1;

    private static final long ONE = 0x3ff0000000000000L;

    private static final int EXPONENT_OF_ONE = 1023;

    /** By the exponent bits of t, from those of 0 to those of 1. */
    private final double[] m_scale = new double[EXPONENT_OF_ONE + 1];

    private final double[] m_power = new double[PARTS];

    private final double[] m_inverse = new double[PARTS];

    private final double m_gamma;

    /** @param gamma the exponent, in [0.01, 100] */
    PowerCurve(final double gamma) {
        m_gamma = gamma;
        // The exponent bits 0 are those of 0 and of numbers so small that their power is nothing beside 1 either.
        for (int e = 1; e <= EXPONENT_OF_ONE; e++) {
            m_scale[e] = StrictMath.pow(2, (e - EXPONENT_OF_ONE) * gamma);
        }
        for (int p = 0; p < PARTS; p++) {
            final double center = 1 + (p + 0.5) / PARTS;
            m_power[p] = StrictMath.pow(center, gamma);
            m_inverse[p] = 1 / center;
        }
    }

    /** @param t in [0, 1], or above by some units in the last place */
    double at(final double t) {
        final long bits = Double.doubleToRawLongBits(t);
        final int part = (int)(bits >>> SHIFT) & PARTS - 1;
        final double m = Double.longBitsToDouble(bits & MANTISSA | ONE);
        final double r = m * m_inverse[part] - 1;
        final double g = m_gamma;
        final double series =
            1 + g * r * (1 + (g - 1) / 2 * r * (1 + (g - 2) / 3 * r * (1 + (g - 3) / 4 * r)));
        return m_scale[(int)(bits >>> 52)] * m_power[part] * series;
    }
}
