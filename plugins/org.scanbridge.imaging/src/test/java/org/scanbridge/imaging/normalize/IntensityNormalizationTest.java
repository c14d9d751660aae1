package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;

class IntensityNormalizationTest {

    static Volume image(final String site, final float... voxels) {
        return new Volume(voxels, Geometry.axial(new int[]{voxels.length, 1, 1}, 1, 1, 1),
            new VolumeInfo("MR", site, site + "-1", "", ""));
    }

    private static LabelVolume mask(final int... labels) {
        final byte[] voxels = new byte[labels.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)labels[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{labels.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
            LabelSet.of());
    }

    private static Normalizer perImage(final IntensityMethod method, final Foreground foreground) {
        return new IntensityNormalization(method, foreground, Scope.IMAGE, Background.CONSTANT).fit(List.of());
    }

    @Test
    void zScoreUsesThePopulationDeviationOfTheForeground() {
        final float[] z = perImage(new ZScore(), Foreground.ABOVE_ZERO).apply(image("A", 0, 1, 2, 3, 4, 0)).voxels();
        assertArrayEquals(new float[]{0, -1.3416408f, -0.4472136f, 0.4472136f, 1.3416408f, 0}, z, 1e-6f);
    }

    @Test
    void mappedBackgroundGoesThroughTheSameLine() {
        final Normalizer n = new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE,
            Background.MAPPED).fit(List.of());
        assertEquals((float)(-2.5 / Math.sqrt(1.25)), n.apply(image("A", 0, 1, 2, 3, 4)).voxels()[0], 1e-6f);
    }

    @Property(tries = 100)
    void zScoreHasMeanZeroAndDeviationOne(
        @ForAll @Size(min = 2, max = 200) final List<@FloatRange(min = 1, max = 4000) Float> values,
        @ForAll @DoubleRange(min = 0.01, max = 100) final double gain) {
        final float[] x = new float[values.size() + 1];
        for (int v = 0; v < values.size(); v++) {
            x[v] = (float)(gain * values.get(v));
        }
        final float[] z = perImage(new ZScore(), Foreground.ABOVE_ZERO).apply(image("A", x)).voxels();
        double sum = 0;
        double squares = 0;
        for (int v = 0; v < values.size(); v++) {
            sum += z[v];
            squares += z[v] * z[v];
        }
        final double mean = sum / values.size();
        final double sd = Math.sqrt(squares / values.size() - mean * mean);
        assertEquals(0, mean, 1e-5);
        assertTrue(Math.abs(sd - 1) < 1e-5 || Arrays.equals(z, new float[z.length]), "sd " + sd);
    }

    @Test
    void zScoreSurvivesALargeOffset() {
        final float[] z = perImage(new ZScore(), Foreground.WHOLE_IMAGE)
            .apply(image("CT", 8_000_000, 8_000_001, 8_000_002, 8_000_003)).voxels();
        assertArrayEquals(new float[]{-1.3416408f, -0.4472136f, 0.4472136f, 1.3416408f}, z, 1e-6f);
    }

    @Test
    void minMaxMapsTheExtremesToTheEnds() {
        final float[] y =
            perImage(new MinMax(-1, 1), Foreground.ABOVE_ZERO).apply(image("A", 0, 10, 20, 30)).voxels();
        assertArrayEquals(new float[]{-1, -1, 0, 1}, y, 1e-6f);
    }

    @Test
    void percentilesClip() {
        // Of 0..100 the 10th percentile is 10, the 90th 90.
        final float[] x = new float[101];
        for (int v = 0; v < x.length; v++) {
            x[v] = v;
        }
        final float[] y = perImage(new PercentileScaling(10, 90, 0, 1), Foreground.WHOLE_IMAGE)
            .apply(image("A", x)).voxels();
        assertEquals(0, y[3]);
        assertEquals(0, y[10], 1e-6);
        assertEquals(0.5, y[50], 1e-6);
        assertEquals(1, y[90], 1e-6);
        assertEquals(1, y[100]);
    }

    /** By hand: median 3, quartiles 2 and 4; scikit-learn's RobustScaler gives the same. */
    @Test
    void robustScalingIgnoresTheOutlier() {
        final float[] y = perImage(new RobustScaling(), Foreground.ABOVE_ZERO)
            .apply(image("A", 0, 1, 2, 3, 4, 100)).voxels();
        assertArrayEquals(new float[]{0, -1, -0.5f, 0, 0.5f, 48.5f}, y, 1e-6f);
        assertArrayEquals(new float[4],
            perImage(new RobustScaling(), Foreground.WHOLE_IMAGE).apply(image("A", 5, 5, 5, 5)).voxels());
    }

