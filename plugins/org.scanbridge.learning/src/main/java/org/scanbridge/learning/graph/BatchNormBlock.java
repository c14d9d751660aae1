package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

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

    /** Whether the network predicts. */
    boolean predicting() {
        return m_frozen == null;
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
     * A convolution and its norm. For prediction the norm's scale goes into the kernel, which saves passes over big tensors.
     *
     * @param block whose parameters
     * @param suffix of the names of the norm's parameters
     * @param convolution by a kernel
     */
    Operand<TFloat32> convolved(final String block, final String suffix,
        final UnaryOperator<Operand<TFloat32>> convolution) {
        final Operand<TFloat32> kernel = value(block + "/kernel");
        if (predicting()) {
            final Layers.Linear linear = linear(block, suffix);
            return m_layers.bias(convolution.apply(m_tf.math.mul(kernel, linear.scale())), linear.shift());
        }
        return normalize(block, suffix, convolution.apply(kernel));
    }

    /** What the norm does to each channel with the statistics that are kept. */
    private Layers.Linear linear(final String block, final String suffix) {
        return m_layers.batchNormInference(value(block + "/gamma" + suffix), value(block + "/beta" + suffix),
            value(block + "/mean" + suffix), value(block + "/variance" + suffix));
    }

    private Operand<TFloat32> normalize(final String block, final String suffix, final Operand<TFloat32> y) {
        if (m_frozen.contains(block)) {
            final Layers.Linear linear = linear(block, suffix);
            return m_tf.math.add(m_tf.math.mul(y, linear.scale()), linear.shift());
        }
        final String mean = block + "/mean" + suffix;
        final String variance = block + "/variance" + suffix;
        final Layers.BatchNormResult result =
            m_layers.batchNorm(y, value(block + "/gamma" + suffix), value(block + "/beta" + suffix));
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
