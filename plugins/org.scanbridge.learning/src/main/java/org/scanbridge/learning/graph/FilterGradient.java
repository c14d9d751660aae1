package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.tensorflow.Computation;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.ReduceProd;
import org.tensorflow.op.core.Reshape;
import org.tensorflow.op.nn.Conv3dBackpropFilter;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The gradient of a 3-D convolution's kernel. oneDNN's direct way to compute it takes no padding in front along the depth
 * unless it may use AVX-512; otherwise it multiplies matrices of copied neighborhoods, which takes up to three times as long.
 * Where that would happen, each depth k of the kernel is computed as a convolution of slices,
 *
 * <pre>
 * dL/df(k, ·, ·) = Σ over n, d: correlation of x(n, s d + k - p, ·, ·) with dL/dy(n, d, ·, ·)
 * </pre>
 *
 * with stride s, p slices of padding in front and x = 0 outside: the same sum in another order.
 */
final class FilterGradient {

    private static final String FORMAT = "NDHWC";

    private final Ops m_tf;

    /** @param tf of the graph */
    FilterGradient(final Ops tf) {
        m_tf = tf;
    }

    /**
     * A kernel that carries its shape with it: while gradients are made, TensorFlow tells nobody the shape of a tensor (who
     * asks waits for ever), but everybody what a constant holds.
     *
     * @param kernel [depth, height, width, in, out]
     */
    static Operand<TFloat32> shaped(final Ops tf, final Operand<TFloat32> kernel) {
        final int[] shape = new int[kernel.shape().numDimensions()];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = Layers.size(kernel, axis);
        }
        return tf.reshape(kernel, tf.constant(shape));
    }

    private static Optional<int[]> shape(final Operand<?> kernel) {
        final GraphOperation operation = (GraphOperation)kernel.op();
        if (!Reshape.OP_NAME.equals(operation.type())) {
            return Optional.empty();
        }
        final GraphOperation sizes = (GraphOperation)operation.input(1).op();
        if (!Constant.OP_NAME.equals(sizes.type()) || sizes.attributes().getAttrType("dtype") != DataType.DT_INT32) {
            return Optional.empty();
        }
        try (Tensor value = sizes.attributes().getAttrTensor("value")) {
            final int[] shape = new int[(int)value.size()];
            value.asRawTensor().data().asInts().read(shape);
            return Optional.of(shape);
        }
    }

    /**
     * The gradient dL/df of y = x * f.
     *
     * @param x [n, depth, height, width, in]
     * @param kernel f; best one that is {@link #shaped}
     * @param gradient dL/dy
     * @param strides of the convolution, five
     * @param padding SAME or VALID
     * @param dilations of the convolution, five
     * @param format the order of the axes; NDHWC except in graphs of others
     */
    Operand<TFloat32> of(final Operand<TFloat32> x, final Operand<TFloat32> kernel, final Operand<TFloat32> gradient,
        final List<Long> strides, final String padding, final List<Long> dilations, final String format) {
        if ("SAME".equals(padding) && FORMAT.equals(format) && dilations.stream().allMatch(d -> d == 1)
            && !hasDirectKernel(TensorFlowRuntime.info().computation())) {
            final Optional<int[]> shape = shape(kernel).filter(s -> isPaddedInFront(s[0], strides.get(1).intValue()));
            if (shape.isPresent()) {
                return byDepth(x, shape.get(), gradient, strides);
            }
        }
        return m_tf.nn.conv3dBackpropFilter(x, m_tf.shape(kernel), gradient, strides, padding,
            Conv3dBackpropFilter.dilations(dilations), Conv3dBackpropFilter.dataFormat(format));
    }

    /** Whether the engine computes with AVX-512, or without the library that this is about. */
    static boolean hasDirectKernel(final Computation engine) {
        final boolean avx2 = Computation.ALL.equals(engine.instructionCap())
            ? engine.instructionSets().contains("avx2") && !engine.instructionSets().contains("avx512f")
            : engine.instructionCap().startsWith("AVX2");
        return !engine.oneDnn() || !avx2;
    }

    /** Whether SAME pads in front, and as much for sizes that the stride divides as for others: (size - stride) / 2 slices. */
    private static boolean isPaddedInFront(final int size, final int stride) {
        return size >= stride && (size - stride) / 2 > 0 && (size - stride) / 2 == (size - 1) / 2;
    }

    private Operand<TFloat32> byDepth(final Operand<TFloat32> x, final int[] shape, final Operand<TFloat32> gradient,
        final List<Long> strides) {
        final int stride = strides.get(1).intValue();
        final int front = (shape[0] - stride) / 2;
        final Operand<TInt32> depth = part(m_tf.shape(gradient), 1, 1);
        final Operand<TFloat32> groups = groups(x, depth, shape[0], front, stride);
        final Operand<TInt32> slice = part(m_tf.shape(x), 2, 3);
        final Operand<TFloat32> slices = asImages(gradient, part(m_tf.shape(gradient), 2, 3));
        final List<Long> inPlane = List.of(1L, 1L, strides.get(2), strides.get(3), 1L);
        final List<Operand<TFloat32>> depths = new ArrayList<>();
        for (int k = 0; k < shape[0]; k++) {
            // without a stride the depth in the middle meets x itself
            final Operand<TFloat32> met = stride == 1 && k == front ? x : every(groups, k, depth, stride);
            depths.add(m_tf.nn.conv3dBackpropFilter(asImages(met, slice),
                m_tf.constant(new int[]{1, shape[1], shape[2], shape[3], shape[4]}), slices, inPlane, "SAME"));
        }
        return Sums.joined(m_tf, depths, 0);
    }

    /**
     * The slices with padding, in groups of as many as the stride: [n, groups, stride, numbers of a slice]. What every kernel's
     * depth meets is then the same slice of consecutive groups, which is copied as a whole; TensorFlow's slicing with a stride
     * copies number after number, and took a sixth of a step.
     *
     * @param depth of the gradient, a row of one number
     * @param size of the kernel along the depth
     */
    private Operand<TFloat32> groups(final Operand<TFloat32> x, final Operand<TInt32> depth, final int size, final int front,
        final int stride) {
        final int more = (size - 1) / stride;
        final Operand<TInt32> whole =
            m_tf.math.mul(m_tf.math.add(depth, m_tf.constant(more)), m_tf.constant(stride));
        final Operand<TInt32> behind = m_tf.math.sub(whole,
            m_tf.math.add(part(m_tf.shape(x), 1, 1), m_tf.constant(front)));
        final Operand<TInt32> none = m_tf.constant(new int[]{0, 0});
        final Operand<TInt32> along = m_tf.concat(List.of(m_tf.constant(new int[]{front}), behind), m_tf.constant(0));
        final Operand<TFloat32> padded =
            m_tf.pad(x, m_tf.stack(List.of(none, along, none, none, none)), m_tf.constant(0f));
        final Operand<TInt32> numbers = m_tf.reduceProd(part(m_tf.shape(x), 2, 3), m_tf.constant(0), ReduceProd.keepDims(true));
        return m_tf.reshape(padded, m_tf.concat(
            List.of(part(m_tf.shape(x), 0, 1), m_tf.constant(new int[]{-1, stride}), numbers), m_tf.constant(0)));
    }

    /** So many slices of those in groups from one on, each a stride from the one before. */
    private Operand<TFloat32> every(final Operand<TFloat32> groups, final int first, final Operand<TInt32> count,
        final int stride) {
        return m_tf.slice(groups, m_tf.constant(new int[]{0, first / stride, first % stride, 0}), m_tf.concat(
            List.of(m_tf.constant(new int[]{-1}), count, m_tf.constant(new int[]{1, -1})), m_tf.constant(0)));
    }

    /**
     * Every slice as an image of its own.
     *
     * @param size of a slice [height, width, channels]
     */
    private Operand<TFloat32> asImages(final Operand<TFloat32> x, final Operand<TInt32> size) {
        return m_tf.reshape(x, m_tf.concat(List.of(m_tf.constant(new int[]{-1, 1}), size), m_tf.constant(0)));
    }

    private Operand<TInt32> part(final Operand<TInt32> row, final int from, final int count) {
        return m_tf.slice(row, m_tf.constant(new int[]{from}), m_tf.constant(new int[]{count}));
    }
}
