package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FrocTest {

    private static double round(final double x) {
        return Math.round(100 * x) / 100.0;
    }

    /**
     * The evaluation of LUNA16 (noduleCADEvaluationLUNA16.py) by scikit-learn 1.9.1 and NumPy 2.4.6: roc_curve over the best
     * candidates of lesions and the candidates without one, its axes times the number of the latter per image and the share of
     * lesions that are found, numpy.interp at the seven rates.
     */
    @Test
    void isTheCurveOfLuna16() {
        final List<Froc.Image> images = new ArrayList<>();
        for (int m = 0; m < 5; m++) {
            final double[] lesions = new double[3 + m % 3];
            for (int l = 0; l < lesions.length; l++) {
                lesions[l] = (m + l) % 4 == 3 ? 0 : round(0.5 + 0.45 * Math.sin(3.1 * m + 1.7 * l));
            }
            final double[] wrong = new double[4 * m + 10];
            for (int c = 0; c < wrong.length; c++) {
                wrong[c] = round(0.05 + 0.8 * Math.pow(Math.sin(1.3 * m + 2.9 * c), 6));
            }
            images.add(new Froc.Image(lesions, wrong));
        }
        final Froc froc = Froc.of(images);
        final double[] expected = {0.15789474, 0.15789474, 0.15789474, 0.15789474, 0.15789474, 0.21052632, 0.63157895};
        for (int r = 0; r < expected.length; r++) {
            assertEquals(expected[r], froc.sensitivity(Froc.RATES.get(r)).orElseThrow(), 1e-8);
        }
        assertEquals(0.23308270676691728, froc.cpm().orElseThrow(), 1e-12);
        final Froc.Point last = froc.points().get(froc.points().size() - 1);
        assertEquals(18, last.falsePositives(), 1e-12);
        assertEquals(0.7894736842105263, last.sensitivity(), 1e-12);
    }

    /** By hand: two images, four lesions, one missed; scores from the top: right, wrong, right and wrong together, right. */
    @Test
    void interpolatesBetweenPoints() {
        final Froc froc = Froc.of(List.of(new Froc.Image(new double[]{0.9, 0.7}, new double[]{0.8}),
            new Froc.Image(new double[]{0.6, 0}, new double[]{0.7})));
        assertEquals(List.of(new Froc.Point(0.9, 0, 0.25), new Froc.Point(0.8, 0.5, 0.25), new Froc.Point(0.7, 1, 0.5),
            new Froc.Point(0.6, 1, 0.75)), froc.points());
        assertEquals(0.25, froc.sensitivity(0.25).orElseThrow());
        assertEquals(0.375, froc.sensitivity(0.75).orElseThrow());
        assertEquals(0.75, froc.sensitivity(1).orElseThrow());
        assertEquals(0.75, froc.sensitivity(8).orElseThrow());
        assertEquals((3 * 0.25 + 4 * 0.75) / 7, froc.cpm().orElseThrow(), 1e-15);
    }

    @Test
    void whatIsNotThereHasNoScore() {
        final Froc none = Froc.of(List.of(new Froc.Image(new double[0], new double[]{0.5})));
        assertEquals(OptionalDouble.empty(), none.cpm());
        assertEquals(OptionalDouble.of(0), Froc.of(List.of(new Froc.Image(new double[]{0}, new double[0]))).cpm());
        assertThrows(IllegalArgumentException.class, () -> Froc.of(List.of()));
    }

    @Property(tries = 50)
    void risesAndDoesNotDependOnTheOrderOfImages(@ForAll final int seed) {
        final Random random = new Random(seed);
        final List<Froc.Image> images = new ArrayList<>();
        for (int m = 0; m < 4; m++) {
            images.add(new Froc.Image(random.doubles(1 + random.nextInt(4)).map(s -> s < 0.3 ? 0 : s).toArray(),
                random.doubles(random.nextInt(6)).map(s -> s + 1e-9).toArray()));
        }
        final Froc froc = Froc.of(images);
        double before = 0;
        for (double rate = 0; rate < 4; rate += 0.125) {
            final double sensitivity = froc.sensitivity(rate).orElseThrow();
            assertTrue(sensitivity >= before && sensitivity <= 1);
            before = sensitivity;
        }
        Collections.reverse(images);
        assertEquals(froc.points(), Froc.of(images).points());
    }
}
