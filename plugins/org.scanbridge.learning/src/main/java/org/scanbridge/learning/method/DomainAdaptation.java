package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationGraph;
import org.scanbridge.learning.graph.AdaptationGraphSpec;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SiteNorms;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.graph.SynergisticGraph;
import org.scanbridge.learning.graph.SynergisticGraphSpec;
import org.scanbridge.learning.graph.SynergisticTerm;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.method.DomainAdaptationOptions.Afterwards;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.MemoryEstimate;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.learning.train.TrainingSession;

/**
 * Adaptation of a segmentation network by any combination of terms, with labels of all source cases and of no, some or all
 * target cases:
 *
 * <pre>
 * min  Lseg(source and labeled target patches) + Σ weight · term(patches of all sites)
 * </pre>
 *
 * then, if asked for, AdaBN or Tent. The terms state their equations: {@link GradientReversalTerm},
 * {@link org.scanbridge.learning.graph.CriticTerm}, {@link org.scanbridge.learning.graph.ConsistencyTerm},
 * {@link org.scanbridge.learning.graph.EntropyTerm}, {@link org.scanbridge.learning.graph.ClassAlignmentTerm},
 * {@link org.scanbridge.learning.graph.ContrastiveTerm}, {@link org.scanbridge.learning.graph.TripletTerm},
 * {@link SelfTrainingTerm}, {@link org.scanbridge.learning.graph.AnchorTerm}.
 * {@link org.scanbridge.learning.graph.SynergisticTerm} (SIFA) states an objective of its own, and is alone.
 * <p>
 * Half of each batch is source, half target, all drawn without looking at labels, as in {@link DomainAdversarialTraining};
 * where a teacher says what target images show, a share of the patches of both is centered on labels.
 * Where all target cases have labels that may be used, all target patches are labeled; where some have, half of them.
 * <p>
 * Without source images all patches are of target sites, none is labeled unless target labels are used, and nothing is
 * validated.
 * <p>
 * Each site may have batch normalization of its own, see {@link NormsPerSite}.
 * <p>
 * The target may have its first n blocks of its own (PnP-AdaNet: Dou et al., IEEE Access 2019): a copy of the given
 * network's, which is all that is trained, in front of the other blocks as they are. The patches of the source go through the
 * given network, which stands still; what is segmented of the source is not changed by the training, and the given network
 * remains the one for the source. With {@link org.scanbridge.learning.graph.CriticTerm#wasserstein()} it is the paper's
 * method, with other terms the same early layers learn from these.
 */
public final class DomainAdaptation {

    private DomainAdaptation() {
    }

    /**
     * Adapts a network.
     *
     * @param network where to start; best trained on the source sites (warm start)
     * @param cases cases of at least one source and one target site; validation cases of source sites are measured
     * @param options how to train
     * @param checkpoints where to save the state; the training goes on from a state that is there, with the bits it would
     *            have had
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return the adapted network and its curves
     * @throws LearningException as {@link DomainAdversarialTraining#run}, if there is nothing to adapt by, or batch
     *             normalization is needed and not there, or the sites cannot have norms of their own
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final DomainAdaptationOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        network.spec().requireTrainable();
        final long start = System.nanoTime();
        if (options.afterwards() == Afterwards.ADABN) {
            AdaptiveBatchNorm.check(network.spec());
        }
        final SegmentationOptions segmentation = options.segmentation();
        options.synergistic().ifPresent(term -> check(term, network.spec()));
        final Optional<SourceFreeSites> free = options.sourceFree() ? Optional.of(SourceFreeSites.of(cases,
            options.sourceSites(), options.targetLabels(), network.provenance())) : Optional.empty();
        final Set<String> sources = free.map(SourceFreeSites::sources)
            .orElseGet(() -> SiteRoles.sources(cases, options.sourceSites()));
        final List<TrainingCase> used = cases.stream().filter(c -> free.isEmpty() ? SiteRoles.isUsed(c, sources)
            : c.role() == Role.TRAIN && free.get().targets().contains(c.site())).toList();
        final Optional<NormsPerSite> norms =
            options.norms().perSite() ? Optional.of(NormsPerSite.of(network, used, sources, options)) : Optional.empty();
        final Network begin = norms.map(NormsPerSite::start).orElse(network);
        final NetworkSpec spec = begin.spec();
        final CaseSet read = CaseSet.load(used, spec,
            c -> sources.contains(c.site()) || options.targetLabels() && c.labeled(),
            c -> !sources.contains(c.site()) && options.selfTraining().map(SelfTrainingTerm::usesLabels).orElse(false),
            progress.part(0, 0.05));
        final Sampling sampling = Sampling.of(read, sources, spec, options);
        sampling.notices().forEach(listener::notice);
        final Trained training = options.synergistic().isPresent() ? synergistic(begin, read, sampling, options)
            : terms(begin, read, sampling, options, norms, sources);
        final TrainingLoop loop = new TrainingLoop(segmentation.steps(), sampling::batch,
            (step, curve) -> rates(options, step, curve), options.selection().validation(read, spec, sources),
            segmentation.validationInterval(), options.selection().selection(segmentation.stopping()));
        final Map<String, String> taught = sampling.addTaught(
            (free.isPresent() ? options.withSourceSites(List.copyOf(sources)) : options).asMap());
        final Map<String, String> written = free.map(f -> f.addStatement(taught)).orElse(taught);
        final boolean more = options.afterwards() != Afterwards.NOTHING;
        final TrainingResult all =
            new TrainingSession(begin, read, training.graph(), training.need(), loop,
                System.nanoTime() - start, segmentation.device()).run(options.method(), segmentation.seed(), written, checkpoints,
                    progress.part(0.05, more ? 0.8 : 1), listener);
        final TrainingResult trained = norms.map(n -> n.result(all)).orElse(all);
        return switch (options.afterwards()) {
            case NOTHING -> trained;
            case ADABN -> TestEntropyMinimization.withStatistics(trained,
                norms.map(n -> sampling.ofSite(n.resultSite())).orElse(sampling.target()),
                options.tent().statisticsPatches(), segmentation.seed(), progress.part(0.8, 1));
            case TENT -> together(trained, TestEntropyMinimization.run(trained.network(),
                norms.map(n -> n.casesForResult(cases, sources)).orElse(options.sourceFree() ? used : cases),
                List.copyOf(sources),
                options.tent().withDevice(segmentation.device()), segmentation.seed(), checkpoints,
                progress.part(0.8, 1), listener));
        };
    }

    private static void check(final SynergisticTerm term, final NetworkSpec spec) {
        try {
            term.check(spec);
        } catch (final IllegalArgumentException e) {
            throw new LearningException(e.getMessage(), e);
        }
    }

    /**
     * What is trained.
     *
     * @param graph makes it
     * @param need what memory it takes
     */
    private record Trained(Supplier<SteppedGraph> graph, MemoryEstimate.Need need) {
    }

