package org.scanbridge.imaging.split;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Divides subjects into folds for cross-validation: every image of a subject is in one fold, and the folds of a site differ
 * by at most one subject, as do the folds of all subjects together. Who is where depends on the seed and on the set of subjects and sites, not on
 * their order. A subject with several sites counts for the first of them in alphabetical order.
 *
 * @param folds by subject id, from 1 on
 */
public record SubjectFolds(Map<String, Integer> folds) {

    /** Copies the map. */
    public SubjectFolds {
        folds = Collections.unmodifiableSortedMap(new TreeMap<>(folds));
    }

    /**
     * @param subjects a subject may be listed several times
     * @param count number of folds, at least 2
     * @param seed which of the possible divisions
     * @throws IllegalArgumentException if there are fewer subjects than folds
     */
    public static SubjectFolds of(final Collection<SubjectSplit.Subject> subjects, final int count, final long seed) {
        if (count < 2) {
            throw new IllegalArgumentException("number of folds " + count + " must be at least 2");
        }
        final Map<String, String> siteOf = new TreeMap<>();
        subjects.forEach(s -> siteOf.merge(s.id(), s.site(), (a, b) -> a.compareTo(b) <= 0 ? a : b));
        if (siteOf.size() < count) {
            throw new IllegalArgumentException("there are " + siteOf.size() + " subject(s) for " + count
                + " folds. Add subjects, or ask for fewer folds");
        }
        final SortedMap<String, SortedSet<String>> sites = new TreeMap<>();
        siteOf.forEach((id, site) -> sites.computeIfAbsent(site, k -> new TreeSet<>()).add(id));
        final Map<String, Integer> folds = new TreeMap<>();
        // Dealt like cards, each site going on where the last one ended, so that small sites do not all fill the first folds.
        int next = 0;
        for (final Map.Entry<String, SortedSet<String>> site : sites.entrySet()) {
            final List<String> ids = new ArrayList<>(site.getValue());
            final int[] order = new int[ids.size()];
            for (int s = 0; s < order.length; s++) {
                order[s] = s;
            }
            SeededRandom.of(seed, site.getKey().hashCode(), count).shuffle(order);
            for (final int s : order) {
                folds.put(ids.get(s), 1 + next++ % count);
            }
        }
        return new SubjectFolds(folds);
    }

    /**
     * The fold of a subject, from 1 on.
     *
     * @throws IllegalArgumentException if the subject was not divided
     */
    public int fold(final String subject) {
        final Integer fold = folds.get(subject);
        if (fold == null) {
            throw new IllegalArgumentException("subject " + subject + " was not among those divided into folds");
        }
        return fold;
    }
}
