package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Builds domain heads behind a gradient reversal. */
final class DomainHead {

    /** Name of all parameters of domain heads up to the first slash. */
    static final String PREFIX = "domain";

    /**
     * What the heads say about a batch.
     *
     * @param loss mean cross-entropy in nats over decisions and heads
     * @param accuracy share of right decisions
     */
    record Output(Operand<TFloat32> loss, Operand<TFloat32> accuracy) {
    }

    private final Ops m_tf;

    private final Layers m_layers;

    private final Losses m_losses;

    private final DomainHeadSpec m_spec;

    private final VariableStore m_store;

    private final long m_seed;

    DomainHead(final Ops tf, final DomainHeadSpec spec, final VariableStore store, final long seed) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_losses = new Losses(tf);
        m_spec = spec;
        m_store = store;
        m_seed = seed;
    }

    /**
     * @param network what the network computes for the batch
     * @param sites one-hot sites [n, sites]
     * @param lambda strength of the reversed gradient
     */
    Output attach(final UNet.Output network, final Operand<TFloat32> sites, final Operand<TFloat32> lambda) {
        final List<Operand<TFloat32>> losses = new ArrayList<>();
        final List<Operand<TFloat32>> accuracies = new ArrayList<>();
        for (final Operand<TFloat32> features : features(network)) {
            final Operand<TFloat32> logits =
                head(PREFIX + losses.size(), m_layers.reverseGradient(features, lambda));
            final Operand<TFloat32> targets = sitePerDecision(sites, logits);
            losses.add(m_tf.math.mean(m_losses.crossEntropyPerRow(logits, targets), m_tf.constant(0)));
            accuracies.add(accuracy(logits, targets));
        }
        return new Output(average(losses), average(accuracies));
    }

    private List<Operand<TFloat32>> features(final UNet.Output network) {
        return switch (m_spec.attachment()) {
            case BOTTLENECK -> List.of(network.bottleneck());
            case MULTI_LEVEL -> {
                final List<Operand<TFloat32>> all = new ArrayList<>(network.decoder());
                all.add(0, network.bottleneck());
                yield all;
            }
            case LAST_DECODER -> List.of(network.last());
            case OUTPUT -> List.of(m_layers.softmax(network.logits()));
        };
    }

    private Operand<TFloat32> head(final String name, final Operand<TFloat32> x) {
        final int width = m_spec.width();
        return switch (m_spec.shape()) {
            case POOLED -> layer(name + "/out", m_layers
                .relu(layer(name + "/a", m_layers.globalAverage(x), 1, width, 1)), 1, m_spec.sites(), 1);
            case PATCH -> {
                Operand<TFloat32> y = m_layers.leakyRelu(layer(name + "/a", x, 3, width, 2));
                y = m_layers.leakyRelu(layer(name + "/b", y, 3, 2 * width, 2));
                y = m_layers.leakyRelu(layer(name + "/c", y, 3, 4 * width, 2));
                yield layer(name + "/out", y, 1, m_spec.sites(), 1);
            }
        };
    }

    private Operand<TFloat32> layer(final String name, final Operand<TFloat32> x, final int kernel, final int out,
        final int stride) {
        final int depth = Layers.size(x, 1) == 1 ? 1 : kernel;
        final List<Parameter> parameters = List.of(
            new Parameter(name + ".kernel", List.of(depth, kernel, kernel, Layers.size(x, 4), out), Init.HE_NORMAL, true),
            new Parameter(name + ".bias", List.of(out), Init.ZEROS, true));
        m_store.add(Weights.initial(parameters, m_seed));
        return m_layers.bias(m_layers.convolution(x, m_store.get(name + ".kernel").value(), stride),
            m_store.get(name + ".bias").value());
    }

    /** The site of each decision as one-hot rows. */
    private Operand<TFloat32> sitePerDecision(final Operand<TFloat32> sites, final Operand<TFloat32> logits) {
        final Operand<TFloat32> perSample = m_tf.reshape(sites, m_tf.constant(new int[]{-1, 1, 1, 1, m_spec.sites()}));
        final Operand<TFloat32> everywhere = m_tf.math.add(m_tf.zerosLike(logits), perSample);
        return m_tf.stopGradient(m_tf.reshape(everywhere, m_tf.constant(new int[]{-1, m_spec.sites()})));
    }

    private Operand<TFloat32> accuracy(final Operand<TFloat32> logits, final Operand<TFloat32> targets) {
        final Operand<TFloat32> rows = m_tf.reshape(logits, m_tf.constant(new int[]{-1, m_spec.sites()}));
        final Operand<TInt64> told = m_tf.math.argMax(rows, m_tf.constant(1));
        final Operand<TInt64> right = m_tf.math.argMax(targets, m_tf.constant(1));
        return m_tf.math.mean(m_tf.dtypes.cast(m_tf.math.equal(told, right), TFloat32.class), m_tf.constant(0));
    }

    private Operand<TFloat32> average(final List<Operand<TFloat32>> scalars) {
        return m_tf.math.div(Sums.of(m_tf, scalars), m_tf.constant((float)scalars.size()));
    }
}
