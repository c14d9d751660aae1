package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

class HistogramMatchingTest {

    /** n^1.5 for n = 1 … 200. */
    private static Volume steep() {
        final float[] x = new float[200];
        for (int n = 0; n < x.length; n++) {
            x[n] = (float)Math.pow(n + 1, 1.5);
        }
        return IntensityNormalizationTest.image("A", x);
    }

    /** 10 √n for n = 1 … 300. */
    private static Volume flat() {
        final float[] x = new float[300];
        for (int n = 0; n < x.length; n++) {
            x[n] = (float)(10 * Math.sqrt(n + 1));
        }
        return IntensityNormalizationTest.image("B", x);
    }

    private static NyulNormalizer fitted() {
        return NyulNormalizer.fit(List.of(Sample.of(steep()), Sample.of(flat())), Foreground.ABOVE_ZERO,
            Background.CONSTANT);
    }

    /** Expected values from numpy.percentile. */
    @Test
    void nyulLearnsMeanLandmarks() {
        final double[] expected = {0, 13.311827552018624, 23.625750342202988, 28.413429271615804, 33.10736495980078,
            42.39937548756548, 51.72366232734237, 61.1796450991274, 70.8177544222859, 75.71416442248827,
            80.66519292267262, 90.73693512111367, 100};
        assertArrayEquals(expected, fitted().standard().stream().mapToDouble(Double::doubleValue).toArray(), 1e-5);
    }

    @Test
    void landmarksMayLieElsewhereAndRestoreTheNormalizer() {
        final List<Double> percents = List.of(0., 25., 50., 75., 100.);
        final NyulNormalizer fitted = NyulNormalizer.fit(List.of(Sample.of(steep()), Sample.of(flat())),
            Foreground.ABOVE_ZERO, Background.CONSTANT, percents);
        // From numpy.percentile.
        final double[] expected = {0, 29.976307224099337, 52.31965263591049, 75.46743120144913, 100};
        assertArrayEquals(expected, fitted.standard().stream().mapToDouble(Double::doubleValue).toArray(), 1e-5);
        final NyulNormalizer restored = new NyulNormalizer(Foreground.ABOVE_ZERO, Background.CONSTANT,
            fitted.percents(), fitted.standard());
        assertArrayEquals(fitted.apply(steep()).voxels(), restored.apply(steep()).voxels());
        assertEquals(List.of(1.0, (double)(float)Math.pow(200, 1.5)),
            NyulNormalizer.landmarks(Sample.of(steep()), Foreground.ABOVE_ZERO, List.of(0., 100.)));
        assertThrows(IllegalArgumentException.class, () -> NyulNormalizer.fit(List.of(Sample.of(steep())),
            Foreground.ABOVE_ZERO, Background.CONSTANT, List.of(50., 50.)));
        assertThrows(IllegalArgumentException.class, () -> NyulNormalizer.landmarks(Sample.of(steep()),
            Foreground.ABOVE_ZERO, List.of(10., 101.)));
    }

    /** Expected values: the mean of numpy.percentile of both images. */
    @Test
    void quantilesOfACollectionAreTheMeanOnes() {
        final QuantileMatching match = QuantileMatching.fit(List.of(Sample.of(steep()), Sample.of(flat())),
            Foreground.ABOVE_ZERO, Background.MAPPED, 5);
        assertArrayEquals(new double[]{5.5, 224.29105758666992, 565.0984897613525, 995.9004917144775, 1500.816162109375},
            match.reference().stream().mapToDouble(Double::doubleValue).toArray(), 1e-4);
        assertThrows(ImagingException.class,
            () -> QuantileMatching.fit(List.of(), Foreground.ABOVE_ZERO, Background.MAPPED, 5));
    }

    /** Expected values from numpy.interp, the end pieces continued by hand. */
    @Test
    void nyulMapsLandmarksOntoTheLearnedOnes() {
        final float[] x = steep().voxels().clone();
        x[0] = 1;
        final Volume y = fitted().apply(steep());
        assertEquals(-0.6145357696911937, y.voxels()[0], 1e-4);
        // 200^1.5 = 2828.43, 1 more than the tabulated 2828 by 0.43 of slope 0.02508.
        assertEquals(101.04535252005525 + 0.4271 * (101.04535252005525 - 100) / (2828 - Percentiles.of(x, 99)[0]),
            y.voxels()[199], 1e-3);
        final double[] q = Percentiles.of(y.voxels(), 1, 50, 99);
        assertEquals(0, q[0], 0.02);
        assertEquals(51.7237 + 9.456, Percentiles.of(y.voxels(), 60)[0], 0.02);
        assertEquals(100, q[2], 0.02);
    }

