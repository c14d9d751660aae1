package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

class ReplayPoolTest {

    private static final int CAPACITY = 4;

    /** Two patches of three voxels, which say of what step and slot they are. */
    private static float[] generated(final int step) {
        return new float[]{step, 0, step, step, 1, step};
    }

    private static ReplayPool pool() {
        return new ReplayPool(CAPACITY, 3, 11);
    }

    @Test
    void keepsAndShowsEverythingWhileThereIsRoom() {
        final ReplayPool pool = pool();
        assertArrayEquals(generated(1), pool.exchange(generated(1), 1));
        assertArrayEquals(generated(2), pool.exchange(generated(2), 2));
        assertArrayEquals(new float[]{1, 0, 1, 1, 1, 1, 2, 0, 2, 2, 1, 2}, pool.state());
    }

    /** Every patch was shown or is still kept. */
    @Test
    void exchangesPatchesAndLosesNone() {
        final ReplayPool pool = pool();
        final Set<String> shown = new HashSet<>();
        int old = 0;
        final int steps = 1000;
        for (int step = 1; step <= steps; step++) {
            final float[] now = pool.exchange(generated(step), step);
            for (int slot = 0; slot < 2; slot++) {
                assertEquals(now[3 * slot], now[3 * slot + 2], "a patch was cut");
                shown.add(now[3 * slot] + " " + now[3 * slot + 1]);
                old += now[3 * slot] == step && now[3 * slot + 1] == slot ? 0 : 1;
            }
        }
        for (int n = 0; n < CAPACITY; n++) {
            shown.add(pool.state()[3 * n] + " " + pool.state()[3 * n + 1]);
        }
        assertEquals(2 * steps, shown.size(), "patches that were never shown nor are kept");
        // binomial with p = 1/2: 5 standard deviations are 112
        assertEquals(steps, old, 112, "about half of what is shown is not of this step");
    }

    @Test
    void goesOnFromItsState() {
        final ReplayPool straight = pool();
        final ReplayPool begun = pool();
        for (int step = 1; step <= 9; step++) {
            straight.exchange(generated(step), step);
            if (step <= 4) {
                begun.exchange(generated(step), step);
            }
        }
        final ReplayPool resumed = pool();
        resumed.exchange(generated(77), 1);
        resumed.restore(begun.state());
        for (int step = 5; step <= 9; step++) {
            resumed.exchange(generated(step), step);
        }
        assertArrayEquals(straight.state(), resumed.state());
    }

    @Test
    void leavesWhatItIsGivenAlone() {
        final ReplayPool pool = new ReplayPool(1, 3, 1);
        for (int step = 1; step <= 20; step++) {
            final float[] given = generated(step);
            final float[] shown = pool.exchange(given, step);
            assertArrayEquals(generated(step), given);
            final float[] kept = pool.state();
            shown[0] = -1;
            given[0] = -1;
            assertArrayEquals(kept, pool.state());
        }
    }
}
