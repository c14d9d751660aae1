package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

/**
 * Images of the new site that a network is judged on while it is adapted.
 *
 * @param images of one subject
 * @param site where they come from
 */
public record JudgedImages(ChannelImages images, String site) {

    /** More would take longer and stay in memory, and tell little more. */
    public static final int MOST = 3;

    /**
     * At most {@value #MOST} training cases of target sites: the sites take turns, each with its subjects in alphabetical order,
     * so that the order of subjects and sites has no effect. Second images of subjects come after the first of all, in the order of
     * the rows, which is all that tells them apart.
     *
     * @param cases all cases
     * @param sources sites that are no targets
     */
    public static List<JudgedImages> of(final List<TrainingCase> cases, final Set<String> sources) {
        return chosen(cases, sources).stream().map(c -> new JudgedImages(c.images(), c.site())).toList();
    }

    /** The cases of {@link #of}, whose images are not read. */
    public static List<TrainingCase> chosen(final List<TrainingCase> cases, final Set<String> sources) {
        final Map<String, List<TrainingCase>> bySite = new LinkedHashMap<>();
        cases.stream().filter(c -> c.role() == Role.TRAIN && !sources.contains(c.site()))
            .sorted(Comparator.comparing(TrainingCase::site).thenComparing(TrainingCase::subject))
            .forEach(c -> bySite.computeIfAbsent(c.site(), s -> new ArrayList<>()).add(c));
        bySite.replaceAll((site, all) -> subjectsInTurn(all));
        final List<TrainingCase> chosen = new ArrayList<>();
        for (int turn = 0; chosen.size() < MOST; turn++) {
            final int now = turn;
            final List<TrainingCase> next = bySite.values().stream().filter(all -> all.size() > now)
                .map(all -> all.get(now)).limit((long)MOST - chosen.size()).toList();
            if (next.isEmpty()) {
                break;
            }
            chosen.addAll(next);
        }
        return List.copyOf(chosen);
    }

    /** The first images of all subjects, then the second ones, and so on. */
    private static List<TrainingCase> subjectsInTurn(final List<TrainingCase> bySubject) {
        final Map<String, Integer> seen = new HashMap<>();
        final SortedMap<Integer, List<TrainingCase>> turns = new TreeMap<>();
        bySubject.forEach(c -> turns.computeIfAbsent(seen.merge(c.subject(), 1, Integer::sum), t -> new ArrayList<>()).add(c));
        return turns.values().stream().flatMap(List::stream).toList();
    }
}
