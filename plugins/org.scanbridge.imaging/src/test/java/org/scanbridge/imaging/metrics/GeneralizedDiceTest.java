package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

class GeneralizedDiceTest {

    /** Class 1: 90 of 100 found, none wrong. Class 2: 2 of 10 found, none wrong. */
    private static final List<ConfusionCounts> LARGE_AND_SMALL =
        List.of(new ConfusionCounts(90, 0, 10, 0), new ConfusionCounts(2, 0, 8, 0));

    private static double score(final GeneralizedDice.Weight weight) {
        return new GeneralizedDice(weight).score(LARGE_AND_SMALL).orElseThrow();
    }

    @Test
    void weightsDecideWhichClassPrevails() {
        assertEquals(2 * 92 / (190. + 12), score(GeneralizedDice.Weight.VOXEL), 1e-12);
        assertEquals(2 * (0.9 + 0.2) / (1.9 + 1.2), score(GeneralizedDice.Weight.INVERSE_VOLUME), 1e-12);
        assertEquals(2 * (0.009 + 0.02) / (0.019 + 0.12), score(GeneralizedDice.Weight.INVERSE_SQUARED_VOLUME), 1e-12);
    }

    @Test
    void aClassTheTruthLacksIsNotForgiven() {
        final List<ConfusionCounts> invented =
            List.of(new ConfusionCounts(10, 0, 0, 0), new ConfusionCounts(0, 5, 0, 0));
        assertEquals(2 * 1 / (2 + 0.5),
            new GeneralizedDice(GeneralizedDice.Weight.INVERSE_VOLUME).score(invented).orElseThrow(), 1e-12);
    }

    @Test
    void emptySidesFollowTheConvention() {
        final GeneralizedDice d = new GeneralizedDice(GeneralizedDice.Weight.INVERSE_SQUARED_VOLUME);
        assertEquals(OptionalDouble.empty(), d.score(List.of(new ConfusionCounts(0, 0, 0, 5))));
        assertEquals(OptionalDouble.of(0), d.score(List.of(new ConfusionCounts(0, 3, 0, 5))));
        assertEquals(OptionalDouble.of(0), d.score(List.of(new ConfusionCounts(0, 0, 3, 5))));
    }

    @Test
    void matrixAndCountsAgree() {
        final Geometry grid = Geometry.axial(new int[]{6, 1, 1}, 1, 1, 1);
        final LabelVolume p =
            new LabelVolume(new byte[]{1, 1, 2, 0, (byte)200, 2}, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        final LabelVolume t =
            new LabelVolume(new byte[]{1, 2, 2, 0, (byte)200, 0}, grid, VolumeInfo.UNKNOWN, LabelSet.of());
        final ConfusionMatrix matrix = ConfusionMatrix.of(p, t);
        assertEquals(List.of(0, 1, 2, 200), matrix.labels());
        assertEquals(1, matrix.count(2, 1));
        assertEquals(0, matrix.count(1, 2));
        assertEquals(1, matrix.count(0, 2));
        assertEquals(0, matrix.count(7, 7));
        for (final int label : matrix.labels()) {
            assertEquals(ConfusionCounts.of(p, t, label), matrix.of(label));
        }
        // TP 1, 1, 1; P 2, 2, 1; T 1, 2, 1.
        assertEquals(2 * 3 / 9.0,
            new GeneralizedDice(GeneralizedDice.Weight.VOXEL).score(p, t, List.of(1, 2, 200)).orElseThrow(), 1e-12);
    }
}
