package org.scanbridge.learning.graph;

import org.scanbridge.learning.graph.AutoEncoderGraphSpec.Distance;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** The two parts of an auto-encoder's loss, as means over the patches of a batch. */
final class AutoEncoderLosses {

    private final Ops m_tf;

    AutoEncoderLosses(final Ops tf) {
        m_tf = tf;
    }

    /** Mean over all voxels of |x - y|, or of ½ (x - y)². */
    Operand<TFloat32> reconstruction(final Operand<TFloat32> x, final Operand<TFloat32> y, final Distance distance) {
        final Operand<TFloat32> difference = m_tf.math.sub(x, y);
        return distance == Distance.L1 ? mean(m_tf.math.abs(difference))
            : m_tf.math.mul(m_tf.constant(0.5f), mean(m_tf.math.square(difference)));
    }

    /**
     * The divergence KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² - 1 - log σ²) of a code in nats, over all its numbers, mean of the
     * patches (Kingma and Welling, ICLR 2014, appendix B).
     *
     * @param mean μ [n, k, j, i, latent]
     * @param logVariance log σ², of the same shape
     */
    Operand<TFloat32> divergence(final Operand<TFloat32> mean, final Operand<TFloat32> logVariance) {
        final Operand<TFloat32> terms = m_tf.math.sub(
            m_tf.math.sub(m_tf.math.add(m_tf.math.square(mean), m_tf.math.exp(logVariance)), m_tf.constant(1f)), logVariance);
        final float each = 0.5f * Layers.size(mean, 1) * Layers.size(mean, 2) * Layers.size(mean, 3) * Layers.size(mean, 4);
        return m_tf.math.mul(m_tf.constant(each), mean(terms));
    }

    private Operand<TFloat32> mean(final Operand<TFloat32> x) {
        return m_tf.math.mean(x, m_tf.constant(new int[]{0, 1, 2, 3, 4}), Mean.keepDims(false));
    }
}
