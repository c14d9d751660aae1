package org.scanbridge.imaging.fusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BestAgreementTest {

    private static final BestAgreement BEST = new BestAgreement();

    private static LabelVolume labels(final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, Geometry.axial(new int[]{voxels.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
            LabelSet.of("one", "two", "open"));
    }

    private static Opinions opinions(final Set<Integer> open, final LabelVolume... raters) {
        final List<String> names = new ArrayList<>();
        for (int r = 0; r < raters.length; r++) {
            names.add("r" + r);
        }
        return new Opinions(names, List.of(raters), Collections.nCopies(raters.length, open));
    }

    private static List<OpinionPool.Maps> none(final int raters) {
        return new ArrayList<>(Collections.nCopies(raters, OpinionPool.Maps.NONE));
    }

    /** Class one: 2 · 2/(3 + 2) and 2 · 1/(3 + 3); class two: 2 · 1/(1 + 2) and 2 · 1/(1 + 1). */
    @Test
    void agreementIsTheMeanDice() {
        final Opinions said = opinions(Set.of(), labels(1, 1, 1, 2, 0, 0, 0), labels(1, 1, 0, 2, 2, 0, 0), labels(1, 0, 0, 2, 0, 1, 1));
        final BestAgreement.Choice choice = BEST.choose(said);
        assertArrayEquals(new double[]{1, (4.0 / 5 + 2.0 / 3) / 2, (2.0 / 6 + 1) / 2}, choice.agreement(), 1e-12);
        assertEquals(1, choice.rater());
        assertArrayEquals(labels(1, 1, 0, 2, 2, 0, 0).voxels(), BEST.fuse(said, none(3), choice).labels().voxels());
    }

    /** A rater is not better for leaving out a class that the reference has, and not worse for a voxel that nobody looked at. */
    @Test
    void classesThatARaterLeavesOutCount() {
        final BestAgreement.Choice choice =
            BEST.choose(opinions(Set.of(), labels(1, 1, 2, 2, 0), labels(1, 1, 0, 0, 0), labels(1, 0, 2, 2, 0)));
        assertArrayEquals(new double[]{1, (1 + 0) / 2.0, (2.0 / 3 + 1) / 2}, choice.agreement(), 1e-12);
        assertEquals(2, choice.rater());
        // the voxels that nobody looked at are the ones on which the second differs
        final Opinions open = opinions(Set.of(3), labels(1, 1, 3, 3, 0), labels(1, 1, 2, 2, 0), labels(1, 0, 2, 2, 0));
        assertEquals(1, BEST.choose(open).agreement()[1]);
    }

    /** Stray voxels of classes that the reference does not have count for nothing, and an empty segmentation agrees by 0. */
    @Test
    void anEmptySegmentationNeverWins() {
        final LabelVolume reference = labels(1, 1, 1, 1, 0, 0, 0, 0, 0);
        final LabelVolume stray = labels(1, 1, 1, 0, 0, 2, 0, 2, 0);
        final LabelVolume empty = labels(0, 0, 0, 0, 0, 0, 0, 0, 0);
        final BestAgreement.Choice choice = BEST.choose(opinions(Set.of(), reference, stray, empty));
        assertArrayEquals(new double[]{1, 6.0 / 7, 0}, choice.agreement(), 1e-12);
        assertEquals(1, choice.rater());
        assertTrue(assertThrows(ImagingException.class, () -> BEST.choose(opinions(Set.of(), reference, empty, empty)))
            .getMessage().contains("in common with \"r0\""));
        assertTrue(assertThrows(ImagingException.class, () -> BEST.choose(opinions(Set.of(), empty, stray))).getMessage()
            .contains("\"r0\" finds nothing"));
    }

    @Test
    void whatTheTakenOneDidNotAnnotateIsThatOfTheEarliest() {
        final Opinions said = opinions(Set.of(3), labels(1, 1, 2, 3), labels(1, 3, 2, 3), labels(0, 0, 2, 1));
        final BestAgreement.Choice choice = BEST.choose(said);
        assertEquals(1, choice.rater());
        final List<OpinionPool.Maps> maps = none(3);
        maps.set(1, new OpinionPool.Maps(Arrays.asList(null, new float[]{0.75f, 0.1f, 0.25f, 0.1f},
            new float[]{0, 0.1f, 0.5f, 0.1f})));
        final Fused fused = BEST.fuse(said, maps, choice);
        assertArrayEquals(labels(1, 1, 2, 1).voxels(), fused.labels().voxels());
        assertArrayEquals(new float[]{0.25f, 0, 0.25f, 0}, fused.probability().apply(0).voxels(), 1e-7f);
        assertArrayEquals(new float[]{0.75f, 1, 0.25f, 1}, fused.probability().apply(1).voxels());
        assertArrayEquals(new float[]{0, 0, 0.5f, 0}, fused.probability().apply(2).voxels());
    }

    @Test
    void aReferenceAloneAndNumbersThatAreNoProbabilitiesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> BEST.choose(opinions(Set.of(), labels(1, 0))));
        final Opinions said = opinions(Set.of(), labels(1, 0), labels(1, 0));
        final List<OpinionPool.Maps> maps = none(2);
        maps.set(1, new OpinionPool.Maps(Arrays.asList(null, new float[]{70, 0})));
        assertTrue(assertThrows(ImagingException.class, () -> BEST.fuse(said, maps, BEST.choose(said))).getMessage()
            .contains("70.0"));
    }

    /** By voxels instead of by patterns of votes; the order of the candidates has no say, and a copy of the reference wins. */
    @Property(tries = 50)
    void theBestOneIsTakenInAnyOrder(@ForAll final long seed, @ForAll @IntRange(min = 2, max = 5) final int candidates) {
        final Random random = new Random(seed);
        final List<LabelVolume> raters = new ArrayList<>();
        for (int r = 0; r <= candidates; r++) {
            final int[] values = random.ints(60, 0, 3).toArray();
            // so that every class is there, and all have something in common
            values[0] = 1;
            values[1] = 2;
            raters.add(labels(values));
        }
        final BestAgreement.Choice choice = BEST.choose(opinions(Set.of(), raters.toArray(LabelVolume[]::new)));
        for (int r = 0; r <= candidates; r++) {
            double dice = 0;
            for (int c = 1; c <= 2; c++) {
                dice += ConfusionCounts.of(raters.get(r), raters.get(0), c).dice().orElseThrow() / 2;
            }
            assertEquals(dice, choice.agreement()[r], 1e-12);
            assertTrue(r == 0 || dice <= choice.agreement()[choice.rater()]);
        }
        Collections.swap(raters, 1, candidates);
        final Opinions swapped = opinions(Set.of(), raters.toArray(LabelVolume[]::new));
        final BestAgreement.Choice again = BEST.choose(swapped);
        assertEquals(choice.agreement()[choice.rater()], again.agreement()[again.rater()]);
        raters.add(raters.get(0));
        final Opinions withCopy = opinions(Set.of(), raters.toArray(LabelVolume[]::new));
        final BestAgreement.Choice copy = BEST.choose(withCopy);
        assertEquals(1, copy.agreement()[copy.rater()]);
        assertArrayEquals(raters.get(0).voxels(), BEST.fuse(withCopy, none(candidates + 2), copy).labels().voxels());
    }
}
