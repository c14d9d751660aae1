package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/** methods.md H 3 for two generators and two discriminators: nobody is moved by a step that is not theirs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranslationGraphTest {

    private static final int BATCH = 2;

    /** So small that it is full in the middle of a test. */
    private static final int POOL = 3;

    private static NetworkSpec generator(final NetworkOutput output) {
        return new NetworkSpec(Kind.UNET_3D, 1, 1, 4, 2, Norm.INSTANCE, PatchSize.cube(8), output);
    }

    private static TranslationGraphSpec spec(final NetworkOutput output, final double cycle, final double identity,
        final int pool) {
        return new TranslationGraphSpec(generator(output), BATCH, new PatchDiscriminatorSpec(4, 1, true), cycle, identity,
            pool, 3, OptimizerSpec.adam(0.5), DeviceChoice.AUTO);
    }

    private static TranslationGraph build(final TranslationGraphSpec spec) {
        return new TranslationGraph(spec, Weights.initial(new UNetPlan(spec.generator()).parameters(), 1),
            Weights.initial(new UNetPlan(spec.generator()).parameters(), 2));
    }

    private final KeptGraphs<TranslationGraphSpec, TranslationGraph> m_graphs = new KeptGraphs<>(TranslationGraphTest::build);

    @AfterAll
    void close() {
        m_graphs.close();
    }

    private static TrainingGraph.Batch batch(final int seed) {
        final Random random = new Random(seed);
        final float[] images = new float[2 * BATCH * 512];
        for (int v = 0; v < images.length; v++) {
            images[v] = random.nextFloat() * (v < images.length / 2 ? 0.5f : 1);
        }
        return new TrainingGraph.Batch(images, new byte[0], new int[]{0, 0, 1, 1});
    }

    private static TrainingGraph.Rates rates(final int step, final double generators, final double discriminators) {
        return new TrainingGraph.Rates(step, generators, discriminators, Double.NaN);
    }

    private static boolean moved(final Map<String, float[]> before, final Map<String, float[]> after, final String prefix) {
        return before.entrySet().stream().filter(e -> e.getKey().startsWith(prefix))
            .anyMatch(e -> !Arrays.equals(e.getValue(), after.get(e.getKey())));
    }

    @Test
    @AnyProcessor
    void eachUpdateMovesItsOwnPlayers() throws Exception {
        TensorFlowRuntime.call(() -> {
            final TranslationGraph graph = m_graphs.initial(spec(NetworkOutput.SIGMOID_RESIDUAL, 10, 5, POOL));
            final Map<String, float[]> start = graph.state();
            graph.step(batch(1), rates(1, 0, 1e-2));
            final Map<String, float[]> discriminators = graph.state();
            assertFalse(moved(start, discriminators, "forward.") || moved(start, discriminators, "backward."));
            assertTrue(moved(start, discriminators, "discriminator.source.")
                && moved(start, discriminators, "discriminator.target."));
            graph.step(batch(2), rates(2, 1e-2, 0));
            final Map<String, float[]> generators = graph.state();
            assertTrue(moved(discriminators, generators, "forward.") && moved(discriminators, generators, "backward."));
            assertFalse(moved(discriminators, generators, "discriminator."));
            return null;
        });
    }

    /** Copying generators have no cycle and no identity loss, and discriminators whose scores are 0 cost ½ each. */
    @Test
    void lossesOfCopyingGenerators() throws Exception {
        TensorFlowRuntime.call(() -> {
            final TranslationGraph graph = m_graphs.initial(spec(NetworkOutput.RESIDUAL, 10, 5, 50));
            final Map<String, float[]> zeros = graph.state();
            zeros.replaceAll((name, v) -> name.startsWith("discriminator.") ? new float[v.length] : v);
            graph.restore(zeros);
            final TrainingGraph.Batch batch = batch(1);
            final TrainingGraph.Measured measured = graph.step(batch, rates(1, 1e-3, 1e-3));
            assertEquals(2, measured.others().get(TranslationGraph.ADVERSARIAL), 1e-6);
            assertEquals(0, measured.others().get(TranslationGraph.CYCLE), 1e-6);
            assertEquals(0, measured.others().get(TranslationGraph.IDENTITY), 1e-6);
            assertEquals(0.5, measured.others().get(TranslationGraph.SOURCE_DISCRIMINATOR), 1e-6);
            assertEquals(0.5, measured.others().get(TranslationGraph.TARGET_DISCRIMINATOR), 1e-6);
            assertEquals(2, measured.segmentationLoss(), 1e-6);
            final float[] pool = graph.state().get("pool.target");
            assertArrayEquals(Arrays.copyOf(batch.images(), pool.length), pool, 1e-6f, "G(x) = x is stored");
            return null;
        });
    }

    /** Generators that answer ½ to everything: |2·½ - 1 - (2x - 1)| = |1 - 2x| in both cycles and both identities. */
    @Test
    void distancesCountOnTheScaleOfThePaper() throws Exception {
        TensorFlowRuntime.call(() -> {
            final TranslationGraph graph = m_graphs.initial(spec(NetworkOutput.SIGMOID, 10, 5, 0));
            final Map<String, float[]> zeros = graph.state();
            zeros.replaceAll((name, v) -> name.contains("head") ? new float[v.length] : v);
            graph.restore(zeros);
            final TrainingGraph.Batch batch = batch(1);
            double expected = 0;
            for (final float x : batch.images()) {
                expected += 2 * Math.abs(1 - 2 * x) / batch.images().length;
            }
            final TrainingGraph.Measured measured = graph.step(batch, rates(1, 1e-3, 1e-3));
            assertEquals(expected, measured.others().get(TranslationGraph.CYCLE), 1e-5);
            assertEquals(expected, measured.others().get(TranslationGraph.IDENTITY), 1e-5);
            assertEquals(measured.others().get(TranslationGraph.ADVERSARIAL) + 15 * expected,
                measured.segmentationLoss(), 1e-4);
            return null;
        });
    }

    @Test
    @AnyProcessor
    void withoutIdentityThereIsNone() throws Exception {
        TensorFlowRuntime.call(() -> {
            final TranslationGraph graph = m_graphs.initial(spec(NetworkOutput.SIGMOID, 10, 0, 9));
            assertFalse(graph.step(batch(1), rates(1, 1e-3, 1e-3)).others().containsKey(TranslationGraph.IDENTITY));
            return null;
        });
    }

    /** Patches do not see each other: with and without the identity terms, G(x) and the adversarial loss are the same. */
    @Test
    @AnyProcessor
    void identityPassesDoNotChangeTheOthers() throws Exception {
        TensorFlowRuntime.call(() -> {
            final TranslationGraph with = m_graphs.initial(spec(NetworkOutput.SIGMOID, 10, 5, 9));
            final TranslationGraph without = m_graphs.initial(spec(NetworkOutput.SIGMOID, 10, 0, 9));
            final Map<String, Double> one = with.step(batch(1), rates(1, 0, 0)).others();
            final Map<String, Double> other = without.step(batch(1), rates(1, 0, 0)).others();
            for (final String name : other.keySet()) {
                assertEquals(other.get(name), one.get(name), 1e-5, name);
            }
            assertArrayEquals(without.state().get("pool.target"), with.state().get("pool.target"), 1e-5f);
            assertArrayEquals(without.state().get("pool.target"),
                with.probabilities(Arrays.copyOf(batch(1).images(), BATCH * 512), BATCH), 1e-5f);
            assertArrayEquals(without.state().get("pool.source"), with.backward(
                Arrays.copyOfRange(batch(1).images(), BATCH * 512, 2 * BATCH * 512), BATCH), 1e-5f);
            return null;
        });
    }

    /** Variables and pools: from the fourth step on, half of what a discriminator sees is old. */
    @Test
    @AnyProcessor
    void goesOnFromItsStateWithTheSameBits() throws Exception {
        final TranslationGraphSpec spec = spec(NetworkOutput.SIGMOID_RESIDUAL, 10, 5, POOL);
        TensorFlowRuntime.call(() -> {
            final TranslationGraph one = m_graphs.initial(spec);
            try (TranslationGraph other = build(spec)) {
                for (int step = 1; step <= 4; step++) {
                    one.step(batch(step), rates(step, 1e-3, 1e-3));
                }
                other.restore(one.state());
                for (int step = 5; step <= 8; step++) {
                    assertEquals(one.step(batch(step), rates(step, 1e-3, 1e-3)).others(),
                        other.step(batch(step), rates(step, 1e-3, 1e-3)).others());
                }
                final Map<String, float[]> expected = one.state();
                other.state().forEach((name, v) -> assertArrayEquals(expected.get(name), v, name));
                other.restore(one.weights().values());
                assertArrayEquals(expected.get("pool.source"), other.state().get("pool.source"),
                    "weights alone leave the pools as they are");
            }
            return null;
        });
    }

    @Test
    @AnyProcessor
    void refusesWhatDoesNotFit() throws Exception {
        final NetworkSpec batchNorm = new NetworkSpec(Kind.UNET_3D, 1, 1, 4, 2, Norm.BATCH, PatchSize.cube(8),
            NetworkOutput.SIGMOID);
        final PatchDiscriminatorSpec discriminator = new PatchDiscriminatorSpec(4, 1, true);
        assertThrows(IllegalArgumentException.class, () -> new TranslationGraphSpec(batchNorm, 1, discriminator, 10, 5, 50,
            1, OptimizerSpec.adam(), DeviceChoice.AUTO));
        assertThrows(IllegalArgumentException.class, () -> new TranslationGraphSpec(generator(NetworkOutput.SIGMOID), 1,
            new PatchDiscriminatorSpec(4, 3, true), 10, 5, 50, 1, OptimizerSpec.adam(), DeviceChoice.AUTO));
        TensorFlowRuntime.call(() -> {
            final TranslationGraph graph = m_graphs.initial(spec(NetworkOutput.SIGMOID, 10, 5, 0));
            assertThrows(IllegalArgumentException.class,
                () -> graph.step(new TrainingGraph.Batch(new float[5], new byte[0], new int[0]), rates(1, 1e-3, 1e-3)));
            return null;
        });
    }
}
