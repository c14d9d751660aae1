package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.volume.LabelVolume;

class LesionDetectionTest {

    private static final double[] ISO = {1, 1, 1};

    private static final LesionDetection MS_SEG =
        new LesionDetection(Connectivity.CORNERS, 3, LesionDetection.Rule.MS_SEG);

    @Test
    void countsLesionsThatTouch() {
        // True: two cubes of 27. Predicted: one overlapping by a voxel layer, one elsewhere, one speck of 1 mm³.
        final Cubes truth = new Cubes().box(1, 1, 1, 3).box(10, 10, 10, 3);
        final Cubes prediction = new Cubes().box(3, 1, 1, 3).box(15, 1, 1, 3).box(1, 15, 15, 1);
        final LesionScores s = LesionDetection.DEFAULT.score(prediction.get(), truth.get(), 1);
        assertEquals(new LesionScores(2, 2, 1, 1), s);
        assertEquals(0.5, s.sensitivity().orElseThrow());
        assertEquals(0.5, s.precision().orElseThrow());
        assertEquals(0.5, s.f1().orElseThrow());
    }

    @Test
    void smallLesionsCountByVolumeNotByVoxels() {
        final double[] coarse = {1, 1, 3.5};
        assertEquals(1, LesionDetection.DEFAULT
            .score(Masks.box(coarse, 2, 2, 2, 1, 1, 1), Masks.box(coarse, 2, 2, 2, 1, 1, 1), 1).actual());
        final double[] three = {1, 1, 3};
        assertEquals(0, LesionDetection.DEFAULT
            .score(Masks.box(three, 2, 2, 2, 1, 1, 1), Masks.box(three, 2, 2, 2, 1, 1, 1), 1).actual());
    }

    @Test
    void msSegNeedsMoreThanATenthCovered() {
        // 10 × 2 × 1 = 20 voxels; 2 covered are exactly 10 %, 3 are enough.
        final LabelVolume truth = Masks.box(ISO, 2, 2, 2, 10, 2, 1);
        assertEquals(0, MS_SEG.score(Masks.box(ISO, 2, 2, 1, 1, 2, 2), truth, 1).detectedActual());
        assertEquals(1, MS_SEG.score(Masks.union(Masks.box(ISO, 2, 2, 2, 1, 2, 1), Masks.box(ISO, 3, 2, 2, 2, 1, 1)),
            truth, 1).detectedActual());
    }

    @Test
    void msSegRefusesALesionThatMostlyLiesElsewhere() {
        // The prediction covers all 8 voxels, but 20 of its 28 (71 %) lie outside; of 26 it would be 69 %.
        final LabelVolume truth = Masks.box(ISO, 2, 2, 2, 2, 2, 2);
        final LabelVolume much = Masks.union(truth, Masks.box(ISO, 4, 2, 2, 5, 2, 2));
        assertEquals(0, MS_SEG.score(much, truth, 1).detectedActual());
        final LabelVolume less = Masks.union(truth, Masks.union(Masks.box(ISO, 4, 2, 2, 4, 2, 2), Masks.box(ISO, 8, 2, 2, 2, 1, 1)));
        assertEquals(1, MS_SEG.score(less, truth, 1).detectedActual());
        assertEquals(1, LesionDetection.DEFAULT.score(much, truth, 1).detectedActual());
    }

    @Test
    void msSegStopsOnceTheOverlapIsExplained() {
        // A good lesion explains 12 of 16 overlapping voxels (75 %), so a bad one with 4 of 24 inside is not looked at.
        final LabelVolume truth = Masks.box(ISO, 2, 2, 2, 10, 2, 1);
        final LabelVolume good = Masks.box(ISO, 2, 2, 2, 6, 2, 1);
        final LabelVolume bad = Masks.box(ISO, 10, 2, 2, 2, 2, 6);
        assertEquals(1, MS_SEG.score(Masks.union(good, bad), truth, 1).detectedActual());
        assertEquals(0, MS_SEG.score(bad, truth, 1).detectedActual());
    }

    @Test
    void emptySidesFollowTheConvention() {
        final LabelVolume lesion = Masks.box(ISO, 2, 2, 2, 3, 3, 3);
        final LesionScores none = MS_SEG.score(Masks.empty(), Masks.empty(), 1);
        assertEquals(OptionalDouble.empty(), none.sensitivity());
        assertEquals(OptionalDouble.empty(), none.precision());
        assertEquals(OptionalDouble.empty(), none.f1());
        for (final LesionScores one : new LesionScores[]{MS_SEG.score(Masks.empty(), lesion, 1),
            MS_SEG.score(lesion, Masks.empty(), 1)}) {
            assertEquals(OptionalDouble.of(0), one.sensitivity());
            assertEquals(OptionalDouble.of(0), one.precision());
            assertEquals(OptionalDouble.of(0), one.f1());
        }
        assertThrows(IllegalArgumentException.class,
            () -> new LesionDetection(Connectivity.FACES, -1, LesionDetection.Rule.OVERLAP));
    }

    /** Cubes put together one by one. */
    private static final class Cubes {

        private LabelVolume m_volume = Masks.empty();

        Cubes box(final int i, final int j, final int k, final int side) {
            m_volume = Masks.union(m_volume, Masks.box(ISO, i, j, k, side, side, side));
            return this;
        }

        LabelVolume get() {
            return m_volume;
        }
    }
}
