package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

class LayersTest {

    private static final double SMOOTH = 1e-2;

    /** Small enough not to cross a kink of {@link GradientCheck#distinct}: twice the step stays below 0.05. */
    private static final double KINKED = 2e-2;

    @Test
    void convolutionGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 5, 2).normal(3, 3, 3, 2, 3)
            .check((tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), 1));
    }

    @Test
    void stridedConvolutionGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 5, 4, 6, 2).normal(3, 3, 3, 2, 3)
            .check((tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), 2));
    }

    /** The kernels of patch discriminators; an even kernel pads more behind than before. */
    @Test
    void evenConvolutionGradient() throws Exception {
        for (final int stride : new int[]{1, 2}) {
            new GradientCheck(SMOOTH).normal(2, 6, 4, 8, 2).normal(4, 4, 4, 2, 3)
                .check((tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), stride));
            new GradientCheck(SMOOTH).normal(2, 1, 6, 8, 2).normal(1, 4, 4, 2, 3)
                .check((tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), stride));
        }
    }

    /** All kernels and strides that are computed depth by depth where oneDNN has no kernel of its own for them. */
    @Test
    void gradientsOfKernelsWithPaddingInFront() throws Exception {
        for (final int[] sizes : new int[][]{{2, 3, 3, 1}, {5, 1, 3, 1}, {4, 5, 3, 1}, {3, 6, 4, 2}, {2, 7, 4, 2}}) {
            new GradientCheck(SMOOTH).normal(sizes[0], sizes[1], 4, 5, 2).normal(sizes[2], 3, 3, 2, 3)
                .check((tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), sizes[3]));
        }
    }

    @Test
    void upsampledConvolutionGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 3, 2, 3).normal(2, 4, 6, 4, 2).normal(3, 3, 3, 5, 2)
            .check((tf, in) -> new Layers(tf).upsampledConvolution(in.get(0), in.get(1), in.get(2)));
        new GradientCheck(SMOOTH).normal(2, 1, 3, 2, 3).normal(2, 1, 6, 4, 2).normal(1, 3, 3, 5, 2)
            .check((tf, in) -> new Layers(tf).upsampledConvolution(in.get(0), in.get(1), in.get(2)));
    }

    /** Against the definition: a convolution of the concatenation of the repeated voxels and the others. */
    @Test
    void upsampledConvolutionIsThatOfRepeatedVoxels() throws Exception {
        for (final boolean flat : new boolean[]{false, true}) {
            final int depth = flat ? 1 : 2;
            final float[] x = normal(1, 2 * depth * 3 * 4 * 3);
            final float[] skip = normal(2, 2 * (flat ? 1 : 4) * 6 * 8 * 2);
            final float[] kernel = normal(3, (flat ? 1 : 3) * 9 * 5 * 4);
            final Function<Ops, Operand<TFloat32>> whole = tf -> {
                final Layers layers = new Layers(tf);
                return layers.convolution(
                    layers.concat(List.of(layers.upsample(constant(tf, x, 2, depth, 3, 4, 3), flat),
                        constant(tf, skip, 2, flat ? 1 : 4, 6, 8, 2))),
                    constant(tf, kernel, flat ? 1 : 3, 3, 3, 5, 4), 1);
            };
            final float[] split = run(tf -> new Layers(tf).upsampledConvolution(constant(tf, x, 2, depth, 3, 4, 3),
                constant(tf, skip, 2, flat ? 1 : 4, 6, 8, 2), constant(tf, kernel, flat ? 1 : 3, 3, 3, 5, 4)));
            assertArrayEquals(run(whole), split, 2e-5f);
        }
    }

    private static float[] normal(final long seed, final int count) {
        final Random random = new Random(seed);
        final float[] values = new float[count];
        for (int v = 0; v < count; v++) {
            values[v] = (float)random.nextGaussian();
        }
        return values;
    }

    @Test
    void flatConvolutionGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 1, 6, 5, 2).normal(1, 3, 3, 2, 3)
            .check((tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), 2));
    }

    @Test
    void pointwiseConvolutionAndBiasGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 5, 2).normal(1, 1, 1, 2, 3).normal(3)
            .check((tf, in) -> new Layers(tf).bias(new Layers(tf).convolution(in.get(0), in.get(1), 1), in.get(2)));
    }

    @Test
    void validConvolutionGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 4, 5, 6, 2).normal(3, 3, 3, 2, 3)
            .check((tf, in) -> new Layers(tf).validConvolution(in.get(0), in.get(1)));
    }

    @Test
    void cropGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 4, 5, 3, 2).check((tf, in) -> new Layers(tf).crop(in.get(0), 1));
    }

    @Test
    void averagePoolGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 6, 9, 2).check((tf, in) -> new Layers(tf).averagePool(in.get(0), 3));
    }

    @Test
    void repeatGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 1, 3, 2).check((tf, in) -> new Layers(tf).repeat(in.get(0), 3));
    }

    @Test
    void preluGradient() throws Exception {
        new GradientCheck(KINKED).distinct(2, 2, 3, 2, 2).normal(2)
            .check((tf, in) -> new Layers(tf).prelu(in.get(0), in.get(1)));
    }

    @Test
    void addToFirstChannelsGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 3, 2, 4).normal(2, 2, 3, 2, 3)
            .check((tf, in) -> new Layers(tf).addToFirstChannels(in.get(0), in.get(1)));
        new GradientCheck(SMOOTH).normal(2, 2, 3, 2, 3).normal(2, 2, 3, 2, 3)
            .check((tf, in) -> new Layers(tf).addToFirstChannels(in.get(0), in.get(1)));
    }

    @Test
    void dropoutGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 3, 2, 4)
            .check((tf, in) -> new Layers(tf).dropout(in.get(0), 0.3, tf.constant(new int[]{5, 6}), 1));
    }

    @Test
    void channelDropoutGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 3, 2, 4)
            .check((tf, in) -> new Layers(tf).channelDropout(in.get(0), 0.3, tf.constant(new int[]{5, 6}), 1));
    }

    /** Every channel of every patch is either 0 or 4/3 of what it was, and a quarter of them is 0. */
    @Test
    void channelDropoutDropsWholeChannels() throws Exception {
        final int patches = 10;
        final int voxels = 6;
        final int channels = 40;
        final float[] ones = new float[patches * voxels * channels];
        Arrays.fill(ones, 1);
        final float[] y = run(tf -> new Layers(tf).channelDropout(
            constant(tf, ones, patches, 1, 2, 3, channels), 0.25, tf.constant(new int[]{5, 6}), 1));
        int dropped = 0;
        for (int n = 0; n < patches; n++) {
            for (int c = 0; c < channels; c++) {
                final float first = y[n * voxels * channels + c];
                assertTrue(first == 0 || Math.abs(first - 4 / 3f) < 1e-6, "a channel times " + first);
                dropped += first == 0 ? 1 : 0;
                for (int v = 1; v < voxels; v++) {
                    assertEquals(first, y[(n * voxels + v) * channels + c], "voxels of a channel share its fate");
                }
            }
        }
        // binomial of 400 with p = 1/4: 4 standard deviations are 35
        assertEquals(100, dropped, 35);
    }

    @Test
    void reluGradient() throws Exception {
        new GradientCheck(KINKED).distinct(2, 2, 3, 2, 2).check((tf, in) -> new Layers(tf).relu(in.get(0)));
    }

    @Test
    void leakyReluGradient() throws Exception {
        new GradientCheck(KINKED).distinct(2, 2, 3, 2, 2).check((tf, in) -> new Layers(tf).leakyRelu(in.get(0)));
    }

    @Test
    void poolGradient() throws Exception {
        new GradientCheck(KINKED).distinct(2, 4, 2, 4, 2).check((tf, in) -> new Layers(tf).pool(in.get(0)));
    }

    @Test
    void flatPoolGradient() throws Exception {
        new GradientCheck(KINKED).distinct(2, 1, 4, 4, 2).check((tf, in) -> new Layers(tf).pool(in.get(0)));
    }

    @Test
    void upsampleGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 3, 4, 2).check((tf, in) -> new Layers(tf).upsample(in.get(0), false));
        new GradientCheck(SMOOTH).normal(2, 1, 3, 4, 2).check((tf, in) -> new Layers(tf).upsample(in.get(0), true));
    }

    @Test
    void concatGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 2, 2, 3).normal(2, 2, 2, 2, 1)
            .check((tf, in) -> new Layers(tf).concat(in));
    }

    @Test
    void groupNormGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 2, 4).normal(4).normal(4)
            .check((tf, in) -> new Layers(tf).groupNorm(in.get(0), in.get(1), in.get(2), 2));
    }

    @Test
    void instanceNormGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 2, 3).normal(3).normal(3)
            .check((tf, in) -> new Layers(tf).groupNorm(in.get(0), in.get(1), in.get(2), 3));
    }

    @Test
    void batchNormGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 2, 3).normal(3).normal(3)
            .check((tf, in) -> new Layers(tf).batchNorm(in.get(0), in.get(1), in.get(2)).y());
    }

    @Test
    void batchNormInferenceGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 2, 3).normal(3).normal(3)
            .check((tf, in) -> {
                final Layers.Linear linear = new Layers(tf).batchNormInference(in.get(1), in.get(2),
                    tf.constant(new float[]{0.1f, -0.2f, 0.3f}), tf.constant(new float[]{1, 2, 0.5f}));
                return tf.math.add(tf.math.mul(in.get(0), linear.scale()), linear.shift());
            });
    }

    /** Values by hand: 2 · (x - 3) / √4 + 10 is x + 7, but for the 1e-5 beside the variance. */
    @Test
    void batchNormInferenceValues() throws Exception {
        final Function<Ops, Layers.Linear> linear = tf -> new Layers(tf).batchNormInference(tf.constant(new float[]{2}),
            tf.constant(new float[]{10}), tf.constant(new float[]{3}), tf.constant(new float[]{4}));
        assertArrayEquals(new float[]{1}, run(tf -> linear.apply(tf).scale()), 2e-6f);
        assertArrayEquals(new float[]{7}, run(tf -> linear.apply(tf).shift()), 1e-5f);
    }

    /** Values by hand: of {1, 2, 3, 6} the mean is 3, the variance 3.5, its estimate for the population 14/3. */
    @Test
    void batchNormValues() throws Exception {
        final float[] values = {1, 2, 3, 6};
        final double deviation = Math.sqrt(3.5 + 1e-5);
        final float[] y = run(tf -> new Layers(tf).batchNorm(constant(tf, values, 2, 1, 2, 1, 1), tf.constant(new float[]{2}),
            tf.constant(new float[]{10})).y());
        assertArrayEquals(new float[]{(float)(10 - 4 / deviation), (float)(10 - 2 / deviation), 10,
            (float)(10 + 6 / deviation)}, y, 1e-5f);
        assertArrayEquals(new float[]{3}, run(tf -> new Layers(tf).batchNorm(constant(tf, values, 2, 1, 2, 1, 1),
            tf.constant(new float[]{2}), tf.constant(new float[]{10})).mean()));
        assertArrayEquals(new float[]{14f / 3}, run(tf -> new Layers(tf).batchNorm(constant(tf, values, 2, 1, 2, 1, 1),
            tf.constant(new float[]{2}), tf.constant(new float[]{10})).variance()), 1e-6f);
    }

    /**
     * Bit for bit what IEEE 754 says of a square root and a division, which Java follows, too: TensorFlow's own operation
     * gives other last bits for a third of these numbers, and others again on processors of another maker. A graph
     * optimizer that brought it back would be seen here.
     */
    @Test
    void inverseSquareRootIsExactOnEveryProcessor() throws Exception {
        final Random random = new Random(3);
        final float[] x = new float[4096];
        final float[] expected = new float[x.length];
        for (int n = 0; n < x.length; n++) {
            x[n] = (float)Math.exp(4 * random.nextGaussian());
            expected[n] = (float)Math.sqrt(x[n]) / x[n];
        }
        assertArrayEquals(expected, run(tf -> new Layers(tf).inverseSquareRoot(constant(tf, x, x.length))));
    }

    @Test
    void graphsWithApproximateOperationsAreRefused() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final Operand<TFloat32> x = tf.math.log(tf.constant(new float[]{2}));
                PortableOperations.check(graph);
                tf.math.reciprocal(x);
                final String message =
                    assertThrows(IllegalStateException.class, () -> PortableOperations.check(graph)).getMessage();
                assertTrue(message.contains("Reciprocal"), message);
            }
            return null;
        });
    }

    @Test
    void globalAverageGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 3, 4, 2, 3).check((tf, in) -> new Layers(tf).globalAverage(in.get(0)));
    }

    @Test
    void softmaxGradient() throws Exception {
        new GradientCheck(SMOOTH).normal(2, 2, 3, 2, 4).check((tf, in) -> new Layers(tf).softmax(in.get(0)));
    }

    /** To the last bit, for numbers of voxels that two, four or nothing divides, and for more channels than make a row. */
    @Test
    void groupNormThatOnlyPredictsIsThatOfTraining() throws Exception {
        for (final long[] shape : new long[][]{{2, 4, 4, 4, 8}, {3, 3, 3, 3, 4}, {1, 1, 2, 7, 16}, {2, 2, 2, 2, 64}, {2, 4, 5, 2, 3}}) {
            final int channels = (int)shape[4];
            final float[] x = normal(1, (int)Shape.of(shape).size());
            final float[] gamma = normal(2, channels);
            final float[] beta = normal(3, channels);
            final int groups = channels % 4 == 0 ? 4 : 1;
            assertArrayEquals(
                run(tf -> new Layers(tf).groupNorm(constant(tf, x, shape), tf.constant(gamma), tf.constant(beta), groups)),
                run(tf -> new Layers(tf).groupNormInference(constant(tf, x, shape), tf.constant(gamma), tf.constant(beta),
                    groups)));
        }
    }

    /** Values by hand: the mean and variance of {1, 2, 3, 6} are 3 and 3.5, of {0, 0, 0, 4} 1 and 3. */
    @Test
    void groupNormValues() throws Exception {
        final float[] y = run(tf -> new Layers(tf).groupNorm(constant(tf, new float[]{1, 2, 0, 0, 3, 6, 0, 4}, 1, 1, 1, 2, 4),
            tf.constant(new float[]{1, 1, 1, 2}), tf.constant(new float[]{0, 0, 10, 0}), 2));
        final double a = Math.sqrt(3.5 + 1e-5);
        final double b = Math.sqrt(3 + 1e-5);
        assertArrayEquals(new float[]{(float)(-2 / a), (float)(-1 / a), (float)(10 - 1 / b), (float)(-2 / b), 0,
            (float)(3 / a), (float)(10 - 1 / b), (float)(6 / b)}, y, 1e-5f);
    }

    @Test
    void upsampleRepeatsVoxels() throws Exception {
        final float[] y = run(tf -> new Layers(tf).upsample(constant(tf, new float[]{1, 2, 3, 4}, 1, 1, 2, 2, 1), false));
        assertArrayEquals(new float[]{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4, //
            1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}, y);
    }

    @Test
    void poolTakesTheMaximum() throws Exception {
        final float[] y =
            run(tf -> new Layers(tf).pool(constant(tf, new float[]{1, 5, 2, 0, 3, 4, 8, -1}, 1, 2, 2, 2, 1)));
        assertArrayEquals(new float[]{8}, y);
    }

    /** What goes forward is the features, bit for bit; what comes back is -lambda times the plain gradient. */
    @Test
    void reversedGradientIsExact() throws Exception {
        final float[] values = {0.3f, -1.7f, 2.25f, 1e-3f, 4, -0.5f};
        for (final float lambda : new float[]{0, 0.1f, 1, 31, 1000}) {
            TensorFlowRuntime.call(() -> {
                try (Graph graph = new Graph()) {
                    final Ops tf = Ops.create(graph);
                    final Operand<TFloat32> x = constant(tf, values, 6);
                    final Operand<TFloat32> y = new Layers(tf).reverseGradient(x, tf.constant(lambda));
                    final Operand<TFloat32> plain = tf.sum(tf.math.tanh(x), tf.constant(0));
                    final Operand<TFloat32> reversed = tf.sum(tf.math.tanh(y), tf.constant(0));
                    final Operand<TFloat32> g = gradient(tf, plain, x);
                    final Operand<TFloat32> r = gradient(tf, reversed, x);
                    try (Session session = Devices.session(graph, DeviceChoice.AUTO);
                            Result result = session.runner().fetch(y).fetch(g).fetch(r).run()) {
                        assertArrayEquals(values, Tensors.values(result.get(0)));
                        final float[] expected = Tensors.values(result.get(1));
                        final float[] actual = Tensors.values(result.get(2));
                        for (int n = 0; n < expected.length; n++) {
                            assertEquals(-lambda * expected[n], actual[n], 1e-6 * lambda * Math.abs(expected[n]));
                        }
                    }
                }
                return null;
            });
        }
    }

    private static Operand<TFloat32> gradient(final Ops tf, final Operand<TFloat32> y, final Operand<TFloat32> x) {
        return Gradients.create(tf.scope(), y, List.of(x), Gradients.dx(List.of(tf.constant(1f)))).dy(0);
    }

    static Operand<TFloat32> constant(final Ops tf, final float[] values, final long... shape) {
        return tf.constant(Shape.of(shape), DataBuffers.of(values));
    }

    /** Builds something without inputs and gives its value. */
    static float[] run(final Function<Ops, Operand<TFloat32>> build) throws Exception {
        return TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Operand<TFloat32> y = build.apply(Ops.create(graph));
                try (Session session = Devices.session(graph, DeviceChoice.AUTO);
                        Result result = session.runner().fetch(y).run()) {
                    return Tensors.values(result.get(0));
                }
            }
        });
    }
}
