package org.scanbridge.learning.graph;

import org.scanbridge.learning.architecture.NetworkOutput;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Turns the values of the last convolution into what a network gives. */
final class OutputLayer {

    /** Keeps the logit of intensities 0 and 1 finite. */
    private static final float LOGIT_CLAMP = 1e-3f;

    /** Beyond it the result is 0 or 1 to the last bit, and so far from it that e^-v stays finite. */
    private static final float LARGEST_VALUE = 40;

    private final Ops m_tf;

    OutputLayer(final Ops tf) {
        m_tf = tf;
    }

    /**
     * @param output what to give
     * @param image the network's input [n, k, j, i, channels]
     * @param values the last convolution's values [n, k, j, i, outputs]
     * @return probabilities of classes or regions, or intensities, as {@link NetworkOutput} says
     */
    Operand<TFloat32> values(final NetworkOutput output, final Operand<TFloat32> image, final Operand<TFloat32> values) {
        return switch (output) {
            case PROBABILITIES -> new Layers(m_tf).softmax(values);
            case REGIONS, SIGMOID -> m_tf.math.sigmoid(values);
            case SIGMOID_RESIDUAL -> sigmoidOfLogitPlus(image, values);
            case RELU -> new Layers(m_tf).relu(values);
            case RESIDUAL -> m_tf.math.add(image, values);
        };
    }

    /**
     * σ(log(x / (1 - x)) + v) = x / (x + (1 - x) e^-v), without the logarithms: their gradients in TensorFlow differ by
     * processor, see {@link PortableOperations}.
     */
    private Operand<TFloat32> sigmoidOfLogitPlus(final Operand<TFloat32> image, final Operand<TFloat32> values) {
        final Operand<TFloat32> x = within(image, LOGIT_CLAMP, 1 - LOGIT_CLAMP);
        final Operand<TFloat32> others = m_tf.math.mul(m_tf.math.sub(m_tf.constant(1f), x),
            m_tf.math.exp(m_tf.math.neg(within(values, -LARGEST_VALUE, LARGEST_VALUE))));
        return m_tf.math.div(x, m_tf.math.add(x, others));
    }

    private Operand<TFloat32> within(final Operand<TFloat32> x, final float least, final float most) {
        return m_tf.math.minimum(m_tf.math.maximum(x, m_tf.constant(least)), m_tf.constant(most));
    }
}
