package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ResamplerTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static final Resampler LINEAR = new Resampler(Interpolation.LINEAR, false, ALONE);

    private static final Resampler SMOOTH = new Resampler(Interpolation.LINEAR, true, ALONE);

    private static final Geometry GRID = Geometry.axial(new int[]{6, 5, 4}, 1, 1, 1);

    /** x(i, j, k) = (7i + 3j + 5k) mod 11. */
    private static Volume pattern() {
        final float[] x = new float[6 * 5 * 4];
        for (int v = 0; v < x.length; v++) {
            x[v] = (7 * (v % 6) + 3 * (v / 6 % 5) + 5 * (v / 30)) % 11;
        }
        return new Volume(x, GRID, VolumeInfo.UNKNOWN);
    }

    /** Expected values from scipy.ndimage: gaussian_filter with σ = √3/2.355 along i, then map_coordinates. */
    @Test
    void downSamplingSmoothsFirst() {
        final Volume y = SMOOTH.toSpacing(pattern(), Anchor.FIRST_VOXEL, 2, 1, 0.8);
        assertArrayEquals(new int[]{3, 5, 5}, y.geometry().size());
        assertEquals(1.6427268911002841, y.get(0, 0, 0), 2e-6);
        assertEquals(2.569254432175807, y.get(2, 4, 4), 2e-6);
        assertEquals(5.096984985781406, y.get(1, 2, 3), 2e-6);
        assertEquals(5.502829858787768, y.get(1, 3, 1), 2e-6);
    }

    /** Expected values from scipy.ndimage.map_coordinates(order=1, mode="nearest"). */
    @Test
    void withoutSmoothingItIsPlainTrilinear() {
        final Volume y = LINEAR.toSpacing(pattern(), Anchor.FIRST_VOXEL, 2, 1, 0.8);
        assertEquals(0, y.get(0, 0, 0), 2e-6);
        assertEquals(0, y.get(2, 4, 4), 2e-6);
        assertEquals(5.6, y.get(1, 2, 3), 2e-6);
        assertEquals(5, y.get(1, 3, 1), 2e-6);
    }

    /** Expected values from scipy.ndimage.map_coordinates(order=3, mode="mirror"), coordinates held at the edges. */
    @Test
    void cubicIsTheSplineThroughAllValues() {
        final CubicSpline spline = new CubicSpline(pattern().voxels(), new int[]{6, 5, 4}, ALONE);
        assertEquals(0, spline.at(0, 0, 0), 5e-6);
        assertEquals(4.34045905780075, spline.at(0.5, 0.5, 0.5), 5e-6);
        assertEquals(2.433166886834212, spline.at(2.3, 3.1, 1.7), 5e-6);
        assertEquals(7, spline.at(5, 4, 3), 5e-6);
        assertEquals(4.61970937287218, spline.at(4.9, 0.2, 2.6), 5e-6);
        assertEquals(2.234375, spline.at(1, 2.5, 0), 5e-6);
        final Volume y = new Resampler(Interpolation.CUBIC, false, ALONE).toSpacing(pattern(), Anchor.FIRST_VOXEL, 2, 1, 0.8);
        assertEquals(0, y.get(2, 4, 4), 5e-6);
        assertEquals(5.8016, y.get(1, 2, 3), 5e-6);
        assertEquals(5.5568, y.get(1, 3, 1), 5e-6);
    }

    @Test
    void cubicHandlesAxesOfOneAndTwoVoxels() {
        final CubicSpline one = new CubicSpline(new float[]{5}, new int[]{1, 1, 1}, ALONE);
        assertEquals(5, one.at(0.3, -0.2, 0), 1e-6);
        final CubicSpline two = new CubicSpline(new float[]{2, 4}, new int[]{2, 1, 1}, ALONE);
        assertEquals(2, two.at(0, 0, 0), 1e-6);
        assertEquals(3, two.at(0.5, 0, 0), 1e-6);
        assertEquals(4, two.at(1, 0, 0), 1e-6);
    }

    /**
     * Axis by axis as in one go: an oblique path is taken when the target is turned by a hair, in all orders in which
     * axes may shrink and grow.
     */
    @Property(tries = 60)
    void axisByAxisGivesWhatOneGoGives(@ForAll @DoubleRange(min = 0.4, max = 2.2) final double si,
        @ForAll @DoubleRange(min = 0.4, max = 2.2) final double sj, @ForAll @DoubleRange(min = 0.4, max = 2.2) final double sk,
        @ForAll final Interpolation interpolation, @ForAll final boolean antiAlias) {
        if (interpolation == Interpolation.NEAREST) {
            return;
        }
        final Resampler resampler = new Resampler(interpolation, antiAlias, ALONE);
        final Geometry source = Geometry.axial(new int[]{17, 13, 11}, 1, 1, 1);
        final float[] x = new float[source.voxelCount()];
        final Random random = new Random(7);
        for (int v = 0; v < x.length; v++) {
            x[v] = random.nextFloat();
        }
        final Volume image = new Volume(x, source, VolumeInfo.UNKNOWN);
        final Geometry straight = TargetGrids.withSpacing(source, si, sj, sk);
        final double hair = 1e-8;
        final Geometry turned = new Geometry(straight.size(), straight.spacing(), straight.origin(),
            new double[]{1, hair, 0, -hair, 1, 0, 0, 0, 1});
        final Volume inTurn = resampler.toGrid(image, straight, -5);
        final Volume inOneGo = resampler.toGrid(image, turned, -5);
        for (int v = 0; v < inTurn.voxels().length; v++) {
            if (inTurn.voxels()[v] != -5 && inOneGo.voxels()[v] != -5) {
                assertEquals(inOneGo.voxels()[v], inTurn.voxels()[v], 3e-6);
            }
        }
    }

    @Test
    void newGridKeepsTheFieldOfViewAndRoundsTheSize() {
        final Geometry oblique = new Geometry(new int[]{10, 10, 7}, new double[]{0.9, 1.2, 3}, new double[]{5, 6, 7},
            new double[]{0, 1, 0, -1, 0, 0, 0, 0, 1});
        final Geometry iso = TargetGrids.isotropic(oblique, 1);
        assertArrayEquals(new int[]{9, 12, 21}, iso.size());
        assertArrayEquals(oblique.direction(), iso.direction());
        // By hand: the field of view begins half a voxel before the first center.
        // i runs to +y and j to -x.
        final double[] firstCorner = oblique.position(-0.5, -0.5, -0.5);
        final double[] lastCorner = oblique.position(9.5, 9.5, 6.5);
        assertArrayEquals(firstCorner, iso.position(-0.5, -0.5, -0.5), 1e-12);
        assertArrayEquals(lastCorner, iso.position(8.5, 11.5, 20.5), 1e-12);
        assertArrayEquals(new double[]{5 + 0.1, 6 + 0.05, 7 - 1}, iso.origin(), 1e-12);
        final Geometry first = TargetGrids.withSpacing(oblique, Anchor.FIRST_VOXEL, 1, 1, 1);
        assertArrayEquals(oblique.origin(), first.origin());
        assertArrayEquals(iso.size(), first.size());
        assertArrayEquals(new int[]{1, 1, 1}, TargetGrids.isotropic(oblique, 500).size());
        assertThrows(IllegalArgumentException.class, () -> TargetGrids.isotropic(oblique, 0));
        assertThrows(IllegalArgumentException.class, () -> TargetGrids.isotropic(oblique, 1e-9));
    }

    /** Linear interpolation is exact for a function that is linear in the patient frame, whatever the two grids. */
    @Property(tries = 50)
    void aLinearFunctionOfThePositionSurvives(@ForAll @DoubleRange(min = -3, max = 3) final double angle,
        @ForAll @DoubleRange(min = 0.4, max = 1) final double spacing) {
        final double c = Math.cos(angle);
        final double s = Math.sin(angle);
        final Geometry source = new Geometry(new int[]{20, 20, 20}, new double[]{1, 1.1, 1.2},
            new double[]{-10, -11, -12}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        final float[] x = new float[source.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)f(source.position(v % 20, v / 20 % 20, v / 400));
        }
        final Geometry target = new Geometry(new int[]{5, 4, 3}, new double[]{spacing, 2 * spacing, 1},
            new double[]{0.3, -0.2, 0.1}, new double[]{c, s, 0, -s, c, 0, 0, 0, 1});
        final Volume y = LINEAR.toGrid(new Volume(x, source, VolumeInfo.UNKNOWN), target, Float.NaN);
        for (int v = 0; v < y.voxels().length; v++) {
            assertEquals(f(target.position(v % 5, v / 5 % 4, v / 20)), y.voxels()[v], 1e-4);
        }
    }

    private static double f(final double[] p) {
        return 3 + 2 * p[0] - p[1] + 0.5 * p[2];
    }

    @Test
    void sameGridIsTheIdentity() {
        final Geometry odd = new Geometry(new int[]{6, 5, 4}, new double[]{0.7, 0.7, 1.3},
            new double[]{-101.3, 77.7, 12.1}, new double[]{0, 1, 0, 0, 0, -1, 1, 0, 0});
        final Volume x = new Volume(pattern().voxels(), odd, VolumeInfo.UNKNOWN);
        assertArrayEquals(x.voxels(), SMOOTH.toGrid(x, odd, -1).voxels());
        assertArrayEquals(x.voxels(), SMOOTH.toSpacing(x, odd.spacing()).voxels());
    }

    /** Direction cosines as headers give them, orthonormal to six decimals only. */
    @Property(tries = 50)
    void turnedAndPaddedGridsLeadBackExactly(@ForAll @DoubleRange(min = -3, max = 3) final double angle,
        @ForAll @IntRange(min = 0, max = 400) final int margin) {
        final double c = Math.rint(1e6 * Math.cos(angle)) / 1e6;
        final double s = Math.rint(1e6 * Math.sin(angle)) / 1e6;
        final Geometry oblique = new Geometry(new int[]{6, 5, 4}, new double[]{0.7, 0.9, 3.3},
            new double[]{-101.3, 77.7, 12.1}, new double[]{c, s, 0, -s, c, 0, 0, 0, 1});
        final Volume x = new Volume(pattern().voxels(), oblique, VolumeInfo.UNKNOWN);
        final Volume turned = Reorientation.toRas(oblique).apply(x);
        final GridWindow window = GridWindow.padded(turned.geometry(), margin, 1, 2);
        final Volume there = window.apply(turned, -1);
        for (final Interpolation interpolation : Interpolation.values()) {
            final Resampler resampler = new Resampler(interpolation, true, ALONE);
            assertArrayEquals(x.voxels(), resampler.toGrid(there, oblique, -2).voxels());
            assertArrayEquals(there.voxels(), resampler.toGrid(x, there.geometry(), -1).voxels());
        }
    }

    /** What a network says about the cropped, padded and turned image is true of the original one, voxel by voxel. */
    @Property(tries = 40)
    void aPredictionGoesBackToTheOriginalGridExactly(@ForAll final long seed) {
        final Random random = new Random(seed);
        final double[][] directions = {{1, 0, 0, 0, 1, 0, 0, 0, 1}, {0, 1, 0, 0, 0, -1, 1, 0, 0},
            {0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1}};
        final Geometry original = new Geometry(new int[]{6, 5, 4}, new double[]{0.7, 0.9, 1.3},
            new double[]{-101.3, 77.7, 12.1}, directions[random.nextInt(3)]);
        final byte[] y = new byte[120];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)random.nextInt(3);
        }
        final LabelVolume truth = new LabelVolume(y, original, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
        final LabelVolume padded = GridWindow.padded(original, 2, 1, 3).apply(truth);
        final LabelVolume turned = Reorientation.toRas(padded.geometry()).apply(padded);
        final LabelVolume back = LINEAR.toGrid(turned, original);
        assertArrayEquals(y, back.voxels());
        assertEquals(original, back.geometry());
        final LabelVolume cropped = GridWindow.padded(original, -1, -1, -1).apply(truth);
        final LabelVolume filled = LINEAR.toGrid(cropped, original);
        for (int v = 0; v < y.length; v++) {
            final int i = v % 6;
            final int j = v / 6 % 5;
            final int k = v / 30;
            final boolean kept = i > 0 && i < 5 && j > 0 && j < 4 && k > 0 && k < 3;
            assertEquals(kept ? y[v] : 0, filled.voxels()[v]);
        }
    }

    @Test
    void outsideTheSourceIsFilledBeyondHalfAVoxel() {
        final Volume x = new Volume(new float[]{1, 3}, Geometry.axial(new int[]{2, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
        final Geometry wide = new Geometry(new int[]{9, 1, 1}, new double[]{0.4, 1, 1}, new double[]{-0.8, 0, 0},
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        // Centers at -0.8, -0.4, 0, 0.4, 0.8, 1.2, 1.6, …
        assertArrayEquals(new float[]{-9, 1, 1, 1.8f, 2.6f, 3, -9, -9, -9}, LINEAR.toGrid(x, wide, -9).voxels(), 1e-6f);
        assertArrayEquals(new float[]{-9, 1, 1, 1, 3, 3, -9, -9, -9},
            new Resampler(Interpolation.NEAREST, false, ALONE).toGrid(x, wide, -9).voxels(), 0);
        final LabelVolume labels = new LabelVolume(new byte[]{7, (byte)200}, x.geometry(), x.info(), LabelSet.of("a"));
        assertArrayEquals(new byte[]{0, 7, 7, 7, (byte)200, (byte)200, 0, 0, 0}, SMOOTH.toGrid(labels, wide).voxels());
    }

    @Property(tries = 50)
    void labelsNeverGainValues(@ForAll @DoubleRange(min = 0.3, max = 4) final double spacing) {
        final byte[] y = new byte[120];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)(10 * (v * 7 % 4));
        }
        final LabelVolume labels = new LabelVolume(y, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a"));
        for (final byte v : SMOOTH.toSpacing(labels, spacing, spacing, 1).voxels()) {
            assertEquals(0, v % 10);
        }
    }

    /** Compares with interpolating the mask of each label and taking the largest. */
    @Property(tries = 50)
    void linearVoteIsTheLargestInterpolatedMask(@ForAll final long seed) {
        final Random random = new Random(seed);
        final byte[] y = new byte[120];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)random.nextInt(4);
        }
        final LabelVolume labels = new LabelVolume(y, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a"));
        final Resampler vote = new Resampler(Interpolation.LINEAR, LabelInterpolation.LINEAR_VOTE, false, ALONE);
        final double spacing = 0.3 + random.nextDouble();
        final byte[] voted = vote.toSpacing(labels, spacing, 0.9, 1.3).voxels();
        final float[][] mask = new float[4][];
        for (int label = 0; label < 4; label++) {
            final float[] m = new float[120];
            for (int v = 0; v < 120; v++) {
                m[v] = y[v] == label ? 1 : 0;
            }
            mask[label] = LINEAR.toSpacing(new Volume(m, GRID, VolumeInfo.UNKNOWN), spacing, 0.9, 1.3).voxels();
        }
        for (int v = 0; v < voted.length; v++) {
            for (int label = 0; label < 4; label++) {
                assertTrue(mask[voted[v]][v] >= mask[label][v] - 1e-6);
            }
        }
    }

    @Test
    void equalVotesGoToTheSmallerLabel() {
        final Geometry pair = Geometry.axial(new int[]{2, 1, 1}, 1, 1, 1);
        final LabelVolume labels =
            new LabelVolume(new byte[]{(byte)200, 3}, pair, VolumeInfo.UNKNOWN, LabelSet.of("a"));
        assertArrayEquals(new byte[]{(byte)200, 3, 3, 3},
            new Resampler(Interpolation.LINEAR, LabelInterpolation.LINEAR_VOTE, false, ALONE)
                .toSpacing(labels, Anchor.FIRST_VOXEL, 0.5, 1, 1).voxels());
        // The middle of both, whichever comes first.
        for (final LabelInterpolation interpolation : LabelInterpolation.values()) {
            assertArrayEquals(new byte[]{3},
                new Resampler(Interpolation.LINEAR, interpolation, false, ALONE).toSpacing(labels, 2, 1, 1).voxels());
        }
    }

    @Test
    void aNaNReachesOnlyItsNeighborsWithoutSmoothing() {
        final Volume x = new Volume(new float[]{1, 2, Float.NaN, 4, 5}, Geometry.axial(new int[]{5, 1, 1}, 1, 1, 1),
            VolumeInfo.UNKNOWN);
        assertArrayEquals(new float[]{1, 1.5f, 2, Float.NaN, Float.NaN, Float.NaN, 4, 4.5f, 5, 5},
            LINEAR.toSpacing(x, Anchor.FIRST_VOXEL, 0.5, 1, 1).voxels());
    }

    @Test
    void depthOneAndWorkersAreFine() {
        final Volume flat = new Volume(new float[]{0, 2, 4, 6}, Geometry.axial(new int[]{2, 2, 1}, 1, 1, 5),
            VolumeInfo.UNKNOWN);
        assertArrayEquals(new float[]{0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 4, 5, 6, 6},
            LINEAR.toSpacing(flat, Anchor.FIRST_VOXEL, 0.5, 0.5, 5).voxels(), 1e-6f);
        // By hand: new centers a quarter voxel to both sides of the old ones, so 0, ½, 1½, 2 along i.
        assertArrayEquals(new float[]{0, 0.5f, 1.5f, 2, 1, 1.5f, 2.5f, 3, 3, 3.5f, 4.5f, 5, 4, 4.5f, 5.5f, 6},
            LINEAR.toSpacing(flat, 0.5, 0.5, 5).voxels(), 1e-6f);
        try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
            assertArrayEquals(SMOOTH.toSpacing(pattern(), 1.7, 0.6, 0.3).voxels(),
                new Resampler(Interpolation.LINEAR, true, three).toSpacing(pattern(), 1.7, 0.6, 0.3).voxels());
        }
    }
}
