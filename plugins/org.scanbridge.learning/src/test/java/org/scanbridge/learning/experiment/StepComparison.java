package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.BareStep;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * The speed bars of training: one step against a bare graph of the same operations (in turns, so that other load hits both
 * alike), the preparation of a batch against a step, and resident memory over 2000 steps. Arguments: pairs of steps
 * (default 30), steps of the memory run (default 2000; 0 to skip).
 */
public final class StepComparison {

    private static final int BATCH = 4;

    private StepComparison() {
    }

    public static void main(final String[] arguments) throws Exception {
        final int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        final int memorySteps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
        for (final Norm norm : new Norm[]{Norm.GROUP, Norm.BATCH}) {
            compare(new NetworkSpec(Kind.UNET_3D, 1, 4, 16, 3, norm, PatchSize.cube(32)), pairs);
        }
        preparation(NetworkSpec.unet3d(4, 16, 3, 32));
        if (memorySteps > 0) {
            memory(NetworkSpec.unet3d(4, 8, 3, 16), memorySteps);
        }
    }

    private static float[] images(final NetworkSpec spec) {
        final Random random = new Random(1);
        final float[] images = new float[BATCH * spec.patchSize().voxels()];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
        }
        return images;
    }

    private static byte[] labels(final NetworkSpec spec) {
        final byte[] labels = new byte[BATCH * spec.patchSize().voxels()];
        new Random(2).nextBytes(labels);
        for (int v = 0; v < labels.length; v++) {
            labels[v] &= 3;
        }
        return labels;
    }

    private static TrainingGraphSpec graph(final NetworkSpec spec) {
        final List<Double> ones = Collections.nCopies(4, 1.0);
        return new TrainingGraphSpec(spec, BATCH, BATCH, new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(),
            Optional.empty(), 1, OptimizerSpec.adam());
    }

    private static void compare(final NetworkSpec spec, final int pairs) throws Exception {
        final float[] images = images(spec);
        final byte[] labels = labels(spec);
        final Weights weights = Network.untrained(spec, 1).weights();
        TensorFlowRuntime.call(() -> {
            try (TrainingGraph ours = new TrainingGraph(graph(spec), weights);
                    BareStep bare = new BareStep(spec, weights, images, labels, BATCH)) {
                final List<Double> a = new ArrayList<>();
                final List<Double> b = new ArrayList<>();
                for (int n = -3; n < pairs; n++) {
                    final int step = n + 4;
                    final double first = time(() -> ours.step(new TrainingGraph.Batch(images, labels, new int[BATCH]),
                        new TrainingGraph.Rates(step, 1e-3, 0, Double.NaN)));
                    final double second = time(bare::run);
                    if (n >= 0) {
                        a.add(first);
                        b.add(second);
                    }
                }
                final double[] ratios = new double[pairs];
                for (int n = 0; n < pairs; n++) {
                    ratios[n] = a.get(n) / b.get(n);
                }
                Arrays.sort(ratios);
                Collections.sort(a);
                Collections.sort(b);
                System.out.printf(Locale.ROOT,
                    "%s: step min %.0f median %.0f ms; bare min %.0f median %.0f ms; ratio of minima %.3f, of medians %.3f, median of pairs %.3f%n",
                    spec, a.get(0), a.get(pairs / 2), b.get(0), b.get(pairs / 2), a.get(0) / b.get(0),
                    a.get(pairs / 2) / b.get(pairs / 2), ratios[pairs / 2]);
            }
            return null;
        });
    }

    private static double time(final Runnable work) {
        final long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-6;
    }

    /** How long the thread that prepares batches works for one: all of it while TensorFlow computes the step before. */
    private static void preparation(final NetworkSpec spec) {
        final PhantomCases.Pair pair =
            PhantomCases.pairs(new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), 96, 1), 0, 0, 1).get(0);
        final LoadedCase loaded =
            new LoadedCase(new TrainingCase(pair::image, pair::labels, "s", "A", Role.TRAIN), spec, true);
        final PatchSampler sampler = new PatchSampler(List.of(loaded), spec.patchSize(), 0.33, true);
        final float[] images = new float[BATCH * spec.inputSize().voxels()];
        final byte[] labels = new byte[BATCH * spec.patchSize().voxels()];
        final double[] times = new double[200];
        for (int step = 0; step < times.length; step++) {
            final int number = step;
            times[step] = time(() -> {
                for (int slot = 0; slot < BATCH; slot++) {
                    sampler.drawLabeled(SeededRandom.of(1, number, slot), images, labels, slot);
                }
            });
        }
        Arrays.sort(times);
        System.out.printf(Locale.ROOT, "preparing a batch of 4 × 32³: median %.2f ms, largest of 200 %.2f ms%n",
            times[100], times[199]);
    }

    private static void memory(final NetworkSpec spec, final int steps) throws Exception {
        final float[] images = images(spec);
        final byte[] labels = labels(spec);
        TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(graph(spec), Network.untrained(spec, 1).weights())) {
                for (int step = 1; step <= steps; step++) {
                    graph.step(new TrainingGraph.Batch(images, labels, new int[BATCH]),
                        new TrainingGraph.Rates(step, 1e-3, 0, Double.NaN));
                    if (step == 100 || step % (steps / 4) == 0) {
                        System.gc();
                        System.out.printf(Locale.ROOT, "resident after %d steps: %d MB%n", step, resident());
                    }
                }
            }
            return null;
        });
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
            .findFirst().orElse(-1);
    }
}
