package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.TensorFlowRuntime;

class TrainingGraphTest {

    private static final NetworkSpec SPEC =
        new NetworkSpec(Kind.UNET_3D, 1, 2, 1, 1, Norm.BATCH, PatchSize.cube(4));

    private static final TrainingGraphSpec TRAINING = new TrainingGraphSpec(SPEC, 2, 1,
        new SegmentationLossSpec(DiceForm.POOLED, 1, List.of(1.0, 1.0), 1, List.of(1.0, 1.0)), Set.of(),
        Optional.empty(), 1, OptimizerSpec.adam());

    /** With a first kernel that is the identity, the first layer's batch statistics are those of the images. */
    @Test
    void runningStatisticsMoveATenthTowardsTheBatch() throws Exception {
        final Map<String, float[]> values =
            new HashMap<>(Weights.initial(new UNetPlan(SPEC).parameters(), 1).values());
        final float[] identity = new float[27];
        identity[13] = 1;
        values.put("enc0.a/kernel", identity);
        final float[] images = new float[128];
        double mean = 0;
        for (int v = 0; v < 128; v++) {
            images[v] = v % 5 - 1;
            mean += images[v] / 128;
        }
        double squares = 0;
        for (final float v : images) {
            squares += (v - mean) * (v - mean);
        }
        final Weights after = TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(TRAINING, new Weights(new UNetPlan(SPEC).parameters(), values))) {
                graph.step(new TrainingGraph.Batch(images, new byte[64], new int[2]),
                    new TrainingGraph.Rates(1, 1e-3, 0, Double.NaN));
                return graph.weights();
            }
        });
        assertEquals(0.1 * mean, after.get("enc0.a/mean")[0], 1e-6);
        final double variance = after.get("enc0.a/variance")[0];
        assertTrue(variance >= 0.9 + 0.1 * squares / 128 - 1e-5 && variance <= 0.9 + 0.1 * squares / 127 + 1e-5,
            "biased or unbiased variance of the batch: " + variance);
    }

    /** TensorFlow takes arrays of a wrong size without a word. */
    @Test
    void refusesArraysOfTheWrongLength() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(TRAINING, Weights.initial(new UNetPlan(SPEC).parameters(), 1))) {
                final TrainingGraph.Rates rates = new TrainingGraph.Rates(1, 1e-3, 0, Double.NaN);
                assertThrows(IllegalArgumentException.class,
                    () -> graph.step(new TrainingGraph.Batch(new float[127], new byte[64], new int[2]), rates));
                assertThrows(IllegalArgumentException.class,
                    () -> graph.step(new TrainingGraph.Batch(new float[128], new byte[128], new int[2]), rates));
                assertThrows(IllegalArgumentException.class, () -> graph.probabilities(new float[100], 1));
            }
            return null;
        });
    }
}
