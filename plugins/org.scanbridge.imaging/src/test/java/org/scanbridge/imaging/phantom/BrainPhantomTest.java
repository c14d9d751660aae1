package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.imaging.volume.LabelVolume;

class BrainPhantomTest {

    /**
     * Mean shares over 60 brains of an independent implementation (NumPy, other random numbers), standard error ≤
     * 0.0033.
     */
    @ParameterizedTest
    @CsvSource({"ADULT, 0.7692, 0.0709, 0.0783, 0.0816", "INFANT, 0.8393, 0.0641, 0.0649, 0.0317"})
    void tissueSharesAreThoseOfTheReference(final Anatomy anatomy, final double background, final double csf,
        final double gm, final double wm) {
        final double[] expected = {background, csf, gm, wm};
        final double[] share = new double[4];
        final int subjects = 20;
        for (int s = 0; s < subjects; s++) {
            for (final byte label : new BrainPhantom(48, anatomy).generate(s).voxels()) {
                share[label] += 1.0 / (48 * 48 * 48 * subjects);
            }
        }
        for (int c = 0; c < 4; c++) {
            assertEquals(expected[c], share[c], c == 0 ? 0.02 : 0.007, anatomy + " class " + c + " of " + Arrays.toString(share));
        }
    }

    @Test
    void sameSeedSameBitsOtherSeedOtherBrain() {
        final BrainPhantom phantom = new BrainPhantom(32, Anatomy.ADULT);
        assertArrayEquals(phantom.generate(5).voxels(), phantom.generate(5).voxels());
        assertFalse(Arrays.equals(phantom.generate(5).voxels(), phantom.generate(6).voxels()));
    }

    @Test
    void isCenteredInThePatientFrameWithoutTouchingTheFaces() {
        final LabelVolume brain = new BrainPhantom(48, Anatomy.ADULT).generate(1);
        assertArrayEquals(new double[]{0, 0, 0}, brain.geometry().position(23.5, 23.5, 23.5), 1e-12);
        for (int a = 0; a < 48; a++) {
            for (int b = 0; b < 48; b++) {
                assertEquals(0, brain.get(0, a, b) + brain.get(47, a, b) + brain.get(a, b, 0) + brain.get(a, b, 47));
            }
        }
    }

    @Test
    void shapeDoesNotDependOnTheNumberOfVoxels() {
        double small = 0;
        double large = 0;
        for (int seed = 0; seed < 3; seed++) {
            small += share(new BrainPhantom(32, Anatomy.ADULT).generate(seed));
            large += share(new BrainPhantom(80, Anatomy.ADULT).generate(seed));
        }
        assertEquals(large / 3, small / 3, 0.04);
    }

    private static double share(final LabelVolume brain) {
        int n = 0;
        for (final byte label : brain.voxels()) {
            n += label != 0 ? 1 : 0;
        }
        return (double)n / brain.voxels().length;
    }

    @Test
    void refusesSizesOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new BrainPhantom(15, Anatomy.ADULT));
        assertThrows(IllegalArgumentException.class, () -> new BrainPhantom(513, Anatomy.ADULT));
    }
}
