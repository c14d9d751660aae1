package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.KnowledgeTransfer;
import org.scanbridge.learning.graph.MetaLearningGraph;
import org.scanbridge.learning.graph.MetaLearningGraphSpec;
import org.scanbridge.learning.graph.MultiSiteGraph;
import org.scanbridge.learning.graph.MultiSiteGraphSpec;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.method.DomainGeneralizationOptions.Method;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.MemoryEstimate;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.learning.train.TrainingSession;
import org.scanbridge.learning.train.Validation;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * Training on several labeled sites for sites that nothing is known of: MASF, model-agnostic learning of semantic features
 * (Dou et al., NeurIPS 2019, algorithm 1). Each step draws as many patches from each of the K sites, takes one site at
 * random for the meta-test and the others for the meta-train, and minimizes
 *
 * <pre>
 * Ltask(meta-train; θ) + β1 · Lglobal(meta-train, meta-test; θ') + β2 · Llocal(all; θ'),  θ' = θ - α clip(∇θ Ltask)
 * </pre>
 *
 * so that a step that is good for some sites does not tear the classes apart at another. Lglobal compares what the network
 * takes for the same class at two sites ({@link org.scanbridge.learning.graph.ClassAlignmentTerm}), Llocal is a triplet loss
 * between embeddings of classes ({@link org.scanbridge.learning.graph.TripletTerm}). By default of first order, as the
 * authors' code: θ' counts as θ plus a constant.
 * <p>
 * {@link Method#POOLED} trains on the segmentation loss of the same patches, those of all K sites, and is what MASF must
 * beat.
 * <p>
 * {@link Method#MULTI_SITE} and {@link Method#DISTILLATION} are for the known sites themselves: MS-Net (Liu et al., IEEE TMI
 * 2020) with {@link KnowledgeTransfer} from decoders of one site each, and unpaired knowledge distillation (Dou et al., IEEE TMI
 * 2020) with {@link org.scanbridge.learning.graph.ClassAlignmentTerm} between all pairs of sites. In both papers each site has
 * batch normalization of its own; so it is here with a network that has batch normalization, also for pooled training, which is
 * their control, see {@link NormsPerSite}: the result is then the network of one site. With group or instance normalization
 * sites do not mix in the statistics, all share scales and shifts, and the result is for all of them.
 */
public final class DomainGeneralization {

    /** Key of the random stream that decides the meta-test site. */
    private static final int SPLIT = -1;

    private DomainGeneralization() {
    }

    /**
     * Trains a network.
     *
     * @param network where to start, untrained or trained; a U-Net, for MASF with group or instance normalization
     * @param cases labeled cases of at least two sites (others are not read); validation cases decide which step is kept
     * @param options how to train
     * @param checkpoints where to save the state; the training goes on from a state that is there, with the bits it would
     *            have had
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return the trained network and its curves
     * @throws LearningException if there are fewer than two sites with labels, the batch cannot be shared equally by them,
     *             the network does not fit, or as {@link SegmentationTraining#run}
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final DomainGeneralizationOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        final Trained trained = train(network, cases, options, checkpoints, progress, listener);
        return trained.norms().map(n -> n.result(trained.all())).orElse(trained.all());
    }

    /**
     * As {@link #run}, but the networks of all sites, which come from one training.
     *
     * @return by the name of the site; the same for all without norms per site
     */
    public static Map<String, Network> networks(final Network network, final List<TrainingCase> cases,
        final DomainGeneralizationOptions options, final Progress progress, final TrainingListener listener) {
        final List<String> sites = sites(cases);
        final Trained trained = train(network, cases, options.withResultSite(sites.isEmpty() ? "" : sites.get(0)),
            Optional.empty(), progress, listener);
        final Map<String, Network> networks = new TreeMap<>();
        sites.forEach(site -> networks.put(site, trained.norms().map(n -> n.forSite(site).result(trained.all()))
            .orElse(trained.all()).network()));
        return networks;
    }

    /** What a training gives: one network, or, where there are norms per site, one with those of all. */
    private record Trained(TrainingResult all, Optional<NormsPerSite> norms) {
    }

    /** Those of the labeled training cases, sorted. */
    private static List<String> sites(final List<TrainingCase> cases) {
        return cases.stream().filter(c -> c.labeled() && c.role() == Role.TRAIN).map(TrainingCase::site).distinct().sorted()
            .toList();
    }

    private static Trained train(final Network network, final List<TrainingCase> cases,
        final DomainGeneralizationOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        network.spec().requireTrainable();
        final long start = System.nanoTime();
        check(network.spec(), options.method());
        if (options.method() == Method.MASF) {
            check(options.innerStep());
        }
        final SegmentationOptions segmentation = options.segmentation();
        final List<TrainingCase> labeled = cases.stream().filter(TrainingCase::labeled).toList();
        final List<String> sites = sites(cases);
        check(sites, segmentation.batch());
        final Optional<NormsPerSite> norms = network.spec().norm() == Norm.BATCH
            ? Optional.of(NormsPerSite.ofLabeled(network, new TreeSet<>(sites), options.resultSite())) : Optional.empty();
        norms.ifPresent(n -> check(labeled, sites));
        final Network begin = norms.map(NormsPerSite::start).orElse(network);
        final NetworkSpec spec = begin.spec();
        final CaseSet read = CaseSet.load(labeled, spec, c -> true, progress.part(0, 0.05));
        final Sampling sampling = Sampling.of(read, sites, spec, options);
        final TrainingLoop loop = new TrainingLoop(segmentation.steps(), sampling::batch,
            (step, curve) -> new TrainingGraph.Rates(step, segmentation.rate(step, curve), 0, Double.NaN),
            new Validation(read.validation(), spec), segmentation.validationInterval(),
            new TrainingLoop.Selection(segmentation.stopping().best(), 0, segmentation.stopping()));
        final Map<String, String> written = new TreeMap<>(options.asMap());
        norms.ifPresent(n -> {
            written.put("normsPerSite", "true");
            written.put("resultSite", n.resultSite());
        });
        final TrainingResult result = new TrainingSession(begin, read, graph(begin, sites, options, read.partial()),
            MemoryEstimate.need(spec, patchesInMemory(sites.size(), options)), loop, System.nanoTime() - start,
            segmentation.device()).run(options.title(network.spec()), segmentation.seed(), written, checkpoints,
                progress.part(0.05, 1), listener);
        return new Trained(result, norms);
    }

    /** @throws LearningException if a case is validated on whose site has no norms */
    private static void check(final List<TrainingCase> labeled, final List<String> sites) {
        final Set<String> others = new TreeSet<>();
        labeled.stream().map(TrainingCase::site).filter(s -> !sites.contains(s)).forEach(others::add);
        if (!others.isEmpty()) {
            throw new LearningException("There are validation images of " + others + ", but training images of " + sites
                + " only. Each site has norms of its own, so there is nothing to validate with: leave these rows out, or build"
                + " a network with group normalization.");
        }
    }

    /** @throws LearningException if the network cannot be trained so */
    private static void check(final NetworkSpec spec, final Method method) {
        if (method != Method.MASF) {
            if (!spec.kind().isUNet() || spec.deepSupervision()) {
                throw new LearningException("The network (" + spec + (spec.deepSupervision() ? ", deep supervision" : "")
                    + ") does not fit: training on several sites needs a U-Net without deep supervision. Build such a network.");
            }
            return;
        }
        if (!spec.kind().isUNet() || spec.norm() == Norm.BATCH || spec.deepSupervision()) {
            throw new LearningException("The network (" + spec + (spec.deepSupervision() ? ", deep supervision" : "")
                + ") does not fit: domain generalization needs a U-Net with group or instance normalization and without"
                + " deep supervision. Batch normalization would mix the sites of a step; build such a network.");
        }
    }

    /** @throws LearningException if this platform's TensorFlow cannot differentiate the inner step; before images are read */
    private static void check(final MetaLearningGraphSpec.InnerStep step) {
        if (!step.secondOrder()) {
            return;
        }
        try {
            TensorFlowRuntime.call(() -> {
                MetaLearningGraph.require(step);
                return null;
            });
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new IllegalStateException(e); // nothing in there throws others
        }
    }

    private static void check(final List<String> sites, final int batch) {
        if (sites.size() < 2) {
            throw new LearningException("The training cases with segmentations are from "
                + (sites.isEmpty() ? "no site" : "one site only, " + sites)
                + ". Domain generalization learns what sites have in common and needs at least two, better three:"
                + " check the site column, or use the Segmentation Learner.");
        }
        if (batch % sites.size() != 0) {
            throw new LearningException(String.format(Locale.ROOT,
                "%d patches per step cannot be shared equally by the %d sites %s. Choose a multiple of %d, such as %d.",
                batch, sites.size(), sites, sites.size(), sites.size() * Math.max(1, batch / sites.size())));
        }
    }

    private static Supplier<SteppedGraph> graph(final Network network, final List<String> names,
        final DomainGeneralizationOptions options, final boolean partial) {
        final NetworkSpec spec = network.spec();
        final SegmentationOptions s = options.segmentation();
        final int sites = names.size();
        if (isMultiSite(spec, options.method())) {
            final MultiSiteGraphSpec graph = new MultiSiteGraphSpec(spec, names, s.batch() / sites,
                SegmentationTraining.loss(spec, s, partial), SegmentationTraining.frozen(spec, s.frozenBlocks()),
                options.method() == Method.MULTI_SITE ? Optional.of(options.transfer()) : Optional.empty(),
                options.method() == Method.DISTILLATION ? Optional.of(options.distillation()) : Optional.empty(), s.seed(),
                s.optimizer(), s.steps(), s.device());
            return () -> new MultiSiteGraph(graph, network.weights());
        }
        if (options.method() == Method.POOLED) {
            final TrainingGraphSpec graph = new TrainingGraphSpec(spec, s.batch(), s.batch(),
                SegmentationTraining.loss(spec, s, partial), SegmentationTraining.frozen(spec, s.frozenBlocks()),
                Optional.empty(), s.seed(), s.optimizer(), s.device());
            return () -> new TrainingGraph(graph, network.weights());
        }
        final MetaLearningGraphSpec graph = new MetaLearningGraphSpec(spec, sites, s.batch() / sites,
            SegmentationTraining.loss(spec, s, partial), SegmentationTraining.frozen(spec, s.frozenBlocks()),
            options.innerStep(), options.alignment(), options.triplet(), s.seed(), s.optimizer(), s.device());
        return () -> new MetaLearningGraph(graph, network.weights());
    }

    /** Whether the sites have parts of their own or are compared with each other, so that patches come site after site. */
    private static boolean isMultiSite(final NetworkSpec spec, final Method method) {
        return method == Method.MULTI_SITE || method == Method.DISTILLATION || spec.norm() == Norm.BATCH;
    }

    /** How many patches' worth of activations a step keeps. */
    private static int patchesInMemory(final int sites, final DomainGeneralizationOptions options) {
        final int batch = options.segmentation().batch();
        if (options.method() != Method.MASF) {
            // the auxiliary decoders are about as much as the network once more
            return options.method() == Method.MULTI_SITE ? 2 * batch : batch;
        }
        // the meta-train patches once more at θ; their back-propagation is kept too if it is differentiated
        final int metaTrain = batch - batch / sites;
        return batch + (options.innerStep().secondOrder() ? 3 : 1) * metaTrain;
    }

    /** Makes batches as {@link MetaLearningGraphSpec} wants them, or {@link MultiSiteGraphSpec} ({@code inOrder}). */
    private record Sampling(List<PatchSampler> samplers, NetworkSpec spec, SegmentationOptions options, boolean inOrder) {

        static Sampling of(final CaseSet read, final List<String> sites, final NetworkSpec spec,
            final DomainGeneralizationOptions all) {
            final SegmentationOptions options = all.segmentation();
            return new Sampling(sites.stream()
                .map(site -> new PatchSampler(
                    read.training().stream().filter(c -> c.source().site().equals(site)).toList(), spec.patchSize(),
                    options.centers(), options.seed(), options.mirror(), options.augmentation()))
                .toList(), spec, options, isMultiSite(spec, all.method()));
        }

        TrainingGraph.Batch batch(final int step) {
            final int sites = samplers.size();
            final int each = options.batch() / sites;
            final int metaTest = SeededRandom.of(options.seed(), step, SPLIT).nextInt(sites);
            final float[] images = new float[options.batch() * spec.inputLength()];
            final byte[] labels = new byte[options.batch() * spec.patchSize().voxels()];
            final int[] numbers = new int[options.batch()];
            for (int slot = 0; slot < options.batch(); slot++) {
                // the meta-test site comes last, the others keep their order
                final int role = slot / each;
                final int site = inOrder ? role : role == sites - 1 ? metaTest : role < metaTest ? role : role + 1;
                samplers.get(site).drawLabeled(SeededRandom.of(options.seed(), step, site * each + slot % each), images,
                    labels, slot);
                numbers[slot] = site;
            }
            return new TrainingGraph.Batch(images, labels, numbers);
        }
    }
}
