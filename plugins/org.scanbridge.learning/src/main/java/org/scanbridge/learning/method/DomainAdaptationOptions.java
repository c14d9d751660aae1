package org.scanbridge.learning.method;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.scanbridge.learning.graph.AdaptationGraphSpec;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.AnchorTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SynergisticTerm;
import org.scanbridge.learning.train.StepMetrics;

/**
 * Options of {@link DomainAdaptation}. Start from {@link #of}.
 *
 * @param segmentation options of the segmentation loss, sampling and optimizer; half of each batch comes from the source
 *            sites, half from the target sites. Its foreground fraction is used only where a teacher gives labels, see
 *            {@link DomainAdversarialTraining}
 * @param sourceSites sites whose labels are used; empty for all sites whose training cases are all labeled, provided that
 *            others are not; without source images the sites that are left out, see {@link SourceFreeSites}
 * @param terms what is minimized beside the segmentation loss; may be none when target labels are used
 * @param targetLabels whether labels of target sites are used where there are some; else they are never read
 * @param averagedFraction the result has the mean of the weights over this last part of the steps, in [0, 1]; 0 for the
 *            last step's weights
 * @param afterwards what follows the training
 * @param tent how, if {@link Afterwards#TENT} follows; its number of patches also for {@link Afterwards#ADABN}
 * @param norms whether each site has batch normalization of its own
 * @param sourceFree whether nothing but target images (with what a teacher says of them) and the network's weights is used:
 *            then all patches are of target sites, and an {@link AnchorTerm} keeps the network near its start
 * @param normsOnly whether only scales and shifts of the norms are trained
 * @param kept which step's weights the result has; if one is chosen, nothing is averaged
 * @param separateBlocks how many blocks, counted from the input (enc0.a first), the target has of its own, see
 *            {@link DomainAdaptation}; 0 if it shares all with the source
 */
