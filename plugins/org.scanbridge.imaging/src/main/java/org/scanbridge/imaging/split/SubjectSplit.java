package org.scanbridge.imaging.split;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Divides subjects into training, validation and test: every image of a subject is on one side, every site is divided
 * in the same proportions. Who goes where depends on the seed and on the set of subjects of the same site, not on their
 * order.
 *
 * @param parts by subject id
 */
public record SubjectSplit(Map<String, Part> parts) {

    /**
     * A subject to place.
     *
     * @param id pseudonymous subject id; not blank
     * @param site its site, possibly empty
     */
    public record Subject(String id, String site) {

        /** @throws IllegalArgumentException if the id is blank: its images could end up on two sides */
        public Subject {
            if (id.isBlank()) {
                throw new IllegalArgumentException(
                    "a subject of site " + site + " has no id; without one, its images could end up in two parts");
            }
        }
    }

    /** Copies the map. */
    public SubjectSplit {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /**
     * @param subjects at least one; a subject may be listed several times, always with the same site
     * @param proportions of every site
     * @param seed which of the possible splits
     * @throws IllegalArgumentException if there is no subject, a subject belongs to two sites, or a site has too few
     */
    public static SubjectSplit of(final Collection<Subject> subjects, final Proportions proportions, final long seed) {
        final SortedMap<String, SortedSet<String>> travelers = travelers(subjects);
        if (!travelers.isEmpty()) {
            final String id = travelers.firstKey();
            throw new IllegalArgumentException("Subject " + id + " belongs to " + sites(travelers.get(id))
                + ". Give different people different subject ids, or keep a subject of several sites together.");
        }
        return keepingTogether(subjects, proportions, seed);
    }

    private static String sites(final Collection<String> sites) {
        return sites.stream().map(s -> "site " + s).collect(Collectors.joining(" and "));
    }

    /** The sites of each subject that is listed with more than one, as people who travel between scanners are. */
    public static SortedMap<String, SortedSet<String>> travelers(final Collection<Subject> subjects) {
        final SortedMap<String, SortedSet<String>> sites = new TreeMap<>();
        subjects.forEach(s -> sites.computeIfAbsent(s.id, k -> new TreeSet<>()).add(s.site));
        sites.values().removeIf(s -> s.size() < 2);
        return sites;
    }

    /**
     * As {@link #of}, but a subject may be listed with several sites: all its images go to one part. It is placed with
     * the first of its sites, in alphabetical order; the other sites divide the rest of their subjects. A site whose rest
     * is too small to be divided is divided together with that first site.
     *
     * @throws IllegalArgumentException if there is no subject, or a site where nobody traveled has too few
     */
    public static SubjectSplit keepingTogether(final Collection<Subject> subjects, final Proportions proportions,
        final long seed) {
        if (subjects.isEmpty()) {
            throw new IllegalArgumentException("there are no subjects to split");
        }
        final Map<String, String> siteOf = new TreeMap<>();
        subjects.forEach(s -> siteOf.merge(s.id, s.site, (a, b) -> a.compareTo(b) <= 0 ? a : b));
        final SortedMap<String, SortedSet<String>> sites = new TreeMap<>();
        siteOf.forEach((id, site) -> sites.computeIfAbsent(site, k -> new TreeSet<>()).add(id));
        joinSmallRests(sites, travelers(subjects), proportions);
        final Map<String, Part> parts = new TreeMap<>();
        sites.forEach((site, ids) -> split(site, List.copyOf(ids), proportions, seed, parts));
        return new SubjectSplit(parts);
    }

    /** From the last site to the first, so that what was joined may be joined again. */
    private static void joinSmallRests(final SortedMap<String, SortedSet<String>> sites,
        final SortedMap<String, SortedSet<String>> travelers, final Proportions proportions) {
        // A site all of whose subjects are placed elsewhere is not among them.
        for (final String site : new TreeSet<>(sites.keySet()).descendingSet()) {
            final Optional<String> first = travelers.values().stream()
                .filter(s -> s.contains(site) && !s.first().equals(site)).map(SortedSet::first).findFirst();
            if (first.isPresent() && sites.get(site).size() < proportions.least()) {
                sites.get(first.get()).addAll(sites.remove(site));
            }
        }
    }

    private static void split(final String site, final List<String> ids, final Proportions proportions,
        final long seed, final Map<String, Part> parts) {
        final int[] numbers = proportions.numbers("Site " + site, "subject", ids.size());
        final int[] order = new int[ids.size()];
        for (int s = 0; s < order.length; s++) {
            order[s] = s;
        }
        // String.hashCode is specified, so the stream of a site is the same everywhere.
        SeededRandom.of(seed, site.hashCode()).shuffle(order);
        int next = 0;
        for (final Part part : Part.values()) {
            for (int n = 0; n < numbers[part.ordinal()]; n++) {
                parts.put(ids.get(order[next++]), part);
            }
        }
    }

    /**
     * The part of a subject.
     *
     * @throws IllegalArgumentException if the subject was not split
     */
    public Part part(final String subject) {
        final Part part = parts.get(subject);
        if (part == null) {
            throw new IllegalArgumentException("subject " + subject + " was not among those split");
        }
        return part;
    }

    /** The ids of a part's subjects, sorted. */
    public List<String> subjects(final Part part) {
        return parts.entrySet().stream().filter(e -> e.getValue() == part).map(Map.Entry::getKey).sorted().toList();
    }
}
