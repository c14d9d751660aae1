package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.ScannerSimulator;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class PolynomialBiasCorrectionTest {

    private static final LabelVolume BRAIN = new BrainPhantom(40, Anatomy.ADULT).generate(2);

    private static final SiteProtocol PLAIN = SiteProtocol.builder("P").textureSd(0.02).blurSigma(0.4).gain(100).build();

    /** Standard deviation over the brain of log(a/b), what is left of the field between two scans of one seed. */
    private static double field(final Volume a, final Volume b) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int v = 0; v < a.voxels().length; v++) {
            if (BRAIN.voxels()[v] != 0) {
                final double log = Math.log(a.voxels()[v] / b.voxels()[v]);
                sum += log;
                squares += log * log;
                count++;
            }
        }
        return Math.sqrt(squares / count - sum / count * sum / count);
    }

    /** The same scan without the field is the truth to compare with. */
    @Test
    void removesMostOfAKnownField() {
        for (int seed = 1; seed <= 3; seed++) {
            final Volume truth = new ScannerSimulator().scan(BRAIN, PLAIN, seed);
            final Volume biased = new ScannerSimulator().scan(BRAIN, PLAIN.toBuilder().biasAmplitude(1).build(), seed);
            final Volume corrected = PolynomialBiasCorrection.DEFAULT.apply(biased);
            final double before = field(biased, truth);
            final double after = field(corrected, truth);
            assertTrue(before > 0.08, "the field to remove has " + before);
            assertTrue(after < 0.25 * before, "seed " + seed + ": of " + before + " are left " + after);
        }
    }

    @Test
    void leavesAnEvenImageAlmostAlone() {
        final Volume even = new ScannerSimulator().scan(BRAIN, PLAIN, 5);
        assertTrue(field(PolynomialBiasCorrection.DEFAULT.apply(even), even) < 0.02);
    }

    /** A linear ramp of the logarithm over one tissue is exactly in the model. */
    @Test
    void aFieldInTheModelIsRemovedExactly() {
        final Geometry grid = Geometry.axial(new int[]{20, 10, 1}, 1, 1, 5);
        final float[] x = new float[200];
        for (int v = 0; v < 200; v++) {
            x[v] = (float)(100 * Math.exp(0.4 * (2.0 * (v % 20) / 19 - 1)));
        }
        final float[] y = new PolynomialBiasCorrection(Foreground.ABOVE_ZERO, 2, 1, 3)
            .apply(new Volume(x, grid, VolumeInfo.UNKNOWN)).voxels();
        final float[] expected = new float[200];
        Arrays.fill(expected, 100);
        assertArrayEquals(expected, y, 1e-2f);
    }

    @Test
    void backgroundStaysAndConstantsAreFine() {
        final Volume image = IntensityNormalizationTest.image("A", 0, 5, 5, 5, 5, 0);
        assertArrayEquals(new float[]{0, 5, 5, 5, 5, 0}, PolynomialBiasCorrection.DEFAULT.apply(image).voxels(), 1e-4f);
        assertEquals(7, PolynomialBiasCorrection.DEFAULT.apply(IntensityNormalizationTest.image("A", 7)).voxels()[0],
            1e-4);
    }

    @Test
    void refusesWhatHasNoLogarithm() {
        final PolynomialBiasCorrection whole = new PolynomialBiasCorrection(Foreground.WHOLE_IMAGE, 3, 3, 1);
        final ImagingException e = assertThrows(ImagingException.class,
            () -> whole.apply(IntensityNormalizationTest.image("A", 1, -2, 3)));
        assertTrue(e.getMessage().contains("-2.0") && e.getMessage().contains("z-scoring"), e.getMessage());
        assertThrows(IllegalArgumentException.class,
            () -> new PolynomialBiasCorrection(Foreground.ABOVE_ZERO, 0, 3, 1));
    }
}