    /** Expected values from numpy: clip at numpy.percentile, then subtract mean and divide by std. */
    @Test
    void clippedZScoreTakesItsStatisticsBetweenThePercentiles() {
        final float[] y = perImage(new ClippedZScore(10, 90), Foreground.WHOLE_IMAGE)
            .apply(image("A", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).voxels();
        assertArrayEquals(new float[]{-1.38312815f, -1.38312815f, -1.03734611f, -0.69156407f, -0.34578204f, 0, 0.34578204f,
            0.69156407f, 1.03734611f, 1.38312815f, 1.38312815f}, y, 1e-6f);
        assertArrayEquals(new float[3],
            perImage(ClippedZScore.DEFAULT, Foreground.WHOLE_IMAGE).apply(image("A", 0.1f, 0.1f, 0.1f)).voxels());
        assertThrows(IllegalArgumentException.class, () -> new ClippedZScore(60, 40));
        // Over a data set, as nnU-Net for CT, other images are clipped to its percentiles too.
        final FittedNormalizer pooled = new IntensityNormalization(new ClippedZScore(0, 100), Foreground.WHOLE_IMAGE,
            Scope.DATA_SET, Background.MAPPED).fit(List.of(Sample.of(image("A", 1, 2)), Sample.of(image("B", 3, 4))));
        assertArrayEquals(new float[]{-1.3416408f, 1.3416408f}, pooled.apply(image("C", -70, 900)).voxels(), 1e-6f);
    }

    @Test
    void percentilesOfLargeImagesAreExactAloneAndSampledTogether() {
        final float[] x = new float[600_001];
        for (int v = 0; v < x.length; v++) {
            x[v] = 1 + (int)(v * 7919L % x.length);
        }
        // Of 1 … 600001 the 25th and 75th percentile are 150001 and 450001.
        final IntensityMethod quartiles = new PercentileScaling(25, 75, 0, 1);
        final IntensityStatistics alone = quartiles.statistics();
        alone.add(x);
        assertEquals(150_001, alone.map().lower());
        assertEquals(450_001, alone.map().upper());
        final IntensityStatistics twice = quartiles.statistics();
        twice.add(x);
        twice.add(x);
        assertEquals(150_001, twice.map().lower(), 600);
        assertEquals(450_001, twice.map().upper(), 600);
    }

    @Test
    void scopeDecidesWhoSharesStatistics() {
        final List<Sample> training = List.of(Sample.of(image("A", 1, 3)), Sample.of(image("A", 5, 7)),
            Sample.of(image("B", 10, 30)));
        final FittedNormalizer bySite = new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.SITE,
            Background.CONSTANT).fit(training);
        // Site A: 1, 3, 5, 7 have mean 4 and deviation √5.
        assertEquals(1 / Math.sqrt(5), bySite.apply(image("A", 5, 4)).voxels()[0], 1e-6);
        assertEquals(1, bySite.apply(image("B", 30, 20)).voxels()[0], 1e-6);
        final FittedNormalizer pooled = new IntensityNormalization(new MinMax(0, 1), Foreground.ABOVE_ZERO,
            Scope.DATA_SET, Background.CONSTANT).fit(training);
        assertEquals((5 - 1) / 29.0, pooled.apply(image("C", 5, 4)).voxels()[0], 1e-6);
        assertEquals(1, pooled.apply(image("C", 300, 4)).voxels()[0], "what lies beyond the training data is clipped");
    }

