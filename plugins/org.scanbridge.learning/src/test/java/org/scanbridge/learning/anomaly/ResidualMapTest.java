package org.scanbridge.learning.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.scanbridge.imaging.metrics.ScoreCounts;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.anomaly.ResidualOptions.Side;
import org.scanbridge.learning.anomaly.ResidualOptions.Smoothing;

/** Maps, masks, regions and thresholds by hand. */
class ResidualMapTest {

    private static final Geometry ROW = Geometry.axial(new int[]{6, 1, 1}, 1, 1, 1);

    private static final float[] IMAGE = {5, 1, 2, 9, 3, 4};

    private static final float[] EXPECTED = {4, 3, 2, 5, 3, 6};

    private static boolean[] inside(final int... outside) {
        final boolean[] inside = new boolean[6];
        Arrays.fill(inside, true);
        for (final int o : outside) {
            inside[o] = false;
        }
        return inside;
    }

    private static float[] map(final Side side, final Smoothing smoothing, final boolean[] inside) {
        return new ResidualMap(new ResidualOptions(side, smoothing, 1, 0)).of(IMAGE, EXPECTED, inside, ROW);
    }

    @Test
    void sides() {
        assertArrayEquals(new float[]{1, 2, 0, 4, 0, 2}, map(Side.BOTH, Smoothing.NONE, inside()));
        assertArrayEquals(new float[]{1, 0, 0, 4, 0, 0}, map(Side.BRIGHTER, Smoothing.NONE, inside()));
        assertArrayEquals(new float[]{0, 2, 0, 0, 0, 2}, map(Side.DARKER, Smoothing.NONE, inside()));
    }

    /** What is outside counts as 0, also for its neighbors. */
    @Test
    void outsideIsZero() {
        assertArrayEquals(new float[]{1, 2, 0, 0, 0, 2}, map(Side.BOTH, Smoothing.NONE, inside(3)));
        assertArrayEquals(new float[]{1, 1, 2, 0, 2, 2}, map(Side.BOTH, Smoothing.MEDIAN, inside()));
        assertArrayEquals(new float[]{1, 1, 0, 0, 0, 2}, map(Side.BOTH, Smoothing.MEDIAN, inside(3)));
    }

    /** scipy.ndimage.gaussian_filter([1, 2, 0, 4, 0, 2], 1) of SciPy 1.17. */
    @Test
    void gaussianAsInSciPy() {
        final float[] blurred = map(Side.BOTH, Smoothing.GAUSSIAN, inside());
        assertArrayEquals(new float[]{1.25110283f, 1.31894541f, 1.51965071f, 1.8251678f, 1.56934381f, 1.51578945f}, blurred,
            1e-6f);
        assertEquals(0, map(Side.BOTH, Smoothing.GAUSSIAN, inside(3))[3]);
    }

    /** A box of 2 mm around voxels of 1×2×4 mm reaches 2, 1 and, at least, 1 voxel. */
    @Test
    void radiusIsInMillimeters() {
        final int[] size = {5, 3, 3};
        final Geometry grid = Geometry.axial(size, 1, 2, 4);
        final float[] image = new float[45];
        final boolean[] all = new boolean[45];
        Arrays.fill(all, true);
        for (int v = 0; v < 45; v++) {
            image[v] = v % 7;
        }
        // all 45 voxels are around the one in the middle: 7, 7, 7, 6, 6, 6, 6 of the values 0 to 6, so the 23rd is 3
        assertEquals(3,
            new ResidualMap(new ResidualOptions(Side.BOTH, Smoothing.MEDIAN, 2, 0)).of(image, new float[45], all, grid)[22]);
    }

    private static Volume volume(final float... voxels) {
        return new Volume(voxels, Geometry.axial(new int[]{voxels.length, 1, 1}, 2, 2, 2), VolumeInfo.UNKNOWN);
    }

