package org.scanbridge.learning.graph;

import org.scanbridge.learning.architecture.NetworkOutput;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Turns the values of the last convolution into what a network gives. */
final class OutputLayer {

    /** Keeps the logit of intensities 0 and 1 finite. */
    private static final float LOGIT_CLAMP = 1e-3f;

    private final Ops m_tf;

    OutputLayer(final Ops tf) {
        m_tf = tf;
    }

    /**
     * @param output what to give
     * @param image the network's input [n, k, j, i, channels]
     * @param values the last convolution's values [n, k, j, i, classes or channels]
     * @return probabilities or intensities, as {@link NetworkOutput} says
     */
    Operand<TFloat32> values(final NetworkOutput output, final Operand<TFloat32> image, final Operand<TFloat32> values) {
        return switch (output) {
            case PROBABILITIES -> new Layers(m_tf).softmax(values);
            case SIGMOID -> m_tf.math.sigmoid(values);
            case SIGMOID_RESIDUAL -> m_tf.math.sigmoid(m_tf.math.add(logit(image), values));
            case RELU -> new Layers(m_tf).relu(values);
            case RESIDUAL -> m_tf.math.add(image, values);
        };
    }

    private Operand<TFloat32> logit(final Operand<TFloat32> image) {
        final Operand<TFloat32> x = m_tf.math.minimum(m_tf.math.maximum(image, m_tf.constant(LOGIT_CLAMP)),
            m_tf.constant(1 - LOGIT_CLAMP));
        return m_tf.math.sub(m_tf.math.log(x), m_tf.math.log(m_tf.math.sub(m_tf.constant(1f), x)));
    }
}
