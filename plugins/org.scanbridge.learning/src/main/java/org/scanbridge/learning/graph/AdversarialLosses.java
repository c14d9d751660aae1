package org.scanbridge.learning.graph;

import java.util.Arrays;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The losses of the game between a generator and a discriminator with K + 1 classes. Logits are [n, K + 1], "generated"
 * last; sites are one-hot [n, K + 1] with a zero last column. All losses are means over the patches, in nats.
 */
final class AdversarialLosses {

    /** Added to the logit of a class that must not count; far below any logit, far from the end of the floats. */
    private static final float EXCLUDED = -1e4f;

    private final Ops m_tf;

    private final Losses m_losses;

    private final int m_sites;

    AdversarialLosses(final Ops tf, final int sites) {
        m_tf = tf;
        m_losses = new Losses(tf);
        m_sites = sites;
    }

    /**
     * The discriminator's loss (Delisle et al., eq. 3 and 4): ½ [mean of -log p(z | x) + mean of -log p(K+1 | G(x))].
     * The half makes it ln(K + 1) for a discriminator that knows nothing.
     */
    Operand<TFloat32> discriminator(final Operand<TFloat32> real, final Operand<TFloat32> sites,
        final Operand<TFloat32> generated) {
        return m_tf.math.mul(m_tf.constant(0.5f), m_tf.math.add(mean(m_losses.crossEntropyPerRow(real, sites)),
            mean(m_losses.crossEntropyPerRow(generated, generatedClass(generated)))));
    }

    /** The generator's loss, see {@link GeneratorObjective}. */
    Operand<TFloat32> generator(final GeneratorObjective objective, final Operand<TFloat32> generated,
        final Operand<TFloat32> sites) {
        final Operand<TFloat32> target = generatedClass(generated);
        return switch (objective) {
            case MINIMAX -> m_tf.math.neg(mean(m_losses.crossEntropyPerRow(generated, target)));
            case NON_SATURATING -> mean(minusLogOfOthers(generated, target));
            case SOFTMAX_OF_COMPLEMENT -> {
                final Operand<TFloat32> complement =
                    m_tf.math.sub(m_tf.constant(1f), m_tf.nn.softmax(generated));
                yield mean(m_losses.crossEntropyPerRow(complement, target));
            }
            case NOT_OWN_SITE -> mean(minusLogOfOthers(generated, m_tf.math.add(target, sites)));
            case CONFUSION -> mean(m_losses.crossEntropyPerRow(generated, rows(generated, 1f / m_sites, 0)));
        };
    }

    /** -log of the probability that is not in the marked classes: logsumexp over all minus that over the others. */
    private Operand<TFloat32> minusLogOfOthers(final Operand<TFloat32> logits, final Operand<TFloat32> marked) {
        final Operand<TFloat32> others = m_tf.math.add(logits, m_tf.math.mul(m_tf.constant(EXCLUDED), marked));
        return m_tf.math.sub(logSumExp(logits), logSumExp(others));
    }

    /**
     * log Σ exp x of every row. Each x less its log-softmax is that number; they are averaged by the softmax, which leaves
     * out columns far below the others. TensorFlow's logarithm has a gradient whose last bits differ by processor, see
     * {@link PortableOperations}; that of log-softmax has not.
     */
    private Operand<TFloat32> logSumExp(final Operand<TFloat32> logits) {
        final Operand<TFloat32> weights = m_tf.stopGradient(m_tf.nn.softmax(logits));
        return m_tf.sum(m_tf.math.mul(weights, m_tf.math.sub(logits, m_tf.nn.logSoftmax(logits))), m_tf.constant(1));
    }

    /** One-hot rows of the class "generated". */
    private Operand<TFloat32> generatedClass(final Operand<TFloat32> logits) {
        return rows(logits, 0, 1);
    }

    /** The same row for every patch. */
    private Operand<TFloat32> rows(final Operand<TFloat32> logits, final float site, final float generated) {
        final float[] row = new float[m_sites + 1];
        Arrays.fill(row, site);
        row[m_sites] = generated;
        return m_tf.stopGradient(m_tf.math.add(m_tf.zerosLike(logits), m_tf.constant(row)));
    }

    private Operand<TFloat32> mean(final Operand<TFloat32> vector) {
        return m_tf.math.mean(vector, m_tf.constant(0));
    }
}
