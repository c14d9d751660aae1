package org.scanbridge.learning.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Weights;

/**
 * The layers of our networks as ONNX operations; the counterparts of those in the package {@code graph}, which say what each
 * computes. Arrays are [n, channels, (depth,) height, width]; no operation depends on the sizes, except on the channels'.
 * The weights' own layout is [(depth,) height, width, in, out].
 */
final class OnnxLayers {

    private static final float NORM_EPSILON = 1e-5f;

    private final OnnxGraph m_graph;

    private final Weights m_weights;

    /** Axes of a voxel: 2 or 3. */
    private final int m_axes;

    private int m_count;

    /** @param flat whether the network looks at single slices, so that its arrays have no depth */
    OnnxLayers(final OnnxGraph graph, final Weights weights, final boolean flat) {
        m_graph = graph;
        m_weights = weights;
        m_axes = flat ? 2 : 3;
    }

    /** An operation whose name tells its type and number. */
    String operation(final String type, final List<String> inputs, final Map<String, Object> attributes) {
        return m_graph.operation(type, type.toLowerCase(Locale.ROOT) + "_" + m_count++, inputs, attributes);
    }

    /** The last operation, with the name of the graph's output. */
    void output(final String x, final String name) {
        m_graph.operation("Identity", name, List.of(x), Map.of());
    }

    /** A single number that takes part in an operation on an array. */
    String number(final float value) {
        return m_graph.constant("number_" + m_count++, new long[0], n -> value);
    }

    /**
     * Convolution with the kernel of a block, and with its bias if there is one.
     *
     * @param padded whether the result is as large as the input (odd kernels), or loses the kernel's size less 1
     */
    String convolution(final String x, final String block, final boolean padded) {
        final Parameter kernel = parameter(block + "/kernel");
        final List<Integer> s = kernel.shape();
        final int in = s.get(3);
        final int out = s.get(4);
        final int window = s.get(0) * s.get(1) * s.get(2);
        final long[] size = new long[m_axes];
        final long[] pads = new long[2 * m_axes];
        final long[] shape = new long[2 + m_axes];
        shape[0] = out;
        shape[1] = in;
        for (int a = 0; a < m_axes; a++) {
            size[a] = s.get(3 - m_axes + a);
            shape[2 + a] = size[a];
            pads[a] = padded ? (size[a] - 1) / 2 : 0;
            pads[m_axes + a] = pads[a];
        }
        final float[] w = m_weights.get(kernel.name());
        final List<String> inputs = new ArrayList<>(List.of(x, m_graph.constant(kernel.name(), shape, n -> {
            final int place = n % window;
            final int channels = n / window;
            return w[(place * in + channels % in) * out + channels / in];
        })));
        if (m_weights.values().containsKey(block + "/bias")) {
            inputs.add(perChannel(block + "/bias", false));
        }
        return operation("Conv", inputs, Map.of("kernel_shape", size, "pads", pads));
    }

    private Parameter parameter(final String name) {
        return m_weights.parameters().stream().filter(p -> p.name().equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("No parameter \"" + name + "\"."));
    }

    /** @param broadcast as [channels, 1, 1(, 1)], which fits an array, instead of [channels] */
    private String perChannel(final String name, final boolean broadcast) {
        final float[] values = m_weights.get(name);
        final long[] shape = new long[broadcast ? 1 + m_axes : 1];
        Arrays.fill(shape, 1);
        shape[0] = values.length;
        return m_graph.constant(name, shape, n -> values[n]);
    }

    /** Batch normalization with the running statistics of a block. */
    String batchNorm(final String x, final String block) {
        return operation("BatchNormalization", List.of(x, perChannel(block + "/gamma", false), perChannel(block + "/beta", false),
            perChannel(block + "/mean", false), perChannel(block + "/variance", false)), Map.of("epsilon", NORM_EPSILON));
    }

