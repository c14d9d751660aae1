package org.scanbridge.imaging.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StratifiedSplitTest {

    @Property(tries = 100)
    void keepsClassSharesWithinOneItem(@ForAll final long seed, @ForAll @IntRange(min = 30, max = 300) final int n) {
        final Random random = new Random(seed);
        final List<Integer> classes = new ArrayList<>();
        for (int item = 0; item < n; item++) {
            classes.add(item < 15 ? item / 5 : random.nextInt(3));
        }
        final List<Part> parts = StratifiedSplit.of(classes, Proportions.fractions(0.6, 0.2, 0.2), seed);
        for (int label = 0; label < 3; label++) {
            int all = 0;
            final int[] counts = new int[3];
            for (int item = 0; item < n; item++) {
                if (classes.get(item) == label) {
                    all++;
                    counts[parts.get(item).ordinal()]++;
                }
            }
            assertTrue(Math.abs(counts[0] - 0.6 * all) <= 1 && Math.abs(counts[1] - 0.2 * all) <= 1
                && Math.abs(counts[2] - 0.2 * all) <= 1);
        }
    }

    @Test
    void sameSeedSameSplitAndTooFewItemsAreRefused() {
        final List<Integer> classes = List.of(1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
        assertEquals(StratifiedSplit.of(classes, Proportions.fractions(0.6, 0.2, 0.2), 3),
            StratifiedSplit.of(classes, Proportions.fractions(0.6, 0.2, 0.2), 3));
        final IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
            () -> StratifiedSplit.of(List.of(1, 1), Proportions.fractions(0.6, 0.2, 0.2), 3));
        assertTrue(e.getMessage().contains("Class 1 has 2 item"), e.getMessage());
    }
}
