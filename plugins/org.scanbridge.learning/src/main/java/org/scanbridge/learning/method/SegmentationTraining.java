package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.SegmentationLossSpec;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.learning.train.TrainingSession;
import org.scanbridge.learning.train.Validation;

/**
 * Supervised training: minimizes a · Dice loss + b · cross-entropy over patches of labeled cases. With blocks
 * frozen it is the transfer learning of Ghafoorian et al. (MICCAI 2017): the shallowest blocks keep their weights and
 * running statistics. The background has no part in the Dice loss unless class weights give it one.
 */
public final class SegmentationTraining {

    private SegmentationTraining() {
    }

    /**
     * Trains a network on labeled cases; unlabeled ones are not read. Runs the steps on the calling thread and stops
     * between two steps when the progress is cancelled.
     *
     * @param network where to start; untrained, or trained before (warm start)
     * @param cases training cases, and validation cases that decide which step is kept; without any, the last one
     * @param options how to train
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step
     * @return the trained network and its curves
     * @throws LearningException if no training case is labeled, a label value is no class of the network, a subject is
     *             both training and validation, a step gives no finite loss, or memory would not suffice
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final SegmentationOptions options, final Progress progress, final TrainingListener listener) {
        return run(network, cases, options, Optional.empty(), progress, listener);
    }

    /**
     * As {@link #run(Network, List, SegmentationOptions, Progress, TrainingListener)}, saving the state now and then.
     *
     * @param checkpoints where; the training goes on from a state that is there, with the bits it would have had
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final SegmentationOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        network.spec().requireTrainable();
        final long start = System.nanoTime();
        final NetworkSpec spec = network.spec();
        final List<TrainingCase> labeled = cases.stream().filter(TrainingCase::labeled).toList();
        if (labeled.stream().noneMatch(c -> c.role() == Role.TRAIN)) {
            throw new LearningException("None of the " + cases.size()
                + " cases is a training case with a segmentation. Check the column with the segmentations and the split.");
        }
        final CaseSet read = CaseSet.load(labeled, spec, c -> true, progress.part(0, 0.05));
        final PatchSampler sampler = new PatchSampler(read.training(), spec.patchSize(), options.centers(), options.seed(),
            options.mirror(), options.augmentation());
        final TrainingGraphSpec graph = new TrainingGraphSpec(spec, options.batch(), options.batch(),
            loss(spec, options, read.partial()), frozen(spec, options.frozenBlocks()), Optional.empty(), options.seed(),
            options.optimizer(), options.device());
        final TrainingLoop loop = new TrainingLoop(options.steps(),
            step -> batch(sampler, spec, options, step),
            (step, curve) -> new TrainingGraph.Rates(step, options.rate(step, curve), 0, Double.NaN),
            new Validation(read.validation(), spec), options.validationInterval(),
            new TrainingLoop.Selection(options.stopping().best(), 0, options.stopping()));
        return TrainingSession.of(network, read, graph, loop, System.nanoTime() - start).run("supervised",
            options.seed(), options.asMap(), checkpoints, progress.part(0.05, 1), listener);
    }

    private static TrainingGraph.Batch batch(final PatchSampler sampler, final NetworkSpec spec,
        final SegmentationOptions options, final int step) {
        final float[] images = new float[options.batch() * spec.inputLength()];
        final byte[] labels = new byte[options.batch() * spec.patchSize().voxels()];
        for (int slot = 0; slot < options.batch(); slot++) {
            sampler.drawLabeled(SeededRandom.of(options.seed(), step, slot), images, labels, slot);
        }
        return new TrainingGraph.Batch(images, labels, new int[options.batch()]);
    }

    /**
     * The loss the options ask for.
     *
     * @param partial whether voxels may be not annotated
     */
    static SegmentationLossSpec loss(final NetworkSpec spec, final SegmentationOptions options, final boolean partial) {
        final LossOptions asked = options.loss();
        final List<Double> given = asked.classWeights();
        final boolean regions = !spec.regions().isEmpty();
        if (!given.isEmpty() && given.size() != spec.outputs()) {
            throw new LearningException("There are " + given.size() + " class weights, but the network has "
                + (regions ? spec.outputs() + " regions. Give one weight per region, or none."
                    : spec.classes() + " classes, background included. Give one weight per class, or none."));
        }
        final List<Double> ones = Collections.nCopies(spec.outputs(), 1.0);
        final List<Double> foreground = new ArrayList<>(ones);
        if (!regions) {
            foreground.set(0, 0.0);
        }
        return new SegmentationLossSpec(asked.diceForm(), asked.diceWeight(), given.isEmpty() ? foreground : given,
            asked.crossEntropyWeight(), given.isEmpty() ? ones : given, asked.focalGamma(), asked.tverskyAlpha(), partial);
    }

    /** Names of the shallowest blocks. */
    static Set<String> frozen(final NetworkSpec spec, final int count) {
        final List<String> blocks = NetworkPlan.of(spec).blocks();
        if (count >= blocks.size()) {
            throw new LearningException("All " + blocks.size() + " blocks of the network would be frozen (" + count
                + " asked for). Freeze at most " + (blocks.size() - 1) + ".");
        }
        return new TreeSet<>(blocks.subList(0, count));
    }
}
