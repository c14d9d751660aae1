package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.NormSets;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
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

class SiteNormUNetTest {

    private static final NetworkSpec ONE = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(4));

    private static final NetworkSpec THREE = ONE.withDomains(3);

    private static final List<String> SITES = List.of("A", "B", "C");

    private static final int VOXELS = 64;

    private static float[] noise(final int n, final int seed) {
        final Random random = new Random(seed);
        final float[] v = new float[n];
        for (int i = 0; i < n; i++) {
            v[i] = (float)random.nextGaussian();
        }
        return v;
    }

    /** Weights whose norms all differ. */
    private static Weights weights() {
        final Map<String, float[]> values = new LinkedHashMap<>();
        for (final Parameter p : new UNetPlan(THREE).parameters()) {
            float[] v = Weights.initial(List.of(p), 2).get(p.name());
            if (p.name().matches(".*/(gamma|beta|mean|variance).*")) {
                v = noise(p.size(), p.name().hashCode());
                for (int c = 0; c < v.length; c++) {
                    final boolean positive = p.name().contains("/gamma") || p.name().contains("/variance");
                    v[c] = positive ? 1 + 0.3f * Math.abs(v[c]) : 0.3f * v[c];
                }
            }
            values.put(p.name(), v);
        }
        return new Weights(new UNetPlan(THREE).parameters(), values);
    }

    /** What comes out for a patch is what its site's network gives for the patches of the site. */
    @Test
    void patchesGoThroughTheNormsOfTheirSite() throws Exception {
        final List<Integer> slots = List.of(2, 0, 0, 2, 1);
        final float[] images = noise(5 * VOXELS, 1);
        TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                store.add(weights());
                final Operand<TFloat32> all = LayersTest.constant(tf, images, 5, 4, 4, 4, 1);
                final UNet.Output together = new SiteNormUNet(tf, THREE, store, slots).training(all, Set.of(), null);
                final float[] third = new float[2 * VOXELS];
                System.arraycopy(images, 0, third, 0, VOXELS);
                System.arraycopy(images, 3 * VOXELS, third, VOXELS, VOXELS);
                final UNet.Output alone = new UNet(tf, THREE, store)
                    .training(LayersTest.constant(tf, third, 2, 4, 4, 4, 1), Set.of(), 2);
                assertEquals(together.encoder().size(), alone.encoder().size());
                assertEquals(3 * alone.statistics().size(), together.statistics().size());
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    try (Result result = session.runner().fetch(together.logits()).fetch(alone.logits())
                        .fetch(together.bottleneck()).fetch(alone.bottleneck()).run()) {
                        for (int n = 0; n < 4; n += 2) {
                            final float[] five = Tensors.values(result.get(n));
                            final float[] two = Tensors.values(result.get(n + 1));
                            final int each = two.length / 2;
                            assertArrayEquals(Arrays.copyOf(two, each), Arrays.copyOf(five, each), 1e-5f);
                            assertArrayEquals(Arrays.copyOfRange(two, each, 2 * each),
                                Arrays.copyOfRange(five, 3 * each, 4 * each), 1e-5f);
                        }
                    }
                }
            }
            return null;
        });
    }

    /** Of the scales and shifts of two sites whose patches lie mixed in the batch. Far from where a ReLU switches. */
    @Test
    void gradientByDifferences() throws Exception {
        final NetworkSpec flat = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 1, Norm.BATCH, PatchSize.cube(4)).withDomains(2);
        final Weights weights = Weights.initial(new UNetPlan(flat).parameters(), 2);
        final List<String> names =
            List.of("enc0.a/gamma", "enc0.a/gamma.1", "enc0.b/beta", "enc0.b/beta.1", "enc0.b/kernel");
        final GradientCheck check = new GradientCheck(5e-3).normal(4, 4, 4, 4, 1).given(new float[]{1, 1.2f}, 2)
            .given(new float[]{0.9f, 1}, 2).given(new float[]{5, -5}, 2).given(new float[]{5, 6}, 2)
            .given(weights.get("enc0.b/kernel"), 3, 3, 3, 2, 2);
        final AtomicReference<VariableStore> built = new AtomicReference<>();
        check.prepared(session -> built.get().initialize(session)).check((tf, in) -> {
            final VariableStore store = new VariableStore(tf);
            store.add(weights);
            final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
            for (int n = 0; n < names.size(); n++) {
                values.put(names.get(n), in.get(n + 1));
            }
            for (final String beta : List.of("enc0.a/beta", "enc0.a/beta.1")) {
                values.put(beta, tf.constant(new float[]{5, 5}));
            }
            built.set(store.overlaid(values));
            return new SiteNormUNet(tf, flat, built.get(), List.of(0, 1, 1, 0)).training(in.get(0), Set.of(), null)
                .logits();
        });
    }

    private static AdaptationGraphSpec spec(final List<Integer> slots) {
        final List<Double> ones = List.of(1.0, 1.0);
        return new AdaptationGraphSpec(THREE, 2, 0, 2, new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones),
            Set.of(), false, List.of(GradientReversalTerm.defaults()), 3, 1, OptimizerSpec.adam(), 10, DeviceChoice.AUTO,
            Optional.of(new SiteNorms(SITES, slots)));
    }

    private static void step(final AdaptationGraph graph, final int steps) {
        final byte[] labels = new byte[2 * VOXELS];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(v % 2);
        }
        for (int step = 1; step <= steps; step++) {
            graph.step(new TrainingGraph.Batch(noise(4 * VOXELS, step), labels, new int[]{0, 0, 1, 1}),
                new TrainingGraph.Rates(step, 1e-2, 1e-2, 1));
        }
    }

    /** methods.md D (DSBN), tensorflow.md 4: neither statistics nor scales nor momentum of a site move without its patches. */
    @Test
    void sitesWithoutPatchesKeepTheirNorms() throws Exception {
        final Weights before = weights();
        for (final List<Integer> slots : List.of(List.of(0, 0, 1, 1), List.of(0, 0, 0, 0))) {
            TensorFlowRuntime.call(() -> {
                try (AdaptationGraph graph = new AdaptationGraph(spec(slots), before)) {
                    step(graph, 3);
                    final Weights after = graph.weights();
                    for (final Parameter p : before.parameters()) {
                        final boolean norm = p.name().matches(".*/(gamma|beta|mean|variance).*");
                        final int site = p.name().endsWith(".1") ? 1 : p.name().endsWith(".2") ? 2 : 0;
                        final boolean moved = !Arrays.equals(before.get(p.name()), after.get(p.name()));
                        assertEquals(!norm || slots.contains(site), moved, p.name() + " with " + slots);
                    }
                    assertTrue(graph.state().keySet().stream().noneMatch(n -> n.matches("adam/.*/(gamma|beta)\\.2/.*")),
                        "there is momentum of a site without patches");
                }
                return null;
            });
        }
    }

    /** The ordinary network of a site computes what the network with all sets computes for it. */
    @Test
    void foldedNetworksPredictAsTheirSite() throws Exception {
        final float[] images = noise(2 * VOXELS, 9);
        TensorFlowRuntime.call(() -> {
            try (AdaptationGraph graph = new AdaptationGraph(spec(List.of(0, 0, 1, 2)), weights())) {
                step(graph, 3);
                final Weights trained = graph.weights();
                float[] last = null;
                for (int site = 0; site < 3; site++) {
                    final float[] expected = graph.forSite(SITES.get(site)).probabilities(images, 2);
                    final AdaptationGraphSpec plain = spec(List.of(0, 0, 1, 2));
                    try (TrainingGraph folded = new TrainingGraph(new TrainingGraphSpec(ONE, 1, 1, plain.loss(), Set.of(),
                        Optional.empty(), 1, OptimizerSpec.adam()), NormSets.fold(THREE, trained, site))) {
                        assertArrayEquals(expected, folded.probabilities(images, 2), 1e-6f);
                    }
                    assertFalse(Arrays.equals(last, expected), "two sites predict alike");
                    last = expected;
                }
                assertThrows(IllegalArgumentException.class, () -> graph.forSite("D"));
            }
            return null;
        });
    }

    @Test
    void refusesSlotsThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> spec(List.of(0, 0, 1)));
        assertThrows(IllegalArgumentException.class, () -> spec(List.of(0, 0, 1, 3)));
    }
}
