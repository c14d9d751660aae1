package org.scanbridge.learning.check;

/**
 * Least squares whose coefficients are not negative (Lawson and Hanson: Solving Least Squares Problems, 1974): the w ≥ 0 with the
 * smallest |X w - y|² + λ |w|², by coordinate descent, which comes arbitrarily close to it since the problem is convex.
 */
final class NonNegativeLeastSquares {

    private static final int MOST_SWEEPS = 20_000;

    private static final double CONVERGED = 1e-12;

    private NonNegativeLeastSquares() {
    }

    /**
     * The coefficients.
     *
     * @param x one row per equation
     * @param y right sides, as many as rows
     * @param ridge λ, not negative; above 0 the solution is unique
     */
    static double[] solve(final double[][] x, final double[] y, final double ridge) {
        final int count = x[0].length;
        final double[][] products = new double[count][count];
        final double[] right = new double[count];
        for (int n = 0; n < x.length; n++) {
            for (int a = 0; a < count; a++) {
                right[a] += x[n][a] * y[n];
                for (int b = 0; b < count; b++) {
                    products[a][b] += x[n][a] * x[n][b];
                }
            }
        }
        final double[] w = new double[count];
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double largest = 0;
            for (int a = 0; a < count; a++) {
                final double curvature = products[a][a] + ridge;
                double slope = right[a] - ridge * w[a];
                for (int b = 0; b < count; b++) {
                    slope -= products[a][b] * w[b];
                }
                final double next = curvature > 0 ? Math.max(0, w[a] + slope / curvature) : 0;
                largest = Math.max(largest, Math.abs(next - w[a]));
                w[a] = next;
            }
            if (largest < CONVERGED) {
                break;
            }
        }
        return w;
    }
}
