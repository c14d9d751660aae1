package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class NonNegativeLeastSquaresTest {

    private static final double[][] X = {{.9, .8, .2}, {.5, .7, .9}, {.3, .1, .4}, {.8, .2, .1}, {.1, .9, .6}};

    private static final double[] Y = {.9, .4, .3, .6, .1};

    /** {@code scipy.optimize.nnls} (SciPy 1.x); the ridge as three more equations √λ·w = 0. */
    @Test
    void givesWhatScipyGives() {
        assertArrayEquals(new double[]{0.8468883205456094, 0.04859335038363175, 0},
            NonNegativeLeastSquares.solve(X, Y, 0), 1e-9);
        assertArrayEquals(new double[]{0.767558761926926, 0.0975098906213637, 0},
            NonNegativeLeastSquares.solve(X, Y, 0.1), 1e-9);
    }

    @Test
    void whatGoesTheOtherWayCountsNothing() {
        assertArrayEquals(new double[]{0, 0},
            NonNegativeLeastSquares.solve(new double[][]{{1, 0}, {0, 0}, {2, 0}}, new double[]{-1, 0, -2}, 0.1));
    }
}