public record DomainAdaptationOptions(SegmentationOptions segmentation, List<String> sourceSites,
    List<AdaptationTerm> terms, boolean targetLabels, double averagedFraction, Afterwards afterwards, TentOptions tent,
    Norms norms, boolean sourceFree, boolean normsOnly, KeptStep kept, int separateBlocks) {

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

    /** With source images. */
    public DomainAdaptationOptions(final SegmentationOptions segmentation, final List<String> sourceSites,
        final List<AdaptationTerm> terms, final boolean targetLabels, final double averagedFraction,
        final Afterwards afterwards, final TentOptions tent, final Norms norms) {
        this(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards, tent, norms, false, false,
            KeptStep.AVERAGE, 0);
    }

    /** One network for all sites. */
    public DomainAdaptationOptions(final SegmentationOptions segmentation, final List<String> sourceSites,
        final List<AdaptationTerm> terms, final boolean targetLabels, final double averagedFraction,
        final Afterwards afterwards, final TentOptions tent, final Norms norms, final boolean sourceFree,
        final boolean normsOnly, final KeptStep kept) {
        this(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards, tent, norms, sourceFree, normsOnly,
            kept, 0);
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public DomainAdaptationOptions {
        sourceSites = List.copyOf(sourceSites);
        terms = List.copyOf(terms);
        Objects.requireNonNull(afterwards, "afterwards");
        Objects.requireNonNull(tent, "tent");
        Objects.requireNonNull(norms, "norms");
        Objects.requireNonNull(kept, "kept");
        if (!(averagedFraction >= 0 && averagedFraction <= 1)) {
            throw new IllegalArgumentException("Averaged fraction " + averagedFraction + ": 0 to 1.");
        }
        if (segmentation.batch() % 2 != 0) {
            throw new IllegalArgumentException("Batch size " + segmentation.batch()
                + ": must be even, half of it comes from the target sites.");
        }
        if (normsOnly && norms.perSite()) {
            throw new IllegalArgumentException("Only the scales and shifts of the norms are to be trained, and each site is to"
                + " have its own: choose one of the two.");
        }
        if (separateBlocks < 0) {
            throw new IllegalArgumentException("Blocks of the target's own " + separateBlocks + ": 0 or more.");
        }
        if (separateBlocks > 0) {
            checkSeparate(separateBlocks, segmentation, norms, kept);
        }
        if (sourceFree) {
            checkSourceFree(terms, norms);
        }
        if (terms.stream().anyMatch(SynergisticTerm.class::isInstance)) {
            checkSynergistic(terms, targetLabels, norms, normsOnly, separateBlocks);
        }
    }

    private static void checkSeparate(final int blocks, final SegmentationOptions segmentation, final Norms norms,
        final KeptStep kept) {
        if (norms.perSite()) {
            throw new IllegalArgumentException("Early layers of the target's own have norms of their own already: choose one"
                + " set of norms for all sites, or one network for all sites.");
        }
        if (kept == KeptStep.SOURCE || kept == KeptStep.BOTH) {
            throw new IllegalArgumentException("With early layers of the target's own the source keeps its network, so the Dice"
                + " on the source is the same at every step and cannot choose one. Choose the mean of the last steps, or the"
                + " evidence without labels at the new site.");
        }
        if (segmentation.frozenBlocks() >= blocks) {
            throw new IllegalArgumentException("The first " + segmentation.frozenBlocks() + " blocks are frozen, so there is"
                + " nothing to train in the " + blocks + " blocks of the target's own. Freeze fewer, or give it more.");
        }
    }

    /** SIFA has an objective of its own, of which the other settings change nothing: what it would leave out is refused. */
    private static void checkSynergistic(final List<AdaptationTerm> terms, final boolean targetLabels, final Norms norms,
        final boolean normsOnly, final int separateBlocks) {
        if (terms.size() > 1) {
            throw new IllegalArgumentException("SIFA has an objective of its own and cannot be combined with "
                + terms.stream().filter(t -> !(t instanceof SynergisticTerm)).map(AdaptationTerm::title)
                    .collect(Collectors.joining(", ")) + ". Choose one of the two.");
        }
        if (targetLabels) {
            throw new IllegalArgumentException("SIFA does not use segmentations of target sites. Choose another method to train on"
                + " them, or do not use them.");
        }
        if (norms.perSite() || normsOnly || separateBlocks > 0) {
            throw new IllegalArgumentException("SIFA trains all of one network with one set of norms: choose no norms per site, all"
                + " weights, and one network for all sites, or another method.");
        }
    }

    private static void checkSourceFree(final List<AdaptationTerm> terms, final Norms norms) {
        for (final AdaptationTerm term : terms) {
            if (!AdaptationGraphSpec.needsNoSource(term)) {
                throw new IllegalArgumentException(term.title() + " compares images of the source with those of the target,"
                    + " or has only the source's segmentations to hold on to, so it cannot do without source images. Choose"
                    + " self-training, or use the source images.");
            }
        }
        if (norms.perSite()) {
            throw new IllegalArgumentException("Norms per site share what is learned from source images, so they cannot do"
                + " without these. Choose one set for all sites, or use the source images.");
        }
        if (terms.stream().noneMatch(AnchorTerm.class::isInstance)) {
            throw new IllegalArgumentException("Without source images an anchor must keep the network near its start.");
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
            norms, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with other source sites. */
    public DomainAdaptationOptions withSourceSites(final List<String> value) {
        return new DomainAdaptationOptions(segmentation, value, terms, targetLabels, averagedFraction, afterwards, tent,
            norms, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with or without target labels. */
    public DomainAdaptationOptions withTargetLabels(final boolean value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, value, averagedFraction, afterwards, tent,
            norms, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with another averaged part. */
    public DomainAdaptationOptions withAveragedFraction(final double value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, value, afterwards, tent,
            norms, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with something else afterwards. */
    public DomainAdaptationOptions withAfterwards(final Afterwards value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, value, tent,
            norms, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with another Tent. */
    public DomainAdaptationOptions withTent(final TentOptions value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            value, norms, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with other norms. */
    public DomainAdaptationOptions withNorms(final Norms value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            tent, value, sourceFree, normsOnly, kept, separateBlocks);
    }

    /** The same with or without source images. */
    public DomainAdaptationOptions withSourceFree(final boolean value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            tent, norms, value, normsOnly, kept, separateBlocks);
    }

    /** The same with all weights trained, or only scales and shifts of the norms. */
    public DomainAdaptationOptions withNormsOnly(final boolean value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            tent, norms, sourceFree, value, kept, separateBlocks);
    }

    /** The same with another choice of the step. */
    public DomainAdaptationOptions withKept(final KeptStep value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            tent, norms, sourceFree, normsOnly, value, separateBlocks);
    }

    /** The same with another number of blocks that the target has of its own. */
    public DomainAdaptationOptions withSeparateBlocks(final int value) {
        return new DomainAdaptationOptions(segmentation, sourceSites, terms, targetLabels, averagedFraction, afterwards,
            tent, norms, sourceFree, normsOnly, kept, value);
    }

    /** How the step is chosen; a mean teacher is an average already. */
    StepSelection selection() {
        return new StepSelection(kept, hasMeanTeacher() ? 0 : averagedFraction);
    }

    /** SIFA, if it is asked for. */
    Optional<SynergisticTerm> synergistic() {
        return terms.stream().filter(SynergisticTerm.class::isInstance).map(SynergisticTerm.class::cast).findFirst();
    }

    /** The teacher, if there is one. */
    Optional<SelfTrainingTerm> selfTraining() {
        return terms.stream().filter(SelfTrainingTerm.class::isInstance).map(SelfTrainingTerm.class::cast).findFirst();
    }

    /** Whether the network of the source stands still, because the target has blocks of its own. */
    boolean sourceStands() {
        return separateBlocks > 0 && !sourceFree;
    }

    /** Whether the result is a mean teacher's, which is an average already. */
    boolean hasMeanTeacher() {
        return selfTraining().map(SelfTrainingTerm::usesNetwork).orElse(false);
    }

    /** Name of the method: {@code wasserstein + consistency, then adabn}. */
    public String method() {
        final String together = terms.isEmpty() ? "joint training"
            : terms.stream().filter(t -> !(t instanceof AnchorTerm)).map(t -> t.title().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" + "));
        return together + (targetLabels && !terms.isEmpty() ? " + target labels" : "")
            + (norms.perSite() ? " + norms per site" : "") + (separateBlocks > 0 ? " + separate early layers" : "")
            + (sourceFree ? " without source images" : "")
            + (afterwards == Afterwards.NOTHING ? "" : ", then " + afterwards.name().toLowerCase(Locale.ROOT));
    }

    /** What a step measures beside what all trainings do, by the names of the curve. */
    public List<String> measured() {
        final Set<String> names = new LinkedHashSet<>();
        for (final AdaptationTerm term : terms) {
            if (!(term instanceof GradientReversalTerm)) {
                names.addAll(term.metrics());
            }
            if (term instanceof CriticTerm) {
                names.add(CriticTerm.CRITIC_METRIC);
            }
            if (term instanceof SelfTrainingTerm) {
                names.add(SelfTrainingTerm.SHARE_METRIC);
            }
        }
        if (afterwards == Afterwards.TENT) {
            names.add(EntropyTerm.defaults().metric());
        }
        if (kept.measure().isLabelFree()) {
            names.add(StepMetrics.LABEL_FREE_SCORE);
        }
        return List.copyOf(names);
    }

    /** All options by name, for the provenance; what was read of the source is known when the cases are. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(segmentation.asMap());
        map.put("sourceSites", sourceSites.toString());
        for (final AdaptationTerm term : terms) {
            term.asMap().forEach((name, value) -> map.put(term.title() + '.' + name, value));
        }
        map.put("targetLabels", "" + targetLabels);
        map.put("averagedFraction", "" + averagedFraction);
        map.put("afterwards", afterwards.name());
        if (normsOnly) {
            map.put("trainedWeights", "scales and shifts of the norms");
        }
        if (separateBlocks > 0) {
            map.put("separateBlocks", "" + separateBlocks);
        }
        if (norms.perSite()) {
            map.put("normsPerSite", "true");
            map.put("resultSite", norms.resultSite());
        }
        if (afterwards != Afterwards.NOTHING) {
            tent.asMap().forEach((name, value) -> map.put("Tent." + name, value));
        }
        return selection().addTo(map);
    }
}
