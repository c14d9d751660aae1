package org.scanbridge.knime.nodes.domainadaptationlearner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.check.JudgedImages;
import org.scanbridge.learning.check.NetworkComparison;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;

/**
 * What the learner says when its network is probably worse than the one it came from.
 *
 * @param cases all cases
 * @param source the source site; blank if there is none
 * @param site the only site that the adapted network is for; empty for all target sites
 * @param trusted whether segmentations of the source may be looked at
 */
record Comparison(List<TrainingCase> cases, String source, Optional<String> site, boolean trusted) {

    static Comparison of(final DomainAdaptationLearnerParameters parameters, final String source,
        final List<TrainingCase> cases) {
        return new Comparison(cases, source, parameters.hasNormsPerSite() && !parameters.m_resultSite.isBlank()
            ? Optional.of(parameters.m_resultSite.strip()) : Optional.empty(), parameters.readsSourceLabels());
    }

    /** @return empty if nothing speaks against the adapted network */
    Optional<String> of(final Network before, final Network after, final Progress progress) {
        // Without source images it is known only now which sites were targets.
        final Set<String> others = new TreeSet<>();
        cases.forEach(c -> others.add(c.site()));
        others.removeIf(s -> !s.equals(source) && after.provenance().sites().contains(s) && site.map(s::equals).orElse(true));
        final List<TrainingCase> images = JudgedImages.chosen(cases, others);
        if (images.isEmpty()) {
            return Optional.empty();
        }
        final List<Supplier<LabelVolume>> segmentations = cases.stream()
            .filter(c -> trusted && c.role() == Role.TRAIN && c.labeled() && c.site().equals(source))
            .map(TrainingCase::labels).toList();
        try {
            final NetworkComparison found = NetworkComparison.of(before, after, images, segmentations,
                (fraction, message) -> progress.report(1, "Comparing with the given network"));
            return found.isHarmful() ? Optional.of(found.words()) : Optional.empty();
        } catch (final OutOfMemoryError e) {
            // The training is done; to lose it for this would be worse.
            return Optional.of("There was not enough memory to compare the adapted network with the given one, so nothing is known"
                + " of whether it is worse. Give Java more memory (-Xmx in knime.ini; SCANBRIDGE_HEAP for scanbridge-batch), or"
                + " judge both with the Adaptation Check.");
        }
    }
}
