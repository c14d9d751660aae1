package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Builds a discriminator, as often as needed over the same variables: they are made when it is first applied, in the
 * size that its input asks for.
 */
final class Discriminator {

    private static final int RESNET_STAGES = 4;

    private static final int BLOCKS_PER_STAGE = 2;

    private static final int MAX_GROUPS = 8;

    /** Where deep layers have one voxel left, groups of a single channel would be normalized to nothing. */
    private static final int RESNET_CHANNELS_PER_GROUP = 8;

    private final Ops m_tf;

    private final Layers m_layers;

    private final DiscriminatorSpec m_spec;

    private final VariableStore m_store;

    private final long m_seed;

    private final Optional<? extends Operand<TInt32>> m_randomness;

    /** How many times it was applied: each time has masks of its own. */
    private int m_applied;

    /**
     * @param store where its variables are, under a prefix of their own
     * @param seed of the initial weights
     * @param randomness two numbers [2] that the masks of dropout derive from; empty to drop nothing
     */
    Discriminator(final Ops tf, final DiscriminatorSpec spec, final VariableStore store, final long seed,
        final Optional<? extends Operand<TInt32>> randomness) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_spec = spec;
        m_store = store;
        m_seed = seed;
        m_randomness = randomness;
    }

    /**
     * @param image [n, depth, height, width, channels]
     * @return logits [n, sites + 1], "generated" last
     */
    Operand<TFloat32> logits(final Operand<TFloat32> image) {
        return switch (m_spec.shape()) {
            case CONVOLUTIONS -> dense(convolutions(image));
            case RESNET_18 -> dense(m_layers.globalAverage(resNet(image)));
        };
    }

    private Operand<TFloat32> convolutions(final Operand<TFloat32> image) {
        Operand<TFloat32> x = image;
        for (int b = 0; b < m_spec.blocks(); b++) {
            final String name = "conv" + b;
            x = convolution(name, x, 3, m_spec.width() << b, 2);
            x = m_layers.leakyRelu(b == 0 ? bias(name, x) : norm(name, x));
            if (m_spec.drops() && m_randomness.isPresent()) {
                x = m_layers.channelDropout(x, m_spec.dropout(), m_randomness.get(), m_applied * m_spec.blocks() + b + 1);
            }
        }
        m_applied++;
        return x;
    }

    private Operand<TFloat32> resNet(final Operand<TFloat32> image) {
        Operand<TFloat32> x = m_layers.relu(norm("stem", convolution("stem", image, 7, m_spec.width(), 2)));
        x = m_layers.overlappingPool(x);
        for (int stage = 0; stage < RESNET_STAGES; stage++) {
            for (int block = 0; block < BLOCKS_PER_STAGE; block++) {
                x = residual("stage" + stage + "." + block, x, m_spec.width() << stage,
                    stage > 0 && block == 0 ? 2 : 1);
            }
        }
        return x;
    }

    private Operand<TFloat32> residual(final String name, final Operand<TFloat32> x, final int channels,
        final int stride) {
        final String a = name + ".a";
        final String b = name + ".b";
        final Operand<TFloat32> inner = m_layers.relu(norm(a, convolution(a, x, 3, channels, stride)));
        final Operand<TFloat32> y = norm(b, convolution(b, inner, 3, channels, 1));
        final String c = name + ".shortcut";
        final Operand<TFloat32> shortcut = stride == 1 ? x : norm(c, convolution(c, x, 1, channels, stride));
        return m_layers.relu(m_tf.math.add(y, shortcut));
    }

    private Operand<TFloat32> convolution(final String name, final Operand<TFloat32> x, final int kernel, final int out,
        final int stride) {
        final int depth = Layers.size(x, 1) == 1 ? 1 : kernel;
        return m_layers.convolution(x,
            variable(name + "/kernel", List.of(depth, kernel, kernel, Layers.size(x, 4), out), Init.HE_NORMAL), stride);
    }

    private Operand<TFloat32> bias(final String name, final Operand<TFloat32> x) {
        return m_layers.bias(x, variable(name + "/bias", List.of(Layers.size(x, 4)), Init.ZEROS));
    }

    private Operand<TFloat32> norm(final String name, final Operand<TFloat32> x) {
        final int channels = Layers.size(x, 4);
        final boolean resNet = m_spec.shape() == DiscriminatorSpec.Shape.RESNET_18;
        int groups = Math.max(1, Math.min(MAX_GROUPS, resNet ? channels / RESNET_CHANNELS_PER_GROUP : channels));
        while (channels % groups != 0) {
            groups--;
        }
        return m_layers.groupNorm(x, variable(name + "/gamma", List.of(channels), Init.ONES),
            variable(name + "/beta", List.of(channels), Init.ZEROS), groups);
    }

    private Operand<TFloat32> dense(final Operand<TFloat32> x) {
        final int features = Layers.size(x, 1) * Layers.size(x, 2) * Layers.size(x, 3) * Layers.size(x, 4);
        final Operand<TFloat32> rows = m_tf.reshape(x, m_tf.constant(new int[]{-1, features}));
        final int classes = m_spec.sites() + 1;
        return m_tf.math.add(
            m_tf.linalg.matMul(rows, variable("out/kernel", List.of(features, classes), Init.HE_NORMAL)),
            variable("out/bias", List.of(classes), Init.ZEROS));
    }

    private Operand<TFloat32> variable(final String name, final List<Integer> shape, final Init init) {
        if (!m_store.has(name)) {
            final List<Parameter> one = new ArrayList<>();
            one.add(new Parameter(name, shape, init, true));
            m_store.add(Weights.initial(one, m_seed));
        }
        return m_store.get(name).value();
    }
}
