package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class NetworkGraphTest {

    private static float[] noise(final int count, final long seed) {
        final Random random = new Random(seed);
        final float[] values = new float[count];
        for (int v = 0; v < count; v++) {
            values[v] = (float)random.nextGaussian();
        }
        return values;
    }

    /** Weights whose running statistics, shifts and slopes are no longer what they start with. */
    private static Weights used(final NetworkSpec spec) {
        final Map<String, float[]> values =
            new HashMap<>(Weights.initial(NetworkPlan.of(spec).parameters(), 3).values());
        for (final Parameter p : NetworkPlan.of(spec).parameters()) {
            final float[] v = values.get(p.name()).clone();
            final float[] noise = noise(v.length, p.name().hashCode());
            for (int n = 0; n < v.length && !p.name().endsWith("kernel"); n++) {
                v[n] += 0.2f * Math.abs(noise[n]);
            }
            values.put(p.name(), v);
        }
        return new Weights(NetworkPlan.of(spec).parameters(), values);
    }

    private static float[] logits(final NetworkSpec spec, final Weights weights, final float[] image) throws Exception {
        return TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                store.add(weights);
                final PatchSize in = spec.inputSize();
                final Operand<TFloat32> y = NetworkGraph.of(tf, spec, store)
                    .predicting(LayersTest.constant(tf, image, 1, in.k(), in.j(), in.i(), spec.inputChannels())).logits();
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    try (Result result = session.runner().fetch(y).run()) {
                        return Tensors.values(result.get(0));
                    }
                }
            }
        });
    }

    /**
     * Ghafoorian et al.'s network on one 32×32 patch as the paper has it: convolutions, then dense layers over the flattened
     * features, rows first, channels last (methods.md C and H 6). Plain Java in double precision.
     */
    private static double[] dense(final Weights w, final int width, final float[] patch) {
        double[] x = new double[patch.length];
        for (int v = 0; v < x.length; v++) {
            x[v] = patch[v];
        }
        int size = 32;
        int channels = patch.length / 32 / 32;
        for (int n = 1; n <= 12; n++) {
            final int left = size - 2;
            final float[] kernel = w.get("conv" + n + "/kernel");
            final double[] y = new double[left * left * width];
            for (int j = 0; j < left; j++) {
                for (int i = 0; i < left; i++) {
                    for (int o = 0; o < width; o++) {
                        double sum = 0;
                        for (int dj = 0; dj < 3; dj++) {
                            for (int di = 0; di < 3; di++) {
                                for (int c = 0; c < channels; c++) {
                                    sum += x[((j + dj) * size + i + di) * channels + c]
                                        * kernel[((dj * 3 + di) * channels + c) * width + o];
                                }
                            }
                        }
                        y[(j * left + i) * width + o] = normalized(w, "conv" + n, o, sum);
                    }
                }
            }
            x = y;
            size = left;
            channels = width;
        }
        assertEquals(8, size);
        for (final String layer : List.of("dense1", "dense2", "head")) {
            final float[] matrix = w.get(layer + "/kernel");
            final int out = matrix.length / x.length;
            final double[] y = new double[out];
            for (int o = 0; o < out; o++) {
                for (int n = 0; n < x.length; n++) {
                    y[o] += x[n] * matrix[n * out + o];
                }
                y[o] = "head".equals(layer) ? y[o] + w.get("head/bias")[o] : normalized(w, layer, o, y[o]);
            }
            x = y;
        }
        return x;
    }

    private static double normalized(final Weights w, final String block, final int channel, final double x) {
        final double y = (x - w.get(block + "/mean")[channel]) / Math.sqrt(w.get(block + "/variance")[channel] + 1e-5)
            * w.get(block + "/gamma")[channel] + w.get(block + "/beta")[channel];
        return Math.max(0, y);
    }

    @Test
    void convolutionsGiveWhatTheDenseLayersGive() throws Exception {
        convolutionsGiveWhatTheDenseLayersGive(1);
        convolutionsGiveWhatTheDenseLayersGive(2); // FLAIR and T1, as the paper has it
    }

    private static void convolutionsGiveWhatTheDenseLayersGive(final int channels) throws Exception {
        final NetworkSpec spec =
            new NetworkSpec(Kind.PATCH_CNN, channels, 2, 4, 1, Norm.BATCH, new PatchSize(9, 7, 1));
        final Weights weights = used(spec);
        final PatchSize in = spec.inputSize();
        assertEquals(new PatchSize(40, 38, 1), in);
        final float[] image = noise(spec.inputLength(), 1);
        final float[] all = logits(spec, weights, image);
        final Random random = new Random(2);
        for (int n = 0; n < 20; n++) {
            final int i = random.nextInt(9);
            final int j = random.nextInt(7);
            final float[] patch = new float[32 * 32 * channels];
            for (int row = 0; row < 32; row++) {
                System.arraycopy(image, ((j + row) * in.i() + i) * channels, patch, row * 32 * channels, 32 * channels);
            }
            final double[] expected = dense(weights, 4, patch);
            for (int c = 0; c < 2; c++) {
                assertEquals(expected[c], all[(j * 9 + i) * 2 + c], 1e-4, "voxel " + i + ", " + j);
            }
        }
    }

    /** Convolutions without padding: what a voxel gets does not depend on the block it is in. */
    @Test
    void bothPathwaysOfDeepMedicLieOnTheSameVoxels() throws Exception {
        final NetworkSpec large = new NetworkSpec(Kind.DEEP_MEDIC, 1, 2, 6, 1, Norm.BATCH, new PatchSize(9, 6, 3));
        final NetworkSpec small = large.withPatchSize(PatchSize.cube(3));
        final Weights weights = used(large);
        final PatchSize in = large.inputSize();
        final float[] image = noise(in.voxels(), 5);
        final float[] all = logits(large, weights, image);
        final int edge = small.inputSize().i();
        assertEquals(51, edge);
        for (final int[] at : new int[][]{{0, 0}, {3, 3}, {6, 0}}) {
            final float[] block = new float[edge * edge * edge];
            for (int k = 0; k < edge; k++) {
                for (int j = 0; j < edge; j++) {
                    System.arraycopy(image, (k * in.j() + j + at[1]) * in.i() + at[0], block, (k * edge + j) * edge, edge);
                }
            }
            final float[] part = logits(small, weights, block);
            for (int v = 0; v < 27; v++) {
                final int voxel = (v / 9 * 6 + v / 3 % 3 + at[1]) * 9 + v % 3 + at[0];
                for (int c = 0; c < 2; c++) {
                    assertEquals(part[v * 2 + c], all[voxel * 2 + c], 1e-5);
                }
            }
        }
    }

    /**
     * A bright point shows in the fine pathway around its own place and in the coarse pathway around the same place: with
     * all-positive weights, the logits are symmetric around a point in the middle.
     */
    @Test
    void deepMedicIsCenteredOnItsBlock() throws Exception {
        final NetworkSpec spec = new NetworkSpec(Kind.DEEP_MEDIC, 1, 2, 3, 1, Norm.BATCH, PatchSize.cube(9));
        final Map<String, float[]> values = new HashMap<>();
        for (final Parameter p : NetworkPlan.of(spec).parameters()) {
            final float[] v = Weights.initial(List.of(p), 1).get(p.name()).clone();
            if (p.name().endsWith("kernel")) {
                Arrays.fill(v, 1f / v.length);
            }
            values.put(p.name(), v);
        }
        final PatchSize in = spec.inputSize();
        final float[] image = new float[in.voxels()];
        final int middle = in.i() / 2;
        image[(middle * in.j() + middle) * in.i() + middle] = 1e6f;
        final float[] logits = logits(spec, new Weights(NetworkPlan.of(spec).parameters(), values), image);
        for (int v = 0; v < 729; v++) {
            final float mirrored = logits[2 * (728 - v)];
            assertEquals(mirrored, logits[2 * v], 1e-4 * Math.abs(mirrored));
        }
        assertFalse(logits[0] == logits[2 * 364], "the middle sees more of the point than the corner");
    }

    /** methods.md D (MS-Net): a set of norm parameters per domain; training on one leaves the others as they are. */
    @Test
    void domainsShareKernelsButNotNorms() throws Exception {
        final NetworkSpec spec =
            new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(4)).withDomains(2);
        final Weights before = Weights.initial(NetworkPlan.of(spec).parameters(), 4);
        final float[] image = noise(2 * 64, 6);
        final Map<String, float[]> after = TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                store.add(before);
                final UNet.Output output = new UNet(tf, spec, store)
                    .training(LayersTest.constant(tf, image, 2, 4, 4, 4, 1), Set.of(), 1);
                final Losses losses = new Losses(tf);
                final Operand<TFloat32> target = tf.zerosLike(output.logits());
                final Updates updates = new Updates(tf, store, OptimizerSpec.sgd(0));
                final Op step = updates.minimize(losses.l2(output.logits(), target),
                    List.of(new Updates.Group(
                        store.entries().stream().filter(e -> e.parameter().trainable()).toList(), tf.constant(0.1f))),
                    output.statistics());
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    session.runner().addTarget(step).run().close();
                    return store.read(session, before.parameters().stream().map(Parameter::name).toList());
                }
            }
        });
        for (final Parameter p : before.parameters()) {
            final boolean firstDomain = p.name().matches(".*/(gamma|beta|mean|variance)");
            if (firstDomain) {
                assertArrayEquals(before.get(p.name()), after.get(p.name()), p.name());
            } else {
                assertFalse(Arrays.equals(before.get(p.name()), after.get(p.name())), p.name());
            }
        }
    }

    /** The same numbers give the same mask, others another one; what is left is scaled so that the mean stays. */
    @Test
    void dropoutIsDrawnFromItsNumbers() throws Exception {
        final float[] first = mask(1, 2, 1);
        assertArrayEquals(first, mask(1, 2, 1));
        assertFalse(Arrays.equals(first, mask(1, 3, 1)));
        assertFalse(Arrays.equals(first, mask(1, 2, 2)));
        int dropped = 0;
        for (final float v : first) {
            dropped += v == 0 ? 1 : 0;
            assertEquals(v == 0 ? 0 : 1 / 0.7f, v, 1e-6);
        }
        assertEquals(0.3 * 4000, dropped, 4 * Math.sqrt(4000 * 0.3 * 0.7));
    }

    private static float[] mask(final int seed, final int step, final int which) throws Exception {
        final float[] ones = new float[4000];
        Arrays.fill(ones, 1);
        return LayersTest.run(tf -> new Layers(tf).dropout(LayersTest.constant(tf, ones, 4, 10, 10, 10, 1), 0.3,
            tf.constant(new int[]{seed, step}), which));
    }

    @Test
    void placeholdersOfUnknownBatchPredict() throws Exception {
        for (final Kind kind : List.of(Kind.PATCH_CNN, Kind.DEEP_MEDIC)) {
            final NetworkSpec spec = new NetworkSpec(kind, 1, 2, 2, 1, Norm.BATCH,
                kind.flat() ? new PatchSize(3, 3, 1) : PatchSize.cube(3));
            final PatchSize in = spec.inputSize();
            TensorFlowRuntime.call(() -> {
                try (Graph graph = new Graph()) {
                    final Ops tf = Ops.create(graph);
                    final VariableStore store = new VariableStore(tf);
                    store.add(Weights.initial(NetworkPlan.of(spec).parameters(), 1));
                    final Operand<TFloat32> y = NetworkGraph.of(tf, spec, store).predicting(tf.placeholder(TFloat32.class,
                        Placeholder.shape(Shape.of(-1, in.k(), in.j(), in.i(), 1)))).logits();
                    assertArrayEquals(new long[]{-1, spec.patchSize().k(), 3, 3, 2}, y.shape().asArray());
                }
                return null;
            });
        }
    }
}
