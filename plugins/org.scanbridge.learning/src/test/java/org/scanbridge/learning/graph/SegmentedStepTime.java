package org.scanbridge.learning.graph;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.TensorFlowRuntime;

import com.sun.management.OperatingSystemMXBean;

/**
 * What back-propagation in segments costs: steps of the README's network (32³ voxels, 4 patches), by turns with and without. Run
 * on request, with the number of pairs of steps as argument; prints the least wall time and the median processor time of a step,
 * which says more where others compute beside it.
 */
public final class SegmentedStepTime {

    private static final int BATCH = 4;

    private SegmentedStepTime() {
    }

    private static TrainingGraph graph(final NetworkSpec network, final boolean segmented) {
        System.setProperty(Backpropagation.SEGMENTED_PROPERTY, Boolean.toString(segmented));
        final List<Double> ones = Collections.nCopies(network.classes(), 1.0);
        return new TrainingGraph(
            new TrainingGraphSpec(network, BATCH, BATCH,
                new SegmentationLossSpec(SegmentationLossSpec.DiceForm.MEAN, 1, ones, 1, ones), Set.of(), Optional.empty(), 1,
                OptimizerSpec.adam()),
            Weights.initial(NetworkPlan.of(network).parameters(), 1));
    }

    /** @param args number of pairs, and the network's width */
    public static void main(final String[] args) throws Exception {
        final int pairs = Integer.parseInt(args[0]);
        final NetworkSpec network = NetworkSpec.unet3d(4, Integer.parseInt(args[1]), 3, 32);
        final Random random = new Random(1);
        final float[] images = new float[BATCH * network.inputLength()];
        final byte[] labels = new byte[BATCH * network.patchSize().voxels()];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
            labels[v] = (byte)random.nextInt(network.classes());
        }
        final TrainingGraph.Batch batch = new TrainingGraph.Batch(images, labels, new int[BATCH]);
        final OperatingSystemMXBean process = (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        TensorFlowRuntime.call(() -> {
            try (TrainingGraph whole = graph(network, false); TrainingGraph segmented = graph(network, true)) {
                final double[][] wall = new double[2][pairs];
                final double[][] processor = new double[2][pairs];
                for (int step = -1; step < pairs; step++) {
                    for (int way = 0; way < 2; way++) {
                        final long start = System.nanoTime();
                        final long before = process.getProcessCpuTime();
                        (way == 0 ? whole : segmented).step(batch, new TrainingGraph.Rates(step + 2, 1e-3, 0, Double.NaN));
                        if (step >= 0) { // the first step warms up
                            processor[way][step] = (process.getProcessCpuTime() - before) / 1e6;
                            wall[way][step] = (System.nanoTime() - start) / 1e6;
                        }
                    }
                }
                for (int way = 0; way < 2; way++) {
                    Arrays.sort(wall[way]);
                    Arrays.sort(processor[way]);
                }
                System.out.println(String.format(Locale.ROOT,
                    "whole %.1f ms, segments %.1f ms: %.3f; processor time %.1f ms, %.1f ms: %.3f", wall[0][0], wall[1][0],
                    wall[1][0] / wall[0][0], processor[0][pairs / 2], processor[1][pairs / 2],
                    processor[1][pairs / 2] / processor[0][pairs / 2]));
            }
            return null;
        });
    }
}