    private static LabelVolume labels(final int... values) {
        final byte[] bytes = new byte[values.length];
        for (int v = 0; v < bytes.length; v++) {
            bytes[v] = (byte)values[v];
        }
        return new LabelVolume(bytes, Geometry.axial(new int[]{values.length, 1, 1}, 2, 2, 2), VolumeInfo.UNKNOWN,
            LabelSet.of("left"));
    }

    @Test
    void insideIsTheMaskOrWhatIsNoBackground() {
        final Volume image = volume(-1, -1, 3, 4, 5, 6, -1);
        final Inside without = Inside.of(image, Optional.empty(), "subject 1");
        assertArrayEquals(new boolean[]{false, false, true, true, true, true, false}, without.voxels());
        final Inside with = Inside.of(image, Optional.of(labels(0, 0, 0, 1, 2, 200, 0)), "subject 1");
        assertArrayEquals(new boolean[]{false, false, false, true, true, true, false}, with.voxels());
        assertArrayEquals(new float[]{-1, -1, -1, 4, 5, 6, -1}, with.image().voxels(), "the skull is background");
        // voxels of 2 mm: an edge of 1 mm leaves all, one of 2 mm the middle of three
        assertArrayEquals(with.voxels(), with.without(1, "subject 1"));
        assertArrayEquals(new boolean[]{false, false, false, false, true, false, false}, with.without(2, "subject 1"));
    }

