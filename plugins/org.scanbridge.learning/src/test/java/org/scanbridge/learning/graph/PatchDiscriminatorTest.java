package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class PatchDiscriminatorTest {

    private static final Shape PATCH = Shape.of(2, 8, 8, 8, 1);

    /** A discriminator with its variables in a session. */
    private static final class Built implements AutoCloseable {

        private final Graph m_graph = new Graph();

        private final Ops m_tf = Ops.create(m_graph);

        private final VariableStore m_store = new VariableStore(m_tf);

        private final Placeholder<TFloat32> m_image;

        private final Operand<TFloat32> m_scores;

        private final Session m_session;

        Built(final PatchDiscriminatorSpec spec, final Shape shape) {
            GradientRegistry.ensure();
            m_image = m_tf.placeholder(TFloat32.class, Placeholder.shape(shape));
            m_scores = new PatchDiscriminator(m_tf, spec, m_store, 3).scores(m_image);
            m_session = Devices.session(m_graph, DeviceChoice.AUTO);
            m_store.initialize(m_session);
        }

        float[] run(final Operand<TFloat32> fetched, final float[] image) {
            try (TFloat32 fed = Tensors.of(image, m_image.shape().asArray());
                    Result result = m_session.runner().feed(m_image, fed).fetch(fetched).run()) {
                return Tensors.values(result.get(0));
            }
        }

        @Override
        public void close() {
            m_session.close();
            m_graph.close();
        }
    }

    private static float[] image(final int length) {
        final Random random = new Random(4);
        final float[] image = new float[length];
        for (int v = 0; v < length; v++) {
            image[v] = 2 * random.nextFloat() - 1;
        }
        return image;
    }

    /** One score per region: half the patch for each stride of 2, and nothing for the last two convolutions. */
    @Test
    void scoresRegions() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Built volumes = new Built(new PatchDiscriminatorSpec(4, 2, true), Shape.of(2, 24, 16, 8, 1));
                    Built slices = new Built(new PatchDiscriminatorSpec(4, 3, true), Shape.of(2, 1, 32, 32, 1))) {
                assertArrayEquals(new long[]{2, 6, 4, 2, 1}, volumes.m_scores.shape().asArray());
                assertArrayEquals(new long[]{2, 1, 4, 4, 1}, slices.m_scores.shape().asArray());
                assertEquals(List.of(1, 4, 4, 16, 32), slices.m_store.get("conv3/kernel").parameter().shape());
                assertEquals(List.of(4, 4, 4, 4, 8), volumes.m_store.get("conv1/kernel").parameter().shape());
                assertTrue(volumes.m_store.has("conv0/bias") && !volumes.m_store.has("conv0/gamma"));
            }
            return null;
        });
    }

    /** Isola et al., appendix 6.1.2: three strided convolutions make the 70×70 discriminator, one the 16×16, two 34×34. */
    @ParameterizedTest
    @CsvSource({"1,16", "2,34", "3,70", "4,142"})
    void seesWhatThePaperSays(final int strided, final int voxels) {
        assertEquals(voxels, new PatchDiscriminatorSpec(64, strided, true).receptiveField());
    }

    /** The score in the middle of a long line depends on as many voxels as the receptive field says. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void seesAsFarAsItSays(final int strided) throws Exception {
        final PatchDiscriminatorSpec spec = new PatchDiscriminatorSpec(2, strided, false);
        final int size = 80;
        TensorFlowRuntime.call(() -> {
            try (Built built = new Built(spec, Shape.of(1, 1, 8, size, 1))) {
                final long[] shape = built.m_scores.shape().asArray();
                final Operand<TFloat32> middle = built.m_tf.slice(built.m_scores,
                    built.m_tf.constant(new int[]{0, 0, (int)shape[2] / 2, (int)shape[3] / 2, 0}),
                    built.m_tf.constant(new int[]{1, 1, 1, 1, 1}));
                final Operand<TFloat32> gradient = Gradients.create(built.m_tf.scope(), middle, List.of(built.m_image),
                    Gradients.dx(List.of(built.m_tf.onesLike(middle)))).dy(0);
                final float[] g = built.run(gradient, image(8 * size));
                int first = size;
                int last = -1;
                for (int v = 0; v < g.length; v++) {
                    if (g[v] != 0) {
                        first = Math.min(first, v % size);
                        last = Math.max(last, v % size);
                    }
                }
                assertEquals(spec.receptiveField(), last - first + 1);
            }
            return null;
        });
    }

    /**
     * Central differences of a random sum of the scores, along random directions of the image and of every variable. Large
     * biases of both signs keep every value on one side of the kink of the leaky ReLU, on either side as many.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradients(final boolean normalized) throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Built built = new Built(new PatchDiscriminatorSpec(3, 1, normalized), PATCH)) {
                final Random random = new Random(9);
                final Map<String, float[]> values = new LinkedHashMap<>();
                built.m_store.entries().forEach(e -> {
                    final float[] v = new float[e.parameter().size()];
                    final String name = e.parameter().name();
                    final float bias = name.startsWith("conv0") ? 2 : 8;
                    final float shift = name.endsWith("bias") ? bias : name.endsWith("beta") ? 3 : 0;
                    for (int n = 0; n < v.length; n++) {
                        v[n] = (n % 2 == 0 ? shift : -shift) + (name.endsWith("gamma") ? 0.5f : 0)
                            + (float)(0.1 * random.nextGaussian());
                    }
                    values.put(name, v);
                });
                built.m_store.write(built.m_session, values);
                final float[] image = image((int)PATCH.size());
                final float[] weights = image((int)built.m_scores.shape().size());
                final Ops tf = built.m_tf;
                final Operand<TFloat32> weighted = tf.sum(tf.math.mul(tf.reshape(built.m_scores, tf.constant(new int[]{-1})),
                    tf.constant(weights)), tf.constant(0));
                final List<Operand<TFloat32>> inputs = new ArrayList<>(List.of(built.m_image));
                built.m_store.entries().forEach(e -> inputs.add(e.value()));
                final Gradients gradients =
                    Gradients.create(tf.scope(), weighted, inputs, Gradients.dx(List.of(tf.constant(1f))));
                final List<String> names = new ArrayList<>(values.keySet());
                for (int n = 0; n < inputs.size(); n++) {
                    final String name = n == 0 ? "image" : names.get(n - 1);
                    final float[] analytic = built.run(gradients.dy(n), image);
                    final float[] direction = new float[analytic.length];
                    double norm = 0;
                    double expected = 0;
                    for (int v = 0; v < direction.length; v++) {
                        direction[v] = random.nextBoolean() ? 1 : -1;
                        norm += (double)analytic[v] * analytic[v];
                        expected += direction[v] * (double)analytic[v];
                    }
                    final double numeric = (4 * difference(built, name, values, image, direction, weights, 2e-2)
                        - difference(built, name, values, image, direction, weights, 4e-2)) / 3;
                    assertTrue(norm > 0, name + " has no gradient");
                    assertTrue(Math.abs(numeric - expected) / Math.sqrt(norm) <= 1e-3,
                        name + ": " + numeric + " by differences, " + expected + " by back-propagation");
                }
            }
            return null;
        });
    }

    private static double difference(final Built built, final String name, final Map<String, float[]> values,
        final float[] image, final float[] direction, final float[] weights, final double h) {
        return (value(built, name, values, image, direction, weights, h)
            - value(built, name, values, image, direction, weights, -h)) / (2 * h);
    }

    private static double value(final Built built, final String name, final Map<String, float[]> values,
        final float[] image, final float[] direction, final float[] weights, final double h) {
        final float[] moved = (values.containsKey(name) ? values.get(name) : image).clone();
        for (int v = 0; v < moved.length; v++) {
            moved[v] += (float)(h * direction[v]);
        }
        final float[] scores;
        if (values.containsKey(name)) {
            built.m_store.write(built.m_session, Map.of(name, moved));
            scores = built.run(built.m_scores, image);
            built.m_store.write(built.m_session, Map.of(name, values.get(name)));
        } else {
            scores = built.run(built.m_scores, moved);
        }
        double sum = 0;
        for (int s = 0; s < scores.length; s++) {
            sum += (double)scores[s] * weights[s];
        }
        return sum;
    }

    @Test
    void numbersAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new PatchDiscriminatorSpec(0, 2, true));
        assertThrows(IllegalArgumentException.class, () -> new PatchDiscriminatorSpec(8, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new PatchDiscriminatorSpec(8, 5, true));
    }
}
