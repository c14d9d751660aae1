package org.scanbridge.learning.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.scanbridge.learning.graph.BatchStatisticsGraph;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.TrainingResult;
import org.scanbridge.tensorflow.EngineInfo;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.scanbridge.tensorflow.TrainingPermit;

/**
 * AdaBN (Li et al., Pattern Recognition 2018, algorithm 1): the mean and variance of every batch-normalized channel are
 * replaced by those over the target's images, all weights stay:
 *
 * <pre>
 * μ = E x,  σ² = E x² - μ²,  y = γ (x - μ) / √(σ² + ε) + β
 * </pre>
 *
 * with x the channel's values in patches of the target. No label is read and nothing is trained. The statistics of a layer
 * are taken with the batch's own statistics in the layers before it, B patches at a time, and pooled over the batches. The
 * paper takes all target images; here it is a number of patches drawn from them.
 */
public final class AdaptiveBatchNorm {

    /** Patches at a time. */
    private static final int BATCH = 8;

    /** Patches that give each mean to about a percent of its standard deviation. */
    public static final int DEFAULT_PATCHES = 256;

    private AdaptiveBatchNorm() {
    }

    /**
     * Adapts a network.
     *
     * @param network has batch normalization
     * @param cases training cases of sites that are not source sites are used, without their labels
     * @param sourceSites the source sites; empty for all sites whose training cases are all labeled
     * @param patches how many patches the statistics are taken from; rounded up to whole batches of 8
     * @param seed decides which patches
     * @param progress learns of the batches, cancels between them
     * @return the adapted network, with an empty curve
     * @throws LearningException if the network has no batch normalization, or there are no target cases
     */
    @SuppressWarnings("try") // the permit is held, not used
    public static TrainingResult run(final Network network, final List<TrainingCase> cases,
        final List<String> sourceSites, final int patches, final long seed, final Progress progress) {
        network.spec().requireTrainable();
        final long start = System.nanoTime();
        check(network.spec());
        if (patches < 1) {
            throw new IllegalArgumentException("Patches for the statistics " + patches + ": at least 1.");
        }
        final Set<String> targets = SiteRoles.targets(cases, sourceSites);
        final List<TrainingCase> used =
            cases.stream().filter(c -> c.role() == Role.TRAIN && targets.contains(c.site())).toList();
        final CaseSet read = CaseSet.load(used, network.spec(), c -> false, progress.part(0, 0.2));
        try (TrainingPermit permit =
            TrainingPermit.acquire(() -> progress.report(0, "Waiting for another training to end"))) {
            return TensorFlowRuntime.call(() -> {
                final long before = System.nanoTime();
                final Weights weights = reestimate(network.spec(), network.weights(),
                    new PatchSampler(read.training(), network.spec().patchSize(), 0, true), patches, seed,
                    progress.part(0.2, 1));
                final EngineInfo engine = TensorFlowRuntime.info();
                final Map<String, String> options = new TreeMap<>(
                    Map.of("patches", "" + patches, "seed", "" + seed, "sourceSites", sourceSites.toString()));
                final Provenance provenance = new Provenance("adabn", seed, 0, 0, Double.NaN, List.copyOf(targets),
                    read.hash(), network.weights().hash(), engine.engine(), engine.device(), engine.computation(),
                    read.addImageFacts(read.addChannels(options)), read.training().size(), List.of());
                return new TrainingResult(new Network(network.spec(), weights, network.labels(), provenance), weights,
                    List.of(), engine.device(), (before - start) * 1e-9, (System.nanoTime() - before) * 1e-9, 0);
            });
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new LearningException("The adaptation failed: " + e.getMessage(), e);
        }
    }

    /** @throws LearningException if the network has no batch normalization */
    static void check(final NetworkSpec spec) {
        if (spec.norm() != Norm.BATCH) {
            throw new LearningException("The network has " + spec.norm().name().toLowerCase(java.util.Locale.ROOT)
                + " normalization, which keeps no statistics that could be adapted. Build and train a network with batch"
                + " normalization, or choose another method.");
        }
    }

    /** The same weights with the statistics of patches; inside the engine's context. */
    static Weights reestimate(final NetworkSpec spec, final Weights weights, final PatchSampler sampler,
        final int patches, final long seed, final Progress progress) {
        final Map<String, double[]> sums = new LinkedHashMap<>();
        final int batches = (patches + BATCH - 1) / BATCH;
        final float[] images = new float[BATCH * spec.inputLength()];
        try (BatchStatisticsGraph graph = new BatchStatisticsGraph(spec, weights)) {
            for (int b = 0; b < batches; b++) {
                progress.report((double)b / batches, "Statistics of batch " + (b + 1) + " of " + batches);
                for (int slot = 0; slot < BATCH; slot++) {
                    sampler.draw(SeededRandom.of(seed, -1, b, slot), images, slot);
                }
                add(sums, graph.measure(images, BATCH));
            }
        }
        final Map<String, float[]> values = new LinkedHashMap<>(weights.values());
        sums.forEach((name, sum) -> {
            final double[] means = sums.get(name.replace("/variance", "/mean"));
            final float[] value = new float[sum.length];
            for (int c = 0; c < value.length; c++) {
                final double mean = means[c] / batches;
                value[c] = (float)(name.endsWith("/mean") ? mean : Math.max(0, sum[c] / batches - mean * mean));
            }
            values.put(name, value);
        });
        return new Weights(weights.parameters(), values);
    }

    /** Adds means, and second moments in place of variances: those of batches can be pooled. */
    private static void add(final Map<String, double[]> sums, final Map<String, float[]> batch) {
        batch.forEach((name, values) -> {
            final double[] sum = sums.computeIfAbsent(name, n -> new double[values.length]);
            final float[] means = batch.get(name.replace("/variance", "/mean"));
            for (int c = 0; c < sum.length; c++) {
                sum[c] += name.endsWith("/mean") ? values[c] : values[c] + (double)means[c] * means[c];
            }
        });
    }
}