    @Test
    void nyulOnItsOnlyTrainingImageIsLinear() {
        final NyulNormalizer alone =
            NyulNormalizer.fit(List.of(Sample.of(steep())), Foreground.ABOVE_ZERO, Background.CONSTANT);
        final double[] q = Percentiles.of(steep().voxels(), 1, 99);
        final float[] y = alone.apply(steep()).voxels();
        for (int n = 0; n < y.length; n++) {
            assertEquals(100 * (steep().voxels()[n] - q[0]) / (q[1] - q[0]), y[n], 1e-3);
        }
    }

    @Test
    void nyulUndoesAnyLinearScale() {
        final float[] scaled = steep().voxels().clone();
        for (int n = 0; n < scaled.length; n++) {
            scaled[n] = 3 * scaled[n] + 40;
        }
        assertArrayEquals(fitted().apply(steep()).voxels(),
            fitted().apply(steep().withVoxels(scaled)).voxels(), 1e-3f);
    }

    @Test
    void plateausInTheHistogramAreSteppedOver() {
        // 60 % of the foreground have the same value, so landmarks 20 to 75 coincide.
        final float[] x = new float[100];
        for (int n = 0; n < x.length; n++) {
            x[n] = n < 20 ? n + 1 : n < 80 ? 30 : n;
        }
        final Volume y = fitted().apply(IntensityNormalizationTest.image("C", x));
        for (int n = 1; n < x.length; n++) {
            assertTrue(Float.isFinite(y.voxels()[n]) && y.voxels()[n] >= y.voxels()[n - 1] - 1e-4);
        }
    }

    @Test
    void nyulRefusesConstantImagesAndBadLandmarks() {
        final Volume constant = IntensityNormalizationTest.image("C", 5, 5, 5);
        final ImagingException e = assertThrows(ImagingException.class, () -> fitted().apply(constant));
        assertTrue(e.getMessage().contains("C-1"), e.getMessage());
        assertThrows(ImagingException.class,
            () -> NyulNormalizer.fit(List.of(), Foreground.ABOVE_ZERO, Background.CONSTANT));
        final List<Double> reversed = new ArrayList<>(fitted().standard());
        Collections.reverse(reversed);
        assertThrows(IllegalArgumentException.class,
            () -> new NyulNormalizer(Foreground.ABOVE_ZERO, Background.CONSTANT, reversed));
        assertThrows(IllegalArgumentException.class,
            () -> new NyulNormalizer(Foreground.ABOVE_ZERO, Background.CONSTANT, List.of(1., 2.)));
    }

    /** Expected values from numpy.interp between numpy's deciles. */
    @Test
    void quantileMatchingMapsDecileToDecile() {
        final QuantileMatching match =
            QuantileMatching.toReference(Sample.of(flat()), Foreground.ABOVE_ZERO, Background.MAPPED, 11);
        final float[] x = steep().voxels();
        final float[] y = match.apply(steep()).voxels();
        assertEquals(10, y[0], 1e-5);
        assertEquals(173.205078125, y[199], 1e-4);
        // Neighbors of 50 and 500 in the ramp, interpolated to the tabulated abscissas.
        assertEquals(33.62401939480068, between(x, y, 50), 0.02);
        assertEquals(96.8110667334228, between(x, y, 500), 0.02);
        assertEquals(170.4402887406003, between(x, y, 2700), 0.02);
    }

    private static double between(final float[] x, final float[] y, final double at) {
        int n = 0;
        while (x[n + 1] < at) {
            n++;
        }
        return y[n] + (at - x[n]) * (y[n + 1] - y[n]) / (x[n + 1] - x[n]);
    }

    @Test
    void matchedToItselfAnImageStaysAsItIs() {
        final QuantileMatching match = QuantileMatching.toReference(Sample.of(flat()), Foreground.ABOVE_ZERO,
            Background.MAPPED, QuantileMatching.DEFAULT_QUANTILES);
        assertArrayEquals(flat().voxels(), match.apply(flat()).voxels(), 1e-4f);
        assertEquals(257, match.reference().size());
    }

    @Test
    void quantileMatchingRefusesWhatHasNoDistribution() {
        final QuantileMatching match =
            QuantileMatching.toReference(Sample.of(flat()), Foreground.ABOVE_ZERO, Background.CONSTANT, 11);
        assertThrows(ImagingException.class, () -> match.apply(IntensityNormalizationTest.image("C", 5, 5, 5)));
        assertThrows(IllegalArgumentException.class, () -> QuantileMatching.toReference(Sample.of(flat()),
            Foreground.ABOVE_ZERO, Background.CONSTANT, 1));
        assertThrows(IllegalArgumentException.class,
            () -> new QuantileMatching(Foreground.ABOVE_ZERO, Background.CONSTANT, List.of(2., 1.)));
    }
}
