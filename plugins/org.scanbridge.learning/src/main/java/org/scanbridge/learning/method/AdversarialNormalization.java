package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdversarialGraphSpec;
import org.scanbridge.learning.graph.DiscriminatorSpec;
import org.scanbridge.learning.graph.GeneratorObjective;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.method.AdversarialNormalizationOptions.Adversary;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.NormalizationResult;
import org.scanbridge.learning.train.NormalizationSession;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.Validation;

/**
 * Adversarial normalization (Delisle, Anctil-Robitaille, Desrosiers, Lombaert: Adversarial normalization for multi domain
 * image segmentation, ISBI 2020), for any number K of sites. A generator G makes normalized images x̂ = G(x), a
 * segmenter S segments them, a discriminator D with K + 1 classes tells the site z of a real image, or that it is
 * generated:
 *
 * <pre>
 * min over G, S, max over D:  Σ ℓseg(S(G(x)), y) - λ Σ [ ℓdis(D(x), z) + ℓdis(D(G(x)), K+1) ]          (1)
 * ℓseg = 1 - (ε + 2 Σc wc Σv s y) / (ε + Σc wc Σv (s + y))                                              (2)
 * ℓdis(D(x), z) = -log p_D(z | x)                                                                       (3, 4)
 * </pre>
 *
 * D minimizes its cross-entropy; G minimizes ℓseg + λ L, where L is a choice ({@link GeneratorObjective}: the sign of
 * eq. 1 to the letter, or one of four losses with other gradients); S minimizes ℓseg. At its optimum the adversarial
 * part of eq. 1 asks for images that look real, not for images that are alike: that G makes the sites alike follows from
 * ℓseg, or from {@link GeneratorObjective#CONFUSION}.
 * <p>
 * First stage: G minimizes the mean squared error of G(x) to x, S learns from G(x) without moving G, D learns. Second
 * stage: in every step G and S are updated together, then D. Validation measures S(G(x)); the best step's G and S are
 * kept.
 */
public final class AdversarialNormalization {

    private AdversarialNormalization() {
    }

    /**
     * Trains on the labeled cases of all sites; unlabeled ones are not read. Runs the steps on the calling thread and
     * stops between two steps when the progress is cancelled.
     *
     * @param segmenter where S starts; G has the same architecture with one output channel and starts untrained;
     *            it takes one image
     * @param cases training cases of at least two sites (one is enough without adversary), and validation cases
     * @param options how to train
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return generator and segmenter
     * @throws LearningException as {@link SegmentationTraining#run}, and if there is an adversary and only one site
     */
    public static NormalizationResult run(final Network segmenter, final List<TrainingCase> cases,
        final AdversarialNormalizationOptions options, final Progress progress, final TrainingListener listener) {
        return run(segmenter, cases, options, Optional.empty(), progress, listener);
    }