    @Test
    void whatCannotBeLookedAtIsSaid() {
        final Volume image = volume(-1, -1, 3, 4, 5, 6, -1);
        said("subject 1 has voxels with the value NaN", () -> Inside.of(volume(1, Float.NaN), Optional.empty(), "subject 1"));
        said("has the value 2.0 everywhere", () -> Inside.of(volume(2, 2, 2), Optional.empty(), "subject 1"));
        said("mask of subject 1 is 0 everywhere",
            () -> Inside.of(image, Optional.of(labels(0, 0, 0, 0, 0, 0, 0)), "subject 1"));
        said("is on another grid", () -> Inside.of(image, Optional.of(labels(1, 1)), "subject 1"));
        said("Edge left out", () -> Inside.of(image, Optional.empty(), "subject 1").without(5, "subject 1"));
        assertThrows(IllegalArgumentException.class, () -> new ResidualOptions(Side.BOTH, Smoothing.MEDIAN, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new ResidualOptions(Side.BOTH, Smoothing.MEDIAN, 1, Double.NaN));
    }

    private static void said(final String part, final Executable what) {
        final String message = assertThrows(LearningException.class, what).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Of the values 1 to 200, 1 % or less is above 198, 0.5 % above 199, nothing above 200. */
    @Test
    void thresholdsOfHealthyVoxels() {
        final ScoreCounts counts = new ScoreCounts();
        final float[] values = new float[200];
        for (int v = 0; v < values.length; v++) {
            values[v] = v + 1;
            counts.add(values[v], false);
        }
        final HealthyResiduals healthy = HealthyResiduals.of(counts, List.of(AnomalyScores.of(values, 0)));
        assertEquals(198, healthy.threshold(1), 198 / 2048.0);
        assertEquals(199, healthy.threshold(0.5), 199 / 2048.0);
        assertEquals(200, healthy.threshold(0), 200 / 2048.0);
        assertEquals(199, healthy.threshold(0.99), 199 / 2048.0, "two of 200 would be more than 0.99 %");
        assertEquals(2, countAbove(values, healthy.threshold(1)));
        assertEquals(100.5, healthy.means()[0], 1e-9);
        // numpy.percentile(range(1, 201), 99)
        assertEquals(198.01, healthy.tails()[0], 1e-4);
        assertEquals(1, healthy.below(101));
        assertEquals(0, healthy.below(100.5));
        assertThrows(IllegalArgumentException.class, () -> healthy.threshold(51));
        assertThrows(IllegalArgumentException.class, () -> healthy.threshold(-0.1));
    }

    private static int countAbove(final float[] values, final float threshold) {
        int count = 0;
        for (final float v : values) {
            count += v > threshold ? 1 : 0;
        }
        return count;
    }

    @Test
    void marksWhatIsAboveAndLargeEnough() {
        final Volume map = volume(1, 5, 0, 5, 5, 5, 9);
        final AnomalyMap anomaly = new AnomalyMap(map, new boolean[]{true, true, true, true, true, true, false});
        assertArrayEquals(new byte[]{0, 1, 0, 1, 1, 1, 0}, anomaly.marked(4, 0).voxels());
        // a voxel has 8 mm³
        assertArrayEquals(new byte[]{0, 0, 0, 1, 1, 1, 0}, anomaly.marked(4, 8).voxels());
        assertArrayEquals(new byte[7], anomaly.marked(5, 0).voxels(), "above, not at it");
        final AnomalyScores scores = anomaly.scores(4);
        assertEquals(6, scores.voxels());
        assertEquals(21 / 6.0, scores.mean(), 1e-9);
        assertEquals(4 / 6.0, scores.share(), 1e-9);
    }

    @Test
    void regionsByLabelAndByCube() {
        final Volume map = volume(1, 5, 0, 5, 5, 5, 9);
        final AnomalyMap anomaly = new AnomalyMap(map, new boolean[]{true, true, true, true, true, true, false});
        final boolean[] reference = {false, false, false, true, true, false, true};
        final List<AnomalyRegions.Scored> byLabel =
            AnomalyRegions.of(labels(1, 1, 0, 3, 3, 3, 3)).scores(anomaly, 4, reference);
        assertEquals(List.of("left", "label 3"), byLabel.stream().map(AnomalyRegions.Scored::name).toList());
        assertEquals(3, byLabel.get(0).scores().mean(), 1e-9);
        assertFalse(byLabel.get(0).positive());
        assertEquals(2, byLabel.get(1).positives(), "what is outside does not count");
        final List<AnomalyRegions.Scored> cubes = AnomalyRegions.cubes(map.geometry(), 4).scores(anomaly, 4, null);
        assertEquals(List.of("0-0-0", "1-0-0", "2-0-0"), cubes.stream().map(AnomalyRegions.Scored::name).toList(),
            "pairs of voxels; the last one is all outside");
        assertEquals(2.5, cubes.get(1).scores().mean(), 1e-9);
        assertEquals(0, cubes.get(1).positives());
    }

    /** Voxels 1, 5, 0, 5, 5, 5 of which the fourth and fifth are positive: 2 · (2 + 2 · ½) of 2 · 4 pairs are in order. */
    @Test
    void evaluationCountsVoxelsAndRegions() {
        final AnomalyMap anomaly =
            new AnomalyMap(volume(1, 5, 0, 5, 5, 5, 9), new boolean[]{true, true, true, true, true, true, false});
        final boolean[] reference = {false, false, false, true, true, false, true};
        final AnomalyEvaluation one = new AnomalyEvaluation();
        one.add(anomaly, reference, AnomalyRegions.of(labels(1, 1, 2, 2, 2, 3, 3)).scores(anomaly, 4, reference));
        final AnomalyEvaluation pooled = new AnomalyEvaluation();
        pooled.addAll(one);
        assertEquals(0.75, pooled.voxelArea().orElseThrow(), 1e-12);
        // at or above 5 are all 2 positives and 2 negatives
        assertEquals(0.5, pooled.averagePrecision().orElseThrow(), 1e-12);
        assertEquals(4 / 6.0, pooled.bestDice().orElseThrow().dice(), 1e-12);
        assertEquals(2 / 6.0, pooled.prevalence().orElseThrow(), 1e-12);
        // means 3, 10/3, 5, the second is positive: one of two pairs is in order
        assertEquals(0.5, pooled.regionAreaOfMean().orElseThrow(), 1e-12);
        // 99th percentiles 4.96, 5, 5: one pair in order, one tied
        assertEquals(0.75, pooled.regionAreaOfTail().orElseThrow(), 1e-12);
    }
}
