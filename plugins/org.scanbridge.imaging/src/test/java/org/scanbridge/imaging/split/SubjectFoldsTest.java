package org.scanbridge.imaging.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SubjectFoldsTest {

    private static List<SubjectSplit.Subject> subjects(final int... sizes) {
        final List<SubjectSplit.Subject> all = new ArrayList<>();
        for (int site = 0; site < sizes.length; site++) {
            for (int n = 0; n < sizes[site]; n++) {
                all.add(new SubjectSplit.Subject("s" + site + "-" + n, "site " + site));
            }
        }
        return all;
    }

    @Property(tries = 200)
    void foldsAreEvenWithinEverySiteAndOverall(@ForAll final long seed, @ForAll @IntRange(min = 2, max = 10) final int count,
        @ForAll @IntRange(min = 0, max = 30) final int a, @ForAll @IntRange(min = 0, max = 30) final int b,
        @ForAll @IntRange(min = 10, max = 30) final int c) {
        final List<SubjectSplit.Subject> all = subjects(a, b, c);
        final SubjectFolds folds = SubjectFolds.of(all, count, seed);
        assertEquals(a + b + c, folds.folds().size());
        for (final String begin : List.of("s", "s0-", "s1-", "s2-")) {
            final int[] sizes = new int[count];
            folds.folds().forEach((id, fold) -> sizes[fold - 1] += id.startsWith(begin) ? 1 : 0);
            int min = Integer.MAX_VALUE;
            int max = 0;
            for (final int size : sizes) {
                min = Math.min(min, size);
                max = Math.max(max, size);
            }
            assertTrue(max - min <= 1, "from " + min + " to " + max + " subjects of " + begin);
        }
    }

    @Property(tries = 100)
    void theOrderOfRowsHasNoEffect(@ForAll final long seed) {
        final List<SubjectSplit.Subject> all = subjects(7, 5);
        final SubjectFolds folds = SubjectFolds.of(all, 4, seed);
        Collections.reverse(all);
        all.add(all.get(0));
        assertEquals(folds, SubjectFolds.of(all, 4, seed));
    }

    @Test
    void theSeedHas() {
        assertNotEquals(SubjectFolds.of(subjects(20), 5, 1), SubjectFolds.of(subjects(20), 5, 2));
    }

    @Test
    void aTravelerIsInOneFold() {
        final List<SubjectSplit.Subject> all = subjects(3, 3);
        all.add(new SubjectSplit.Subject("s1-0", "site 0"));
        final SubjectFolds folds = SubjectFolds.of(all, 3, 1);
        assertEquals(6, folds.folds().size());
        // he counts for site 0, which then has four, two of them in one fold
        final Set<Integer> others = new TreeSet<>(List.of(folds.fold("s1-1"), folds.fold("s1-2")));
        assertEquals(2, others.size());
    }

    @Test
    void tooFewSubjectsAreRefused() {
        final IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> SubjectFolds.of(subjects(2, 1), 4, 1));
        assertEquals("there are 3 subject(s) for 4 folds. Add subjects, or ask for fewer folds", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> SubjectFolds.of(subjects(9), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> SubjectFolds.of(subjects(9), 3, 1).fold("nobody"));
    }
}
