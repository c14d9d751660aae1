package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.UNetPlan;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Builds the operations of the U-Net that {@link UNetPlan} describes, over variables that are already there. */
final class UNet {

    /** How far a running statistic moves towards the batch's. */
    private static final float STATISTICS_MOMENTUM = 0.1f;

    /**
     * What a U-Net computes.
     *
     * @param logits [n, depth, height, width, classes]
     * @param encoder features of each level, full resolution first; the last is the bottleneck
     * @param decoder features of each level above the bottleneck, full resolution last
     * @param statistics updates of running statistics, to be run with a training step
     */
    record Output(Operand<TFloat32> logits, List<Operand<TFloat32>> encoder, List<Operand<TFloat32>> decoder,
        List<Op> statistics) {

        Operand<TFloat32> bottleneck() {
            return encoder.get(encoder.size() - 1);
        }

        /** The features that the logits are made of. */
        Operand<TFloat32> last() {
            return decoder.isEmpty() ? bottleneck() : decoder.get(decoder.size() - 1);
        }
    }

    private final Ops m_tf;

    private final Layers m_layers;

    private final NetworkSpec m_spec;

    private final UNetPlan m_plan;

    private final VariableStore m_store;

    UNet(final Ops tf, final NetworkSpec spec, final VariableStore store) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_spec = spec;
        m_plan = new UNetPlan(spec);
        m_store = store;
    }

    /** The network as it predicts: running statistics for batch normalization. */
    Output predicting(final Operand<TFloat32> image) {
        return build(image, null);
    }

    /**
     * The network as it trains: batch statistics for batch normalization, except in frozen blocks, which keep theirs.
     *
     * @param frozen names of frozen blocks
     */
    Output training(final Operand<TFloat32> image, final Set<String> frozen) {
        return build(image, frozen);
    }

    /** @param frozen {@code null} for prediction */
    private Output build(final Operand<TFloat32> image, final Set<String> frozen) {
        final List<Op> statistics = new ArrayList<>();
        final List<Operand<TFloat32>> encoder = new ArrayList<>();
        final List<Operand<TFloat32>> decoder = new ArrayList<>();
        Operand<TFloat32> x = image;
        for (int l = 0; l < m_spec.levels(); l++) {
            x = block("enc" + l + ".a", l == 0 ? x : m_layers.pool(x), frozen, statistics);
            x = block("enc" + l + ".b", x, frozen, statistics);
            encoder.add(x);
        }
        for (int l = m_spec.levels() - 2; l >= 0; l--) {
            final Operand<TFloat32> up = m_layers.upsample(x, m_spec.kind() == Kind.UNET_2D);
            x = block("dec" + l + ".a", m_layers.concat(List.of(up, encoder.get(l))), frozen, statistics);
            x = block("dec" + l + ".b", x, frozen, statistics);
            decoder.add(x);
        }
        final Operand<TFloat32> logits = m_layers.bias(
            m_layers.convolution(x, value(UNetPlan.HEAD + "/kernel"), 1), value(UNetPlan.HEAD + "/bias"));
        return new Output(logits, encoder, decoder, statistics);
    }

    private Operand<TFloat32> block(final String name, final Operand<TFloat32> x, final Set<String> frozen,
        final List<Op> statistics) {
        final Operand<TFloat32> y = m_layers.convolution(x, value(name + "/kernel"), 1);
        final Operand<TFloat32> gamma = value(name + "/gamma");
        final Operand<TFloat32> beta = value(name + "/beta");
        if (m_spec.norm() != Norm.BATCH) {
            final int channels = Layers.size(y, 4);
            return m_layers.relu(m_layers.groupNorm(y, gamma, beta, groups(channels)));
        }
        if (frozen == null || frozen.contains(name)) {
            return m_layers
                .relu(m_layers.batchNormInference(y, gamma, beta, value(name + "/mean"), value(name + "/variance")));
        }
        final Layers.BatchNormResult result = m_layers.batchNorm(y, gamma, beta);
        statistics.add(moveTowards(name + "/mean", result.mean()));
        statistics.add(moveTowards(name + "/variance", result.variance()));
        return m_layers.relu(result.y());
    }

    private int groups(final int channels) {
        return m_spec.norm() == Norm.INSTANCE ? channels : Norm.groups(channels);
    }

    private Op moveTowards(final String name, final Operand<TFloat32> batch) {
        final VariableStore.Entry entry = m_store.get(name);
        final Operand<TFloat32> step = m_tf.math.mul(m_tf.constant(STATISTICS_MOMENTUM),
            m_tf.math.sub(m_tf.stopGradient(batch), entry.value()));
        return m_tf.assignVariableOp(entry.handle(), m_tf.math.add(entry.value(), step));
    }

    private Operand<TFloat32> value(final String name) {
        return m_store.get(name).value();
    }
}
