package org.scanbridge.imaging.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

class GaussianFieldTest {

    private static final int N = 4_000_000;

    private static double[] sample(final long seed) {
        final GaussianField field = new GaussianField(seed);
        final double[] x = new double[N];
        for (int n = 0; n < N; n++) {
            x[n] = field.at(n);
        }
        return x;
    }

    /** Tolerances of five standard errors. */
    @Test
    void hasTheMomentsOfANormal() {
        final double[] m = new double[9];
        for (final double x : sample(1)) {
            double p = 1;
            for (int k = 1; k <= 8; k++) {
                p *= x;
                m[k] += p / N;
            }
        }
        assertEquals(0, m[1], 5 / Math.sqrt(N));
        assertEquals(1, m[2], 5 * Math.sqrt(2.0 / N));
        assertEquals(0, m[3], 5 * Math.sqrt(15.0 / N));
        assertEquals(3, m[4], 5 * Math.sqrt(96.0 / N));
        assertEquals(15, m[6], 5 * Math.sqrt((10395 - 225.0) / N));
        assertEquals(105, m[8], 5 * Math.sqrt((2027025 - 11025.0) / N));
    }

    /**
     * Share of numbers below some places against the normal distribution function (scipy.stats.norm.cdf 1.17), among them
     * places within the topmost layers, within the wedges and beyond 3.654, where the tail begins.
     */
    @Test
    void hasTheDistributionOfANormal() {
        final double[][] cdf = {{-4, 3.167124183311986e-05}, {-3.7, 0.00010779973347738824}, {-3.6, 0.00015910859015753364},
            {-3, 0.0013498980316300957}, {-1.5, 0.06680720126885809}, {-0.5, 0.3085375387259869}, {0, 0.5},
            {0.1, 0.539827837277029}, {0.2, 0.579259709439103}, {1, 0.8413447460685429}, {2, 0.9772498680518208},
            {3.5, 0.9997673709209645}, {3.7, 0.9998922002665226}, {4, 0.9999683287581669}};
        final double[] x = sample(2);
        Arrays.sort(x);
        for (final double[] c : cdf) {
            final int at = Arrays.binarySearch(x, c[0]);
            final double share = (double)(at < 0 ? -at - 1 : at) / N;
            assertEquals(c[1], share, 5 * Math.sqrt(c[1] * (1 - c[1]) / N), "below " + c[0]);
        }
        // Kolmogorov's statistic against the error function by its series; 1.95 is exceeded once in a thousand times.
        double worst = 0;
        for (int n = 0; n < N; n += 997) {
            worst = Math.max(worst, Math.abs(normal(x[n]) - (n + 0.5) / N));
        }
        assertTrue(worst * Math.sqrt(N) < 1.95, "Kolmogorov " + worst * Math.sqrt(N));
    }

    /** Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/15 + …). */
    private static double normal(final double x) {
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI) * sum;
    }

    @Test
    void neighborsAndFieldsAreIndependent() {
        final double[] x = sample(3);
        final double[] y = sample(4);
        double lag = 0;
        double squares = 0;
        double other = 0;
        for (int n = 1; n < N; n++) {
            lag += x[n] * x[n - 1] / N;
            squares += (x[n] * x[n] - 1) * (x[n - 1] * x[n - 1] - 1) / N;
            other += x[n] * y[n] / N;
        }
        assertEquals(0, lag, 5 / Math.sqrt(N));
        assertEquals(0, squares, 10 / Math.sqrt(N));
        assertEquals(0, other, 5 / Math.sqrt(N));
    }

    @Test
    void dependsOnSeedAndIndexAlone() {
        final GaussianField field = new GaussianField(5);
        final double[] forward = new double[100_000];
        for (int n = 0; n < forward.length; n++) {
            forward[n] = field.at(n);
        }
        for (int n = forward.length - 1; n >= 0; n--) {
            assertEquals(forward[n], new GaussianField(5).at(n));
        }
        assertNotEquals(forward[0], new GaussianField(6).at(0));
    }

    /** Wherever a stretch begins and ends, and among its numbers those that need further ones, it has those of the indices. */
    @Test
    void aStretchHasTheNumbersOfItsIndices() {
        final GaussianField field = new GaussianField(6);
        for (final long first : new long[]{0, 1, 512, 1_000_003, 1L << 40}) {
            for (final int length : new int[]{0, 1, 2, 511, 512, 513, 20_001}) {
                final float[] stretch = new float[length];
                field.filler().fill(first, stretch);
                for (int n = 0; n < length; n++) {
                    assertEquals(field.at(first + n), stretch[n]);
                }
            }
        }
    }
}
