package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What an {@link AdaptationGraph} is built from. A batch has its source patches first, then target patches with labels,
 * then target patches without.
 *
 * @param network the architecture
 * @param source source patches per step, all labeled; 0 only for terms that look at the target or the weights alone
 * @param labeledTarget target patches with labels
 * @param unlabeledTarget target patches without
 * @param loss the segmentation loss of the labeled patches
 * @param frozenBlocks names of blocks whose weights and running statistics stay as they are
 * @param affineOnly whether only the scales and shifts of the norms are trained
 * @param terms what is minimized beside the segmentation loss
 * @param sites number of sites
 * @param seed for the initial weights of heads, critics and embeddings
 * @param optimizer of the network
 * @param steps of the whole training, for the terms' schedules
 * @param device where to compute
 * @param norms which norms each patch goes through, where the network has a set per site
 * @param standing sites whose patches go through the network of the start, which stands still, so that what is trained is
 *            that of the other sites alone, see {@link SeparateNetworks}; empty if one network serves all sites
 */
public record AdaptationGraphSpec(NetworkSpec network, int source, int labeledTarget, int unlabeledTarget,
    SegmentationLossSpec loss, Set<String> frozenBlocks, boolean affineOnly, List<AdaptationTerm> terms, int sites,
    long seed, OptimizerSpec optimizer, int steps, DeviceChoice device, Optional<SiteNorms> norms, Set<String> standing) {

    /** All patches go through the same norms. */
    public AdaptationGraphSpec(final NetworkSpec network, final int source, final int labeledTarget,
        final int unlabeledTarget, final SegmentationLossSpec loss, final Set<String> frozenBlocks,
        final boolean affineOnly, final List<AdaptationTerm> terms, final int sites, final long seed,
        final OptimizerSpec optimizer, final int steps, final DeviceChoice device) {
        this(network, source, labeledTarget, unlabeledTarget, loss, frozenBlocks, affineOnly, terms, sites, seed, optimizer,
            steps, device, Optional.empty(), Set.of());
    }

    /** One network serves all sites. */
    public AdaptationGraphSpec(final NetworkSpec network, final int source, final int labeledTarget,
        final int unlabeledTarget, final SegmentationLossSpec loss, final Set<String> frozenBlocks,
        final boolean affineOnly, final List<AdaptationTerm> terms, final int sites, final long seed,
        final OptimizerSpec optimizer, final int steps, final DeviceChoice device, final Optional<SiteNorms> norms) {
        this(network, source, labeledTarget, unlabeledTarget, loss, frozenBlocks, affineOnly, terms, sites, seed, optimizer,
            steps, device, norms, Set.of());
    }

    /** @throws IllegalArgumentException if there is nothing to learn from, or two terms are of one class */
    public AdaptationGraphSpec {
        frozenBlocks = Set.copyOf(frozenBlocks);
        terms = List.copyOf(terms);
        standing = Set.copyOf(standing);
        if (source < 0 || labeledTarget < 0 || unlabeledTarget < 0 || labeledTarget + unlabeledTarget < 1) {
            throw new IllegalArgumentException("A batch of " + source + " source, " + labeledTarget + " labeled and "
                + unlabeledTarget + " unlabeled target patches");
        }
        if (source == 0 && !terms.stream().allMatch(AdaptationGraphSpec::needsNoSource)) {
            throw new IllegalArgumentException("Without source patches only the entropy, what a teacher says and the distance"
                + " from the start can be minimized, not " + terms);
        }
        if (terms.stream().anyMatch(AdaptationGraphSpec::looksAtViews)
            && network.margin().lowI() != network.margin().highI()) {
            throw new IllegalArgumentException("A " + network.kind() + " network sees more on one side of a patch than on the"
                + " other, so its predictions of mirrored patches cannot be compared. Use a U-Net for the consistency and for"
                + " a mean teacher.");
        }
        if (unlabeledTarget == 0 && terms.stream().anyMatch(SelfTrainingTerm.class::isInstance)) {
            throw new IllegalArgumentException("A teacher without unlabeled target patches");
        }
        if (!standing.isEmpty() && (source == 0 || norms.isPresent())) {
            throw new IllegalArgumentException("The network of " + standing + " stands still: " + source + " source patches"
                + (norms.isPresent() ? ", norms per site" : ""));
        }
        if ((standing.isEmpty() ? source : 0) + labeledTarget == 0 && terms.isEmpty()) {
            throw new IllegalArgumentException("Neither labels nor terms: there is nothing to minimize");
        }
        if (terms.stream().anyMatch(SynergisticTerm.class::isInstance)) {
            throw new IllegalArgumentException("SIFA is trained by a SynergisticGraph");
        }
        if (terms.stream().map(Object::getClass).distinct().count() < terms.size()) {
            throw new IllegalArgumentException("Two terms of one class: " + terms);
        }
        if (norms.isPresent()) {
            check(norms.get(), network, source + labeledTarget + unlabeledTarget, affineOnly);
        }
    }

    private static void check(final SiteNorms norms, final NetworkSpec network, final int batch, final boolean affineOnly) {
        if (norms.sites().size() != network.domains() || norms.slots().size() != batch || affineOnly) {
            throw new IllegalArgumentException(network.domains() + " sets of norms for the sites " + norms.sites() + ", "
                + norms.slots().size() + " of " + batch + " patches" + (affineOnly ? ", only scales and shifts" : ""));
        }
    }

    /** Patches per step. */
    public int batch() {
        return source + labeledTarget + unlabeledTarget;
    }

    /** The first patches of a batch, which have labels. */
    public int labeled() {
        return source + labeledTarget;
    }

    /** The first of the patches that the trained network sees: those before it go through a network that stands still. */
    public int firstTrained() {
        return standing.isEmpty() ? 0 : source;
    }

    /**
     * The first patch of a batch whose second view some term looks at; the views are those of this patch and all behind it.
     * {@link #batch} if no term looks at views.
     */
    public int firstView() {
        return Math.min(batch(), firstView(terms, firstTrained(), source, labeled()));
    }

    /**
     * As {@link #firstView()}, before there is a batch.
     *
     * @param firstTrained the first of the patches that the trained network sees
     * @param source source patches per step
     * @param labeled the first patches of a batch, which have labels
     * @return {@link Integer#MAX_VALUE} if no term looks at views
     */
    public static int firstView(final List<AdaptationTerm> terms, final int firstTrained, final int source,
        final int labeled) {
        return terms.stream().filter(AdaptationGraphSpec::looksAtViews)
            .mapToInt(term -> term instanceof ConsistencyTerm consistency
                ? firstCompared(consistency, firstTrained, source) : labeled)
            .min().orElse(Integer.MAX_VALUE);
    }

    /** The first patch of a batch that a consistency compares with its view; it compares all behind it, too. */
    int firstCompared(final ConsistencyTerm term) {
        return firstCompared(term, firstTrained(), source);
    }

    private static int firstCompared(final ConsistencyTerm term, final int firstTrained, final int source) {
        return term.targetOnly() ? source : firstTrained;
    }

    /** How many patches have a second view. */
    public int views() {
        return batch() - firstView();
    }

    /** The critic, if there is one. */
    public Optional<CriticTerm> critic() {
        return find(CriticTerm.class);
    }

    /** The consistency, which needs second views, if it is asked for. */
    public Optional<ConsistencyTerm> consistency() {
        return find(ConsistencyTerm.class);
    }

    /** The teacher, if there is one. */
    public Optional<SelfTrainingTerm> selfTraining() {
        return find(SelfTrainingTerm.class);
    }

    private static boolean looksAtViews(final AdaptationTerm term) {
        return term instanceof ConsistencyTerm || term instanceof SelfTrainingTerm teacher && teacher.usesNetwork();
    }

    /** How much the intensities of second views change, if there are any: as the consistency says, else the teacher. */
    public Optional<Double> viewStrength() {
        return viewStrength(terms);
    }

    /** As {@link #viewStrength()}, of any terms. */
    public static Optional<Double> viewStrength(final List<AdaptationTerm> terms) {
        return find(terms, ConsistencyTerm.class).map(ConsistencyTerm::strength).or(() -> find(terms, SelfTrainingTerm.class)
            .filter(SelfTrainingTerm::usesNetwork).map(SelfTrainingTerm::strength));
    }

    /** Whether a term can be minimized without source patches. */
    public static boolean needsNoSource(final AdaptationTerm term) {
        return term instanceof EntropyTerm || term instanceof SelfTrainingTerm || term instanceof AnchorTerm;
    }

    private <T extends AdaptationTerm> Optional<T> find(final Class<T> type) {
        return find(terms, type);
    }

    private static <T extends AdaptationTerm> Optional<T> find(final List<AdaptationTerm> terms, final Class<T> type) {
        return terms.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /**
     * How many patches a step is fed with: a batch, the second views of its patches from {@link #firstView} on, and a batch
     * per step of the critic, in this order.
     */
    public int patchesPerStep() {
        return firstOfCritic() + batch() * critic().map(CriticTerm::criticSteps).orElse(0);
    }

    /** Where in a step's patches the batches of the critic begin. */
    int firstOfCritic() {
        return batch() + views();
    }
}