    /**
     * Group normalization as instance normalization of arrays whose channels are the groups: ONNX' own operation had one scale
     * per group before opset 21.
     */
    String groupNorm(final String x, final String block, final int groups) {
        final int channels = m_weights.get(block + "/gamma").length;
        if (groups == channels) {
            return operation("InstanceNormalization",
                List.of(x, perChannel(block + "/gamma", false), perChannel(block + "/beta", false)),
                Map.of("epsilon", NORM_EPSILON));
        }
        final String lines =
            operation("Reshape", List.of(x, m_graph.constant(block + "/groups", 0, groups, -1)), Map.of());
        final String normalized = operation("InstanceNormalization",
            List.of(lines, m_graph.constant(block + "/ones", new long[]{groups}, n -> 1),
                m_graph.constant(block + "/zeros", new long[]{groups}, n -> 0)),
            Map.of("epsilon", NORM_EPSILON));
        final String shaped =
            operation("Reshape", List.of(normalized, operation("Shape", List.of(x), Map.of())), Map.of());
        final String scaled = operation("Mul", List.of(shaped, perChannel(block + "/gamma", true)), Map.of());
        return operation("Add", List.of(scaled, perChannel(block + "/beta", true)), Map.of());
    }

    /** max(x, 0). */
    String relu(final String x) {
        return operation("Relu", List.of(x), Map.of());
    }

    /** x where positive, the block's slope of the channel times x elsewhere. */
    String prelu(final String x, final String block) {
        return operation("PRelu", List.of(x, perChannel(block + "/slope", true)), Map.of());
    }

    /** Maximum over 2×2(×2) blocks. */
    String pool(final String x) {
        return operation("MaxPool", List.of(x), Map.of("kernel_shape", all(2), "strides", all(2)));
    }

    /** Mean over blocks of this edge length. */
    String averagePool(final String x, final int factor) {
        return operation("AveragePool", List.of(x), Map.of("kernel_shape", all(factor), "strides", all(factor)));
    }

    private long[] all(final long value) {
        final long[] values = new long[m_axes];
        Arrays.fill(values, value);
        return values;
    }

    /** Repeats every voxel along all axes. */
    String repeat(final String x, final int times) {
        final String scales =
            m_graph.constant("scales_" + m_count++, new long[]{2 + m_axes}, n -> n < 2 ? 1 : times);
        return operation("Resize", List.of(x, "", scales), Map.of("mode", "nearest", "coordinate_transformation_mode",
            "asymmetric", "nearest_mode", "floor"));
    }

    /** Puts channels behind one another. */
    String concat(final String a, final String b) {
        return operation("Concat", List.of(a, b), Map.of("axis", 1L));
    }

    /** Without the outermost voxels on every side. */
    String crop(final String x, final int voxels) {
        final long[] axes = new long[m_axes];
        Arrays.setAll(axes, a -> 2L + a);
        final int n = m_count++;
        return operation("Slice", List.of(x, m_graph.constant("starts_" + n, all(voxels)),
            m_graph.constant("ends_" + n, all(-voxels)), m_graph.constant("axes_" + n, axes)), Map.of());
    }

    /** Adds an array of as many or fewer channels to the first channels of another. */
    String addToFirstChannels(final String x, final int channels, final String added, final int addedChannels) {
        if (channels == addedChannels) {
            return operation("Add", List.of(x, added), Map.of());
        }
        final long[] pads = new long[2 * (2 + m_axes)];
        pads[2 + m_axes + 1] = channels - addedChannels;
        final String padded =
            operation("Pad", List.of(added, m_graph.constant("pads_" + m_count++, pads)), Map.of("mode", "constant"));
        return operation("Add", List.of(x, padded), Map.of());
    }

    /** Softmax over the channels. */
    String softmax(final String x) {
        return operation("Softmax", List.of(x), Map.of("axis", 1L));
    }

    /** 1 / (1 + e^-x). */
    String sigmoid(final String x) {
        return operation("Sigmoid", List.of(x), Map.of());
    }

    /** Numbers within bounds. */
    String clip(final String x, final float least, final float most) {
        return operation("Clip", List.of(x, number(least), number(most)), Map.of());
    }

    /** An operation of arrays and numbers without attributes, such as {@code Add}. */
    String arithmetic(final String type, final String... inputs) {
        return operation(type, Collections.unmodifiableList(Arrays.asList(inputs)), Map.of());
    }
}
