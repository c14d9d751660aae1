package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/** What critics learn, and what they leave alone (methods.md D, H 3). */
class CriticTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(2, 4, 2, 8);

    private static final int BATCH = 4;

    private static AdaptationGraphSpec spec(final AdaptationTerm term) {
        final List<Double> ones = Collections.nCopies(2, 1.0);
        return new AdaptationGraphSpec(SPEC, 2, 0, 2, new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(),
            false, List.of(term), 2, 1, OptimizerSpec.adam(0.5), 100, DeviceChoice.AUTO);
    }

    private static TrainingGraph.Batch batch(final AdaptationGraphSpec spec, final int seed) {
        final Random random = new Random(seed);
        final int voxels = SPEC.patchSize().voxels();
        final float[] images = new float[spec.patchesPerStep() * voxels];
        for (int v = 0; v < images.length; v++) {
            // target patches are coarser along i: brightness would not survive the network's norms
            final boolean repeated = v / voxels % BATCH >= 2 && v % 4 != 0;
            images[v] = repeated ? images[v - 1] : (float)random.nextGaussian();
        }
        final byte[] labels = new byte[2 * voxels];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(images[v] > 0 ? 1 : 0);
        }
        return new TrainingGraph.Batch(images, labels, new int[]{0, 0, 1, 1});
    }

    /** Steps in which the network's learning rate is 0. */
    private static void run(final AdaptationGraphSpec spec, final int steps, final Check check) throws Exception {
        final Weights start = Weights.initial(new UNetPlan(SPEC).parameters(), 1);
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, start)) {
                double loss = Double.NaN;
                final Map<String, float[]> before = graph.state();
                for (int step = 1; step <= steps; step++) {
                    loss = graph.step(batch(spec, step), new TrainingGraph.Rates(step, 0, 0, Double.NaN)).others()
                        .get(AdaptationObjective.CRITIC);
                }
                assertEquals(start.hash(), graph.weights().hash(), "the critic's steps moved the network");
                check.of(before, graph.state(), loss);
            }
            return null;
        });
    }

    private interface Check {
        void of(Map<String, float[]> before, Map<String, float[]> after, double loss);
    }

    @Test
    void wassersteinCriticTellsTheSitesWithinItsClipping() throws Exception {
        final CriticTerm term = CriticTerm.wasserstein().withCriticLearningRate(1e-3);
        run(spec(term), 12, (before, after, loss) -> {
            assertTrue(loss < 0, "source is not scored above target: " + loss);
            after.forEach((name, values) -> {
                if (name.startsWith(Critic.PREFIX) && !name.startsWith("critics/")) {
                    for (final float v : values) {
                        assertTrue(Math.abs(v) <= 0.03f, name + " has the weight " + v);
                    }
                    // the last bias adds the same to source and target
                    assertTrue(name.endsWith("out.bias") || !Arrays.equals(values, before.get(name)), name + " learns nothing");
                }
            });
            assertTrue(after.keySet().stream().anyMatch(n -> n.startsWith("critic1")), "there is no second critic");
        });
    }

    @Test
    void leastSquaresCriticTellsTheSites() throws Exception {
        // scores of 0 for everything cost ½
        run(spec(CriticTerm.leastSquares()), 30, (before, after, loss) -> assertTrue(loss < 0.25, "critic loss " + loss));
    }

    @Test
    void networkStepLeavesTheCriticAlone() throws Exception {
        final AdaptationGraphSpec spec = spec(CriticTerm.leastSquares());
        TensorFlowRuntime.call(() -> {
            final Weights start = Weights.initial(new UNetPlan(SPEC).parameters(), 1);
            try (AdaptationGraph still = new AdaptationGraph(spec, start);
                    AdaptationGraph moving = new AdaptationGraph(spec, start)) {
                still.step(batch(spec, 1), new TrainingGraph.Rates(1, 0, 0, Double.NaN));
                moving.step(batch(spec, 1), new TrainingGraph.Rates(1, 1e-2, 0, Double.NaN));
                assertFalse(start.hash().equals(moving.weights().hash()));
                final Map<String, float[]> expected = still.state();
                moving.state().forEach((name, values) -> {
                    if (name.startsWith(Critic.PREFIX)) {
                        assertArrayEquals(expected.get(name), values, name);
                    }
                });
            }
            return null;
        });
    }
}