    /**
     * As {@link #run(Network, List, AdversarialNormalizationOptions, Progress, TrainingListener)}, saving the state now
     * and then.
     *
     * @param checkpoints where; the training goes on from a state that is there, with the bits it would have had
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static NormalizationResult run(final Network segmenter, final List<TrainingCase> cases,
        final AdversarialNormalizationOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        segmenter.spec().requireTrainable();
        final long start = System.nanoTime();
        final NetworkSpec spec = segmenter.spec();
        check(spec);
        final SegmentationOptions segmentation = options.segmentation();
        final List<TrainingCase> labeled = cases.stream().filter(TrainingCase::labeled).toList();
        final List<String> sites = labeled.stream().filter(c -> c.role() == Role.TRAIN).map(TrainingCase::site)
            .distinct().sorted().toList();
        check(cases, sites, options);
        final CaseSet read = CaseSet.load(labeled, spec, c -> true, progress.part(0, 0.05));
        final PatchSampler sampler = new PatchSampler(read.training(), spec.patchSize(), segmentation.centers(),
            segmentation.seed(), segmentation.mirror(), segmentation.augmentation());
        final Network generator = Network.untrained(spec.asGenerator(options.output()), segmentation.seed());
        final TrainingLoop loop = new TrainingLoop(segmentation.steps(),
            step -> batch(sampler, spec, segmentation, sites, step), (step, curve) -> rates(options, step, curve),
            new Validation(read.validation(), spec), segmentation.validationInterval(),
            new TrainingLoop.Selection(true, 0, segmentation.stopping()));
        return new NormalizationSession(generator, segmenter, read,
            graph(generator.spec(), spec, options, sites.size(), read.partial()), loop, System.nanoTime() - start)
                .run("adversarial-normalization", segmentation.seed(), options.asMap(), checkpoints,
                    progress.part(0.05, 1), listener);
    }

    private static void check(final NetworkSpec spec) {
        if (spec.output().image()) {
            throw new LearningException("The network is a generator (" + spec
                + "). Connect the segmentation network to train; the generator is made from its architecture.");
        }
        if (spec.inputChannels() != 1) {
            throw new LearningException("The network has " + spec.inputChannels()
                + " input channels. Adversarial normalization makes one normalized image per subject: build a network with"
                + " one input channel, and normalize each kind of image by itself.");
        }
        if (!spec.kind().isUNet() || spec.deepSupervision() || spec.domains() > 1) {
            throw new LearningException("The network is " + spec + ". Adversarial normalization trains U-Nets without deep "
                + "supervision and with one set of norm parameters: choose such a one in the Network Builder.");
        }
    }

    private static void check(final List<TrainingCase> cases, final List<String> sites,
        final AdversarialNormalizationOptions options) {
        if (sites.isEmpty()) {
            throw new LearningException("None of the " + cases.size()
                + " cases is a training case with a segmentation. Check the column with the segmentations and the split.");
        }
        if (sites.size() < 2 && options.adversary().isPresent()) {
            throw new LearningException("All labeled training cases are from one site, " + sites.get(0)
                + ". A discriminator of sites needs at least two: check the site column, or train without adversary.");
        }
    }

    private static AdversarialGraphSpec graph(final NetworkSpec generator, final NetworkSpec segmenter,
        final AdversarialNormalizationOptions options, final int sites, final boolean partial) {
        final SegmentationOptions segmentation = options.segmentation();
        final Adversary adversary = options.adversary().orElse(Adversary.defaults());
        return new AdversarialGraphSpec(generator, segmenter, segmentation.batch(),
            SegmentationTraining.loss(segmenter, segmentation, partial),
            options.adversary().map(a -> new DiscriminatorSpec(a.shape(), sites, a.width(), a.blocks(), a.dropout())),
            adversary.replay(), adversary.objective(),
            new AdversarialGraphSpec.Schedule(options.reconstructionSteps(), options.reconstructionWeight(),
                options.generatorFirst(), options.generatorThen(), adversary.updates()),
            segmentation.seed(), segmentation.optimizer(), adversary.optimizer(), segmentation.device());
    }

    private static TrainingGraph.Rates rates(final AdversarialNormalizationOptions options, final int step,
        final List<StepMetrics> curve) {
        final SegmentationOptions segmentation = options.segmentation();
        final double rate = segmentation.rate(step, curve);
        final double discriminator =
            options.adversary().map(Adversary::learningRate).orElse(0.0) * rate / segmentation.learningRate();
        return new TrainingGraph.Rates(step, rate, discriminator, options.lambda(step));
    }

    /** The same patches as {@link SegmentationTraining} draws from the same cases with the same seed. */
    private static TrainingGraph.Batch batch(final PatchSampler sampler, final NetworkSpec spec,
        final SegmentationOptions options, final List<String> sites, final int step) {
        final float[] images = new float[options.batch() * spec.patchSize().voxels()];
        final byte[] labels = new byte[images.length];
        final int[] numbers = new int[options.batch()];
        for (int slot = 0; slot < options.batch(); slot++) {
            numbers[slot] = sites.indexOf(
                sampler.drawLabeled(SeededRandom.of(options.seed(), step, slot), images, labels, slot));
        }
        return new TrainingGraph.Batch(images, labels, numbers);
    }
}
