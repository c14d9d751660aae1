package org.scanbridge.imaging.augment;

import java.util.Arrays;

import org.scanbridge.imaging.register.AffineTransform;

/** 3 × 3 matrices by rows, for the composition T·Rx·Ry·Rz·Zoom·Shear of spatial augmentation. */
final class AffineMatrix {

    private AffineMatrix() {
    }

    /** Rotation about index axis {@code axis} by {@code radians}: positive from the next axis to the one after. */
    static double[][] rotation(final int axis, final double radians) {
        final double c = StrictMath.cos(radians);
        final double s = StrictMath.sin(radians);
        final int p = (axis + 1) % 3;
        final int q = (axis + 2) % 3;
        final double[][] m = new double[3][3];
        m[axis][axis] = 1;
        m[p][p] = c;
        m[p][q] = -s;
        m[q][p] = s;
        m[q][q] = c;
        return m;
    }

    static double[][] diagonal(final double... d) {
        return new double[][]{{d[0], 0, 0}, {0, d[1], 0}, {0, 0, d[2]}};
    }

    /** Upper triangular with ones on the diagonal: i is moved by j and k, j by k. */
    static double[][] shear(final double ij, final double ik, final double jk) {
        return new double[][]{{1, ij, ik}, {0, 1, jk}, {0, 0, 1}};
    }

    static double[][] product(final double[][]... factors) {
        double[][] result = factors[0];
        for (int f = 1; f < factors.length; f++) {
            final double[][] m = new double[3][3];
            for (int r = 0; r < 3; r++) {
                for (int c = 0; c < 3; c++) {
                    for (int x = 0; x < 3; x++) {
                        m[r][c] += result[r][x] * factors[f][x][c];
                    }
                }
            }
            result = m;
        }
        return result;
    }

    /** @throws IllegalArgumentException if there is none */
    static double[][] inverse(final double[][] m) {
        final double[] rows = new double[9];
        for (int r = 0; r < 3; r++) {
            System.arraycopy(m[r], 0, rows, 3 * r, 3);
        }
        final double[] inverse = new AffineTransform(rows, new double[3]).inverse().matrix();
        return new double[][]{Arrays.copyOf(inverse, 3), Arrays.copyOfRange(inverse, 3, 6),
            Arrays.copyOfRange(inverse, 6, 9)};
    }
}
