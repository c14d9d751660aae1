package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Provenance;

/**
 * Which sites a training without source images may look at: all but the source's, whose cases may be there or not. The source
 * is the named site; else, of the sites at hand, those that the network was trained on; else the only one that has
 * segmentations.
 *
 * @param sources the source sites, there or not; empty if nothing tells
 * @param targets the sites to adapt to
 * @param statement what was read of the source, for the provenance
 */
record SourceFreeSites(Set<String> sources, Set<String> targets, String statement) {

    private static final String NONE = "none: no source image and no source segmentation was read";

    private static final String SUPERVISED = "supervised";

    /**
     * @param cases all cases
     * @param given the source sites; empty if they are to be found out
     * @param targetLabels whether segmentations of target sites are used
     * @param network tells where the network comes from
     * @throws LearningException if no site is left as a target, if a named site is unknown where others could be meant, or if
     *             nothing tells which of the sites is the source
     */
    static SourceFreeSites of(final List<TrainingCase> cases, final List<String> given, final boolean targetLabels,
        final Provenance network) {
        final List<TrainingCase> training = cases.stream().filter(c -> c.role() == Role.TRAIN).toList();
        final Set<String> all = sites(training);
        final Set<String> labeled = sites(training.stream().filter(TrainingCase::labeled).toList());
        final Set<String> trained =
            SUPERVISED.equals(network.method()) ? new TreeSet<>(network.sites()) : new TreeSet<>();
        trained.remove("");
        final Set<String> sources =
            given.isEmpty() ? found(all, labeled, targetLabels, trained) : named(given, all, labeled, trained);
        final Set<String> targets = new TreeSet<>(all);
        targets.removeAll(sources);
        if (targets.isEmpty()) {
            throw new LearningException("The training cases are of the source sites only, " + all
                + ", and no source images are to be used. Add images of the target site, or name another source site.");
        }
        return new SourceFreeSites(sources, targets, statement(sources, targets, trained));
    }

    /** Adds what was read of the source to the options of a training. */
    Map<String, String> addStatement(final Map<String, String> options) {
        final Map<String, String> all = new TreeMap<>(options);
        all.put("sourceImages", statement);
        return all;
    }

    private static String statement(final Set<String> sources, final Set<String> targets, final Set<String> trained) {
        final Set<String> again = new TreeSet<>(trained);
        again.retainAll(targets);
        if (!again.isEmpty()) {
            return "images of " + again + " were read, which the network was trained on before"
                + (sources.isEmpty() ? "" : "; none of the source sites " + sources);
        }
        return sources.isEmpty() && trained.isEmpty()
            ? "not known: neither the settings nor the network name the source site; images of " + targets + " were read" : NONE;
    }

    private static Set<String> named(final List<String> given, final Set<String> all, final Set<String> labeled,
        final Set<String> trained) {
        final Set<String> sources = new TreeSet<>(given);
        final Set<String> unknown = new TreeSet<>(given);
        unknown.removeAll(all);
        unknown.removeAll(trained);
        // where all there is may be a target, a source that nothing here knows is just not there
        final Set<String> suspects = new TreeSet<>(trained);
        suspects.retainAll(all);
        if (all.size() > 1) {
            suspects.addAll(labeled);
        }
        suspects.removeAll(given);
        if (!unknown.isEmpty() && !suspects.isEmpty()) {
            throw new LearningException("Source site " + quoted(unknown) + " is not among the sites of the training images, "
                + all + (trained.isEmpty() ? "" : ", nor among those that the network was trained on, " + trained)
                + ", and " + suspects + " may be the source: without source images its rows must be left out. Correct"
                + " \"Source site\"; if the spelling is right, connect images of one target site without segmentations only.");
        }
        return sources;
    }

    private static Set<String> found(final Set<String> all, final Set<String> labeled, final boolean targetLabels,
        final Set<String> trained) {
        final Set<String> here = new TreeSet<>(trained);
        here.retainAll(all);
        if (!here.isEmpty() && here.size() < all.size()) {
            return here;
        }
        final boolean elsewhere = !trained.isEmpty() && here.isEmpty();
        if (labeled.isEmpty() || elsewhere && labeled.size() == all.size()) {
            return Set.of();
        }
        if (!targetLabels && !elsewhere && labeled.size() == 1 && all.size() > 1) {
            return labeled;
        }
        throw new LearningException("No source images are to be used, \"Source site\" is blank, and training images of "
            + labeled + " have segmentations" + (targetLabels ? ", which are to be used for target sites" : "")
            + (elsewhere ? "; the network was trained on " + trained : "")
            + ". Which site is the source cannot be told. Enter it as \"Source site\", also if the table has no row of it.");
    }

    private static Set<String> sites(final List<TrainingCase> cases) {
        return cases.stream().map(TrainingCase::site).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String quoted(final Set<String> sites) {
        return sites.stream().map(s -> '"' + s + '"').collect(Collectors.joining(", "));
    }
}
