package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class MotionTest {

    /** Discrete Fourier transform by its definition: [real, imaginary]; frequency f at index f + n/2. */
    private static double[][] transform(final float[] x) {
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

    /** Compares with exchanging the lines in the Fourier transform itself, for even and odd lengths. */
    @Test
    void splicingExchangesLinesOfKSpace() {
        final Random random = new Random(1);
        for (final int n : new int[]{8, 11}) {
            final float[] image = new float[n];
            final float[] other = new float[n];
            final double[] difference = new double[n];
            final double[][] sum = new double[2][n];
            for (int p = 0; p < n; p++) {
                image[p] = random.nextFloat();
                other[p] = random.nextFloat();
                difference[p] = (double)other[p] - image[p];
                sum[0][p] = image[p];
            }
            final double[][] k = transform(image);
            final double[][] moved = transform(other);
            for (int line = 1; line < 4; line++) {
                k[0][line] = moved[0][line];
                k[1][line] = moved[1][line];
            }
            Motion.splice(difference, Motion.kernel(n, 1, 4), sum[0], sum[1]);
            final double[][] expected = inverse(k);
            assertArrayEquals(expected[0], sum[0], 1e-6);
            assertArrayEquals(expected[1], sum[1], 1e-6);
        }
    }

    @Test
    void withoutMovementNothingHappens() {
        final LabeledVolume brain = Images.brain();
        final Motion still = new Motion(1, new Range(2, 2), new Range(0, 0), new Range(0, 0));
        assertArrayEquals(brain.image().voxels(),
            still.draw(new SeededRandom(3)).apply(brain).image().voxels(), 1e-2f);
    }

    @Test
    void labelsStayAndTheDrawIsReported() {
        final LabeledVolume brain = Images.brain();
        final Transformation t = Motion.DEFAULT.draw(new SeededRandom(5));
        assertEquals(brain.labels(), t.apply(brain).labels());
        assertEquals(3, t.parameters().size());
    }

    @Test
    void refusesBadSettings() {
        final Range none = new Range(0, 0);
        assertThrows(IllegalArgumentException.class, () -> new Motion(3, new Range(1, 1), none, none));
        assertThrows(IllegalArgumentException.class, () -> new Motion(1, new Range(0, 1), none, none));
    }
}
