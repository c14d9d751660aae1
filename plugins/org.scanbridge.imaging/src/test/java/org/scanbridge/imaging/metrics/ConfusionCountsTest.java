package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ConfusionCountsTest {

    private static final OptionalDouble MISSING = OptionalDouble.empty();

    private static ConfusionCounts counts(final LabelVolume prediction, final LabelVolume truth) {
        return ConfusionCounts.of(prediction, truth, 1);
    }

    private static void assertScores(final ConfusionCounts c, final double dice, final double precision,
        final double sensitivity) {
        assertEquals(dice, c.dice().orElseThrow(), 5e-6);
        assertEquals(precision, c.precision().orElseThrow(), 5e-6);
        assertEquals(sensitivity, c.sensitivity().orElseThrow(), 5e-6);
    }

    /** Values that MedPy gives for the same masks. */
    @Test
    void agreesWithTheReferenceTable() {
        final double[] s = {1, 1, 1};
        assertScores(counts(Masks.box(s, 5, 5, 5, 1, 1, 1), Masks.box(s, 8, 5, 5, 1, 1, 1)), 0, 0, 0);
        assertScores(counts(Masks.box(s, 5, 5, 5, 6, 6, 6), Masks.box(s, 5, 5, 5, 6, 6, 6)), 1, 1, 1);
        assertScores(counts(Masks.box(s, 7, 5, 5, 6, 6, 6), Masks.box(s, 5, 5, 5, 6, 6, 6)), .66667, .66667, .66667);
        assertScores(counts(Masks.box(s, 7, 7, 7, 4, 4, 4), Masks.box(s, 5, 5, 5, 8, 8, 8)), .22222, 1, .125);
        assertScores(counts(Masks.union(Masks.box(s, 5, 5, 5, 6, 6, 6), Masks.box(s, 18, 18, 18, 1, 1, 1)),
            Masks.box(s, 5, 5, 5, 6, 6, 6)), .99769, .99539, 1);
        assertScores(counts(Masks.union(Masks.box(s, 4, 4, 4, 8, 8, 8), Masks.box(s, 6, 6, 16, 4, 4, 1)),
            Masks.box(s, 4, 4, 4, 8, 8, 8)), .98462, .96970, 1);
        assertScores(counts(Masks.box(s, 0, 0, 1, 6, 6, 6), Masks.box(s, 0, 0, 0, 6, 6, 6)), .83333, .83333, .83333);
    }

    @Test
    void emptyMasksFollowTheConvention() {
        final LabelVolume empty = Masks.empty();
        final LabelVolume box = Masks.box(new double[]{1, 1, 1}, 5, 5, 5, 6, 6, 6);
        final ConfusionCounts noPrediction = counts(empty, box);
        assertEquals(OptionalDouble.of(0), noPrediction.dice());
        assertEquals(OptionalDouble.of(0), noPrediction.jaccard());
        assertEquals(MISSING, noPrediction.precision());
        assertEquals(OptionalDouble.of(0), noPrediction.sensitivity());
        final ConfusionCounts noTruth = counts(box, empty);
        assertEquals(OptionalDouble.of(0), noTruth.dice());
        assertEquals(OptionalDouble.of(0), noTruth.precision());
        assertEquals(MISSING, noTruth.sensitivity());
        final ConfusionCounts nothing = counts(empty, empty);
        assertEquals(MISSING, nothing.dice());
        assertEquals(MISSING, nothing.jaccard());
        assertEquals(MISSING, nothing.precision());
        assertEquals(MISSING, nothing.sensitivity());
        assertEquals(OptionalDouble.of(1), nothing.specificity());
        assertEquals(MISSING, new ConfusionCounts(5, 0, 0, 0).specificity());
        assertEquals(MISSING, new ConfusionCounts(0, 0, 0, 0).accuracy());
    }

    @Property(tries = 200)
    void jaccardFollowsFromDice(@ForAll @IntRange(max = 1000) final int tp, @ForAll @IntRange(max = 1000) final int fp,
        @ForAll @IntRange(max = 1000) final int fn) {
        final ConfusionCounts c = new ConfusionCounts(tp, fp, fn, 7);
        if (c.dice().isPresent()) {
            final double d = c.dice().getAsDouble();
            assertEquals(d / (2 - d), c.jaccard().orElseThrow(), 1e-12);
        }
        final ConfusionCounts swapped = new ConfusionCounts(tp, fn, fp, 7);
        assertEquals(c.dice(), swapped.dice());
        assertEquals(c.precision(), swapped.sensitivity());
    }

    @Test
    void countsAddUpToAllVoxelsAndAdd() {
        final Geometry grid = Geometry.axial(new int[]{6, 1, 1}, 1, 1, 1);
        final LabelVolume p = new LabelVolume(new byte[]{1, 1, 2, 0, (byte)200, 2}, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        final LabelVolume t = new LabelVolume(new byte[]{1, 2, 2, 0, (byte)200, 0}, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        assertEquals(new ConfusionCounts(1, 1, 0, 4), ConfusionCounts.of(p, t, 1));
        assertEquals(new ConfusionCounts(1, 1, 1, 3), ConfusionCounts.of(p, t, 2));
        assertEquals(new ConfusionCounts(1, 0, 0, 5), ConfusionCounts.of(p, t, 200));
        assertEquals(new ConfusionCounts(2, 2, 1, 7),
            ConfusionCounts.of(p, t, 1).plus(ConfusionCounts.of(p, t, 2)));
        assertEquals(4 / 6.0, ConfusionCounts.of(p, t, 2).accuracy().orElseThrow(), 1e-12);
        assertEquals(3 / 4.0, ConfusionCounts.of(p, t, 2).specificity().orElseThrow(), 1e-12);
        assertEquals(0.5, OverlapMetric.DICE.score(p, t, 2).orElseThrow(), 1e-12);
        assertEquals("Dice", OverlapMetric.DICE.title());
    }

    @Test
    void refusesDifferentGrids() {
        final ImagingException e = assertThrows(ImagingException.class,
            () -> counts(Masks.box(new double[]{1, 1, 1}, 0, 0, 0, 1, 1, 1),
                Masks.box(new double[]{1, 1, 3}, 0, 0, 0, 1, 1, 1)));
        assertTrue(e.getMessage().contains("20×20×20"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ConfusionCounts(-1, 0, 0, 0));
    }

    @Test
    void volumeIsVoxelsTimesVoxelVolume() {
        final LabelVolume box = Masks.box(new double[]{0.5, 2, 3}, 0, 0, 0, 10, 5, 2);
        assertEquals(100, SegmentVolume.voxels(box, 1));
        assertEquals(0.3, SegmentVolume.milliliters(box, 1), 1e-12);
        assertEquals(-0.25, SegmentVolume.relativeDifference(0.3, 0.4).orElseThrow(), 1e-12);
        assertEquals(MISSING, SegmentVolume.relativeDifference(0.3, 0));
    }
}
