package org.scanbridge.learning.method;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

/** Which sites are sources, whose labels teach, and which are targets. */
final class SiteRoles {

    private SiteRoles() {
    }

    /**
     * The sites whose labels may be used.
     *
     * @param cases all cases
     * @param given the source sites; empty for all sites whose training cases are all labeled, provided that others are not
     * @throws LearningException if there is only one site, a source site has no labels, or no site is left as a target
     */
    static Set<String> sources(final List<TrainingCase> cases, final List<String> given) {
        final List<TrainingCase> training = cases.stream().filter(c -> c.role() == Role.TRAIN).toList();
        final Set<String> all = sites(training);
        if (all.size() < 2) {
            throw new LearningException("The training cases are from "
                + (all.isEmpty() ? "no site" : "one site only, " + all) + ". Adaptation needs labeled cases of a source site and cases of a target site: check the site column.");
        }
        final Set<String> sources = named(training, given);
        for (final String site : sources) {
            if (training.stream().noneMatch(c -> c.site().equals(site) && c.labeled())) {
                throw new LearningException("The source site " + site
                    + " has no training case with a segmentation; the sites are " + all
                    + ". Choose another source site, or add segmentations.");
            }
        }
        if (sources.isEmpty() || sources.containsAll(all)) {
            throw new LearningException((sources.isEmpty() ? "No site has segmentations for all its training cases"
                : "All sites (" + all + ") are source sites") + ". Name the source sites; all other sites are targets.");
        }
        return sources;
    }

    /**
     * The sites to adapt to, for methods that look at nothing else.
     *
     * @param given the source sites, as for {@link #sources}, but there may be none
     * @throws LearningException if no site is left as a target
     */
    static Set<String> targets(final List<TrainingCase> cases, final List<String> given) {
        final List<TrainingCase> training = cases.stream().filter(c -> c.role() == Role.TRAIN).toList();
        final Set<String> targets = sites(training);
        targets.removeAll(named(training, given));
        if (targets.isEmpty()) {
            throw new LearningException("The training cases are of the source sites only, " + sites(training)
                + ". Add images of the target site, or name another source site.");
        }
        return targets;
    }

    /** Unlabeled source cases teach nothing that the target's do not; target cases only serve to train. */
    static boolean isUsed(final TrainingCase c, final Set<String> sources) {
        return sources.contains(c.site()) ? c.labeled() : c.role() == Role.TRAIN;
    }

    private static Set<String> sites(final List<TrainingCase> training) {
        return training.stream().map(TrainingCase::site).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(final List<TrainingCase> training, final List<String> given) {
        final Set<String> sources = new TreeSet<>(given);
        if (given.isEmpty()) {
            sources.addAll(sites(training));
            training.stream().filter(c -> !c.labeled()).forEach(c -> sources.remove(c.site()));
        }
        return sources;
    }
}
