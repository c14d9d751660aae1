package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.DomainHeadSpec;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.learning.train.TrainingSession;

/**
 * Domain-adversarial training (DANN; Ganin et al., JMLR 2016, eq. 8 to 18) of a segmentation network. With the features
 * F, the segmentation Y, a domain head D, labeled source patches (x, y), patches x' of all sites z and the gradient
 * reversal R (R(f) = f, dR/df = -λ):
 *
 * <pre>
 * min over F, Y, D:  Lseg(Y(F(x)), y) + CE(D(R(F(x'))), z)
 * </pre>
 *
 * so that D learns to tell the sites and F learns that it cannot. D is a softmax over all sites. Half of each batch is
 * source, half target, both drawn in the same way without looking at labels: were source patches drawn by their labels,
 * D could tell the sites by that. No target label is ever read, neither for training nor for choosing weights.
 */
public final class DomainAdversarialTraining {

    private DomainAdversarialTraining() {
    }

    /**
     * Adapts a network to target sites without their labels: labels of cases of a site that is not a source site are
     * never read, not even for validation.
     *
     * @param network where to start; best trained on the source sites (warm start)
     * @param cases cases of at least one source and one target site; validation cases of source sites are measured
     * @param options how to train
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return the adapted network (without the domain head) and its curves
     * @throws LearningException as {@link SegmentationTraining#run}, and if there is only one site
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final DomainAdversarialOptions options, final Progress progress, final TrainingListener listener) {
        return run(network, cases, options, Optional.empty(), progress, listener);
    }

    /**
     * As {@link #run(Network, List, DomainAdversarialOptions, Progress, TrainingListener)}, saving the state now and
     * then.
     *
     * @param checkpoints where; the training goes on from a state that is there, with the bits it would have had
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final DomainAdversarialOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        final long start = System.nanoTime();
        final NetworkSpec spec = network.spec();
        final SegmentationOptions segmentation = options.segmentation();
        final Set<String> sources = SiteRoles.sources(cases, options.sourceSites());
        final List<TrainingCase> used = cases.stream().filter(c -> SiteRoles.isUsed(c, sources)).toList();
        final CaseSet read = CaseSet.load(used, spec, c -> sources.contains(c.site()), progress.part(0, 0.05));
        final List<String> sites =
            read.training().stream().map(c -> c.source().site()).distinct().sorted().toList();
        final Sampling sampling = new Sampling(sampler(read, spec, segmentation, sources, true),
            sampler(read, spec, segmentation, sources, false), sites, spec, segmentation);
        final TrainingGraphSpec graph = new TrainingGraphSpec(spec, segmentation.batch(), segmentation.batch() / 2,
            SegmentationTraining.loss(spec, segmentation, read.partial()),
            SegmentationTraining.frozen(spec, segmentation.frozenBlocks()), Optional.of(head(options, sites.size())),
            segmentation.seed(), segmentation.optimizer().withBeta1(options.beta1()),
            segmentation.device());
        final TrainingLoop loop = new TrainingLoop(segmentation.steps(), sampling::batch,
            (step, curve) -> rates(options, step, curve), options.selection().validation(read, spec, sources),
            segmentation.validationInterval(), options.selection().selection(segmentation.stopping()));
        return TrainingSession.of(network, read, graph, loop, System.nanoTime() - start).run("domain-adversarial",
            segmentation.seed(), options.asMap(), checkpoints, progress.part(0.05, 1), listener);
    }

    private static PatchSampler sampler(final CaseSet read, final NetworkSpec spec, final SegmentationOptions options,
        final Set<String> sources, final boolean source) {
        final List<LoadedCase> side =
            read.training().stream().filter(c -> sources.contains(c.source().site()) == source).toList();
        return new PatchSampler(side, spec.patchSize(), 0, options.mirror(), options.augmentation());
    }

    private static DomainHeadSpec head(final DomainAdversarialOptions options, final int sites) {
        return switch (options.attachment()) {
            case BOTTLENECK -> new DomainHeadSpec(sites, DomainHeadSpec.Attachment.BOTTLENECK,
                DomainHeadSpec.Shape.POOLED, options.headWidth());
            case MULTI_LEVEL -> new DomainHeadSpec(sites, DomainHeadSpec.Attachment.MULTI_LEVEL,
                DomainHeadSpec.Shape.POOLED, options.headWidth());
            case LAST_DECODER -> new DomainHeadSpec(sites, DomainHeadSpec.Attachment.LAST_DECODER,
                DomainHeadSpec.Shape.PATCH, options.headWidth());
            case OUTPUT -> new DomainHeadSpec(sites, DomainHeadSpec.Attachment.OUTPUT, DomainHeadSpec.Shape.PATCH,
                options.headWidth());
        };
    }

    private static TrainingGraph.Rates rates(final DomainAdversarialOptions options, final int step,
        final List<StepMetrics> curve) {
        final double rate = options.segmentation().rate(step, curve);
        final double progress = (step - 1.0) / options.segmentation().steps();
        return new TrainingGraph.Rates(step, rate, rate * options.headLearningRateFactor(), options.lambda(progress));
    }

    /** Makes batches whose first half is source, with labels, and whose second half is target, without. */
    private record Sampling(PatchSampler source, PatchSampler target, List<String> sites, NetworkSpec spec,
        SegmentationOptions options) {

        TrainingGraph.Batch batch(final int step) {
            final int half = options.batch() / 2;
            final int voxels = spec.patchSize().voxels();
            final float[] images = new float[options.batch() * spec.inputLength()];
            final byte[] labels = new byte[half * voxels];
            final int[] numbers = new int[options.batch()];
            for (int slot = 0; slot < options.batch(); slot++) {
                final SeededRandom random = SeededRandom.of(options.seed(), step, slot);
                numbers[slot] = sites.indexOf(slot < half ? source.drawLabeled(random, images, labels, slot)
                    : target.draw(random, images, slot));
            }
            return new TrainingGraph.Batch(images, labels, numbers);
        }
    }
}
