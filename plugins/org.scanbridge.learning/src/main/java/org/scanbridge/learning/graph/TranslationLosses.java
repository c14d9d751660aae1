package org.scanbridge.learning.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The losses of unpaired translation, as {@code ImageTranslation} states them; E is the mean over all values. */
final class TranslationLosses {

    private final Ops m_tf;

    private final AdaptationLosses m_losses;

    TranslationLosses(final Ops tf) {
        m_tf = tf;
        m_losses = new AdaptationLosses(tf);
    }

    /** The discriminator's loss ½ E (D(real) - 1)² + ½ E D(generated)². */
    Operand<TFloat32> discriminator(final Operand<TFloat32> real, final Operand<TFloat32> generated) {
        return m_tf.math.add(m_losses.leastSquares(real, 1), m_losses.leastSquares(generated, 0));
    }

    /** The generator's loss E (D(generated) - 1)². */
    Operand<TFloat32> generator(final Operand<TFloat32> generated) {
        return m_tf.math.mul(m_tf.constant(2f), m_losses.leastSquares(generated, 1));
    }

    /** E |a - b|. */
    Operand<TFloat32> distance(final Operand<TFloat32> a, final Operand<TFloat32> b) {
        return m_losses.average(m_tf.math.abs(m_tf.math.sub(a, b)));
    }
}
