package org.scanbridge.imaging.phantom;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * A smooth multiplicative field exp(b) with b a polynomial of degree 2 in the coordinates, each in [-1, 1] over the
 * grid: Σ c·m over the monomials z, y, x, zy, yx, xz, z²-⅓, y²-⅓, x²-⅓.
 *
 * @param coefficients of the nine monomials, each in [-1, 1]
 * @param amplitude what max|b| over the grid is scaled to
 */
record QuadraticBias(double[] coefficients, double amplitude) {

    static QuadraticBias draw(final SeededRandom random, final double amplitude) {
        final double[] c = new double[9];
        for (int m = 0; m < c.length; m++) {
            c[m] = random.uniform(-1, 1);
        }
        return new QuadraticBias(c, amplitude);
    }

    /** Multiplies in place. */
    void multiply(final float[] voxels, final int[] size) {
        if (amplitude == 0) {
            return;
        }
        final double[] b = new double[voxels.length];
        double max = 0;
        int v = 0;
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++, v++) {
                    b[v] = polynomial(coordinate(i, size[0]), coordinate(j, size[1]), coordinate(k, size[2]));
                    max = Math.max(max, Math.abs(b[v]));
                }
            }
        }
        for (v = 0; v < voxels.length; v++) {
            voxels[v] *= (float)StrictMath.exp(max == 0 ? 0 : amplitude * b[v] / max);
        }
    }

    private static double coordinate(final int index, final int size) {
        return size == 1 ? 0 : 2.0 * index / (size - 1) - 1;
    }

    private double polynomial(final double x, final double y, final double z) {
        final double[] c = coefficients;
        return c[0] * z + c[1] * y + c[2] * x + c[3] * z * y + c[4] * y * x + c[5] * x * z + c[6] * (z * z - 1 / 3.0)
            + c[7] * (y * y - 1 / 3.0) + c[8] * (x * x - 1 / 3.0);
    }
}
