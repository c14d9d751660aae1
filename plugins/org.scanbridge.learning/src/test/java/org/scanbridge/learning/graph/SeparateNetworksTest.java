package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.CriticTerm.Objective;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/** Early layers of the target's own, against numbers that PyTorch 2.15 computed in double precision from the same formulas. */
class SeparateNetworksTest {

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.GROUP, PatchSize.cube(4));

    private static final int VOXELS = 64;

    private static final Set<String> OWN = Set.of("enc0.a", "enc0.b");

    private static final List<String> CRITICS = List.of("a.kernel", "a.bias", "b.kernel", "b.bias", "c.kernel", "c.bias",
        "out.kernel", "out.bias");

    /** 0.3 sin(1.3 p + 0.7 e) for the element e of the parameter p, 1 + 0.2 sin(…) for scales. */
    private static float[] values(final int p, final int size, final boolean scale) {
        final float[] v = new float[size];
        for (int e = 0; e < size; e++) {
            final double sine = Math.sin(1.3 * p + 0.7 * e);
            v[e] = (float)(scale ? 1 + 0.2 * sine : 0.3 * sine);
        }
        return v;
    }

    private static Weights weights(final NetworkSpec spec) {
        final List<Parameter> parameters = new UNetPlan(spec).parameters();
        final Map<String, float[]> all = new LinkedHashMap<>();
        for (int p = 0; p < parameters.size(); p++) {
            final String name = parameters.get(p).name();
            all.put(name, values(p, parameters.get(p).size(), name.endsWith("gamma") || name.endsWith("variance")));
        }
        return new Weights(parameters, all);
    }

    private static float[] images(final int patches) {
        final float[] v = new float[patches * VOXELS];
        for (int i = 0; i < v.length; i++) {
            v[i] = (float)(Math.sin(0.9 * i) + Math.cos(0.37 * i * i));
        }
        return v;
    }

    /** One patch of the source, site A, and one of the target without labels; only two blocks are the target's own. */
    private static AdaptationGraphSpec spec(final NetworkSpec network, final OptimizerSpec optimizer,
        final AdaptationTerm... terms) {
        final List<Double> ones = List.of(1.0, 1.0);
        final Set<String> frozen = new TreeSet<>(new UNetPlan(network).blocks());
        frozen.removeAll(OWN);
        return new AdaptationGraphSpec(network, 1, 0, 1, new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), frozen,
            false, List.of(terms), 2, 1, optimizer, 100, DeviceChoice.AUTO, Optional.empty(), Set.of("A"));
    }

    private static TrainingGraph.Measured step(final AdaptationGraph graph, final AdaptationGraphSpec spec, final int step) {
        final float[] images = new float[spec.patchesPerStep() * VOXELS];
        for (int n = 0; n < spec.patchesPerStep() / 2; n++) {
            System.arraycopy(images(2), 0, images, 2 * n * VOXELS, 2 * VOXELS);
        }
        return graph.step(new TrainingGraph.Batch(images, new byte[VOXELS], new int[]{0, 1}),
            new TrainingGraph.Rates(step, 1, 1, 1));
    }

    /**
     * The Wasserstein term with weight 2 at half of the training, 2 (2 / (1 + e^-5) - 1), the second critic counting 0.3;
     * a step of gradient descent at rate 1 moves the weights by its gradient.
     */
    @Test
    void earlyLayersLearnFromTheCriticsAlone() throws Exception {
        final AdaptationGraphSpec spec = spec(SPEC, OptimizerSpec.sgd(0),
            new CriticTerm(Objective.WASSERSTEIN, 2, 0, 2, 1, Double.MIN_VALUE, 1000, 0.3));
        final Weights before = weights(SPEC);
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, before)) {
                final Map<String, float[]> critics = new LinkedHashMap<>();
                final Map<String, float[]> state = graph.state();
                for (int c = 0; c < 2; c++) {
                    for (int p = 0; p < CRITICS.size(); p++) {
                        final String name = "critic" + c + '/' + CRITICS.get(p);
                        critics.put(name, values(100 + c * CRITICS.size() + p, state.get(name).length, false));
                    }
                }
                graph.restore(critics);
                final TrainingGraph.Measured measured = step(graph, spec, 51);
                assertEquals(-0.01955142, measured.others().get("Wasserstein Loss"), 1e-5);
                final Weights after = graph.weights();
                assertMoved(before, after, "enc0.a/kernel", 1.03572836, -0.07391309, 0.22304872, 0.09315094, 0.27066863);
                assertMoved(before, after, "enc0.a/gamma", 0.13137874, -0.09833529, 0.08712372);
                assertMoved(before, after, "enc0.a/beta", 0.08910445, 0.08165755, -0.03566017);
                assertMoved(before, after, "enc0.b/kernel", 0.62451751, -0.01463137, -0.02835192, -0.01175766, -0.00557768);
                assertMoved(before, after, "enc0.b/gamma", 0.26747427, -0.24529956, 0.10663305);
                assertMoved(before, after, "enc0.b/beta", 0.22048358, -0.21244282, 0.05900048);
                assertOthersStay(before, after);
            }
            return null;
        });
    }

    private static void assertMoved(final Weights before, final Weights after, final String name, final double norm,
        final double... first) {
        double squares = 0;
        for (int e = 0; e < before.get(name).length; e++) {
            final double gradient = before.get(name)[e] - after.get(name)[e];
            squares += gradient * gradient;
            if (e < first.length) {
                assertEquals(first[e], gradient, 2e-5, name + ' ' + e);
            }
        }
        assertEquals(norm, Math.sqrt(squares), 5e-5, name);
    }

    private static void assertOthersStay(final Weights before, final Weights after) {
        for (final Parameter p : before.parameters()) {
            if (!OWN.contains(p.block())) {
                assertArrayEquals(before.get(p.name()), after.get(p.name()), p.name());
            }
        }
    }

    /** The entropy of the target's patch, 0.98257473 of ln 2, and its gradient. */
    @Test
    void otherTermsTeachTheSameLayers() throws Exception {
        final AdaptationGraphSpec spec = spec(SPEC, OptimizerSpec.sgd(0), new EntropyTerm(1));
        final Weights before = weights(SPEC);
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, before)) {
                assertEquals(0.98257473, step(graph, spec, 1).others().get("Entropy Loss"), 1e-5);
                assertMoved(before, graph.weights(), "enc0.a/kernel", 0.00725453, -0.00092154, -0.00077386, -0.00086215);
                assertOthersStay(before, graph.weights());
            }
            return null;
        });
    }

    /** All terms at once, with batch normalization, whose running statistics could drift without any gradient. */
    @Test
    void theSourceKeepsItsNetworkToTheBit() throws Exception {
        final NetworkSpec network = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(4));
        final AdaptationGraphSpec spec = spec(network, OptimizerSpec.adam(), GradientReversalTerm.defaults(),
            CriticTerm.wasserstein(), ConsistencyTerm.defaults(), EntropyTerm.defaults(),
            SelfTrainingTerm.of(SelfTrainingTerm.Teacher.NETWORK));
        final Weights before = weights(network);
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec, before);
                    AdaptationGraph untouched = new AdaptationGraph(spec, before)) {
                final float[] start = untouched.forSite("B").probabilities(images(2), 2);
                assertArrayEquals(start, graph.forSite("A").probabilities(images(2), 2));
                for (int step = 1; step <= 3; step++) {
                    graph.step(new TrainingGraph.Batch(images(spec.patchesPerStep()), new byte[VOXELS], new int[]{0, 1}),
                        new TrainingGraph.Rates(step, 1e-2, 1e-2, 1));
                }
                assertArrayEquals(start, graph.forSite("A").probabilities(images(2), 2));
                assertFalse(Arrays.equals(start, graph.forSite("B").probabilities(images(2), 2)));
                assertOthersStay(before, graph.weights());
            }
            return null;
        });
    }

    @Test
    void refusesASourceThatStandsStillWithoutPatchesOfIt() {
        final AdaptationGraphSpec good = spec(SPEC, OptimizerSpec.adam(), EntropyTerm.defaults());
        assertThrows(IllegalArgumentException.class, () -> new AdaptationGraphSpec(SPEC, 0, 0, 2, good.loss(),
            good.frozenBlocks(), false, good.terms(), 2, 1, good.optimizer(), 100, DeviceChoice.AUTO, Optional.empty(),
            Set.of("A")));
        // the source's labels teach nothing here, so they are no objective
        assertThrows(IllegalArgumentException.class, () -> spec(SPEC, OptimizerSpec.adam()));
    }
}
