package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Batch normalization over variables of a block, either training or predicting; collects the updates of statistics. */
final class BatchNormBlock {

    /** How far a running statistic moves towards the batch's. */
    private static final float STATISTICS_MOMENTUM = 0.1f;

    private final Ops m_tf;

    private final Layers m_layers;

    private final VariableStore m_store;

    private final Set<String> m_frozen;

    private final List<Op> m_statistics = new ArrayList<>();

    private final Map<String, Operand<TFloat32>> m_batch = new LinkedHashMap<>();

    /** @param frozen blocks that keep their statistics; {@code null} for prediction, where all do */
    BatchNormBlock(final Ops tf, final VariableStore store, final Set<String> frozen) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_store = store;
        m_frozen = frozen;
    }

    /** Updates of running statistics so far, to be run with a training step. */
    List<Op> statistics() {
        return m_statistics;
    }

    /** Means and variances of the batch so far, by the name of the running statistic. */
    Map<String, Operand<TFloat32>> batch() {
        return m_batch;
    }

    /**
     * @param block whose parameters
     * @param suffix of the parameters' names
     */
    Operand<TFloat32> normalize(final String block, final String suffix, final Operand<TFloat32> y) {
        final Operand<TFloat32> gamma = value(block + "/gamma" + suffix);
        final Operand<TFloat32> beta = value(block + "/beta" + suffix);
        final String mean = block + "/mean" + suffix;
        final String variance = block + "/variance" + suffix;
        if (m_frozen == null || m_frozen.contains(block)) {
            return m_layers.batchNormInference(y, gamma, beta, value(mean), value(variance));
        }
        final Layers.BatchNormResult result = m_layers.batchNorm(y, gamma, beta);
        m_statistics.add(moveTowards(mean, result.mean()));
        m_statistics.add(moveTowards(variance, result.variance()));
        m_batch.put(mean, result.mean());
        m_batch.put(variance, result.variance());
        return result.y();
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
