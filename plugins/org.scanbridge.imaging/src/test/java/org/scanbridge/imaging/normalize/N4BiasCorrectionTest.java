package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class N4BiasCorrectionTest {

    private static final Geometry GRID = Geometry.axial(new int[]{48, 44, 40}, 1, 1, 1);

    /** Logarithm of the field that was put on. */
    private static double bias(final int i, final int j, final int k) {
        final double u = i / 47. * 2 - 1;
        final double v = j / 43. * 2 - 1;
        final double w = k / 39. * 2 - 1;
        return 0.3 * u - 0.25 * v * v + 0.2 * w + 0.2 * u * w;
    }

    /** Further fields, and what SimpleITK finds at the places of {@link #SIMPLE_ITK}, be it what was put on or not. */
    private enum Field {

        /** A coil at a corner: so strong that the tissues' histograms merge, which misleads ITK, too. */
        CORNER((u, v, w) -> 0.6 * u - 0.5 * v + 0.3 * w,
            0.156313, -0.193797, -0.068497, 0.028782, -0.258709, 0.307099, 0.462153, 0.453073, 0.077756, 0.205117,
            0.285064, -0.114878, 0.006875, 0.100199, 0.447899, 0.646911, 0.519142, 0.319043, 0.442339, 0.54248,
            0.138148, 0.261494, 0.369913, 0.307745, 0.402292, 0.3913, 0.302686, 0.436127),

        /** Bright in the middle, as at high field strengths. */
        CENTER((u, v, w) -> 0.4 - 0.35 * (u * u + v * v + w * w),
            -0.053248, -0.043818, -0.00673, -0.036435, -0.050644, -0.020292, 0.033434, -0.009345, 0.050307, 0.104621,
            0.064852, -0.008746, 0.047912, 0.004571, -0.03441, 0.011016, -0.024886, 0.027631, 0.08659, 0.043327,
            -0.022209, 0.026865, -0.012991, -0.067337, -0.052651, -0.023814, -0.047663, -0.063115),

        /** Several coils; misleads ITK, too. */
        WAVE((u, v, w) -> 0.3 * Math.sin(2.5 * u) * Math.cos(1.5 * v) + 0.25 * w * w * u,
            0.111566, 0.026715, 0.05295, 0.036274, 0.099918, 0.270651, 0.25737, 0.266402, 0.235522, 0.247889,
            0.235781, 0.274183, 0.25344, 0.252502, 0.333398, 0.489666, 0.385949, 0.559298, 0.555193, 0.542038,
            0.281779, 0.518292, 0.467742, 0.029803, 0.147715, 0.344284, 0.183119, 0.092393);

        /** Logarithm at places within [-1, 1]. */
        private interface Formula {
            double at(double u, double v, double w);
        }

        private final Formula m_log;

        private final double[] m_itk;

        Field(final Formula log, final double... itk) {
            m_log = log;
            m_itk = itk;
        }

        private double at(final int i, final int j, final int k) {
            return m_log.at(i / 47. * 2 - 1, j / 43. * 2 - 1, k / 39. * 2 - 1);
        }
    }

    /** Logarithm of a field. */
    private interface Bias {
        double at(int i, int j, int k);
    }

    /** Two tissues in blocks within a shell of a third, 6 % noise either way, background 0. */
    private static Volume phantom(final Geometry grid) {
        return phantom(grid, N4BiasCorrectionTest::bias);
    }

    private static Volume phantom(final Geometry grid, final Bias field) {
        final float[] x = new float[grid.voxelCount()];
        for (int n = 0; n < x.length; n++) {
            final int i = n % 48;
            final int j = n / 48 % 44;
            final int k = n / 48 / 44;
            final double r = Math.sqrt((i - 23.5) * (i - 23.5) / 18. / 18 + (j - 21.5) * (j - 21.5) / 17. / 17
                + (k - 19.5) * (k - 19.5) / 15. / 15);
            final double tissue = r > 1 ? 0 : r > 0.9 ? 300 : (i / 6 + j / 6 + k / 6) % 2 == 0 ? 520 : 760;
            final double noise =
                ((i * 7919 + j * 104729 + k * 1299709 + (i * j * 31) % 97 * 1009) % 2003 / 2003. - 0.5) * 0.12;
            x[n] = (float)(tissue * Math.exp(field.at(i, j, k)) * (1 + noise));
        }
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }

    private static double correlation(final double[] a, final double[] b) {
        double sa = 0;
        double sb = 0;
        for (int n = 0; n < a.length; n++) {
            sa += a[n] / a.length;
            sb += b[n] / a.length;
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int n = 0; n < a.length; n++) {
            ab += (a[n] - sa) * (b[n] - sb);
            aa += (a[n] - sa) * (a[n] - sa);
            bb += (b[n] - sb) * (b[n] - sb);
        }
        return ab / Math.sqrt(aa * bb);
    }

    /**
     * Logarithms of the field that SimpleITK 2.5.7's N4BiasFieldCorrectionImageFilter gives with its defaults (four levels
     * of 50 iterations) and the mask of positive voxels, at i = 10, 20, 30, 38, j = 12, 22, 30, k = 12, 20, 26 where these
     * are positive, k fastest.
     */
    private static final double[] SIMPLE_ITK = {0.008101, 0.019688, 0.050116, 0.078666, 0.012209, 0.05987, 0.130279,
        0.181412, 0.111019, 0.181914, 0.232827, 0.069263, 0.140288, 0.191882, 0.156666, 0.259753, 0.341066, 0.20371,
        0.310887, 0.390389, 0.167903, 0.270057, 0.351057, 0.367026, 0.287705, 0.415613, 0.517242, 0.374568};

    @Test
    void theFieldIsThatOfSimpleItk() {
        final double[] field = fieldAtPlaces(phantom(GRID));
        assertArrayEquals(SIMPLE_ITK, field, 5e-3);
        assertTrue(correlation(SIMPLE_ITK, field) >= 0.999, "correlation " + correlation(SIMPLE_ITK, field));
    }

    @ParameterizedTest
    @EnumSource(Field.class)
    void otherFieldsAreThoseOfSimpleItk(final Field field) {
        final double[] found = fieldAtPlaces(phantom(GRID, field::at));
        assertArrayEquals(field.m_itk, found, 5e-4);
        assertTrue(correlation(field.m_itk, found) >= 0.9999, field + ": " + correlation(field.m_itk, found));
    }

    /** Logarithms of the field that is found, at the places of {@link #SIMPLE_ITK}. */
    private static double[] fieldAtPlaces(final Volume image) {
        final float[] y = new N4BiasCorrection(Foreground.ABOVE_ZERO, 4, 50, 1).apply(Sample.of(image)).voxels();
        final double[] field = new double[SIMPLE_ITK.length];
        int n = 0;
        for (final int i : new int[]{10, 20, 30, 38}) {
            for (final int j : new int[]{12, 22, 30}) {
                for (final int k : new int[]{12, 20, 26}) {
                    final int v = (k * 44 + j) * 48 + i;
                    if (image.voxels()[v] > 0) {
                        field[n++] = Math.log(image.voxels()[v] / y[v]);
                    }
                }
            }
        }
        assertEquals(SIMPLE_ITK.length, n);
        return field;
    }

    /** From fewer voxels, over the whole object: the field that was put on. */
    @Test
    void theFieldThatWasPutOnIsFound() {
        final Volume image = phantom(GRID);
        for (final int shrink : new int[]{1, 2, 4}) {
            final float[] y =
                new N4BiasCorrection(Foreground.AUTOMATIC, 4, 50, shrink).apply(Sample.of(image)).voxels();
            final double[] found = new double[y.length];
            final double[] truth = new double[y.length];
            int n = 0;
            for (int v = 0; v < y.length; v++) {
                if (image.voxels()[v] > 0) {
                    found[n] = Math.log(image.voxels()[v] / y[v]);
                    truth[n++] = bias(v % 48, v / 48 % 44, v / 48 / 44);
                } else {
                    assertEquals(0, y[v], "background stays");
                }
            }
            final double r = correlation(Arrays.copyOf(found, n), Arrays.copyOf(truth, n));
            assertTrue(r >= 0.99, "shrink " + shrink + ": " + r);
        }
    }

    /** Halving the spans of a B-spline changes nothing: the two-scale relation. */
    @Test
    void refiningKeepsTheField() {
        final int[] size = {9, 7, 5};
        final SplineField field = new SplineField(size);
        final int[] index = new int[3 * 315];
        final double[] values = new double[315];
        for (int v = 0; v < 315; v++) {
            index[3 * v] = v % 9;
            index[3 * v + 1] = v / 9 % 7;
            index[3 * v + 2] = v / 63;
            values[v] = Math.sin(v);
        }
        field.add(index, values);
        for (int level = 0; level < 3; level++) {
            final double[] before = field.at(index);
            field.refine();
            assertArrayEquals(before, field.at(index), 1e-12);
            field.add(index, values);
        }
    }

    /** Σ x exp(-2πi·kn/N) by its definition. */
    @Test
    void theTransformIsFouriers() {
        final double[] re = {1, 4, -2, 0.5, 3, 0, 7, -1};
        final double[] x = re.clone();
        final double[] im = new double[8];
        final FourierRow fourier = new FourierRow(8);
        fourier.forward(re, im);
        for (int k = 0; k < 8; k++) {
            double c = 0;
            double s = 0;
            for (int n = 0; n < 8; n++) {
                c += x[n] * Math.cos(2 * Math.PI * k * n / 8);
                s -= x[n] * Math.sin(2 * Math.PI * k * n / 8);
            }
            assertEquals(c, re[k], 1e-12);
            assertEquals(s, im[k], 1e-12);
        }
        fourier.inverse(re, im);
        assertArrayEquals(x, re, 1e-12);
    }

    @Test
    void aConstantImageStaysAndANegativeOneIsRefused() {
        final Geometry grid = Geometry.axial(new int[]{4, 4, 1}, 1, 1, 1);
        final float[] x = new float[16];
        Arrays.fill(x, 7);
        assertArrayEquals(x, N4BiasCorrection.DEFAULT.apply(Sample.of(new Volume(x, grid, VolumeInfo.UNKNOWN))).voxels(),
            1e-6f);
        final float[] negative = new float[16];
        Arrays.fill(negative, -7);
        final String message = assertThrows(ImagingException.class, () -> N4BiasCorrection.DEFAULT
            .apply(Sample.of(new Volume(negative, grid, VolumeInfo.UNKNOWN)))).getMessage();
        assertTrue(message.contains("no value above 0"), message);
        assertThrows(IllegalArgumentException.class, () -> new N4BiasCorrection(Foreground.OTSU, 0, 50, 4));
        assertThrows(IllegalArgumentException.class, () -> new N4BiasCorrection(Foreground.OTSU, 4, 501, 4));
        assertThrows(IllegalArgumentException.class, () -> new N4BiasCorrection(Foreground.OTSU, 4, 50, 9));
    }
}
