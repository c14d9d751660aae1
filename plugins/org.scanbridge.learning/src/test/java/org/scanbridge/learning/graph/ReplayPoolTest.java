package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class ReplayPoolTest {

    private static final int CAPACITY = 4;

    /** Two patches of three voxels, which say of what step and slot they are. */
    private static float[] generated(final int step) {
        return new float[]{step, 0, step, step, 1, step};
    }

    private static IntFunction<SeededRandom> randomness(final int step) {
        return slot -> SeededRandom.of(11, step, slot, 3);
    }

    private static IntFunction<SeededRandom> one(final SeededRandom random) {
        return slot -> random;
    }

    private static ReplayPool pool() {
        return new ReplayPool(CAPACITY, 3);
    }

    @Test
    void keepsAndShowsEverythingWhileThereIsRoom() {
        final ReplayPool pool = pool();
        assertArrayEquals(generated(1), pool.exchange(generated(1), randomness(1)));
        assertArrayEquals(generated(2), pool.exchange(generated(2), randomness(2)));
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
            final float[] now = pool.exchange(generated(step), randomness(step));
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
            straight.exchange(generated(step), randomness(step));
            if (step <= 4) {
                begun.exchange(generated(step), randomness(step));
            }
        }
        final ReplayPool resumed = pool();
        resumed.exchange(generated(77), randomness(1));
        resumed.restore(begun.state());
        for (int step = 5; step <= 9; step++) {
            resumed.exchange(generated(step), randomness(step));
        }
        assertArrayEquals(straight.state(), resumed.state());
    }

    @Test
    void leavesWhatItIsGivenAlone() {
        final ReplayPool pool = new ReplayPool(1, 3);
        for (int step = 1; step <= 20; step++) {
            final float[] given = generated(step);
            final float[] shown = pool.exchange(given, randomness(step));
            assertArrayEquals(generated(step), given);
            final float[] kept = pool.state();
            shown[0] = -1;
            given[0] = -1;
            assertArrayEquals(kept, pool.state());
        }
    }

    private static float[] patch(final int number) {
        return new float[]{number, -number};
    }

    @Test
    void passesOnAndStoresWhileThereIsRoom() {
        final ReplayPool pool = new ReplayPool(3, 2);
        for (int n = 1; n <= 3; n++) {
            assertArrayEquals(patch(n), pool.exchange(patch(n), one(SeededRandom.of(1, n))));
        }
        assertArrayEquals(new float[]{1, -1, 2, -2, 3, -3}, pool.state());
    }

    /** Each patch comes out at most twice: as a new one that was stored, and once more from the store. */
    @Test
    void halfOfThePatchesAreOldAndNoneIsLost() {
        final ReplayPool pool = new ReplayPool(10, 2);
        final int patches = 4000;
        final Map<Float, Integer> seen = new HashMap<>();
        int old = 0;
        for (int n = 1; n <= patches; n++) {
            final float[] out = pool.exchange(patch(n), one(SeededRandom.of(5, n)));
            assertEquals(out[0], -out[1]);
            seen.merge(out[0], 1, Integer::sum);
            old += out[0] == n ? 0 : 1;
        }
        assertEquals(0.5, (double)old / patches, 0.04, "five standard deviations of a fair coin");
        final float[] state = pool.state();
        assertEquals(20, state.length);
        for (int n = 1; n <= patches; n++) {
            boolean stored = false;
            for (int s = 0; s < state.length; s += 2) {
                stored |= state[s] == n;
            }
            assertTrue(stored || seen.getOrDefault((float)n, 0) >= 1, n + " is lost");
            assertTrue(seen.getOrDefault((float)n, 0) <= (n <= 10 ? 2 : 1), n + " came out again and again");
        }
    }

    @Test
    void goesOnFromItsStateWithOnePatchAStep() {
        final ReplayPool one = new ReplayPool(4, 2);
        for (int n = 1; n <= 9; n++) {
            one.exchange(patch(n), one(SeededRandom.of(2, n)));
        }
        final ReplayPool other = new ReplayPool(4, 2);
        other.restore(one.state());
        for (int n = 10; n <= 40; n++) {
            assertArrayEquals(one.exchange(patch(n), one(SeededRandom.of(2, n))),
                other.exchange(patch(n), one(SeededRandom.of(2, n))));
        }
        assertArrayEquals(one.state(), other.state());
    }

    @Test
    void withoutRoomEverythingIsPassedOn() {
        final ReplayPool pool = new ReplayPool(0, 2);
        assertArrayEquals(new float[]{1, -1, 2, -2}, pool.exchange(new float[]{1, -1, 2, -2}, one(SeededRandom.of(1))));
        assertEquals(0, pool.state().length);
    }
}
