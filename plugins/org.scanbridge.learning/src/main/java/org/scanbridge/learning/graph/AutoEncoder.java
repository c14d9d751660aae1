package org.scanbridge.learning.graph;

import org.scanbridge.learning.architecture.AutoEncoderPlan;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.AutoEncoderSpec.Code;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Builds the operations of the auto-encoder that {@link AutoEncoderPlan} describes, over variables that are already there. */
final class AutoEncoder {

    /** Logarithms of variances beyond it count as this: e to that power is far from overflow, and no code needs more. */
    private static final float LARGEST_LOG_VARIANCE = 20;

    /**
     * What a network computes.
     *
     * @param image the image that the code stands for [n, k, j, i, 1]
     * @param mean the code without noise [n, k', j', i', latent], one place if it is dense
     * @param logVariance the logarithm of its variance, of the same shape; {@code null} for a plain auto-encoder
     */
    record Output(Operand<TFloat32> image, Operand<TFloat32> mean, Operand<TFloat32> logVariance) {
    }

    private final Ops m_tf;

    private final Layers m_layers;

    private final AutoEncoderSpec m_spec;

    private final VariableStore m_store;

    AutoEncoder(final Ops tf, final AutoEncoderSpec spec, final VariableStore store) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_spec = spec;
        m_store = store;
    }

    /** The network as it predicts: the code is the mean. */
    Output predicting(final Operand<TFloat32> image) {
        return build(image, null);
    }

    /**
     * The network as it trains: the code of a variational one is mean + e^(log variance / 2) · noise (Kingma and Welling,
     * ICLR 2014, eq. 10), so that gradients reach both.
     *
     * @param noise standard normal numbers [n, places, latent] in the order of the code; not looked at by a plain one
     */
    Output training(final Operand<TFloat32> image, final Operand<TFloat32> noise) {
        return build(image, noise);
    }

    private Output build(final Operand<TFloat32> image, final Operand<TFloat32> noise) {
        Operand<TFloat32> x = image;
        for (int l = 0; l < m_spec.levels(); l++) {
            x = block("enc" + l, x, l == 0 ? 1 : 2);
        }
        if (m_spec.code() == Code.DENSE) {
            x = m_layers.leakyRelu(biased("reduce", x));
        }
        final Operand<TFloat32> mean = code("mean", x);
        final Operand<TFloat32> logVariance = m_spec.variational() ? within(code("variance", x)) : null;
        Operand<TFloat32> z = mean;
        if (logVariance != null && noise != null) {
            final Operand<TFloat32> deviation = m_tf.math.exp(m_tf.math.mul(m_tf.constant(0.5f), logVariance));
            z = m_tf.math.add(mean, m_tf.math.mul(deviation, m_tf.reshape(noise, m_tf.shape(mean))));
        }
        return new Output(decode(z), mean, logVariance);
    }

    private Operand<TFloat32> code(final String name, final Operand<TFloat32> x) {
        return m_layers.bias(m_layers.validConvolution(x, value(name + "/kernel")), value(name + "/bias"));
    }

    private Operand<TFloat32> within(final Operand<TFloat32> x) {
        return m_tf.math.minimum(m_tf.math.maximum(x, m_tf.constant(-LARGEST_LOG_VARIANCE)),
            m_tf.constant(LARGEST_LOG_VARIANCE));
    }

    private Operand<TFloat32> decode(final Operand<TFloat32> z) {
        Operand<TFloat32> x = m_layers.leakyRelu(biased("expand", z));
        if (m_spec.code() == Code.DENSE) {
            final PatchSize bottom = m_spec.bottom();
            x = m_tf.reshape(x, m_tf.constant(new int[]{-1, bottom.k(), bottom.j(), bottom.i(), m_spec.baseWidth()}));
            x = m_layers.leakyRelu(biased("restore", x));
        }
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            x = block("dec" + l, m_layers.upsample(x, m_spec.flat()), 1);
        }
        return biased(UNetPlan.HEAD, x);
    }

    private Operand<TFloat32> biased(final String name, final Operand<TFloat32> x) {
        return m_layers.bias(m_layers.convolution(x, value(name + "/kernel"), 1), value(name + "/bias"));
    }

    private Operand<TFloat32> block(final String name, final Operand<TFloat32> x, final int stride) {
        final Operand<TFloat32> y = m_layers.convolution(x, value(name + "/kernel"), stride);
        return m_layers.leakyRelu(m_layers.groupNorm(y, value(name + "/gamma"), value(name + "/beta"),
            Norm.groups(Layers.size(y, 4))));
    }

    private Operand<TFloat32> value(final String name) {
        return m_store.get(name).value();
    }
}
