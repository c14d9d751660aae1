package org.scanbridge.learning.anomaly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.LearningException;

class HeldOutTest {

    private static List<HealthyCase> cases(final int... sizes) {
        final List<HealthyCase> cases = new ArrayList<>();
        for (int site = 0; site < sizes.length; site++) {
            for (int n = 0; n < sizes[site]; n++) {
                cases.add(new HealthyCase(() -> {
                    throw new IllegalStateException("nobody has to look");
                }, Optional.empty(), "s" + site + "-" + n, "site " + site));
            }
        }
        return cases;
    }

    private static Set<String> heldOut(final double share, final long seed, final int... sizes) {
        return HeldOut.of(cases(sizes), AnomalyOptions.defaults().withHeldOut(share).withSeed(seed));
    }

    private static List<Long> bySite(final Set<String> subjects, final int sites) {
        final List<Long> counts = new ArrayList<>();
        for (int site = 0; site < sites; site++) {
            final String begin = "s" + site + "-";
            counts.add(subjects.stream().filter(s -> s.startsWith(begin)).count());
        }
        return counts;
    }

    /** Whatever the seed; by hand, by largest remainders. */
    @Test
    void everySiteTakesPartByItsSize() {
        for (long seed = 0; seed < 50; seed++) {
            assertEquals(List.of(3L, 3L), bySite(heldOut(0.25, seed, 12, 12), 2));
            assertEquals(List.of(4L, 1L), bySite(heldOut(0.25, seed, 16, 4), 2));
            // 4 of 17: shares 2.35, 0.94, 0.71
            assertEquals(List.of(2L, 1L, 1L), bySite(heldOut(0.25, seed, 10, 4, 3), 3));
            // 6 of 7
            assertEquals(List.of(4L, 2L), bySite(heldOut(0.9, seed, 5, 2), 2));
            assertEquals(1, heldOut(0.01, seed, 1, 1).size());
        }
    }

    @Test
    void whoItIsDependsOnTheSeedAndNotOnTheOrder() {
        final List<HealthyCase> turned = cases(8, 8);
        Collections.reverse(turned);
        assertEquals(heldOut(0.25, 3, 8, 8), HeldOut.of(turned, AnomalyOptions.defaults().withHeldOut(0.25).withSeed(3)));
        assertNotEquals(heldOut(0.25, 3, 8, 8), heldOut(0.25, 4, 8, 8));
    }

    /** Of a subject with images of two sites, all are held out or none. */
    @Test
    void aSubjectCountsOnce() {
        final List<HealthyCase> cases = cases(4, 4);
        cases.add(new HealthyCase(cases.get(0).image(), Optional.empty(), "s0-0", "site 1"));
        assertEquals(heldOut(0.5, 1, 4, 4), HeldOut.of(cases, AnomalyOptions.defaults().withHeldOut(0.5).withSeed(1)));
    }

    @Test
    void oneSubjectIsTooFew() {
        assertThrows(LearningException.class, () -> heldOut(0.5, 1, 1));
        assertThrows(LearningException.class, () -> heldOut(0.5, 1));
    }
}
