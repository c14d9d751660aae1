package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.scanbridge.learning.LearningException;
import org.scanbridge.tensorflow.EngineInfo;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.internal.c_api.TFJ_GradFuncAdapter;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.RawCustomGradient;
import org.tensorflow.op.core.OnesLike;
import org.tensorflow.op.math.SqrtGrad;
import org.tensorflow.op.nn.BiasAddGrad;
import org.tensorflow.op.nn.Conv3d;
import org.tensorflow.op.nn.Conv3dBackpropFilter;
import org.tensorflow.op.nn.Conv3dBackpropInput;
import org.tensorflow.op.nn.MaxPool3dGrad;
import org.tensorflow.op.nn.MaxPool3dGradGrad;
import org.tensorflow.op.nn.ReluGrad;
import org.tensorflow.types.TFloat32;

/**
 * Gives TensorFlow's C++ differentiation the gradients it lacks: 3-D convolution, and what back-propagation through U-Nets
 * with group normalization is made of, so that gradients can be differentiated once more. Registered once per JVM; the
 * native side cannot forget them.
 * <p>
 * All operations share one native callback that dispatches on the operation's type: each callback takes one of ten
 * native slots, and an eleventh crashes the JVM.
 */
final class GradientRegistry {

    /** The gradients of one operation's inputs from those of its outputs. */
    private interface Gradient {
        List<Operand<?>> of(Ops tf, GraphOperation operation, List<Output<?>> outputGradients);
    }

    private static final Map<String, Gradient> GRADIENTS = Map.of( //
        Conv3d.OP_NAME, GradientRegistry::conv3d, //
        Conv3dBackpropInput.OP_NAME, GradientRegistry::conv3dBackpropInput, //
        Conv3dBackpropFilter.OP_NAME, GradientRegistry::conv3dBackpropFilter, //
        ReluGrad.OP_NAME, GradientRegistry::reluGrad, //
        BiasAddGrad.OP_NAME, GradientRegistry::biasAddGrad, //
        MaxPool3dGrad.OP_NAME, GradientRegistry::maxPool3dGrad, //
        SqrtGrad.OP_NAME, GradientRegistry::sqrtGrad, //
        OnesLike.OP_NAME, (tf, operation, gradients) -> List.of(tf.zerosLike(operation.input(0))));

    /** Registers when first touched. */
    private static final class Holder {

        /** Held for ever: native code keeps a pointer to it. */
        static final TFJ_GradFuncAdapter ADAPTER;

        /** The operation whose gradient is refused; {@code null} if all are registered. */
        static final String REFUSED;

        static {
            ADAPTER = RawCustomGradient.adapter(
                (tf, operation, gradients) -> GRADIENTS.get(operation.type()).of(tf, operation, gradients));
            REFUSED = GRADIENTS.keySet().stream().filter(type -> !registered(type)).findFirst().orElse(null);
        }

        private static boolean registered(final String type) {
            try {
                return tensorflow.TFJ_HasGradient(type) || tensorflow.TFJ_RegisterCustomGradient(type, ADAPTER);
            } catch (final UnsupportedOperationException e) {
                return false; // TensorFlow for Windows
            }
        }
    }

    private GradientRegistry() {
    }

    /**
     * Makes sure that all gradients are registered; starts the engine if needed.
     *
     * @throws LearningException where TensorFlow takes no gradients from Java
     */
    static void ensure() {
        final EngineInfo engine = TensorFlowRuntime.info();
        if (Holder.REFUSED != null) {
            throw new LearningException(engine.engine() + " takes no gradient for " + Holder.REFUSED
                + " on this platform, so networks cannot be trained here. Train on Linux or macOS; prediction works.");
        }
    }

    /** y = x * f: dL/dx is the transposed convolution of dL/dy with f, dL/df the correlation of x with dL/dy. */
    private static List<Operand<?>> conv3d(final Ops tf, final GraphOperation operation, final List<Output<?>> gradients) {
        final Conv3d.Inputs<TFloat32> in = new Conv3d.Inputs<>(operation);
        final Operand<TFloat32> gradient = floats(gradients.get(0));
        final List<Long> strides = list(in.strides);
        final List<Long> dilations = list(in.dilations);
        return List.of(
            tf.nn.conv3dBackpropInput(tf.shape(in.input), in.filter, gradient, strides, in.padding,
                Conv3dBackpropInput.dilations(dilations), Conv3dBackpropInput.dataFormat(in.dataFormat)),
            new FilterGradient(tf).of(in.input, in.filter, gradient, strides, in.padding, dilations, in.dataFormat));
    }

