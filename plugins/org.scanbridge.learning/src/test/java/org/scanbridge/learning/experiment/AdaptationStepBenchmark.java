package org.scanbridge.learning.experiment;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.PatchView;
import org.scanbridge.learning.graph.AdaptationGraph;
import org.scanbridge.learning.graph.AdaptationGraphSpec;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.GradientReversalTerm;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * What the steps of an adaptation cost beside a plain training step: the graphs take turns in one process, and the
 * processor time of all threads is what counts, so that other load hits all alike. Prints the fastest and the median step of each
 * and the ratio to the plain step of a batch of four; and what making the second views of a batch takes, which another thread does
 * while TensorFlow computes the step before. Arguments: rounds (default 9), width (8), edge of the patches (32).
 */
public final class AdaptationStepBenchmark {

    private static final int BATCH = 4;

    private static final int CLASSES = 4;

    /** Rounds that do not count. */
    private static final int WARM_UP = 3;

    private static final int STEPS = 1000;

    private final NetworkSpec m_spec;

    private final Weights m_weights;

    private final int m_rounds;

    private final Map<String, SteppedGraph> m_graphs = new LinkedHashMap<>();

    private final Map<String, TrainingGraph.Batch> m_batches = new LinkedHashMap<>();

    private AdaptationStepBenchmark(final NetworkSpec spec, final int rounds) {
        m_spec = spec;
        m_weights = Network.untrained(spec, 1).weights();
        m_rounds = rounds;
    }

    /** @param arguments rounds, width and edge of the patches; each may be left out from the last on */
    public static void main(final String[] arguments) throws Exception {
        final int[] numbers = {9, 8, 32};
        for (int a = 0; a < arguments.length; a++) {
            numbers[a] = Integer.parseInt(arguments[a]);
        }
        final NetworkSpec spec = NetworkSpec.unet3d(CLASSES, numbers[1], 3, numbers[2]);
        TensorFlowRuntime.call(() -> {
            new AdaptationStepBenchmark(spec, numbers[0]).run();
            return null;
        });
    }

    private static SegmentationLossSpec loss() {
        final List<Double> ones = Collections.nCopies(CLASSES, 1.0);
        return new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones);
    }

    private void plain(final String name, final int batch) {
        add(name, new TrainingGraph(new TrainingGraphSpec(m_spec, batch, batch, loss(), Set.of(), Optional.empty(), 1,
            OptimizerSpec.adam()), m_weights), batch, batch, batch);
    }

    private void adaptation(final String name, final AdaptationTerm... terms) {
        final AdaptationGraphSpec spec = new AdaptationGraphSpec(m_spec, BATCH / 2, 0, BATCH - BATCH / 2, loss(), Set.of(), false,
            List.of(terms), 2, 1, OptimizerSpec.adam(), STEPS, DeviceChoice.AUTO);
        add(name, new AdaptationGraph(spec, m_weights), spec.patchesPerStep(), BATCH / 2, BATCH);
    }

    private void add(final String name, final SteppedGraph graph, final int patches, final int labeled, final int batch) {
        final Random random = new Random(1);
        final float[] images = new float[patches * m_spec.inputLength()];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
        }
        final byte[] labels = new byte[labeled * m_spec.patchSize().voxels()];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)random.nextInt(CLASSES);
        }
        final int[] sites = new int[batch];
        Arrays.fill(sites, batch / 2, batch, 1);
        m_graphs.put(name, graph);
        m_batches.put(name, new TrainingGraph.Batch(images, labels, sites));
    }

    private static double processorMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() * 1e-6;
    }

    private void run() {
        try {
            plain("plain step", BATCH);
            plain("plain step of twice the batch", 2 * BATCH);
            adaptation("without a term");
            adaptation("domain-adversarial", GradientReversalTerm.defaults());
            adaptation("consistency", ConsistencyTerm.defaults());
            adaptation("domain-adversarial and consistency", GradientReversalTerm.defaults(), ConsistencyTerm.defaults());
            final ConsistencyTerm ofTarget = ConsistencyTerm.defaults().withTargetOnly(true);
            adaptation("consistency of the target", ofTarget);
            adaptation("domain-adversarial and consistency of the target", GradientReversalTerm.defaults(), ofTarget);
            adaptation("self-training, the network's own average", SelfTrainingTerm.of(SelfTrainingTerm.Teacher.NETWORK));
            final Map<String, List<Double>> times = new LinkedHashMap<>();
            for (int round = -WARM_UP; round < m_rounds; round++) {
                final int step = round + WARM_UP + 1;
                m_graphs.forEach((name, graph) -> {
                    final double before = processorMillis();
                    // in the middle of a training, where all terms have weight
                    graph.step(m_batches.get(name), new TrainingGraph.Rates(STEPS / 2 + step, 1e-4, 1e-4, 1));
                    times.computeIfAbsent(name, n -> new ArrayList<>()).add(processorMillis() - before);
                });
            }
            print(times);
            views();
        } finally {
            m_graphs.values().forEach(SteppedGraph::close);
        }
    }

    private void print(final Map<String, List<Double>> times) {
        System.out.println("| step of " + m_spec + " | fastest | median | to the plain step: fastest, median, median of the rounds |\n"
            + "|---|---|---|---|");
        final List<Double> plain = counted(times.values().iterator().next());
        times.forEach((name, all) -> {
            final List<Double> mine = counted(all);
            final double[] ratios = new double[mine.size()];
            for (int n = 0; n < ratios.length; n++) {
                ratios[n] = mine.get(n) / plain.get(n);
            }
            System.out.printf(Locale.ROOT, "| %s | %.0f ms | %.0f ms | %.2f, %.2f, %.2f |%n", name, Collections.min(mine),
                median(mine), Collections.min(mine) / Collections.min(plain), median(mine) / median(plain),
                median(Arrays.stream(ratios).boxed().toList()));
        });
    }

    private static List<Double> counted(final List<Double> all) {
        return all.subList(WARM_UP, all.size());
    }

    private static double median(final List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Processor time of making the views of a batch. */
    private void views() {
        final float[] images = Arrays.copyOf(m_batches.values().iterator().next().images(), 2 * BATCH * m_spec.inputLength());
        final List<Double> times = new ArrayList<>();
        for (int round = 0; round < 20 * m_rounds; round++) {
            final long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int slot = 0; slot < BATCH; slot++) {
                PatchView.write(images, slot * m_spec.inputLength(), m_spec.inputSize(), m_spec.inputChannels(),
                    SeededRandom.of(1, round, slot), 1, images, (BATCH + slot) * m_spec.inputLength());
            }
            times.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) * 1e-6);
        }
        System.out.printf(Locale.ROOT, "Making the second views of a batch: median %.1f ms%n", median(times));
    }
}
