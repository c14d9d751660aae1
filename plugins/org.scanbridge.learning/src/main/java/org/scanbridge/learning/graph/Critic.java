package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Builds the critics of a {@link CriticTerm}: three 3×3×3 convolutions of stride 2 with leaky ReLU (width, twice and four
 * times of it) and a 1×1×1 convolution to one score per region, without norms, which would let a batch's patches see each
 * other.
 */
final class Critic {

    /** Name of all parameters of critics up to the first slash begins with it. */
    static final String PREFIX = "critic";

    /**
     * The two sides of the game.
     *
     * @param critic what the critic minimizes; the network gets no gradient from it
     * @param network what the network minimizes
     */
    record Game(Operand<TFloat32> critic, Operand<TFloat32> network) {
    }

    private final Ops m_tf;

    private final Layers m_layers;

    private final AdaptationLosses m_losses;

    private final CriticTerm m_term;

    private final NetworkSpec m_network;

    private final VariableStore m_store;

    private final long m_seed;

    Critic(final Ops tf, final CriticTerm term, final NetworkSpec network, final VariableStore store, final long seed) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_losses = new AdaptationLosses(tf);
        m_term = term;
        m_network = network;
        m_store = store;
        m_seed = seed;
    }

    /**
     * @param network what the network computes for a batch
     * @param source number of source patches, the first ones
     */
    Game play(final UNet.Output network, final int source) {
        final Operand<TFloat32> probabilities = m_layers.softmax(network.logits());
        if (m_term.objective() == CriticTerm.Objective.LEAST_SQUARES) {
            return play(PREFIX + 0, network.last(), source);
        }
        final Game features = play(PREFIX + 0, features(network, probabilities), source);
        if (m_term.maskWeight() == 0) {
            return features;
        }
        final Game mask = play(PREFIX + 1, probabilities, source);
        final Operand<TFloat32> weight = m_tf.constant((float)m_term.maskWeight());
        return new Game(m_tf.math.add(features.critic(), m_tf.math.mul(weight, mask.critic())),
            m_tf.math.add(features.network(), m_tf.math.mul(weight, mask.network())));
    }

    /**
     * All levels of a U-Net at full resolution (of other networks the last features), the probabilities, and the predicted
     * classes, which have no gradient.
     */
    private Operand<TFloat32> features(final UNet.Output network, final Operand<TFloat32> probabilities) {
        final List<Operand<TFloat32>> all = new ArrayList<>();
        if (m_network.kind() == NetworkSpec.Kind.UNET_3D || m_network.kind() == NetworkSpec.Kind.UNET_2D) {
            all.add(fullSize(network.bottleneck(), probabilities));
            network.decoder().forEach(level -> all.add(fullSize(level, probabilities)));
        } else {
            all.add(network.last());
        }
        all.add(probabilities);
        all.add(m_tf.stopGradient(m_tf.oneHot(m_tf.math.argMax(probabilities, m_tf.constant(4)),
            m_tf.constant(m_network.classes()), m_tf.constant(1f), m_tf.constant(0f))));
        return m_layers.concat(all);
    }

    private Operand<TFloat32> fullSize(final Operand<TFloat32> level, final Operand<TFloat32> full) {
        Operand<TFloat32> x = level;
        while (Layers.size(x, 3) < Layers.size(full, 3)) {
            x = m_layers.upsample(x, m_network.kind().flat());
        }
        return x;
    }

    private Game play(final String name, final Operand<TFloat32> features, final int source) {
        final Operand<TFloat32> judged = scores(name, m_tf.stopGradient(features));
        final Operand<TFloat32> felt = scores(name, features);
        if (m_term.objective() == CriticTerm.Objective.WASSERSTEIN) {
            return new Game(m_tf.math.neg(distance(judged, source)), distance(felt, source));
        }
        return new Game(
            m_tf.math.add(m_losses.leastSquares(part(judged, 0, source), 1),
                m_losses.leastSquares(target(judged, source), 0)),
            m_losses.leastSquares(target(felt, source), 1));
    }

    /** E f(s) - E f(t), which no constant that is added to all scores changes. */
    private Operand<TFloat32> distance(final Operand<TFloat32> scores, final int source) {
        return m_tf.math.sub(m_losses.average(part(scores, 0, source)), m_losses.average(target(scores, source)));
    }

    private Operand<TFloat32> target(final Operand<TFloat32> x, final int source) {
        return part(x, source, -1);
    }

    private Operand<TFloat32> part(final Operand<TFloat32> x, final int from, final int count) {
        return m_tf.slice(x, m_tf.constant(new int[]{from, 0, 0, 0, 0}),
            m_tf.constant(new int[]{count, -1, -1, -1, -1}));
    }

    private Operand<TFloat32> scores(final String name, final Operand<TFloat32> x) {
        final int width = m_term.width();
        Operand<TFloat32> y = m_layers.leakyRelu(layer(name + "/a", x, 3, width, 2));
        y = m_layers.leakyRelu(layer(name + "/b", y, 3, 2 * width, 2));
        y = m_layers.leakyRelu(layer(name + "/c", y, 3, 4 * width, 2));
        return layer(name + "/out", y, 1, 1, 1);
    }

    private Operand<TFloat32> layer(final String name, final Operand<TFloat32> x, final int kernel, final int out,
        final int stride) {
        if (!m_store.has(name + ".kernel")) {
            final int depth = Layers.size(x, 1) == 1 ? 1 : kernel;
            m_store.add(Weights.initial(List.of(
                new Parameter(name + ".kernel", List.of(depth, kernel, kernel, Layers.size(x, 4), out), Init.HE_NORMAL,
                    true),
                new Parameter(name + ".bias", List.of(out), Init.ZEROS, true)), m_seed));
        }
        return m_layers.bias(m_layers.convolution(x, m_store.get(name + ".kernel").value(), stride),
            m_store.get(name + ".bias").value());
    }

    /** All parameters of the critics. */
    List<VariableStore.Entry> variables() {
        return m_store.entries().stream().filter(e -> e.parameter().name().startsWith(PREFIX)).toList();
    }

    /**
     * The step that follows a step of the critics: clips their weights, where the term asks for it.
     *
     * @param step the critics' optimizer step
     * @return one operation that does both
     */
    Op clipped(final Op step) {
        if (m_term.objective() != CriticTerm.Objective.WASSERSTEIN) {
            return step;
        }
        final Ops after = m_tf.withControlDependencies(List.of(step));
        final List<Op> all = new ArrayList<>();
        for (final VariableStore.Entry entry : variables()) {
            final Operand<TFloat32> value = after.readVariableOp(entry.handle(), TFloat32.class);
            final Operand<TFloat32> bounded =
                m_tf.math.maximum(m_tf.math.minimum(value, m_tf.constant((float)m_term.clip())),
                    m_tf.constant((float)-m_term.clip()));
            all.add(m_tf.assignVariableOp(entry.handle(), bounded));
        }
        return m_tf.withControlDependencies(all).noOp();
    }
}