    private static Trained terms(final Network begin, final CaseSet read, final Sampling sampling,
        final DomainAdaptationOptions options, final Optional<NormsPerSite> norms, final Set<String> sources) {
        final SegmentationOptions segmentation = options.segmentation();
        final NetworkSpec spec = begin.spec();
        final AdaptationGraphSpec graph = new AdaptationGraphSpec(spec, sampling.source(),
            sampling.labeledTarget(), segmentation.batch() - sampling.source() - sampling.labeledTarget(),
            SegmentationTraining.loss(spec, segmentation, read.partial()),
            frozen(spec, options), options.normsOnly(), options.terms(),
            sampling.sites().size(), segmentation.seed(), segmentation.optimizer(), segmentation.steps(),
            segmentation.device(), norms.map(n -> new SiteNorms(sampling.sites(), sampling.siteOfSlots())),
            options.sourceStands() ? sources : Set.of());
        return new Trained(() -> new AdaptationGraph(graph, begin.weights()),
            MemoryEstimate.need(spec, graph.batch() + graph.views()));
    }

    private static Trained synergistic(final Network begin, final CaseSet read, final Sampling sampling,
        final DomainAdaptationOptions options) {
        final SegmentationOptions segmentation = options.segmentation();
        final SynergisticTerm term = options.synergistic().orElseThrow();
        final SynergisticGraphSpec graph = new SynergisticGraphSpec(begin.spec(), sampling.source(),
            SegmentationTraining.loss(begin.spec(), segmentation, read.partial()), frozen(begin.spec(), options),
            term, segmentation.seed(), segmentation.optimizer(), segmentation.steps(), segmentation.device());
        // patches of the source go through the generator as they are, those of the target when they look like the source's
        return new Trained(() -> new SynergisticGraph(graph, begin.weights()),
            MemoryEstimate.need(begin.spec(), segmentation.batch())
                .with(SynergisticTerm.decoder(begin.spec()), segmentation.batch(), "decoder")
                .with(term.generator(begin.spec()), segmentation.batch(), "generator"));
    }

    /** The first blocks that are to be frozen, and those behind the ones that the target has of its own. */
    private static Set<String> frozen(final NetworkSpec spec, final DomainAdaptationOptions options) {
        final Set<String> frozen = new TreeSet<>(SegmentationTraining.frozen(spec, options.segmentation().frozenBlocks()));
        if (options.separateBlocks() > 0) {
            final List<String> blocks = NetworkPlan.of(spec).blocks();
            if (options.separateBlocks() > blocks.size()) {
                throw new LearningException("The target is to have " + options.separateBlocks()
                    + " blocks of its own, but the network has only " + blocks.size() + ". Choose at most as many.");
            }
            frozen.addAll(blocks.subList(options.separateBlocks(), blocks.size()));
        }
        return frozen;
    }

    private static TrainingGraph.Rates rates(final DomainAdaptationOptions options, final int step,
        final List<StepMetrics> curve) {
        final double rate = options.segmentation().rate(step, curve);
        final Optional<GradientReversalTerm> reversal = options.terms().stream()
            .filter(GradientReversalTerm.class::isInstance).map(GradientReversalTerm.class::cast).findFirst();
        return new TrainingGraph.Rates(step, rate,
            reversal.map(r -> rate * r.learningRateFactor()).orElse(0.0),
            reversal.map(r -> r.weight((step - 1.0) / options.segmentation().steps())).orElse(Double.NaN));
    }

    /** The network of the second of two trainings, with the curves of both and where the first began. */
    private static TrainingResult together(final TrainingResult first, final TrainingResult second) {
        final List<StepMetrics> curve = new ArrayList<>(first.curve());
        for (final StepMetrics m : second.curve()) {
            curve.add(new StepMetrics(first.curve().size() + m.step(), Double.NaN, Double.NaN, m.learningRate(),
                Double.NaN, Double.NaN, Double.NaN, Double.NaN, m.others()));
        }
        final Provenance provenance = first.network().provenance();
        final Network network = second.network();
        return new TrainingResult(new Network(network.spec(), network.weights(), network.labels(), provenance),
            second.last(), curve, second.device(), first.setupSeconds() + second.setupSeconds(),
            first.trainingSeconds() + second.trainingSeconds(), first.validationSeconds());
    }
}
