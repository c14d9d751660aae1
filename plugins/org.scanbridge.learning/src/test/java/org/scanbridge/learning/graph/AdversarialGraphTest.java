package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.AdversarialGraphSpec.Schedule;
import org.scanbridge.learning.graph.DiscriminatorSpec.Shape;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/** methods.md H 3: nobody is moved by a step that is not theirs. */
@AnyProcessor
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdversarialGraphTest {

    private static final NetworkSpec SEGMENTER = NetworkSpec.unet3d(3, 4, 2, 8);

    private static final NetworkSpec GENERATOR = SEGMENTER.asGenerator(NetworkOutput.SIGMOID);

    private static final int BATCH = 2;

    private static final SegmentationLossSpec LOSS = new SegmentationLossSpec(SegmentationLossSpec.DiceForm.POOLED, 1,
        List.of(0.0, 1.0, 1.0), 1, List.of(1.0, 1.0, 1.0));

    /** Longer than any test. */
    private static final int FIRST_STAGE = 100;

    private final KeptGraphs<AdversarialGraphSpec, AdversarialGraph> m_graphs = new KeptGraphs<>(AdversarialGraphTest::create);

    @AfterAll
    void close() {
        m_graphs.close();
    }

    private static AdversarialGraph create(final AdversarialGraphSpec spec) {
        return new AdversarialGraph(spec, weights(GENERATOR), weights(SEGMENTER));
    }

    private static AdversarialGraphSpec spec(final Shape shape, final int firstStage) {
        return spec(new DiscriminatorSpec(shape, 2, shape == Shape.RESNET_18 ? 8 : 4, 2, 0), 0, firstStage);
    }

    private static AdversarialGraphSpec spec(final DiscriminatorSpec discriminator, final int replay,
        final int firstStage) {
        return new AdversarialGraphSpec(GENERATOR, SEGMENTER, BATCH, LOSS, Optional.of(discriminator), replay,
            GeneratorObjective.NON_SATURATING, new Schedule(firstStage, 0, 1, 1, 2), 5, OptimizerSpec.adam(),
            OptimizerSpec.adam(0.5), DeviceChoice.AUTO);
    }

    private static AdversarialGraphSpec with(final double dropout, final int replay) {
        return spec(new DiscriminatorSpec(Shape.CONVOLUTIONS, 2, 4, 2, dropout), replay, 0);
    }

    private static Weights weights(final NetworkSpec spec) {
        return Weights.initial(new UNetPlan(spec).parameters(), 3);
    }

    private static TrainingGraph.Batch batch(final long labelSeed) {
        final Random random = new Random(1);
        final float[] images = new float[BATCH * 512];
        for (int v = 0; v < images.length; v++) {
            images[v] = random.nextFloat();
        }
        final Random labelRandom = new Random(labelSeed);
        final byte[] labels = new byte[images.length];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)labelRandom.nextInt(3);
        }
        return new TrainingGraph.Batch(images, labels, new int[]{0, 1});
    }

    /** The state before and after some steps. */
    private record Steps(Map<String, float[]> before, Map<String, float[]> after) {

        boolean moved(final String prefix) {
            return before.entrySet().stream().filter(e -> e.getKey().startsWith(prefix))
                .anyMatch(e -> !Arrays.equals(e.getValue(), after.get(e.getKey())));
        }
    }

    private Steps run(final AdversarialGraphSpec spec, final int steps, final double rate,
        final double discriminatorRate, final double lambda, final long labelSeed) throws Exception {
        return TensorFlowRuntime.call(() -> {
            final AdversarialGraph graph = m_graphs.initial(spec);
            final Map<String, float[]> before = graph.state();
            for (int step = 1; step <= steps; step++) {
                graph.step(batch(labelSeed), new TrainingGraph.Rates(step, rate, discriminatorRate, lambda));
            }
            return new Steps(before, graph.state());
        });
    }

    @ParameterizedTest
    @EnumSource
    void eachUpdateMovesItsOwnPlayers(final Shape shape) throws Exception {
        final Steps discriminatorOnly = run(spec(shape, 0), 1, 0, 1e-2, 1, 2);
        assertFalse(discriminatorOnly.moved("generator.") || discriminatorOnly.moved("segmenter."));
        assertTrue(discriminatorOnly.moved("discriminator."));
        final Steps others = run(spec(shape, 0), 1, 1e-2, 0, 1, 2);
        assertTrue(others.moved("generator.") && others.moved("segmenter."));
        assertFalse(others.moved("discriminator."));
    }

    /** In the first stage the generator learns to copy, whatever the labels and the discriminator say. */
    @Test
    void firstStageKeepsLabelsAndDiscriminatorFromTheGenerator() throws Exception {
        final Steps some = run(spec(Shape.CONVOLUTIONS, FIRST_STAGE), 2, 1e-2, 1e-2, 1, 2);
        final Steps others = run(spec(Shape.CONVOLUTIONS, FIRST_STAGE), 2, 1e-2, 0, 5, 3);
        boolean segmenterDiffers = false;
        for (final String name : some.after().keySet()) {
            if (name.startsWith("generator.")) {
                assertArrayEquals(some.after().get(name), others.after().get(name), 0, name);
            }
            segmenterDiffers |= name.startsWith("segmenter.")
                && !Arrays.equals(some.after().get(name), others.after().get(name));
        }
        assertTrue(segmenterDiffers, "the segmenter learns from the labels in the first stage too");
        assertFalse(Arrays.equals(run(spec(Shape.CONVOLUTIONS, 0), 2, 1e-2, 0, 0, 2).after().get("generator.head/kernel"),
            run(spec(Shape.CONVOLUTIONS, 0), 2, 1e-2, 0, 0, 3).after().get("generator.head/kernel")),
            "after it the labels reach the generator");
    }

    @Test
    void lambdaDecidesWhetherTheDiscriminatorReachesTheGenerator() throws Exception {
        final float[] without = run(spec(Shape.CONVOLUTIONS, 0), 1, 1e-2, 0, 0, 2).after().get("generator.head/kernel");
        final float[] with = run(spec(Shape.CONVOLUTIONS, 0), 1, 1e-2, 0, 100, 2).after().get("generator.head/kernel");
        assertFalse(Arrays.equals(without, with));
        assertArrayEquals(run(spec(Shape.CONVOLUTIONS, 0), 1, 1e-2, 0, 0, 2).after().get("segmenter.head/kernel"),
            run(spec(Shape.CONVOLUTIONS, 0), 1, 1e-2, 0, 100, 2).after().get("segmenter.head/kernel"), 0,
            "the segmenter sees only its own loss");
    }

    /** methods.md H 5, first half. */
    @Test
    void firstStageLearnsToCopy() throws Exception {
        TensorFlowRuntime.call(() -> {
            final AdversarialGraph graph = m_graphs.initial(spec(Shape.CONVOLUTIONS, FIRST_STAGE));
            double first = 0;
            double last = 0;
            for (int step = 1; step <= 60; step++) {
                last = graph.step(batch(2), new TrainingGraph.Rates(step, 1e-2, 1e-3, 1)).others().get("Reconstruction Loss");
                first = step == 1 ? last : first;
            }
            assertTrue(last < first / 4, first + " → " + last);
            return null;
        });
    }

    /**
     * A discriminator of convolutions that is trained alone tells stripes from noise, and what is generated. A ResNet-18 has
     * a single voxel left of patches this small.
     */
    @Test
    void discriminatorLearns() throws Exception {
        final TrainingGraph.Batch batch = batch(2);
        for (int v = 0; v < 512; v++) {
            batch.images()[v] = v / 2 % 2 == 0 ? 0.2f : 0.8f;
        }
        TensorFlowRuntime.call(() -> {
            final AdversarialGraph graph = m_graphs.initial(spec(Shape.CONVOLUTIONS, 0));
            TrainingGraph.Measured measured = null;
            for (int step = 1; step <= 25; step++) {
                measured = graph.step(batch, new TrainingGraph.Rates(step, 0, 1e-2, 0));
            }
            assertEquals(1, measured.domainAccuracy(), 0, measured.toString());
            assertTrue(measured.domainLoss() < 0.5, measured.toString());
            return null;
        });
    }

    /** Both options reach the discriminator's weights, and only those while the others stand still. */
    @Test
    void dropoutAndReplayAreTheDiscriminatorsOwn() throws Exception {
        final Map<String, float[]> plain = run(with(0, 0), 3, 0, 1e-2, 1, 2).after();
        for (final AdversarialGraphSpec spec : List.of(with(0.25, 0), with(0, 1))) {
            // what stands still makes the same patches again: only a moving generator can be remembered
            final double rate = spec.replay() == 0 ? 0 : 1e-2;
            final Steps steps = run(spec, 3, rate, 1e-2, 1, 2);
            assertEquals(rate > 0, steps.moved("generator."));
            final Map<String, float[]> expected = rate == 0 ? plain : run(with(0, 0), 3, rate, 1e-2, 1, 2).after();
            assertFalse(Arrays.equals(expected.get("discriminator.conv0/kernel"),
                steps.after().get("discriminator.conv0/kernel")));
        }
    }

    /** Masks and replayed patches follow from the state and the step's number. */
    @Test
    void goesOnFromItsStateWithDropoutAndReplay() throws Exception {
        final AdversarialGraphSpec spec = with(0.25, 3);
        final Map<String, float[]> straight = run(spec, 6, 1e-2, 1e-2, 1, 2).after();
        TensorFlowRuntime.call(() -> {
            final Map<String, float[]> middle = run(spec, 4, 1e-2, 1e-2, 1, 2).after();
            assertEquals(3 * 512, middle.get("replayed patches").length);
            // one that has seen nothing of the other's steps
            try (AdversarialGraph graph = create(spec)) {
                graph.restore(middle);
                for (int step = 5; step <= 6; step++) {
                    graph.step(batch(2), new TrainingGraph.Rates(step, 1e-2, 1e-2, 1));
                }
                final Map<String, float[]> resumed = graph.state();
                assertEquals(straight.keySet(), resumed.keySet());
                straight.forEach((name, values) -> assertArrayEquals(values, resumed.get(name), 0, name));
                graph.restore(graph.weights().values());
                assertArrayEquals(straight.get("replayed patches"), graph.state().get("replayed patches"), 0,
                    "weights alone leave the pool as it is");
            }
            return null;
        });
    }

    @Test
    void refusesArraysOfTheWrongLength() throws Exception {
        TensorFlowRuntime.call(() -> {
            final AdversarialGraph graph = m_graphs.initial(spec(Shape.CONVOLUTIONS, 0));
            final TrainingGraph.Rates rates = new TrainingGraph.Rates(1, 1e-3, 1e-3, 1);
            final TrainingGraph.Batch good = batch(2);
            assertThrows(IllegalArgumentException.class,
                () -> graph.step(new TrainingGraph.Batch(new float[5], good.labels(), good.sites()), rates));
            assertThrows(IllegalArgumentException.class,
                () -> graph.step(new TrainingGraph.Batch(good.images(), good.labels(), new int[1]), rates));
            return null;
        });
    }
}
