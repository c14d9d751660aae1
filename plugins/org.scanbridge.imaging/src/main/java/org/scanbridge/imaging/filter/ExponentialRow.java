package org.scanbridge.imaging.filter;

/**
 * exp of a polynomial at equally spaced places, with a few multiplications each: the forward differences of a
 * polynomial of degree d vanish beyond the d-th, so exp of it goes from place to place by d factors of which the last is
 * constant. Started anew every {@value #BLOCK} places, which keeps the relative error below 1e-8 for degrees up to 5 and
 * exponents up to some hundreds.
 */
public final class ExponentialRow {

    private static final int BLOCK = 32;

    private ExponentialRow() {
    }

    /**
     * @param coefficients of 1, x, x², …; at least one
     * @param from x of the first place
     * @param step distance of neighboring places
     * @param row as many places as it is long; overwritten with exp(c₀ + c₁x + c₂x² + …)
     */
    public static void fill(final double[] coefficients, final double from, final double step, final double[] row) {
        final int degree = coefficients.length - 1;
        final double[] factor = new double[degree + 1];
        for (int start = 0; start < row.length; start += BLOCK) {
            for (int d = 0; d <= degree; d++) {
                factor[d] = value(coefficients, from + (start + d) * step);
            }
            // Forward differences in place, the highest first to be complete.
            for (int order = 1; order <= degree; order++) {
                for (int d = degree; d >= order; d--) {
                    factor[d] -= factor[d - 1];
                }
            }
            for (int d = 0; d <= degree; d++) {
                factor[d] = StrictMath.exp(factor[d]);
            }
            final int end = Math.min(row.length, start + BLOCK);
            for (int i = start; i < end; i++) {
                row[i] = factor[0];
                for (int d = 0; d < degree; d++) {
                    factor[d] *= factor[d + 1];
                }
            }
        }
    }

    private static double value(final double[] coefficients, final double x) {
        double sum = 0;
        for (int c = coefficients.length - 1; c >= 0; c--) {
            sum = sum * x + coefficients[c];
        }
        return sum;
    }
}
