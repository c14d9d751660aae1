package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RocCurveTest {

    @Test
    void tiesCountHalf() {
        assertEquals(0.875, RocCurve.area(new double[]{0.8, 0.4, 0.4, 0.1}, new boolean[]{true, true, false, false})
            .orElseThrow(), 1e-12);
        assertEquals(0.5, RocCurve.area(new double[]{0.0, -0.0}, new boolean[]{true, false}).orElseThrow(), 1e-12);
    }

    /** Compares with the definition over all pairs. */
    @Property(tries = 100)
    void isTheShareOfOrderedPairs(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 40) final int n) {
        final Random random = new Random(seed);
        final double[] scores = new double[n];
        final boolean[] positive = new boolean[n];
        for (int c = 0; c < n; c++) {
            scores[c] = random.nextInt(8);
            positive[c] = random.nextBoolean();
        }
        double ordered = 0;
        int pairs = 0;
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                if (positive[p] && !positive[q]) {
                    pairs++;
                    ordered += scores[p] > scores[q] ? 1 : scores[p] == scores[q] ? 0.5 : 0;
                }
            }
        }
        final OptionalDouble area = RocCurve.area(scores, positive);
        assertEquals(pairs > 0, area.isPresent());
        if (pairs > 0) {
            assertEquals(ordered / pairs, area.getAsDouble(), 1e-12);
        }
    }

    @Test
    void refusesWhatCannotBeRanked() {
        assertThrows(IllegalArgumentException.class, () -> RocCurve.area(new double[2], new boolean[3]));
        assertThrows(IllegalArgumentException.class,
            () -> RocCurve.area(new double[]{Double.NaN, 1}, new boolean[]{true, false}));
        final float[] scores = {0.5f, Float.NaN, 1};
        assertThrows(IllegalArgumentException.class, () -> RocCurve.of(scores, n -> n == 0, n -> true));
        assertEquals(0, RocCurve.of(scores, n -> n == 0, n -> n != 1).area().orElseThrow());
    }

    /** {@code roc_auc_score} and {@code average_precision_score} of scikit-learn 1.9.1 on the scores of {@link #formula}. */
    @Test
    void givesTheNumbersOfScikitLearn() {
        assertScikitLearn(0.6893173959723872, 0.7606951246327714, formula(97, 20));
        assertScikitLearn(0.6941569813723929, 0.7400897652435205, formula(11, 2));
        assertScikitLearn(0.49691376924301617, 0.5714229516408847, formula(97, 0));
        final float[] same = new float[1000];
        assertScikitLearn(0.5, 0.571, same);
        final float[] tiny = new float[1000];
        for (int n = 0; n < tiny.length; n++) {
            tiny[n] = n % 3 == 0 ? 1e-38f : IS_POSITIVE.test(n) ? Float.MIN_VALUE : 0;
        }
        assertScikitLearn(0.7224168126094572, 0.723499314047588, tiny);
        final float[] next = new float[1000];
        for (int n = 0; n < next.length; n++) {
            next[n] = IS_POSITIVE.test(n) ? 1 : Math.nextDown(1f);
        }
        assertScikitLearn(1, 1, next);
        final float[] wrong = new float[1000];
        for (int n = 0; n < wrong.length; n++) {
            wrong[n] = IS_POSITIVE.test(n) ? 0 : 1;
        }
        assertScikitLearn(0, 0.571, wrong);
    }

    /** 571 of 1000 cases. */
    private static final IntPredicate IS_POSITIVE = n -> ((long)n * n * n + 5L * n) % 7 < 2;

    /** Exact in single precision. */
    private static float[] formula(final int levels, final int shift) {
        final float[] scores = new float[1000];
        for (int n = 0; n < scores.length; n++) {
            scores[n] = ((n * n * 31 + n * 17) % levels + (IS_POSITIVE.test(n) ? shift : 0)) / 128f;
        }
        return scores;
    }

    private static void assertScikitLearn(final double area, final double precision, final float[] scores) {
        final RocCurve curve = RocCurve.of(scores, IS_POSITIVE, n -> true);
        assertEquals(571, curve.positives());
        assertEquals(429, curve.negatives());
        assertEquals(area, curve.area().orElseThrow(), 1e-12);
        assertEquals(precision, curve.averagePrecision().orElseThrow(), 1e-12);
        final double[] doubles = new double[scores.length];
        final boolean[] positive = new boolean[scores.length];
        for (int n = 0; n < doubles.length; n++) {
            doubles[n] = scores[n];
            positive[n] = IS_POSITIVE.test(n);
        }
        assertEquals(precision, RocCurve.of(doubles, positive).averagePrecision().orElseThrow(), 1e-12);
    }

    /** The definition, threshold by threshold. */
    @Property(tries = 100)
    void theAveragePrecisionIsTheSumOverThresholds(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 60) final int n) {
        final Random random = new Random(seed);
        final float[] scores = new float[n];
        final boolean[] positive = new boolean[n];
        int all = 0;
        for (int c = 0; c < n; c++) {
            scores[c] = random.nextInt(9) / 8f;
            positive[c] = random.nextBoolean();
            all += positive[c] ? 1 : 0;
        }
        double sum = 0;
        double recall = 0;
        for (int t = 8; t >= 0; t--) {
            int found = 0;
            int right = 0;
            for (int c = 0; c < n; c++) {
                found += scores[c] >= t / 8f ? 1 : 0;
                right += scores[c] >= t / 8f && positive[c] ? 1 : 0;
            }
            if (found > 0 && all > 0) {
                sum += ((double)right / all - recall) * right / found;
                recall = (double)right / all;
            }
        }
        final OptionalDouble precision = RocCurve.of(scores, c -> positive[c], c -> true).averagePrecision();
        assertEquals(all > 0, precision.isPresent());
        if (all > 0) {
            assertEquals(sum, precision.getAsDouble(), 1e-12);
        }
    }

    /** Only the order counts; and the other class's area is the rest, ties or not. */
    @Property(tries = 100)
    void increasingMapsLeaveItAndSwappedClassesMirrorIt(@ForAll final long seed,
        @ForAll @IntRange(min = 2, max = 200) final int n, @ForAll @IntRange(min = 1, max = 40) final int levels) {
        final Random random = new Random(seed);
        final float[] scores = new float[n];
        final float[] mapped = new float[n];
        final float[] swapped = new float[n];
        for (int c = 0; c < n; c++) {
            scores[c] = random.nextInt(levels) / 64f;
            // strictly increasing on the levels, and exact
            mapped[c] = scores[c] * scores[c] * 4 - 7;
            swapped[c] = -scores[c];
        }
        final IntPredicate positive = c -> c == 0 || c % 3 == 1;
        final RocCurve curve = RocCurve.of(scores, positive, c -> true);
        final RocCurve increased = RocCurve.of(mapped, positive, c -> true);
        assertEquals(curve.area(), increased.area());
        assertEquals(curve.averagePrecision(), increased.averagePrecision());
        assertEquals(curve.area().isPresent(), n > 2);
        if (n > 2) {
            final double other = RocCurve.of(scores, positive.negate(), c -> true).area().orElseThrow();
            assertEquals(1, curve.area().getAsDouble() + other, 1e-12);
            assertEquals(other, RocCurve.of(swapped, positive, c -> true).area().orElseThrow(), 1e-12);
        }
    }

    @Test
    void ofOneSideOnlyThereIsNoArea() {
        final float[] scores = {0.2f, 0.7f};
        final RocCurve negative = RocCurve.of(scores, n -> false, n -> true);
        assertTrue(negative.area().isEmpty() && negative.averagePrecision().isEmpty());
        final RocCurve positive = RocCurve.of(scores, n -> true, n -> true);
        assertTrue(positive.area().isEmpty());
        assertEquals(1, positive.averagePrecision().orElseThrow());
    }

    /** Numbers known from the formula: all pairs in order but those of one voxel, on a grid of 256 x 256 x 40. */
    @Test
    void takesWholeImagesExactly() {
        final int[] size = {256, 256, 40};
        final float[] map = new float[size[0] * size[1] * size[2]];
        final byte[] labels = new byte[map.length];
        for (int v = 0; v < map.length; v++) {
            // every score once: single precision has 2^23 of them in [1, 2)
            map[v] = 1 + v * 0x1p-23f;
            labels[v] = (byte)(v >= map.length - 1000 ? 3 : 0);
        }
        labels[0] = 3;
        labels[1] = 9;
        map[1] = Float.NaN;
        final Geometry grid = new Geometry(size, new double[]{1, 1, 1}, new double[3], new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        final LabelVolume truth = new LabelVolume(labels, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        final Volume volume = new Volume(map, grid, VolumeInfo.UNKNOWN);
        final RocCurve curve = RocCurve.of(volume, truth, Set.of(3), Set.of(9));
        assertEquals(1001, curve.positives());
        assertEquals(map.length - 1002, curve.negatives());
        assertEquals(1000 / 1001.0, curve.area().orElseThrow(), 1e-15);
        assertEquals((1000 + 1001.0 / (map.length - 1)) / 1001, curve.averagePrecision().orElseThrow(), 1e-15);
        final ImagingException nan =
            assertThrows(ImagingException.class, () -> RocCurve.of(volume, truth, Set.of(3), Set.of()));
        assertTrue(nan.getMessage().contains("(1, 0, 0)"), nan.getMessage());
        final Geometry moved = new Geometry(size, new double[]{1, 1, 2}, new double[3], new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
        assertThrows(ImagingException.class, () -> RocCurve.of(new Volume(map, moved, VolumeInfo.UNKNOWN), truth, Set.of(3),
            Set.of(9)));
    }
}
