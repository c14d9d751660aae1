package org.scanbridge.learning.method;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;

/**
 * Options of {@link DomainAdaptation}. Start from {@link #of}.
 *
 * @param segmentation options of the segmentation loss, sampling and optimizer; half of each batch comes from the source
 *            sites, half from the target sites. Its foreground fraction is not used, see {@link DomainAdversarialTraining}
 * @param sourceSites sites whose labels are used; empty for all sites whose training cases are all labeled, provided that
 *            others are not
 * @param terms what is minimized beside the segmentation loss; may be none when target labels are used
 * @param targetLabels whether labels of target sites are used where there are some; else they are never read
 * @param averagedFraction the result has the mean of the weights over this last part of the steps, in [0, 1]; 0 for the
 *            last step's weights
 * @param afterwards what follows the training
 * @param tent how, if {@link Afterwards#TENT} follows; its number of patches also for {@link Afterwards#ADABN}
 * @param norms whether each site has batch normalization of its own
 */
public record DomainAdaptationOptions(SegmentationOptions segmentation, List<String> sourceSites,
    List<AdaptationTerm> terms, boolean targetLabels, double averagedFraction, Afterwards afterwards, TentOptions tent,
    Norms norms) {

    /**
     * Domain-specific batch normalization (Chang et al., CVPR 2019).
     *
     * @param perSite whether each site has its own statistics, scales and shifts; else all share one set
     * @param resultSite the site whose network is the result; blank for the only target site. Unused if shared
     */
    public record Norms(boolean perSite, String resultSite) {

        /** One set for all. */
        public static final Norms SHARED = new Norms(false, "");

        /** Strips the site. */
        public Norms {
            resultSite = resultSite == null ? "" : resultSite.strip();
        }
    }

    /** What follows a training. */
    public enum Afterwards {
        /** Nothing. */
        NOTHING,
        /** The target's statistics for batch normalization. */
        ADABN,
        /** Tent, and the target's statistics for batch normalization. */
        TENT
    }

    /** With one set of norms for all sites. */
    public DomainAdaptationOptions(final SegmentationOptions segmentation, final List<String> sourceSites,
        final List<AdaptationTerm> terms, final boolean targetLabels, final double averagedFraction,
        final Afterwards afterwards, final TentOptions tent) {
        this(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards, tent, Norms.SHARED);
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public DomainAdaptationOptions {
        sourceSites = List.copyOf(sourceSites);
        terms = List.copyOf(terms);
        Objects.requireNonNull(afterwards, "afterwards");
        Objects.requireNonNull(tent, "tent");
        Objects.requireNonNull(norms, "norms");
        if (!(averagedFraction >= 0 && averagedFraction <= 1)) {
            throw new IllegalArgumentException("Averaged fraction " + averagedFraction + ": 0 to 1.");
        }
        if (segmentation.batch() % 2 != 0) {
            throw new IllegalArgumentException("Batch size " + segmentation.batch()
                + ": must be even, half of it comes from the target sites.");
        }
    }

    /**
     * Terms on top of what is right for domain-adversarial training: 400 steps at 5e-4 from a network trained on the
     * source sites, Adam with β₁ 0.5, the weights averaged over the last quarter. No target labels, nothing afterwards.
     */
    public static DomainAdaptationOptions of(final AdaptationTerm... terms) {
        final DomainAdversarialOptions like = DomainAdversarialOptions.defaults();
        final SegmentationOptions segmentation = like.segmentation();
        return new DomainAdaptationOptions(
            segmentation.withOptimizer(segmentation.optimizer().withBeta1(like.beta1())), List.of(), List.of(terms), false,
            like.averagedFraction(), Afterwards.NOTHING, TentOptions.defaults());
    }

    /** The same with other segmentation options. */
    public DomainAdaptationOptions withSegmentation(final SegmentationOptions value) {
        return new DomainAdaptationOptions(value, sourceSites, terms, targetLabels, averagedFraction, afterwards, tent,
            norms);
    }

    /** The same with other source sites. */
    public DomainAdaptationOptions withSourceSites(final List<String> value) {
        return new DomainAdaptationOptions(segmentation, value, terms, targetLabels, averagedFraction, afterwards, tent,
            norms);
    }

    /** The same with or without target labels. */
    public DomainAdaptationOptions withTargetLabels(final boolean value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, value, averagedFraction, afterwards, tent,
            norms);
    }

    /** The same with another averaged part. */
    public DomainAdaptationOptions withAveragedFraction(final double value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, value, afterwards, tent,
            norms);
    }

    /** The same with something else afterwards. */
    public DomainAdaptationOptions withAfterwards(final Afterwards value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, value, tent,
            norms);
    }

    /** The same with another Tent. */
    public DomainAdaptationOptions withTent(final TentOptions value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            value, norms);
    }

    /** The same with other norms. */
    public DomainAdaptationOptions withNorms(final Norms value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            tent, value);
    }

    /** Name of the method: {@code wasserstein + consistency, then adabn}. */
    public String method() {
        final String together = terms.isEmpty() ? "joint training"
            : terms.stream().map(t -> t.title().toLowerCase(Locale.ROOT)).collect(Collectors.joining(" + "));
        return together + (targetLabels && !terms.isEmpty() ? " + target labels" : "")
            + (norms.perSite() ? " + norms per site" : "")
            + (afterwards == Afterwards.NOTHING ? "" : ", then " + afterwards.name().toLowerCase(Locale.ROOT));
    }

    /** What a step measures beside what all trainings do, by the names of the curve. */
    public List<String> measured() {
        final Set<String> names = new LinkedHashSet<>();
        for (final AdaptationTerm term : terms) {
            if (!(term instanceof GradientReversalTerm)) {
                names.add(term.metric());
            }
            if (term instanceof CriticTerm) {
                names.add(CriticTerm.CRITIC_METRIC);
            }
        }
        if (afterwards == Afterwards.TENT) {
            names.add(EntropyTerm.defaults().metric());
        }
        return List.copyOf(names);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(segmentation.asMap());
        map.put("sourceSites", sourceSites.toString());
        for (final AdaptationTerm term : terms) {
            term.asMap().forEach((name, value) -> map.put(term.title() + '.' + name, value));
        }
        map.put("targetLabels", "" + targetLabels);
        map.put("averagedFraction", "" + averagedFraction);
        map.put("afterwards", afterwards.name());
        if (norms.perSite()) {
            map.put("normsPerSite", "true");
            map.put("resultSite", norms.resultSite());
        }
        if (afterwards != Afterwards.NOTHING) {
            tent.asMap().forEach((name, value) -> map.put("Tent." + name, value));
        }
        return map;
    }
}
