package org.scanbridge.learning.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.DomainHeadSpec;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * Prints wall and processor milliseconds per optimizer step and per forward pass of a batch of four, for several
 * networks. On a busy machine the processor time says more.
 */
public final class StepBenchmark {

    private static final int BATCH = 4;

    private static final int STEPS = 15;

    private StepBenchmark() {
    }

    public static void main(final String[] arguments) throws Exception {
        System.out.println("network                         head | step ms: min median  cpu | forward ms: min  cpu | MB");
        for (final int[] config : new int[][]{{8, 24}, {8, 32}, {16, 32}}) {
            for (final Norm norm : Norm.values()) {
                run(config[0], config[1], norm, false);
            }
            run(config[0], config[1], Norm.GROUP, true);
        }
    }

    private static void run(final int width, final int patch, final Norm norm, final boolean head) throws Exception {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, 4, width, 3, norm, PatchSize.cube(patch));
        final List<Double> ones = Collections.nCopies(4, 1.0);
        final int labeled = head ? BATCH / 2 : BATCH;
        final TrainingGraphSpec graphSpec = new TrainingGraphSpec(spec, BATCH, labeled,
            new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(), head ? Optional.of(new DomainHeadSpec(2,
                DomainHeadSpec.Attachment.LAST_DECODER, DomainHeadSpec.Shape.PATCH, 16)) : Optional.empty(), 1, OptimizerSpec.adam());
        final Random random = new Random(1);
        final float[] images = new float[BATCH * spec.patchSize().voxels()];
        final byte[] labels = new byte[labeled * spec.patchSize().voxels()];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
        }
        random.nextBytes(labels);
        for (int v = 0; v < labels.length; v++) {
            labels[v] &= 3;
        }
        TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(graphSpec, Network.untrained(spec, 1).weights())) {
                final int[] step = new int[1];
                final double[] train = measure(() -> graph.step(new TrainingGraph.Batch(images, labels, new int[]{0, 0, 1, 1}),
                    new TrainingGraph.Rates(++step[0], 1e-3, 1e-3, 0.5)));
                final double[] forward = measure(() -> graph.probabilities(images, BATCH));
                System.out.printf(Locale.ROOT, "width %2d patch %2d %-8s %9s | %12.0f %6.0f %4.0f | %15.0f %4.0f | %d%n",
                    width, patch, norm, head ? "yes" : "no", train[0], train[1], train[2], forward[0], forward[2],
                    resident());
            }
            return null;
        });
    }

    /** Minimum, median and mean processor time in ms. */
    private static double[] measure(final Runnable work) {
        work.run();
        work.run();
        final List<Double> times = new ArrayList<>();
        final long cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
        for (int n = 0; n < STEPS; n++) {
            final long start = System.nanoTime();
            work.run();
            times.add((System.nanoTime() - start) * 1e-6);
        }
        final long used = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - cpu;
        Collections.sort(times);
        return new double[]{times.get(0), times.get(STEPS / 2), (double)used / STEPS};
    }

    private static long resident() throws java.io.IOException {
        return java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
            .findFirst().orElse(-1);
    }
}
