package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;

class IntensityAugmentationTest {

    private static Range just(final double value) {
        return new Range(value, value);
    }

    private static float[] applied(final Augmentation augmentation, final float... x) {
        return augmentation.draw(new SeededRandom(1)).apply(Images.row(x)).image().voxels();
    }

    private static List<Augmentation> all() {
        return List.of(Brightness.DEFAULT, Contrast.DEFAULT, Gamma.DEFAULT, GaussianNoise.DEFAULT, RicianNoise.DEFAULT,
            Blur.DEFAULT, LowResolution.DEFAULT, BiasField.DEFAULT, LinearBiasField.DEFAULT,
            ThickSlices.DEFAULT, HistogramShift.DEFAULT, Ghosting.DEFAULT, Spike.DEFAULT, Motion.DEFAULT,
            IntensityCurve.DEFAULT, RandomConvolutions.DEFAULT);
    }

    @Test
    void brightnessMultiplies() {
        assertArrayEquals(new float[]{0, 1.5f, 3, -6}, applied(new Brightness(just(1.5)), 0, 1, 2, -4));
    }

    @Test
    void contrastSpreadsAroundTheMeanWithinTheRange() {
        // Mean 4: 2 → 4 - 2·0.5 = 3, 6 → 5, 4 stays.
        assertArrayEquals(new float[]{0, 3, 4, 5}, applied(new Contrast(just(0.5)), 0, 2, 4, 6));
        assertArrayEquals(new float[]{2, 2.5f, 5.5f, 6}, applied(new Contrast(just(1.5)), 2, 3, 5, 6));
    }

    @Test
    void gammaBendsAndRestoresMeanAndDeviation() {
        // 1, 2, 3 bend to 1, 1.5, 3 with mean 11/6 and deviation √(13/18).
        final double sd = Math.sqrt(2 / 3.0) / Math.sqrt(13 / 18.0);
        final float[] y = applied(new Gamma(just(2)), 0, 1, 2, 3);
        assertEquals(0, y[0]);
        assertEquals(2 + (1 - 11 / 6.0) * sd, y[1], 1e-6);
        assertEquals(2 + (1.5 - 11 / 6.0) * sd, y[2], 1e-6);
        assertEquals(2 + (3 - 11 / 6.0) * sd, y[3], 1e-6);
        assertArrayEquals(new float[]{0, 5, 5}, applied(new Gamma(just(2)), 0, 5, 5));
    }

    @Test
    void gaussianNoiseHasItsShareOfTheDeviation() {
        final float[] x = new float[20_000];
        for (int v = 0; v < x.length; v++) {
            x[v] = v % 2 == 0 ? 90 : 110;
        }
        final float[] y = applied(new GaussianNoise(just(0.3)), x);
        double sum = 0;
        double squares = 0;
        for (int v = 0; v < x.length; v++) {
            sum += y[v] - x[v];
            squares += Math.pow(y[v] - x[v], 2);
        }
        assertEquals(0, sum / x.length, 5 * 3 / Math.sqrt(x.length));
        assertEquals(3, Math.sqrt(squares / x.length), 5 * 3 / Math.sqrt(2.0 * x.length));
    }

    /** E[m²] = A² + 2σ² for a Rician magnitude. */
    @Test
    void ricianNoiseHasItsSecondMoment() {
        final float[] x = new float[40_000];
        Arrays.fill(x, 10);
        double squares = 0;
        for (final float y : applied(new RicianNoise(just(5)), x)) {
            assertTrue(y >= 0);
            squares += y * y;
        }
        // σ = 2; the standard deviation of m² is about 2Aσ = 40.
        assertEquals(100 + 2 * 4, squares / x.length, 5 * 42 / Math.sqrt(x.length));
        // A z-scored image counts its signal from the darkest voxel.
        for (final float y : applied(new RicianNoise(just(2)), -2, -1, 1, 2)) {
            assertTrue(y >= -2);
        }
    }

