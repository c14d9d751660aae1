package org.scanbridge.imaging.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SubjectSplitTest {

    private static List<SubjectSplit.Subject> subjects(final String site, final int count) {
        final List<SubjectSplit.Subject> subjects = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            subjects.add(new SubjectSplit.Subject(site + n, site));
        }
        return subjects;
    }

    @Property(tries = 200)
    void everySubjectIsOnOneSideInTheRightShare(@ForAll final long seed,
        @ForAll @IntRange(min = 3, max = 60) final int a, @ForAll @IntRange(min = 3, max = 60) final int b,
        @ForAll @DoubleRange(min = 0.05, max = 1) final double training,
        @ForAll @DoubleRange(min = 0.05, max = 1) final double test) {
        final List<SubjectSplit.Subject> all = subjects("A", a);
        all.addAll(subjects("B", b));
        final SubjectSplit split = SubjectSplit.of(all, Proportions.fractions(training, 0.2, test), seed);
        final Set<String> seen = new HashSet<>();
        for (final Part part : Part.values()) {
            assertTrue(Collections.disjoint(seen, split.subjects(part)));
            seen.addAll(split.subjects(part));
        }
        assertEquals(a + b, seen.size());
        for (final String site : List.of("A", "B")) {
            final int n = "A".equals(site) ? a : b;
            for (final Part part : Part.values()) {
                final double share = switch (part) {
                    case TRAINING -> training;
                    case VALIDATION -> 0.2;
                    case TEST -> test;
                } / (training + 0.2 + test);
                final long got = split.subjects(part).stream().filter(s -> s.startsWith(site)).count();
                assertTrue(got >= 1, part + " of " + site + " is empty");
                // ±1 item, or what lifting an empty part to one subject takes from the largest.
                assertTrue(Math.abs(got - share * n) <= 2, part + " of " + site + ": " + got + " for " + share * n);
            }
        }
    }

    @Test
    void fractionsRoundByLargestRemainder() {
        assertArrayEquals(new int[]{6, 2, 2}, Proportions.fractions(.6, .2, .2).numbers("Site A", "subject", 10));
        assertArrayEquals(new int[]{3, 1, 1}, Proportions.fractions(.6, .2, .2).numbers("Site A", "subject", 5));
        assertArrayEquals(new int[]{1, 1, 1}, Proportions.fractions(.9, .05, .05).numbers("Site A", "subject", 3));
        assertArrayEquals(new int[]{5, 0, 2}, Proportions.fractions(.7, 0, .3).numbers("Site A", "subject", 7));
        assertArrayEquals(new int[]{12, 4, 6}, Proportions.fractions(12, 4, 6).numbers("Site A", "subject", 22));
    }

    @Test
    void countsAreMetAndTheRestTrains() {
        assertArrayEquals(new int[]{6, 4, 6}, Proportions.counts(6, 4, 6).numbers("Site A", "subject", 16));
        assertArrayEquals(new int[]{12, 4, 6}, Proportions.counts(6, 4, 6).numbers("Site A", "subject", 22));
    }

    @Test
    void seedAndSubjectsDecideNotTheOrder() {
        final List<SubjectSplit.Subject> all = subjects("A", 20);
        all.addAll(subjects("B", 20));
        final SubjectSplit split = SubjectSplit.of(all, Proportions.fractions(.5, .2, .3), 1);
        Collections.shuffle(all, new Random(1));
        assertEquals(split, SubjectSplit.of(all, Proportions.fractions(.5, .2, .3), 1));
        assertNotEquals(split, SubjectSplit.of(all, Proportions.fractions(.5, .2, .3), 2));
        // A site more does not move the others' subjects.
        all.addAll(subjects("C", 20));
        final SubjectSplit three = SubjectSplit.of(all, Proportions.fractions(.5, .2, .3), 1);
        split.parts().forEach((id, part) -> assertEquals(part, three.part(id)));
    }

    @Test
    void severalImagesOfASubjectCountOnce() {
        final List<SubjectSplit.Subject> all = subjects("A", 4);
        all.addAll(subjects("A", 4));
        final SubjectSplit split = SubjectSplit.of(all, Proportions.counts(2, 1, 1), 9);
        assertEquals(4, split.parts().size());
        assertEquals(2, split.subjects(Part.TRAINING).size());
    }

    /** Ten people at A, seven at B, five who were at both: all images of a person are on one side. */
    @Property(tries = 50)
    void travelersStayTogether(@ForAll final long seed, @ForAll @IntRange(min = 0, max = 7) final int b) {
        final List<SubjectSplit.Subject> all = subjects("A", 10);
        all.addAll(subjects("B", b));
        for (int t = 0; t < 5; t++) {
            all.add(new SubjectSplit.Subject("T" + t, "B"));
            all.add(new SubjectSplit.Subject("T" + t, "A"));
        }
        final Proportions proportions = Proportions.fractions(.6, .2, .2);
        final SubjectSplit split = SubjectSplit.keepingTogether(all, proportions, seed);
        assertEquals(15 + b, split.parts().size());
        // 0.6, 0.2, 0.2 of fifteen at A; a B that is too small to be divided joins A.
        final int withA = b < 3 ? 15 + b : 15;
        final int[] expected = proportions.numbers("Site A", "subject", withA);
        for (final Part part : Part.values()) {
            assertEquals(expected[part.ordinal()],
                split.subjects(part).stream().filter(s -> withA > 15 || !s.startsWith("B")).count(), part.toString());
        }
        final var travelers = SubjectSplit.travelers(all);
        assertEquals(5, travelers.size());
        assertEquals(Set.of("A", "B"), travelers.get("T3"));
        Collections.shuffle(all, new Random(seed));
        assertEquals(split, SubjectSplit.keepingTogether(all, proportions, seed));
    }

    /** Where nobody traveled, both rules give the same split. */
    @Test
    void withoutTravelersNothingChanges() {
        final List<SubjectSplit.Subject> all = subjects("A", 20);
        all.addAll(subjects("B", 9));
        assertEquals(SubjectSplit.of(all, Proportions.fractions(.5, .2, .3), 1),
            SubjectSplit.keepingTogether(all, Proportions.fractions(.5, .2, .3), 1));
        assertTrue(SubjectSplit.travelers(all).isEmpty());
    }

    @Test
    void refusesSplitsThatCannotBe() {
        final IllegalArgumentException few = assertThrows(IllegalArgumentException.class,
            () -> SubjectSplit.of(subjects("A", 2), Proportions.fractions(.6, .2, .2), 1));
        assertTrue(few.getMessage().contains("Site A has 2"), few.getMessage());
        assertThrows(IllegalArgumentException.class,
            () -> SubjectSplit.of(subjects("A", 9), Proportions.counts(6, 2, 2), 1));
        assertThrows(IllegalArgumentException.class,
            () -> SubjectSplit.of(List.of(), Proportions.fractions(1, 1, 1), 1));
        final List<SubjectSplit.Subject> twoSites =
            List.of(new SubjectSplit.Subject("s1", "A"), new SubjectSplit.Subject("s1", "B"));
        assertThrows(IllegalArgumentException.class,
            () -> SubjectSplit.of(twoSites, Proportions.fractions(1, 0, 0), 1));
        assertThrows(IllegalArgumentException.class, () -> new SubjectSplit.Subject("", "A"));
        assertThrows(IllegalArgumentException.class, () -> Proportions.fractions(-1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Proportions.fractions(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Proportions(1.5, 1, 1, true));
        assertThrows(IllegalArgumentException.class,
            () -> SubjectSplit.of(subjects("A", 3), Proportions.fractions(1, 1, 1), 1).part("B0"));
    }
}
