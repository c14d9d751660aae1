package org.scanbridge.imaging.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SmoothFieldTest {

    private static final int N = 3_000;

    private static float[] places(final SeededRandom random) {
        final float[] places = new float[3 * N];
        for (int p = 0; p < places.length; p++) {
            places[p] = (float)random.uniform(-1, 1);
        }
        return places;
    }

    private static double known(final double x, final double y, final double z) {
        return 0.3 * x - 0.2 * x * y + 0.1 * (5 * z * z * z - 3 * z) / 2 + 0.05 * (3 * y * y - 1) / 2;
    }

    /** A cubic is found exactly, whatever the weights, and the constant does not enter. */
    @Property(tries = 20)
    void findsKnownPolynomial(@ForAll final long seed, @ForAll @IntRange(min = 3, max = 5) final int order) {
        final SeededRandom random = new SeededRandom(seed);
        final float[] places = places(random);
        final float[] values = new float[N];
        final float[] weights = new float[N];
        for (int v = 0; v < N; v++) {
            values[v] = (float)(7 + known(places[3 * v], places[3 * v + 1], places[3 * v + 2]));
            weights[v] = (float)random.uniform(0.5, 20);
        }
        final SmoothField field =
            SmoothField.zero(order).fit(places, values, weights, 0, TaskExecutors.singleThreaded());
        for (int t = 0; t < 20; t++) {
            final double x = random.uniform(-1, 1);
            final double y = random.uniform(-1, 1);
            final double z = random.uniform(-1, 1);
            assertEquals(known(x, y, z), field.at(x, y, z), 1e-4);
        }
    }

    @Test
    void keepsItsValueBeyondTheBox() {
        final SeededRandom random = new SeededRandom(1);
        final float[] places = places(random);
        final float[] values = new float[N];
        final float[] weights = new float[N];
        for (int v = 0; v < N; v++) {
            values[v] = 0.5f * places[3 * v];
            weights[v] = 1;
        }
        final SmoothField field = SmoothField.zero(1).fit(places, values, weights, 0, TaskExecutors.singleThreaded());
        assertEquals(0.5, field.at(1, 0, 0), 1e-5);
        assertEquals(0.5, field.at(30, 0, 0), 1e-5);
    }

    @Test
    void nothingToFitIsNoField() {
        assertEquals(0, SmoothField.zero(0).at(0.3, 0.2, 0.1));
        assertEquals(0, SmoothField.zero(2)
            .fit(new float[]{0, 0, 0}, new float[]{5}, new float[]{0}, 1e-3, TaskExecutors.singleThreaded()).at(1, 1, 1));
    }
}
