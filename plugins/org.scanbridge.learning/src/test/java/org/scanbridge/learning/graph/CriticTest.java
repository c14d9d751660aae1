package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
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
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What critics learn, and what they leave alone (methods.md D, H 3). */
class CriticTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(2, 4, 2, 8);

    private static final int BATCH = 4;

    private static final int VOXELS = 512;

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
    @AnyProcessor
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

    /** Critics on features of 2 source and 2 target patches: a decoder level, and a bottleneck of half its size. */
    private static Critic.Game play(final Ops tf, final VariableStore store, final Operand<TFloat32> decoder,
        final Operand<TFloat32> bottleneck) {
        final float[] logits = new float[BATCH * VOXELS * 2];
        for (int v = 0; v < logits.length; v++) {
            logits[v] = (float)Math.sin(v * v);
        }
        final UNet.Output features = new UNet.Output(LayersTest.constant(tf, logits, BATCH, 8, 8, 8, 2),
            List.of(bottleneck), List.of(decoder), List.of(), List.of(), Map.of());
        return new Critic(tf, CriticTerm.wasserstein(), SPEC, store, 3).play(features, 2);
    }

    private static void setOutBiases(final VariableStore store, final Session session, final float value) {
        final Map<String, float[]> biases = new LinkedHashMap<>();
        store.entries().stream().map(e -> e.parameter().name()).filter(n -> n.endsWith("/out.bias"))
            .forEach(n -> biases.put(n, new float[]{value}));
        assertEquals(2, biases.size());
        store.write(session, biases);
    }

    /**
     * On the same patches the network minimizes E f(s) - E f(t) and the critic the opposite; raising all scores alike, which
     * brings the sites no nearer, changes neither. Were all scores of patches equal, it would be 0.
     */
    @Test
    void networkAndCriticPlayForTheDistanceAlone() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                final Random random = new Random(5);
                final float[] decoder = new float[BATCH * VOXELS * 4];
                final float[] bottleneck = new float[BATCH * VOXELS];
                for (int v = 0; v < decoder.length; v++) {
                    decoder[v] = (float)random.nextGaussian() * (v < decoder.length / 2 ? 1 : 2);
                }
                final Critic.Game game = play(tf, store, LayersTest.constant(tf, decoder, BATCH, 8, 8, 8, 4),
                    LayersTest.constant(tf, bottleneck, BATCH, 4, 4, 4, 8));
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    final float[] told = told(session, game);
                    assertTrue(Math.abs(told[0]) > 1e-2, "nothing to tell apart: " + told[0]);
                    assertEquals(-told[1], told[0], 1e-6);
                    setOutBiases(store, session, 5);
                    assertArrayEquals(told, told(session, game), 1e-4f);
                }
            }
            return null;
        });
    }

    private static float[] told(final Session session, final Critic.Game game) {
        try (Result result = session.runner().fetch(game.network()).fetch(game.critic()).run()) {
            return new float[]{Tensors.scalar(result.get(0)), Tensors.scalar(result.get(1))};
        }
    }

    /** With respect to features of both sites and levels, and to all weights of both critics. */
    @Test
    void gradientOfTheDistance() throws Exception {
        new GradientCheck(1e-2).normal(BATCH, 8, 8, 8, 4).normal(BATCH, 4, 4, 4, 8).checkNetwork((tf, in, store) -> {
            Operand<TFloat32> y = play(tf, store, in.get(0), in.get(1)).network();
            assertEquals(16, store.entries().size());
            for (final String critic : List.of("critic0", "critic1")) {
                // the last bias has no gradient of its own, see above
                y = tf.math.add(y, tf.sum(store.get(critic + "/out.bias").value(), tf.constant(0)));
            }
            return y;
        });
    }

    @Test
    @AnyProcessor
    void leastSquaresCriticTellsTheSites() throws Exception {
        // scores of 0 for everything cost ½
        run(spec(CriticTerm.leastSquares()), 30, (before, after, loss) -> assertTrue(loss < 0.25, "critic loss " + loss));
    }

    @Test
    @AnyProcessor
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
