package org.scanbridge.learning.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;

class SiteClassificationTest {

    /** Rows of sites A (twice as many), B and C; two rows per subject. */
    private static List<String> sites() {
        final List<String> sites = new ArrayList<>();
        for (int r = 0; r < 48; r++) {
            sites.add(r < 24 ? "A" : r < 36 ? "B" : "C");
        }
        return sites;
    }

    private static List<String> subjects() {
        final List<String> subjects = new ArrayList<>();
        for (int r = 0; r < 48; r++) {
            subjects.add("s" + r / 2);
        }
        return subjects;
    }

    /** Noise that a subject's rows share, and what the site adds. */
    private static double[][] features(final double siteEffect) {
        final SeededRandom random = new SeededRandom(4);
        final double[][] features = new double[48][3];
        for (int r = 0; r < 48; r++) {
            for (int f = 0; f < 3; f++) {
                features[r][f] = r % 2 == 1 ? features[r - 1][f] : random.nextGaussian() + siteEffect * sites().get(r).charAt(0);
            }
        }
        return features;
    }

    /** What every row tells is told every time, and no permutation does as well: p = 1/(1 + 39). */
    @Test
    void sitesFarApartAreTold() {
        final SiteClassification.Outcome outcome =
            new SiteClassification(sites(), subjects(), 4, 1).of(training -> features(100), 39, Progress.NONE);
        assertEquals(1, outcome.accuracy());
        assertEquals(1.0 / 3, outcome.chance());
        assertEquals(1.0 / 40, outcome.p());
        assertEquals(1.0 / 3, outcome.permuted(), 0.1);
    }

    /** Rows of a subject are alike; a forest that had seen one of them would tell the other's site. */
    @Test
    void withoutAnEffectTheAccuracyIsChance() {
        final SiteClassification.Outcome outcome =
            new SiteClassification(sites(), subjects(), 4, 1).of(training -> features(0), 39, Progress.NONE);
        // 24 subjects: standard deviation about 0.1
        assertEquals(1.0 / 3, outcome.accuracy(), 0.4);
        assertTrue(outcome.p() > 0.025, outcome.toString());
    }

    /** A forest that saw the rows that it is tested on would be right. */
    @Test
    void whatIsTestedIsNotLearnedFrom() {
        final Set<String> asked = new HashSet<>();
        final List<int[]> seen = new ArrayList<>();
        new SiteClassification(sites(), subjects(), 4, 1).of(training -> {
            seen.add(training);
            Arrays.stream(training).forEach(r -> asked.add(seen.size() + "/" + r));
            return features(0);
        }, 0, Progress.NONE);
        assertEquals(4, seen.size());
        for (int r = 0; r < 48; r++) {
            final int row = r;
            final long folds = seen.stream().filter(t -> Arrays.binarySearch(t, row) >= 0).count();
            assertEquals(3, folds, "each row is tested once");
            for (int fold = 1; fold <= 4; fold++) {
                assertEquals(asked.contains(fold + "/" + r / 2 * 2), asked.contains(fold + "/" + (r / 2 * 2 + 1)), "a subject was torn apart");
            }
        }
    }

    /** Subjects of one site each keep their rows together; travelers keep their sites. */
    @Test
    void permutationsDealSubjectsNotRows() {
        final SiteClassification whole = new SiteClassification(sites(), subjects(), 4, 1);
        for (int p = 0; p < 20; p++) {
            final int[] dealt = whole.permuted(p);
            for (int r = 0; r < 48; r += 2) {
                assertEquals(dealt[r], dealt[r + 1]);
            }
            assertArrayEquals(new int[]{24, 12, 12}, counts(dealt));
        }
        final List<String> visited = new ArrayList<>();
        for (int r = 0; r < 48; r++) {
            visited.add(r % 2 == 0 ? "A" : "B");
        }
        final SiteClassification travelers = new SiteClassification(visited, subjects(), 4, 1);
        int exchanged = 0;
        for (int p = 0; p < 20; p++) {
            final int[] dealt = travelers.permuted(p);
            for (int r = 0; r < 48; r += 2) {
                assertEquals(1, dealt[r] + dealt[r + 1], "each has been at both sites");
                exchanged += dealt[r];
            }
        }
        // 480 coins: 240 ± 11
        assertEquals(240, exchanged, 70);
    }

    private static int[] counts(final int... sites) {
        final int[] counts = new int[3];
        Arrays.stream(sites).forEach(s -> counts[s]++);
        return counts;
    }

    /** Without permutations there is no p-value. */
    @Test
    void permutationsCanBeLeftOut() {
        final SiteClassification.Outcome outcome =
            new SiteClassification(sites(), subjects(), 4, 1).of(training -> features(100), 0, Progress.NONE);
        assertEquals(1, outcome.accuracy());
        assertTrue(Double.isNaN(outcome.p()) && Double.isNaN(outcome.permuted()));
    }

    @Test
    void refusesWhatCannotBeTested() {
        refused(List.of("A", "A", "A"), List.of("1", "2", "3"), 2, "one site, A");
        refused(List.of("A", "A", "B", "B"), List.of("1", "2", "3", "3"), 2, "Site B has one subject");
        refused(List.of("A", "A", "B", "B"), List.of("1", "2", "3", "4"), 5, "4 subjects for 5 folds");
    }

    private static void refused(final List<String> sites, final List<String> subjects, final int folds, final String words) {
        final String message = assertThrows(LearningException.class, () -> new SiteClassification(sites, subjects, folds, 1))
            .getMessage();
        assertTrue(message.contains(words), message);
    }
}
