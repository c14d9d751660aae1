package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class ImagePoolTest {

    private static float[] patch(final int number) {
        return new float[]{number, -number};
    }

    @Test
    void passesOnAndStoresWhileThereIsRoom() {
        final ImagePool pool = new ImagePool(3, 2);
        for (int n = 1; n <= 3; n++) {
            assertArrayEquals(patch(n), pool.exchange(patch(n), SeededRandom.of(1, n)));
        }
        assertArrayEquals(new float[]{1, -1, 2, -2, 3, -3}, pool.state());
    }

    /** Each patch comes out at most twice: as a new one that was stored, and once more from the store. */
    @Test
    void halfOfThePatchesAreOldAndNoneIsLost() {
        final ImagePool pool = new ImagePool(10, 2);
        final int patches = 4000;
        final Map<Float, Integer> seen = new HashMap<>();
        int old = 0;
        for (int n = 1; n <= patches; n++) {
            final float[] out = pool.exchange(patch(n), SeededRandom.of(5, n));
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
    void goesOnFromItsState() {
        final ImagePool one = new ImagePool(4, 2);
        for (int n = 1; n <= 9; n++) {
            one.exchange(patch(n), SeededRandom.of(2, n));
        }
        final ImagePool other = new ImagePool(4, 2);
        other.restore(one.state());
        for (int n = 10; n <= 40; n++) {
            assertArrayEquals(one.exchange(patch(n), SeededRandom.of(2, n)),
                other.exchange(patch(n), SeededRandom.of(2, n)));
        }
        assertArrayEquals(one.state(), other.state());
    }

    @Test
    void withoutRoomEverythingIsPassedOn() {
        final ImagePool pool = new ImagePool(0, 2);
        assertArrayEquals(new float[]{1, -1, 2, -2}, pool.exchange(new float[]{1, -1, 2, -2}, SeededRandom.of(1)));
        assertEquals(0, pool.state().length);
    }
}
