package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.augment.SpatialAugmentation.Settings;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Fill;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class SpatialAugmentationTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static final Range NONE = new Range(0, 0);

    private static final Range ONE = new Range(1, 1);

    private static Transformation draw(final Settings settings, final long seed) {
        return draw(settings, Fill.ZERO, seed);
    }

    private static Transformation draw(final Settings settings, final Fill fill, final long seed) {
        return new SpatialAugmentation(settings, fill, ALONE).draw(new SeededRandom(seed));
    }

    private static Settings only(final Range rotation, final Range scale, final Range translation, final double flip) {
        return new Settings(rotation, scale, translation, NONE, 1, flip, 7, 0, 0);
    }

    private static SpatialTransform affine(final double[][] forward, final double... translation) {
        return new SpatialTransform(forward, translation, Optional.empty());
    }

    /** One bright, labeled voxel of a 9³ grid with anisotropic voxels. */
    private static LabeledVolume point(final int i, final int j, final int k) {
        final Geometry grid = Geometry.axial(new int[]{9, 9, 9}, 1, 1, 2);
        final float[] x = new float[729];
        final byte[] y = new byte[729];
        x[(k * 9 + j) * 9 + i] = 5;
        y[(k * 9 + j) * 9 + i] = 3;
        return LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN),
            new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("a")));
    }

    private static void assertAt(final LabeledVolume moved, final int i, final int j, final int k) {
        assertEquals(5, moved.image().get(i, j, k), 1e-5);
        assertEquals(3, moved.labels().orElseThrow().get(i, j, k));
    }

    @Test
    void contentGoesWhereTheMatrixSends() {
        // A quarter turn about k takes +i to +j.
        assertAt(affine(AffineMatrix.rotation(2, Math.PI / 2), 0, 0, 0).apply(point(7, 4, 4), 0, ALONE), 4, 7, 4);
        // About i it takes +j to +k: 2 voxels of 1 mm become 1 of 2 mm.
        assertAt(affine(AffineMatrix.rotation(0, Math.PI / 2), 0, 0, 0).apply(point(4, 6, 4), 0, ALONE), 4, 4, 5);
        // Twice the size: 2 voxels off the center become 4.
        assertAt(affine(AffineMatrix.diagonal(2, 2, 2), 0, 0, 0).apply(point(6, 4, 4), 0, ALONE), 8, 4, 4);
        // 2 mm along k are one voxel.
        assertAt(affine(AffineMatrix.diagonal(1, 1, 1), 3, 0, 2).apply(point(4, 4, 4), 0, ALONE), 7, 4, 5);
        // Shear: i grows with j.
        assertAt(affine(AffineMatrix.shear(1, 0, 0), 0, 0, 0).apply(point(4, 6, 4), 0, ALONE), 6, 6, 4);
    }

    /** scipy.ndimage.affine_transform(order=1) with the inverse matrix in voxels, on anisotropic voxels. */
    @Test
    void theWholeProductAgreesWithScipy() {
        final Geometry grid = Geometry.axial(new int[]{24, 20, 16}, 0.9, 1.1, 2);
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            final int i = v % 24;
            final int j = v / 24 % 20;
            final int k = v / 480;
            x[v] = (7 * i * i + 3 * j * k + 5 * k + 2 * i * j) % 37;
        }
        final double[][] forward = AffineMatrix.product(AffineMatrix.rotation(0, 0.1), AffineMatrix.rotation(1, -0.2),
            AffineMatrix.rotation(2, 0.3), AffineMatrix.diagonal(1.1, 1.1, 1.1), AffineMatrix.shear(0.05, -0.03, 0.02));
        final Volume y = affine(forward, 1.5, -2, 0.7)
            .apply(LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN)), 0, ALONE).image();
        assertEquals(29.600206801019503, y.get(12, 10, 8), 1e-5);
        assertEquals(15.688178285632057, y.get(8, 6, 5), 1e-5);
        assertEquals(24.73070749566241, y.get(15, 12, 10), 1e-5);
        assertEquals(15.700828608625336, y.get(10, 14, 7), 1e-5);
    }

    @Test
    void drawnTranslationIsAShareOfTheLength() {
        final Transformation t = draw(only(NONE, ONE, new Range(1 / 9.0, 1 / 9.0), 0), 1);
        assertAt(t.apply(point(4, 4, 4)), 5, 5, 5);
        assertEquals(1 / 9.0, t.parameters().get("translation along k (share)"), 1e-12);
    }

    @Test
    void flipTwiceIsTheIdentityAndExchangesLeftAndRight() {
        final LabeledVolume brain = Images.brain();
        final Transformation flip = draw(only(NONE, ONE, NONE, 1), 1);
        final LabeledVolume once = flip.apply(brain);
        assertEquals(brain.image().get(5, 16, 16), once.image().get(26, 16, 16));
        final LabeledVolume twice = flip.apply(once);
        assertArrayEquals(brain.image().voxels(), twice.image().voxels());
        assertArrayEquals(brain.labels().orElseThrow().voxels(), twice.labels().orElseThrow().voxels());
        // A sagittal acquisition has left–right along k.
        final Geometry sagittal = new Geometry(new int[]{9, 9, 9}, new double[]{1, 1, 1}, new double[3],
            new double[]{0, 1, 0, 0, 0, -1, 1, 0, 0});
        final Volume x = new Volume(point(4, 4, 7).image().voxels(), sagittal, VolumeInfo.UNKNOWN);
        assertEquals(5, flip.apply(LabeledVolume.of(x)).image().get(4, 4, 1));
    }

    @Test
    void mirroringTurnsAlongPatientAxesAndTwiceIsTheIdentity() {
        // i runs to Posterior, j to Inferior, k to Left.
        final Geometry sagittal = new Geometry(new int[]{9, 9, 9}, new double[]{1, 1, 1}, new double[3],
            new double[]{0, 1, 0, 0, 0, -1, 1, 0, 0});
        final LabeledVolume point = LabeledVolume.of(
            new Volume(point(1, 2, 3).image().voxels(), sagittal, VolumeInfo.UNKNOWN),
            new LabelVolume(point(1, 2, 3).labels().orElseThrow().voxels(), sagittal, VolumeInfo.UNKNOWN,
                LabelSet.of("a")));
        assertAt(new Mirror(1, 0, 0).draw(new SeededRandom(1)).apply(point), 1, 2, 5);
        assertAt(new Mirror(0, 1, 0).draw(new SeededRandom(1)).apply(point), 7, 2, 3);
        assertAt(new Mirror(0, 0, 1).draw(new SeededRandom(1)).apply(point), 1, 6, 3);
        final Transformation all = new Mirror(1, 1, 1).draw(new SeededRandom(1));
        assertEquals(3, all.parameters().size());
        final LabeledVolume brain = Images.brain();
        final LabeledVolume twice = all.apply(all.apply(brain));
        assertArrayEquals(brain.image().voxels(), twice.image().voxels());
        assertArrayEquals(brain.labels().orElseThrow().voxels(), twice.labels().orElseThrow().voxels());
        assertEquals(brain.image().geometry(), twice.image().geometry());
        assertThrows(IllegalArgumentException.class, () -> new Mirror(2, 0, 0));
    }

    @Test
    void turningBackRestoresTheInside() {
        final int n = 41;
        final Geometry grid = Geometry.axial(new int[]{n, n, n}, 1, 1, 1);
        final float[] x = new float[n * n * n];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)(Math.sin(v % n / 6.0) + Math.cos(v / n % n / 7.0) + Math.sin(v / n / n / 8.0));
        }
        final LabeledVolume smooth = LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN));
        final double[][] turn = AffineMatrix.product(AffineMatrix.rotation(0, 0.2), AffineMatrix.rotation(1, -0.15),
            AffineMatrix.rotation(2, 0.1));
        final Volume back = affine(AffineMatrix.inverse(turn), 0, 0, 0)
            .apply(affine(turn, 0, 0, 0).apply(smooth, 0, ALONE), 0, ALONE).image();
        for (int k = 10; k < 31; k++) {
            for (int j = 10; j < 31; j++) {
                for (int i = 10; i < 31; i++) {
                    assertEquals(smooth.image().get(i, j, k), back.get(i, j, k), 0.02);
                }
            }
        }
    }

    /** Compares with the sum over all control points of the B-spline's closed form. */
    @Test
    void elasticFieldIsACubicBSpline() {
        final int n = 7;
        final double max = 4;
        final Geometry grid = Geometry.axial(new int[]{25, 19, 13}, 1, 1, 1);
        final SeededRandom again = new SeededRandom(9);
        final double[] c = new double[n * n * n];
        for (int k = 2; k < n - 2; k++) {
            for (int j = 2; j < n - 2; j++) {
                for (int i = 2; i < n - 2; i++) {
                    c[(k * n + j) * n + i] = again.uniform(-max, max);
                    again.nextDouble();
                    again.nextDouble();
                }
            }
        }
        final ElasticField.Rows rows = ElasticField.draw(new SeededRandom(9), n, max).on(grid);
        final double[][] row = new double[3][25];
        double largest = 0;
        for (int k = 0; k < 13; k++) {
            for (int j = 0; j < 19; j++) {
                rows.row(j, k, row);
                for (int i = 0; i < 25; i++) {
                    double expected = 0;
                    for (int p = 0; p < c.length; p++) {
                        expected += c[p] * beta(i / 4.0 - p % n) * beta(j / 3.0 - p / n % n) * beta(k / 2.0 - p / n / n);
                    }
                    assertEquals(expected, row[0][i], 1e-6);
                    largest = Math.max(largest, Math.abs(row[2][i]));
                }
            }
        }
        assertTrue(largest > 0.1 && largest <= max, "largest displacement " + largest);
        rows.row(0, 5, row);
        assertArrayEquals(new double[25], row[1], "the faces stay");
    }

    /** Cubic B-spline centered on 0. */
    private static double beta(final double x) {
        final double a = Math.abs(x);
        if (a >= 2) {
            return 0;
        }
        return a < 1 ? 2 / 3.0 - a * a + a * a * a / 2 : (2 - a) * (2 - a) * (2 - a) / 6;
    }

    @Test
    void labelsMoveWithTheImageAndGainNoValues() {
        final LabeledVolume brain = Images.brain();
        final float[] same = new float[brain.image().voxels().length];
        for (int v = 0; v < same.length; v++) {
            same[v] = brain.labels().orElseThrow().voxels()[v];
        }
        final LabeledVolume twin =
            LabeledVolume.of(brain.image().withVoxels(same), brain.labels().orElseThrow());
        final Settings all = new Settings(Range.symmetric(30), new Range(0.8, 1.2), Range.symmetric(0.1),
            Range.symmetric(0.1), 1, 0.5, 7, 3, 1);
        for (int seed = 0; seed < 5; seed++) {
            final LabeledVolume moved = draw(all, seed).apply(twin);
            int far = 0;
            for (int v = 0; v < same.length; v++) {
                final int label = moved.labels().orElseThrow().voxels()[v];
                assertTrue(label >= 0 && label <= 3);
                // A linearly interpolated label image is never 1 or more from its nearest label's value but at edges.
                far += Math.abs(moved.image().voxels()[v] - label) > 1.01 ? 1 : 0;
            }
            assertTrue(far < same.length / 50, far + " voxels of image and labels disagree");
        }
    }

    @Test
    void sameSeedSameBitsWhateverTheWorkers() {
        final LabeledVolume brain = Images.brain();
        final float[] one = draw(Settings.DEFAULT, 12).apply(brain).image().voxels();
        try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
            assertArrayEquals(one, new SpatialAugmentation(Settings.DEFAULT, Fill.ZERO, three).draw(new SeededRandom(12))
                .apply(brain).image().voxels());
        }
        boolean differs = false;
        for (int seed = 0; seed < 5; seed++) {
            differs |= !Arrays.equals(one, draw(Settings.DEFAULT, seed).apply(brain).image().voxels());
        }
        assertTrue(differs);
    }

    @Test
    void aSingleSliceStaysInItsPlane() {
        final Geometry plane = Geometry.axial(new int[]{9, 9, 1}, 1, 1, 5);
        final float[] x = new float[81];
        Arrays.fill(x, 7);
        final LabeledVolume flat = LabeledVolume.of(new Volume(x, plane, VolumeInfo.UNKNOWN));
        final Settings all = new Settings(Range.symmetric(20), new Range(0.8, 1.2), Range.symmetric(0.1),
            Range.symmetric(0.1), 1, 0.5, 7, 1, 1);
        assertEquals(7, draw(all, 3).apply(flat).image().get(4, 4, 0), 1e-6);
        final LabeledVolume one = Images.row(4);
        assertEquals(4, draw(all, 3).apply(one).image().get(0, 0, 0), 1e-6);
    }

    @Test
    void fillsWithMinimumOrZero() {
        final LabeledVolume dark = Images.row(-3, -2, -1, -2, -3);
        final Settings shifted = only(NONE, ONE, new Range(0.9, 0.9), 0);
        assertEquals(0, draw(shifted, Fill.ZERO, 1).apply(dark).image().get(0, 0, 0));
        assertEquals(-3, draw(shifted, Fill.MINIMUM, 1).apply(dark).image().get(0, 0, 0));
    }

    /** A ball from -3 to 5 in surroundings of one value, whatever a normalization made of it, and where none was made. */
    @ParameterizedTest
    @ValueSource(floats = {0, -0.4f, 7})
    void theBackgroundComesInAroundWhatWasCutOut(final float surroundings) {
        final LabeledVolume ball = ball(surroundings);
        final LabeledVolume turned = draw(only(new Range(30, 30), new Range(0.7, 0.7), NONE, 0), Fill.BACKGROUND, 1).apply(ball);
        final int[] size = ball.image().geometry().size();
        for (int v = 0; v < turned.image().voxels().length; v++) {
            final double radius = Math.hypot(Math.hypot(v % size[0] - 10, v / size[0] % size[1] - 10), v / size[0] / size[1] - 10);
            if (radius > 8) {
                assertEquals(surroundings, turned.image().voxels()[v], 1e-5, "at " + v);
            }
        }
        assertEquals(ForegroundChoice.background(ball.image()), ForegroundChoice.background(turned.image()));
    }

    /** Air that a scanner measured is no single value: the darkest of it comes in. */
    @Test
    void theMinimumComesInWhereNothingWasCutOut() {
        final LabeledVolume ball = ball(2);
        final SeededRandom random = new SeededRandom(4);
        float min = Float.POSITIVE_INFINITY;
        for (int v = 0; v < ball.image().voxels().length; v++) {
            ball.image().voxels()[v] += (float)random.nextGaussian();
            min = Math.min(min, ball.image().voxels()[v]);
        }
        assertEquals(min, draw(only(NONE, ONE, new Range(0.9, 0.9), 0), Fill.BACKGROUND, 1).apply(ball).image().get(0, 0, 0));
    }

    /** 21³ voxels; radius 9, from -3 at the rim to 5 in the middle. */
    private static LabeledVolume ball(final float surroundings) {
        final Geometry grid = Geometry.axial(new int[]{21, 21, 21}, 1, 1, 1);
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            final double radius = Math.hypot(Math.hypot(v % 21 - 10, v / 21 % 21 - 10), v / 441 - 10);
            x[v] = radius > 9 ? surroundings : (float)(5 - 8 * radius / 9);
        }
        return LabeledVolume.of(new Volume(x, grid, VolumeInfo.UNKNOWN));
    }

    @Test
    void parametersAreNamedInAdvance() {
        final SpatialAugmentation augmentation = new SpatialAugmentation(Settings.DEFAULT, Fill.ZERO, ALONE);
        for (int seed = 0; seed < 30; seed++) {
            assertTrue(augmentation.parameterNames()
                .containsAll(augmentation.draw(new SeededRandom(seed)).parameters().keySet()));
        }
        assertFalse(draw(only(NONE, ONE, NONE, 0), 1).parameters().containsKey("flip left-right"));
    }

    @Test
    void refusesBadSettingsAndGrids() {
        assertThrows(IllegalArgumentException.class, () -> only(new Range(-200, 0), ONE, NONE, 0));
        assertThrows(IllegalArgumentException.class, () -> only(NONE, new Range(0, 1), NONE, 0));
        assertThrows(IllegalArgumentException.class, () -> only(NONE, ONE, NONE, 2));
        assertThrows(IllegalArgumentException.class,
            () -> new Settings(NONE, ONE, NONE, NONE, 0, 0, 4, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Range(1, 0));
        assertThrows(ImagingException.class,
            () -> LabeledVolume.of(Images.row(1, 2).image(), Images.brain().labels().orElseThrow()));
    }

    /** To the last bit, moved, bent, both and neither, with and without labels, and of a step that changes intensities. */
    @Test
    void aWindowIsThatOfTheWholeResult() {
        final Geometry grid = Geometry.axial(new int[]{11, 9, 8}, 1, 1.5, 2);
        final float[] x = new float[grid.voxelCount()];
        final byte[] y = new byte[x.length];
        final SeededRandom random = new SeededRandom(4);
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)random.uniform(0, 1);
            y[v] = (byte)random.nextInt(5);
        }
        final Volume image = new Volume(x, grid, VolumeInfo.UNKNOWN);
        final GridWindow window = new GridWindow(grid, new int[]{2, 3, 1}, new int[]{6, 4, 5});
        final Settings settings = new Settings(Range.symmetric(30), new Range(0.8, 1.2), Range.symmetric(0.1),
            Range.symmetric(0.1), 0.6, 0.5, 6, 2, 0.6);
        int changed = 0;
        for (int seed = 0; seed < 12; seed++) {
            final Transformation drawn = draw(settings, Fill.MINIMUM, seed);
            changed += drawn == Transformation.NONE ? 0 : 1;
            for (final LabeledVolume sample : List.of(LabeledVolume.of(image), LabeledVolume.of(image,
                new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b", "c", "d"))))) {
                final LabeledVolume whole = drawn.apply(sample);
                final LabeledVolume part = drawn.applyWithin(sample, window);
                assertEquals(window.geometry(), part.image().geometry());
                assertArrayEquals(window.apply(whole.image(), 0).voxels(), part.image().voxels());
                assertEquals(sample.labels().isPresent(), part.labels().isPresent());
                part.labels().ifPresent(l -> assertArrayEquals(window.apply(whole.labels().orElseThrow()).voxels(), l.voxels()));
            }
        }
        assertTrue(changed >= 6);
        final Transformation gamma = Gamma.DEFAULT.draw(new SeededRandom(1));
        assertArrayEquals(window.apply(gamma.apply(LabeledVolume.of(image)).image(), 0).voxels(),
            gamma.applyWithin(LabeledVolume.of(image), window).image().voxels());
    }
}
