package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

import org.junit.jupiter.api.Test;

class KSpaceLinesTest {

    /** Discrete Fourier transform by its definition: [real, imaginary]; frequency f at index f + n/2. */
    private static double[][] transform(final double[] x) {
        final int n = x.length;
        final double[][] k = new double[2][n];
        for (int line = 0; line < n; line++) {
            for (int p = 0; p < n; p++) {
                final double angle = -2 * Math.PI * (line - n / 2) * p / n;
                k[0][line] += x[p] * Math.cos(angle);
                k[1][line] += x[p] * Math.sin(angle);
            }
        }
        return k;
    }

    private static double[][] inverse(final double[][] k) {
        final int n = k[0].length;
        final double[][] x = new double[2][n];
        for (int p = 0; p < n; p++) {
            for (int line = 0; line < n; line++) {
                final double angle = 2 * Math.PI * (line - n / 2) * p / n;
                x[0][p] += (k[0][line] * Math.cos(angle) - k[1][line] * Math.sin(angle)) / n;
                x[1][p] += (k[0][line] * Math.sin(angle) + k[1][line] * Math.cos(angle)) / n;
            }
        }
        return x;
    }

    /** Compares with exchanging the lines in the Fourier transform itself, for even and odd lengths and any band. */
    @Test
    void exchangesLinesOfKSpace() {
        final int[][] bands = {{1, 0, 1}, {2, 0, 1}, {2, 1, 2}, {3, 1, 2}, {8, 1, 4}, {8, 6, 8}, {11, 1, 4}, {11, 8, 11},
            {12, 0, 5}, {217, 150, 217}};
        for (final int[] band : bands) {
            final int n = band[0];
            final int lanes = 3;
            final Random random = new Random(n);
            final double[][] image = new double[lanes][n];
            final double[][] other = new double[lanes][n];
            final double[][] difference = new double[n][lanes];
            final double[][] real = new double[n][lanes];
            final double[][] imaginary = new double[n][lanes];
            for (int l = 0; l < lanes; l++) {
                for (int p = 0; p < n; p++) {
                    image[l][p] = random.nextDouble();
                    other[l][p] = random.nextDouble();
                    difference[p][l] = other[l][p] - image[l][p];
                    real[p][l] = image[l][p];
                }
            }
            new KSpaceLines(n, band[1], band[2]).exchange(difference, real, imaginary);
            for (int l = 0; l < lanes; l++) {
                final double[][] k = transform(image[l]);
                final double[][] moved = transform(other[l]);
                for (int line = band[1]; line < band[2]; line++) {
                    k[0][line] = moved[0][line];
                    k[1][line] = moved[1][line];
                }
                final double[][] expected = inverse(k);
                for (int p = 0; p < n; p++) {
                    assertEquals(expected[0][p], real[p][l], 1e-12, n + " voxels, voxel " + p);
                    assertEquals(expected[1][p], imaginary[p][l], 1e-12, n + " voxels, voxel " + p);
                }
            }
        }
    }
}
