package org.scanbridge.learning.anomaly;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;

/**
 * Who is not learned from but tells what is normal. Sites take part by their numbers of subjects, as seats of a parliament do by
 * votes (largest remainders), so that the threshold is not one site's by chance: scanners differ in their residuals.
 */
final class HeldOut {

    private HeldOut() {
    }

    /**
     * Draws by the seed from the subjects in the order of their ids, one at least. A subject of several sites counts at the first
     * in alphabetical order.
     *
     * @throws LearningException if there are fewer than two subjects
     */
    static Set<String> of(final List<HealthyCase> cases, final AnomalyOptions options) {
        final Map<String, String> sites = cases.stream().collect(Collectors.toMap(HealthyCase::subject, HealthyCase::site,
            (a, b) -> a.compareTo(b) <= 0 ? a : b, TreeMap::new));
        final List<String> subjects = List.copyOf(sites.keySet());
        if (subjects.size() < 2) {
            throw new LearningException("The images are of " + (subjects.isEmpty() ? "nobody" : "one subject only")
                + ". At least two healthy subjects are needed: one to learn from, and one that tells how well that went."
                + " Check the subject column, and look whether a filter removed the others.");
        }
        final int[] order = new int[subjects.size()];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        SeededRandom.of(options.seed(), AnomalyTraining.METHOD.hashCode()).shuffle(order);
        final Map<String, Integer> left = seats(sites, options.heldOut());
        final Set<String> heldOut = new TreeSet<>();
        for (final int n : order) {
            final String subject = subjects.get(n);
            if (left.merge(sites.get(subject), -1, Integer::sum) >= 0) {
                heldOut.add(subject);
            }
        }
        return heldOut;
    }

    /** How many subjects of each site are held out. */
    private static Map<String, Integer> seats(final Map<String, String> sites, final double share) {
        final Map<String, Long> sizes = sites.values().stream().collect(Collectors.groupingBy(s -> s, TreeMap::new,
            Collectors.counting()));
        final int all = (int)Math.max(1, Math.min(sites.size() - 1, Math.round(share * sites.size())));
        final Map<String, Integer> seats = new HashMap<>();
        final Map<String, Double> remainders = new TreeMap<>();
        sizes.forEach((site, size) -> {
            final double part = (double)all * size / sites.size();
            seats.put(site, (int)part);
            remainders.put(site, part - (int)part);
        });
        final int more = all - seats.values().stream().mapToInt(Integer::intValue).sum();
        remainders.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).limit(more)
            .forEach(e -> seats.merge(e.getKey(), 1, Integer::sum));
        return seats;
    }
}