    /** dx = B(dy, f), linear in both: its gradients are a convolution and a correlation again. */
    private static List<Operand<?>> conv3dBackpropInput(final Ops tf, final GraphOperation operation,
        final List<Output<?>> gradients) {
        final Conv3dBackpropInput.Inputs<TFloat32> in = new Conv3dBackpropInput.Inputs<>(operation);
        final Operand<TFloat32> gradient = floats(gradients.get(0));
        final List<Long> strides = list(in.strides);
        final List<Long> dilations = list(in.dilations);
        return List.of(tf.zerosLike(in.inputSizes),
            new FilterGradient(tf).of(gradient, in.filter, in.outBackprop, strides, in.padding, dilations, in.dataFormat),
            tf.nn.conv3d(gradient, in.filter, strides, in.padding, Conv3d.dilations(dilations),
                Conv3d.dataFormat(in.dataFormat)));
    }

    /** df = C(x, dy), linear in both. */
    private static List<Operand<?>> conv3dBackpropFilter(final Ops tf, final GraphOperation operation,
        final List<Output<?>> gradients) {
        final Conv3dBackpropFilter.Inputs<TFloat32> in = new Conv3dBackpropFilter.Inputs<>(operation);
        final Operand<TFloat32> gradient = floats(gradients.get(0));
        final List<Long> strides = list(in.strides);
        final List<Long> dilations = list(in.dilations);
        return List.of(
            tf.nn.conv3dBackpropInput(tf.shape(in.input), gradient, in.outBackprop, strides, in.padding,
                Conv3dBackpropInput.dilations(dilations), Conv3dBackpropInput.dataFormat(in.dataFormat)),
            tf.zerosLike(in.filterSizes), tf.nn.conv3d(in.input, gradient, strides, in.padding,
                Conv3d.dilations(dilations), Conv3d.dataFormat(in.dataFormat)));
    }

    /** dx = dy where the features are positive, else 0: linear in dy, constant in the features. */
    private static List<Operand<?>> reluGrad(final Ops tf, final GraphOperation operation,
        final List<Output<?>> gradients) {
        final Operand<TFloat32> features = floats(operation.input(1));
        return List.of(ReluGrad.create(tf.scope(), floats(gradients.get(0)), features), tf.zerosLike(features));
    }

    /** db(c) = sum of dy over all but the channels: each dy gets its channel's gradient. */
    private static List<Operand<?>> biasAddGrad(final Ops tf, final GraphOperation operation,
        final List<Output<?>> gradients) {
        final Operand<?> summed = operation.input(0);
        return List.of(tf.math.add(floats(gradients.get(0)), tf.zerosLike(floats(summed))));
    }

    /** dx = dy at each window's maximum, else 0: linear in dy, which gets what is at the maximum. */
    private static List<Operand<?>> maxPool3dGrad(final Ops tf, final GraphOperation operation,
        final List<Output<?>> gradients) {
        final MaxPool3dGrad.Inputs<TFloat32, TFloat32> in = new MaxPool3dGrad.Inputs<>(operation);
        return List.of(tf.zerosLike(in.origInput), tf.zerosLike(in.origOutput),
            tf.nn.maxPool3dGradGrad(in.origInput, in.origOutput, floats(gradients.get(0)), list(in.ksize),
                list(in.strides), in.padding, MaxPool3dGradGrad.dataFormat(in.dataFormat)));
    }

    /** dx = ½ dy / y with y = √x. */
    private static List<Operand<?>> sqrtGrad(final Ops tf, final GraphOperation operation,
        final List<Output<?>> gradients) {
        final Operand<TFloat32> y = floats(operation.input(0));
        final Operand<TFloat32> dy = floats(operation.input(1));
        final Operand<TFloat32> half = tf.math.div(tf.math.mul(tf.constant(0.5f), floats(gradients.get(0))), y);
        return List.of(tf.math.neg(tf.math.div(tf.math.mul(half, dy), y)), half);
    }

    @SuppressWarnings("unchecked") // networks compute in single precision throughout
    private static Operand<TFloat32> floats(final Operand<?> x) {
        return (Operand<TFloat32>)x;
    }

    private static List<Long> list(final long[] values) {
        return LongStream.of(values).boxed().toList();
    }
}