    @Test
    void blurIsInMillimeters() {
        final Geometry grid = Geometry.axial(new int[]{1, 1, 9}, 1, 1, 2);
        final float[] x = {1, 1, 1, 1, 2, 1, 1, 1, 1};
        final float[] y = new Blur(just(2)).draw(new SeededRandom(1))
            .apply(LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN))).image().voxels();
        // One voxel of 2 mm: the kernel is exp(-r²/2), cut at 4 and normalized.
        final double sum = 1 + 2 * (Math.exp(-0.5) + Math.exp(-2) + Math.exp(-4.5) + Math.exp(-8));
        assertEquals(1 + 1 / sum, y[4], 1e-6);
        assertEquals(1 + Math.exp(-2) / sum, y[6], 1e-6);
    }

    @Test
    void biasFieldIsExpOfAllMonomialsUpToOrderThree() {
        final Geometry grid = Geometry.axial(new int[]{3, 3, 3}, 1, 1, 1);
        final float[] x = new float[27];
        Arrays.fill(x, 10);
        final Volume y = new BiasField(just(0.05)).draw(new SeededRandom(1))
            .apply(LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN))).image();
        assertEquals(10, y.get(1, 1, 1), 1e-5);
        // At (1, 1, 1) all 19 monomials are 1; at (1, 0, 0) only x, x², x³ are; at (-1, 0, 0) they add up to -1.
        assertEquals(10 * Math.exp(19 * 0.05), y.get(2, 2, 2), 1e-4);
        assertEquals(10 * Math.exp(3 * 0.05), y.get(2, 1, 1), 1e-4);
        assertEquals(10 * Math.exp(-0.05), y.get(0, 1, 1), 1e-4);
    }

    @Test
    void linearBiasFieldIsAProductOfTwoRamps() {
        final Geometry grid = Geometry.axial(new int[]{3, 3, 2}, 1, 1, 1);
        final float[] x = new float[18];
        Arrays.fill(x, 10);
        final Volume y = new LinearBiasField(just(0.5)).draw(new SeededRandom(1))
            .apply(LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN))).image();
        assertEquals(10, y.get(1, 1, 0), 1e-6);
        // The corners are 10·(1 ± 0.5)·(1 ± 0.5), each combination once.
        final float[] corners = {y.get(0, 0, 0), y.get(2, 0, 0), y.get(0, 2, 1), y.get(2, 2, 1)};
        Arrays.sort(corners);
        assertArrayEquals(new float[]{2.5f, 7.5f, 7.5f, 22.5f}, corners, 1e-5f);
        assertEquals(y.get(2, 1, 0), y.get(2, 1, 1));
    }

    @Test
    void histogramShiftIsAnIncreasingCurveThroughBothEnds() {
        final float[] x = new float[1001];
        for (int v = 0; v < x.length; v++) {
            x[v] = v + 1;
        }
        final float[] y = applied(HistogramShift.DEFAULT, x);
        assertEquals(1, y[0]);
        assertEquals(1001, y[1000]);
        double largest = 0;
        for (int v = 1; v < x.length; v++) {
            assertTrue(y[v] >= y[v - 1]);
            largest = Math.max(largest, Math.abs(y[v] - x[v]) / 1000);
        }
        // The curve bends at the control points, so its largest shift is that of one of them.
        assertEquals(HistogramShift.DEFAULT.draw(new SeededRandom(1)).parameters()
            .get("histogram shift (largest, share of range)"), largest, 2e-3);
        assertThrows(IllegalArgumentException.class, () -> new HistogramShift(2));
    }

    @Test
    void thickSlicesBlurOneAxisOnly() {
        final Geometry grid = Geometry.axial(new int[]{12, 12, 12}, 1, 1, 1);
        final float[] x = new float[1728];
        for (int v = 0; v < x.length; v++) {
            x[v] = 10 + v % 2 + v / 12 % 2 + v / 144 % 2;
        }
        final Transformation thick = new ThickSlices(just(3)).draw(new SeededRandom(1));
        final int axis = thick.parameters().get("thick slices (axis)").intValue();
        final Volume y = thick.apply(LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN))).image();
        for (int a = 0; a < 3; a++) {
            final float step = Math.abs(y.get(6, 6, 6) - y.get(a == 0 ? 7 : 6, a == 1 ? 7 : 6, a == 2 ? 7 : 6));
            assertTrue(a == axis ? step < 0.1 : Math.abs(step - 1) < 1e-4, "axis " + a + ": " + step);
        }
        assertThrows(IllegalArgumentException.class, () -> new ThickSlices(new Range(0.5, 2)));
    }

    @Test
    void ghostsAreShiftedCopies() {
        // Two ghosts of intensity 0.4 over 8 voxels: a fifth of the voxel half a field away.
        final float[] y = applied(new Ghosting(0, just(2), just(0.4)), 1, 2, 3, 4, 5, 6, 7, 8);
        assertArrayEquals(new float[]{2, 3.2f, 4.4f, 5.6f, 5.2f, 6.4f, 7.6f, 8.8f}, y, 1e-5f);
    }

    @Test
    void spikeIsAWaveOfItsAmplitude() {
        final float[] x = new float[5000];
        for (int v = 0; v < x.length; v++) {
            x[v] = v % 2 == 0 ? 90 : 110;
        }
        final float[] y = applied(new Spike(just(0.5)), x);
        double largest = 0;
        double squares = 0;
        for (int v = 0; v < x.length; v++) {
            largest = Math.max(largest, Math.abs(y[v] - x[v]));
            squares += Math.pow(y[v] - x[v], 2);
        }
        assertEquals(5, largest, 0.01);
        assertEquals(5 / Math.sqrt(2), Math.sqrt(squares / x.length), 0.05);
    }

    @Test
    void lowResolutionRemovesFineStructureAndKeepsCoarse() {
        final float[] fine = new float[64];
        final float[] coarse = new float[64];
        for (int v = 0; v < 64; v++) {
            fine[v] = 10 + (v % 2 == 0 ? 1 : -1);
            coarse[v] = (float)(10 + Math.sin(2 * Math.PI * v / 64));
        }
        final float[] a = applied(new LowResolution(just(0.5)), fine);
        final float[] b = applied(new LowResolution(just(0.5)), coarse);
        for (int v = 4; v < 60; v++) {
            assertEquals(10, a[v], 0.4);
            assertEquals(coarse[v], b[v], 0.05);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void zerosLabelsAndInputStayAndEverythingIsFinite(final Augmentation augmentation) {
        final LabeledVolume brain = Images.brain();
        final float[] before = brain.image().voxels().clone();
        final LabeledVolume after = augmentation.draw(new SeededRandom(7)).apply(brain);
        assertArrayEquals(before, brain.image().voxels());
        assertSame(brain.labels(), after.labels());
        for (int v = 0; v < before.length; v++) {
            assertTrue(Float.isFinite(after.image().voxels()[v]));
            assertTrue(before[v] != 0 || after.image().voxels()[v] == 0);
        }
        assertTrue(!Arrays.equals(before, after.image().voxels()), "nothing happened");
        assertArrayEquals(after.image().voxels(),
            augmentation.draw(new SeededRandom(7)).apply(brain).image().voxels(), "same seed, same bits");
    }

    @ParameterizedTest
    @MethodSource("all")
    void emptyConstantAndOneVoxelImagesHaveADefinedResult(final Augmentation augmentation) {
        assertArrayEquals(new float[3], applied(augmentation, 0, 0, 0));
        for (final float v : applied(augmentation, 5, 5, 5, 5)) {
            assertTrue(Float.isFinite(v));
        }
        assertTrue(Float.isFinite(applied(augmentation, 7)[0]));
        assertEquals(List.copyOf(augmentation.draw(new SeededRandom(3)).parameters().keySet()),
            augmentation.parameterNames().stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("all")
    void imagesWithoutNumbersAreRefused(final Augmentation augmentation) {
        assertThrows(ImagingException.class, () -> applied(augmentation, 1, Float.NaN, 2));
        assertThrows(ImagingException.class, () -> applied(augmentation, 1, Float.NEGATIVE_INFINITY, 2));
    }

    @Test
    void pipelineStepsHaveStreamsOfTheirOwn() {
        final LabeledVolume brain = Images.brain();
        final AugmentationPipeline two =
            new AugmentationPipeline(List.of(new Sometimes(0, Gamma.DEFAULT), Brightness.DEFAULT));
        final AugmentationPipeline other =
            new AugmentationPipeline(List.of(new Sometimes(1, Gamma.DEFAULT), Brightness.DEFAULT));
        final Transformation a = two.draw(new SeededRandom(5));
        final Transformation b = other.draw(new SeededRandom(5));
        assertEquals(a.parameters().get("brightness (factor)"), b.parameters().get("brightness (factor)"));
        assertEquals(1, a.parameters().size());
        assertEquals(2, b.parameters().size());
        assertEquals(List.of("gamma (exponent)", "brightness (factor)"), two.parameterNames());
        final double f = a.parameters().get("brightness (factor)");
        assertEquals((float)(f * brain.image().get(16, 16, 10)), a.apply(brain).image().get(16, 16, 10));
        assertThrows(IllegalArgumentException.class,
            () -> new AugmentationPipeline(List.of(Gamma.DEFAULT, Gamma.DEFAULT)));
        assertThrows(IllegalArgumentException.class, () -> new Sometimes(1.5, Gamma.DEFAULT));
    }

    /** A pipeline overwrites what its own steps made; the given image is not among that. */
    @Test
    void overwritingGivesTheSameAsStepByStep() {
        final LabeledVolume brain = Images.brain();
        final float[] before = brain.image().voxels().clone();
        LabeledVolume expected = brain;
        final List<Augmentation> steps = all();
        for (int s = 0; s < steps.size(); s++) {
            final long seed = new SeededRandom(11).nextLong();
            expected = steps.get(s).draw(SeededRandom.of(seed, s)).apply(expected);
        }
        final LabeledVolume after = new AugmentationPipeline(steps).draw(new SeededRandom(11)).apply(brain);
        assertArrayEquals(expected.image().voxels(), after.image().voxels());
        assertArrayEquals(before, brain.image().voxels());
    }

    @Test
    void theStandardMixtureChangesImagesAndKeepsLabelValues() {
        final LabeledVolume brain = Images.brain();
        final AugmentationPipeline standard =
            AugmentationPipeline.standard(SpatialAugmentation.Settings.DEFAULT, TaskExecutors.singleThreaded());
        int changed = 0;
        for (int seed = 0; seed < 10; seed++) {
            final LabeledVolume after = standard.draw(new SeededRandom(seed)).apply(brain);
            changed += Arrays.equals(brain.image().voxels(), after.image().voxels()) ? 0 : 1;
            assertTrue(after.labels().orElseThrow().maxValue() <= 3);
        }
        assertTrue(changed >= 7, changed + " of 10 changed");
    }

    @Test
    void refusesBadRanges() {
        assertThrows(IllegalArgumentException.class, () -> new Brightness(new Range(0, 1)));
        assertThrows(IllegalArgumentException.class, () -> new RicianNoise(new Range(-1, 1)));
        assertThrows(IllegalArgumentException.class, () -> new Blur(new Range(-1, 1)));
        assertThrows(IllegalArgumentException.class, () -> new LowResolution(new Range(0.5, 2)));
        assertThrows(IllegalArgumentException.class, () -> new Ghosting(3, new Range(2, 3), new Range(0, 1)));
        assertThrows(IllegalArgumentException.class, () -> new Gamma(new Range(0, 1)));
    }
}
