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
import org.tensorflow.op.nn.Conv3d;
import org.tensorflow.op.nn.Conv3dBackpropFilter;
import org.tensorflow.op.nn.Conv3dBackpropInput;
import org.tensorflow.types.TFloat32;

/**
 * Gives TensorFlow's C++ differentiation the gradients it lacks: 3-D convolution. Registered once per JVM; the native
 * side cannot forget them.
 * <p>
 * All operations share one native callback that dispatches on the operation's type: each callback takes one of ten
 * native slots, and an eleventh crashes the JVM.
 */
final class GradientRegistry {

    /** The gradients of one operation's inputs from those of its outputs. */
    private interface Gradient {
        List<Operand<?>> of(Ops tf, GraphOperation operation, List<Output<?>> outputGradients);
    }

    private static final Map<String, Gradient> GRADIENTS = Map.of(Conv3d.OP_NAME, GradientRegistry::conv3d);

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
        @SuppressWarnings("unchecked") // a float convolution has float gradients
        final Operand<TFloat32> gradient = (Operand<TFloat32>)gradients.get(0);
        final List<Long> strides = LongStream.of(in.strides).boxed().toList();
        final List<Long> dilations = LongStream.of(in.dilations).boxed().toList();
        return List.of(
            tf.nn.conv3dBackpropInput(tf.shape(in.input), in.filter, gradient, strides, in.padding,
                Conv3dBackpropInput.dilations(dilations), Conv3dBackpropInput.dataFormat(in.dataFormat)),
            tf.nn.conv3dBackpropFilter(in.input, tf.shape(in.filter), gradient, strides, in.padding,
                Conv3dBackpropFilter.dilations(dilations), Conv3dBackpropFilter.dataFormat(in.dataFormat)));
    }
}
