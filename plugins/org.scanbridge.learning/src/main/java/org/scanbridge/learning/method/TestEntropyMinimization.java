package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.AdaptationGraph;
import org.scanbridge.learning.graph.AdaptationGraphSpec;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.MemoryEstimate;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.learning.train.TrainingSession;
import org.scanbridge.learning.train.Validation;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.scanbridge.tensorflow.TrainingPermit;

/**
 * Tent (Wang et al., ICLR 2021, section 3): only the scales γ and shifts β of the norms learn, by making the predictions on
 * the target's images certain,
 *
 * <pre>
 * min over γ, β:  1 / ln C · mean over voxels of -Σc p(c) log p(c),  p = network(t)
 * </pre>
 *
 * with batch normalization in the mode that takes the statistics of the batch. The paper takes one step of Adam at 1e-3
 * per batch and predicts at once; here all steps come first, and batch normalization then gets the target's statistics as
 * by {@link AdaptiveBatchNorm}, so that the result predicts like any network. No label and no image of a source site is
 * read. Group and instance normalization have γ and β too, but no statistics to adapt: with them it is less than Tent.
 */
public final class TestEntropyMinimization {

    private TestEntropyMinimization() {
    }

    /**
     * Adapts a network.
     *
     * @param network where to start; trained on the source sites
     * @param cases training cases of sites that are not source sites are used, without their labels
     * @param sourceSites the source sites; empty for all sites whose training cases are all labeled
     * @param options how to adapt
     * @param seed decides which patches
     * @param checkpoints where to save the state, and to go on from
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step; the loss is the entropy
     * @return the adapted network
     * @throws LearningException if there are no target cases, or the training diverges
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final List<String> sourceSites, final TentOptions options, final long seed,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        network.spec().requireTrainable();
        final long start = System.nanoTime();
        final NetworkSpec spec = network.spec();
        final Set<String> targets = SiteRoles.targets(cases, sourceSites);
        final List<TrainingCase> used =
            cases.stream().filter(c -> c.role() == Role.TRAIN && targets.contains(c.site())).toList();
        final CaseSet read = CaseSet.load(used, spec, c -> false, progress.part(0, 0.05));
        final PatchSampler sampler = new PatchSampler(read.training(), spec.patchSize(), 0, true);
        final SegmentationOptions unused = SegmentationOptions.defaults();
        final AdaptationGraphSpec graph = new AdaptationGraphSpec(spec, 0, 0, options.batch(),
            SegmentationTraining.loss(spec, unused, read.partial()), Set.of(), true, List.of(new EntropyTerm(1)), 1, seed,
            OptimizerSpec.adam(), options.steps(), options.device());
        final TrainingLoop loop = new TrainingLoop(options.steps(), step -> batch(sampler, spec, options, seed, step),
            (step, curve) -> new TrainingGraph.Rates(step, options.learningRate(), 0, Double.NaN),
            new Validation(List.of(), spec), options.steps(), new TrainingLoop.Selection(false, 0));
        final Map<String, String> all = new TreeMap<>(options.asMap());
        all.put("seed", "" + seed);
        all.put("sourceSites", sourceSites.toString());
        final TrainingResult trained = new TrainingSession(network, read,
            () -> new AdaptationGraph(graph, network.weights()), MemoryEstimate.need(spec, options.batch()), loop,
            System.nanoTime() - start, options.device()).run("tent", seed, all, checkpoints, progress.part(0.05, 0.9), listener);
        return spec.norm() == Norm.BATCH ? withStatistics(trained, sampler, options.statisticsPatches(), seed,
            progress.part(0.9, 1)) : trained;
    }

    private static TrainingGraph.Batch batch(final PatchSampler sampler, final NetworkSpec spec,
        final TentOptions options, final long seed, final int step) {
        final float[] images = new float[options.batch() * spec.inputLength()];
        for (int slot = 0; slot < options.batch(); slot++) {
            sampler.draw(SeededRandom.of(seed, step, slot), images, slot);
        }
        return new TrainingGraph.Batch(images, new byte[0], new int[options.batch()]);
    }

    /** The result with the statistics of patches in place of the running ones. */
    @SuppressWarnings("try") // the permit is held, not used
    static TrainingResult withStatistics(final TrainingResult result, final PatchSampler sampler, final int patches,
        final long seed, final Progress progress) {
        final Network network = result.network();
        try (TrainingPermit permit =
            TrainingPermit.acquire(() -> progress.report(0, "Waiting for another training to end"))) {
            final Weights weights = TensorFlowRuntime.call(() -> AdaptiveBatchNorm.reestimate(network.spec(),
                network.weights(), sampler, patches, seed, progress));
            return new TrainingResult(new Network(network.spec(), weights, network.labels(), network.provenance()),
                weights, result.curve(), result.device(), result.setupSeconds(), result.trainingSeconds(),
                result.validationSeconds());
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new LearningException("The adaptation failed: " + e.getMessage(), e);
        }
    }
}