    @Test
    void nothingOfATestImageEntersTheStatistics() {
        final FittedNormalizer fitted = new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.DATA_SET,
            Background.CONSTANT).fit(List.of(Sample.of(image("A", 1, 3))));
        final Map<String, IntensityMap> before = fitted.maps();
        fitted.apply(image("A", 1000, 2000));
        assertEquals(before, fitted.maps());
        assertEquals(1, fitted.apply(image("A", 3, 2)).voxels()[0], 1e-6);
    }

    @Test
    void storedMapsRestoreTheNormalizer() {
        final FittedNormalizer fitted = new IntensityNormalization(PercentileScaling.DEFAULT, Foreground.ABOVE_ZERO,
            Scope.SITE, Background.CONSTANT).fit(List.of(Sample.of(image("A", 1, 2, 3))));
        final FittedNormalizer restored = new FittedNormalizer(fitted.normalization(), fitted.maps());
        assertArrayEquals(fitted.apply(image("A", 1, 2, 3)).voxels(), restored.apply(image("A", 1, 2, 3)).voxels());
        assertThrows(IllegalArgumentException.class, () -> new FittedNormalizer(fitted.normalization(), Map.of()));
    }

    @Test
    void constantForegroundHasADefinedResult() {
        for (final float value : new float[]{0.1f, 1000.1f, 3e8f}) {
            final float[] x = new float[1001];
            Arrays.fill(x, value);
            assertArrayEquals(new float[1001],
                perImage(new ZScore(), Foreground.ABOVE_ZERO).apply(image("A", x)).voxels());
            assertEquals(-1, perImage(new MinMax(-1, 1), Foreground.ABOVE_ZERO).apply(image("A", x)).voxels()[5]);
            assertEquals(0, perImage(PercentileScaling.DEFAULT, Foreground.ABOVE_ZERO).apply(image("A", x)).voxels()[5]);
        }
        assertArrayEquals(new float[1], perImage(new ZScore(), Foreground.WHOLE_IMAGE).apply(image("A", 5)).voxels());
    }

    @Test
    void foregroundRulesPickTheirVoxels() {
        final Volume x = image("A", -1, 0, 1, 9, 10);
        assertEquals("{0, 1, 2, 3, 4}", Foreground.WHOLE_IMAGE.of(Sample.of(x)).toString());
        assertEquals("{2, 3, 4}", Foreground.ABOVE_ZERO.of(Sample.of(x)).toString());
        assertEquals("{3, 4}", Foreground.ABOVE_MEAN.of(Sample.of(x)).toString());
        assertEquals("{3, 4}", Foreground.OTSU.of(Sample.of(x)).toString());
        assertEquals("{0, 4}", Foreground.MASK.of(Sample.of(x, mask(2, 0, 0, 0, 1))).toString());
    }

    /**
     * Expected value by brute force over a NumPy histogram: center 2.998046875 of the bin that ends the lower class.
     */
    @Test
    void otsuSplitsTwoHeaps() {
        assertEquals(2.998046875 + 11 / 512.0, OtsuThreshold.of(new float[]{1, 1, 2, 2, 2, 3, 9, 10, 10, 11, 11, 12}), 1e-9);
        assertEquals(4, OtsuThreshold.of(new float[]{4, 4}));
    }

    @Test
    void badImagesAreNamedWithAWayOut() {
        final ImagingException empty = assertThrows(ImagingException.class,
            () -> perImage(new ZScore(), Foreground.ABOVE_ZERO).apply(image("A", 0, -1)));
        assertTrue(empty.getMessage().contains("A-1") && empty.getMessage().contains("above zero"), empty.getMessage());
        final ImagingException nan = assertThrows(ImagingException.class,
            () -> perImage(new ZScore(), Foreground.ABOVE_ZERO).apply(image("A", 1, Float.NaN, Float.NEGATIVE_INFINITY)));
        assertTrue(nan.getMessage().startsWith("2 of 3 voxels"), nan.getMessage());
        assertThrows(ImagingException.class,
            () -> perImage(new ZScore(), Foreground.MASK).apply(image("A", 1, 2)));
        assertThrows(ImagingException.class, () -> Sample.of(image("A", 1, 2), mask(1, 1, 1)));
        final ImagingException site = assertThrows(ImagingException.class,
            () -> new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.SITE, Background.CONSTANT)
                .fit(List.of(Sample.of(image("A", 1, 3)))).apply(image("B", 1, 3)));
        assertTrue(site.getMessage().contains("[A]") && site.getMessage().contains("site B"), site.getMessage());
        assertThrows(ImagingException.class, () -> new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO,
            Scope.DATA_SET, Background.CONSTANT).fit(List.of()));
    }

    @Test
    void nonFiniteVoxelsCanBeReplaced() {
        final Volume x = image("A", 1, Float.NaN, Float.POSITIVE_INFINITY);
        assertEquals(2, NonFiniteVoxels.count(x));
        assertArrayEquals(new float[]{1, 7, 7}, NonFiniteVoxels.replace(x, 7).voxels());
        assertTrue(Float.isNaN(x.voxels()[1]));
        assertThrows(IllegalArgumentException.class, () -> NonFiniteVoxels.replace(x, Float.NaN));
    }

    @Test
    void maskingKeepsWhatIsLabeled() {
        assertArrayEquals(new float[]{-9, 2, -9}, Masking.apply(image("A", 1, 2, 3), mask(0, 5, 0), -9).voxels());
        assertThrows(ImagingException.class, () -> Masking.apply(image("A", 1, 2, 3), mask(0, 5), 0));
    }

    @Test
    void refusesBadSettings() {
        assertThrows(IllegalArgumentException.class, () -> new MinMax(1, 1));
        assertThrows(IllegalArgumentException.class, () -> new MinMax(0, Double.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> new PercentileScaling(99, 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new PercentileScaling(0, 101, 0, 1));
    }

    @Test
    void inputIsNotChanged() {
        final Volume x = image("A", 0, 1, 2);
        final Volume y = perImage(new ZScore(), Foreground.WHOLE_IMAGE).apply(x);
        assertArrayEquals(new float[]{0, 1, 2}, x.voxels());
        assertFalse(y.voxels() == x.voxels());
        assertEquals(x.info(), y.info());
    }
}
