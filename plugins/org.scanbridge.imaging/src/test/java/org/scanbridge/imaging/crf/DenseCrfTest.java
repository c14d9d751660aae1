package org.scanbridge.imaging.crf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DenseCrfTest {

    private static final CrfOptions BOTH = new CrfOptions(1.5, 2, 4, 0.5, 3, 5);

    private static final CrfOptions APPEARANCE = new CrfOptions(1.5, 0, 4, 0.5, 3, 5);

    private static final CrfOptions SMOOTHNESS = new CrfOptions(1.5, 2, 4, 0.5, 0, 5);

    private static final List<Volume> P = CrfCase.probabilities(CrfCase.GRID);

    private static final List<Volume> IMAGE = List.of(CrfCase.image(CrfCase.GRID));

    private static List<Volume> refine(final CrfOptions options) {
        return new DenseCrf(options).refine(P, IMAGE, Progress.NONE);
    }

    /**
     * pydensecrf2 1.1 (DenseCRF, DIAG_KERNEL, NORMALIZE_SYMMETRIC, Potts 3, features i/4, 1.25 j/4, 2 k/4, I/0.5), 5 iterations
     * in single precision.
     */
    @Test
    void appearanceIsThatOfPydensecrf() {
        final List<Volume> q = refine(APPEARANCE);
        final int[] at = {0, 100, 217, 250, 333, 400, 503};
        final double[][] expected = {
            {9.7051549e-01, 9.5807415e-01, 9.5349318e-01, 5.9099579e-01, 9.5373374e-01, 9.9550653e-01, 4.6854317e-01},
            {1.3050910e-02, 2.1252904e-02, 1.0219922e-02, 5.4243444e-03, 2.3431839e-02, 3.5996826e-03, 1.2243901e-02},
            {1.6433539e-02, 2.0672988e-02, 3.6286905e-02, 4.0357989e-01, 2.2834431e-02, 8.9375314e-04, 5.1921290e-01}};
        final double[] sums = {391.02809759, 46.0351589, 66.93674302};
        final double[] squares = {358.86097996, 38.39275435, 39.86843169};
        for (int l = 0; l < 3; l++) {
            double sum = 0;
            double square = 0;
            for (final float x : q.get(l).voxels()) {
                sum += x;
                square += (double)x * x;
            }
            assertEquals(sums[l], sum, 2e-3);
            assertEquals(squares[l], square, 2e-3);
            for (int n = 0; n < at.length; n++) {
                assertEquals(expected[l][n], q.get(l).voxels()[at[n]], 2e-4);
            }
        }
    }

    @Test
    void smoothnessIsThatOfAllPairs() {
        assertTrue(difference(refine(SMOOTHNESS), CrfCase.byAllPairs(P, IMAGE, SMOOTHNESS), false) < 1e-5);
    }

    /** The lattice is an approximation: pydensecrf is as far from all pairs with this kernel (0.0097 in the mean, 0.13 at most). */
    @Test
    void appearanceIsAboutThatOfAllPairs() {
        final double[][] exact = CrfCase.byAllPairs(P, IMAGE, APPEARANCE);
        assertTrue(difference(refine(APPEARANCE), exact, true) < 0.0105);
        assertTrue(difference(refine(APPEARANCE), exact, false) < 0.14);
        // not because little happens
        assertTrue(difference(P, exact, true) > 0.05);
    }

    private static double difference(final List<Volume> a, final double[][] b, final boolean mean) {
        double max = 0;
        double sum = 0;
        for (int l = 0; l < b.length; l++) {
            for (int v = 0; v < b[l].length; v++) {
                final double d = Math.abs(a.get(l).voxels()[v] - b[l][v]);
                max = Math.max(max, d);
                sum += d / b.length / b[l].length;
            }
        }
        return mean ? sum : max;
    }

    /** Lengths are in mm: twice the spacing and twice the widths are the same image. */
    @Test
    void millimetersCountNotVoxelsNorOrientation() {
        final Geometry doubled = new Geometry(new int[]{9, 8, 7}, new double[]{2, 2.5, 4}, new double[]{-3, 5, 70},
            new double[]{0, 1, 0, 0, 0, -1, -1, 0, 0});
        final List<Volume> q = new DenseCrf(new CrfOptions(3, 2, 8, 0.5, 3, 5)).refine(CrfCase.probabilities(doubled),
            List.of(CrfCase.image(doubled)), Progress.NONE);
        for (int l = 0; l < 3; l++) {
            assertArrayEquals(refine(BOTH).get(l).voxels(), q.get(l).voxels());
            assertEquals(doubled, q.get(l).geometry());
        }
    }

    /** An image of one slice has no neighbors above and below. */
    @Test
    void radiographsHaveTwoDimensions() {
        final Geometry grid = Geometry.axial(new int[]{9, 8, 1}, 1, 1.25, 500);
        final List<Volume> p = CrfCase.probabilities(grid);
        final List<Volume> image = List.of(CrfCase.image(grid));
        assertTrue(difference(new DenseCrf(SMOOTHNESS).refine(p, image, Progress.NONE), CrfCase.byAllPairs(p, image, SMOOTHNESS),
            false) < 1e-5);
        assertTrue(difference(new DenseCrf(APPEARANCE).refine(p, image, Progress.NONE), CrfCase.byAllPairs(p, image, APPEARANCE),
            true) < 0.02);
    }

    /** Two channels of the same image are one whose intensities count √2 times as much. */
    @Test
    void severalImagesCountTogether() {
        final List<Volume> two = List.of(IMAGE.get(0), IMAGE.get(0));
        final double[][] exact = CrfCase.byAllPairs(P, two, APPEARANCE);
        assertTrue(difference(new DenseCrf(APPEARANCE).refine(P, two, Progress.NONE), exact, true) < 0.015);
    }

    /** A million voxels and more are worked on by several threads. */
    @Test
    void largeImagesGiveTheSameBitsTwice() {
        final Geometry grid = Geometry.axial(new int[]{128, 128, 65}, 1, 1, 1);
        final Volume image = random(grid, 1, 5);
        final Volume p = random(grid, 2, 1);
        final float[] rest = new float[p.voxels().length];
        for (int v = 0; v < rest.length; v++) {
            rest[v] = 1 - p.voxels()[v];
        }
        final DenseCrf crf = new DenseCrf(new CrfOptions(1, 1, 8, 1, 1, 1));
        final List<Volume> maps = List.of(p, p.withVoxels(rest));
        assertArrayEquals(crf.refine(maps, List.of(image), Progress.NONE).get(0).voxels(),
            crf.refine(maps, List.of(image), Progress.NONE).get(0).voxels());
    }

    private static Volume random(final Geometry grid, final long seed, final float scale) {
        final Random random = new Random(seed);
        final float[] voxels = new float[grid.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = scale * random.nextFloat();
        }
        return new Volume(voxels, grid, VolumeInfo.UNKNOWN);
    }

    private static List<Volume> randomProbabilities(final Geometry grid, final int seed, final int classes) {
        final List<Volume> maps = new ArrayList<>();
        for (int l = 0; l < classes; l++) {
            maps.add(random(grid, 31L * seed + l, 1));
        }
        for (int v = 0; v < grid.voxelCount(); v++) {
            float sum = 0;
            for (final Volume map : maps) {
                map.voxels()[v] += 0.01f;
                sum += map.voxels()[v];
            }
            for (final Volume map : maps) {
                map.voxels()[v] /= sum;
            }
        }
        return maps;
    }

    private static Geometry grid(final int seed) {
        return Geometry.axial(new int[]{2 + seed % 5, 3 + seed / 5 % 4, 1 + seed / 20 % 5}, 0.7, 1, 1.5);
    }

    @Property(tries = 40)
    void probabilitiesSumUpToOneAndClassesHaveNoOrder(@ForAll @IntRange(min = 0, max = 100_000) final int seed,
        @ForAll @IntRange(min = 2, max = 4) final int classes, @ForAll @IntRange(min = 0, max = 6) final int iterations) {
        final Geometry grid = grid(seed);
        final List<Volume> p = randomProbabilities(grid, seed, classes);
        final List<Volume> image = List.of(random(grid, -seed - 1L, 3));
        final DenseCrf crf = new DenseCrf(new CrfOptions(1.2, 1.5, 3, 0.6, 2, iterations));
        final List<Volume> q = crf.refine(p, image, Progress.NONE);
        final List<Volume> reversed = new ArrayList<>(p);
        Collections.reverse(reversed);
        final List<Volume> back = new ArrayList<>(crf.refine(reversed, image, Progress.NONE));
        Collections.reverse(back);
        for (int v = 0; v < grid.voxelCount(); v++) {
            double sum = 0;
            for (int l = 0; l < classes; l++) {
                assertTrue(q.get(l).voxels()[v] >= 0);
                sum += q.get(l).voxels()[v];
                assertEquals(q.get(l).voxels()[v], back.get(l).voxels()[v], 1e-5);
            }
            assertEquals(1, sum, 1e-6);
        }
    }

    @Property(tries = 20)
    void weightsOfZeroAndNoUpdatesChangeNothing(@ForAll @IntRange(min = 0, max = 100_000) final int seed) {
        final Geometry grid = grid(seed);
        final List<Volume> p = randomProbabilities(grid, seed, 3);
        final List<Volume> image = List.of(random(grid, -seed - 1L, 3));
        for (final CrfOptions none : List.of(new CrfOptions(1, 0, 3, 0.6, 0, 5), new CrfOptions(1, 2, 3, 0.6, 2, 0))) {
            final List<Volume> q = new DenseCrf(none).refine(p, image, Progress.NONE);
            for (int l = 0; l < 3; l++) {
                assertArrayEquals(p.get(l).voxels(), q.get(l).voxels(), 1e-6f);
            }
        }
    }

    /** Where all voxels agree, their message only makes them surer. */
    @Property(tries = 20)
    void unanimousVoxelsKeepTheirClass(@ForAll @IntRange(min = 0, max = 100_000) final int seed) {
        final Geometry grid = grid(seed);
        final float[] sure = new float[grid.voxelCount()];
        final float[] rest = new float[sure.length];
        final Random random = new Random(seed);
        for (int v = 0; v < sure.length; v++) {
            sure[v] = 0.55f + 0.4f * random.nextFloat();
            rest[v] = 1 - sure[v];
        }
        final List<Volume> p = List.of(new Volume(sure, grid, VolumeInfo.UNKNOWN), new Volume(rest, grid, VolumeInfo.UNKNOWN));
        final List<Volume> q = new DenseCrf(BOTH).refine(p, List.of(random(grid, seed + 1L, 3)), Progress.NONE);
        for (int v = 0; v < sure.length; v++) {
            assertTrue(q.get(0).voxels()[v] >= sure[v] - 1e-6);
        }
    }

    @Test
    void canBeStopped() {
        assertThrows(CancellationException.class, () -> new DenseCrf(BOTH).refine(P, IMAGE, (fraction, message) -> {
            if (fraction > 0.5) {
                throw new CancellationException();
            }
        }));
    }

    @Test
    void whatCannotBeRefinedIsNamed() {
        final DenseCrf crf = new DenseCrf(BOTH);
        final Geometry other = Geometry.axial(new int[]{9, 8, 7}, 1, 1.25, 2.5);
        assertTrue(message(() -> crf.refine(P, List.of(CrfCase.image(other)), Progress.NONE)).contains("another grid"));
        assertTrue(message(() -> crf.refine(P.subList(0, 1), IMAGE, Progress.NONE)).contains("probabilities of 1 class"));
        assertTrue(message(() -> crf.refine(P.subList(0, 2), IMAGE, Progress.NONE)).contains("voxel (0, 0, 0) sum up to"));
        final float[] wrong = P.get(2).voxels().clone();
        wrong[10] = Float.NaN;
        assertTrue(message(() -> crf.refine(List.of(P.get(0), P.get(1), P.get(2).withVoxels(wrong)), IMAGE, Progress.NONE))
            .contains("voxel (1, 1, 0) has the probability NaN"));
        final float[] noImage = IMAGE.get(0).voxels().clone();
        noImage[80] = Float.POSITIVE_INFINITY;
        assertTrue(message(() -> crf.refine(P, List.of(IMAGE.get(0).withVoxels(noImage)), Progress.NONE))
            .contains("voxel (8, 0, 1) of the image is Infinity"));
        assertTrue(message(() -> new DenseCrf(new CrfOptions(1, 1, 1e-9, 1e-9, 1, 1)).refine(P, IMAGE, Progress.NONE))
            .contains("\"Appearance intensity\" 1.0E-9"));
        assertThrows(IllegalArgumentException.class, () -> new CrfOptions(0, 1, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new CrfOptions(1, -1, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new CrfOptions(1, 1, 1, Double.NaN, 1, 1));
    }

    private static String message(final Executable run) {
        return assertThrows(ImagingException.class, run).getMessage();
    }
}
