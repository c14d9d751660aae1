package org.scanbridge.learning.graph;

import java.util.List;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Losses over logits [n, …, classes] and integer labels [n, …]. Logits are flattened to [voxels, classes] first: the
 * C++ gradient of log-softmax is wrong for more than two axes.
 */
final class Losses {

    /** Keeps 0/0 out of the Dice of classes that do not occur. */
    static final float DICE_EPSILON = 1e-5f;

    private final Ops m_tf;

    Losses(final Ops tf) {
        m_tf = tf;
    }

    /** Logits or one-hot labels as [voxels, classes]. */
    private Operand<TFloat32> rows(final Operand<TFloat32> x, final int classes) {
        return m_tf.reshape(x, m_tf.constant(new int[]{-1, classes}));
    }

    /** Integer labels [n, …] as one-hot rows [voxels, classes]. */
    Operand<TFloat32> oneHot(final Operand<? extends TNumber> labels, final int classes) {
        final Operand<TInt32> flat = m_tf.reshape(m_tf.dtypes.cast(labels, TInt32.class), m_tf.constant(new int[]{-1}));
        return m_tf.oneHot(flat, m_tf.constant(classes), m_tf.constant(1f), m_tf.constant(0f));
    }

    /**
     * Soft Dice loss pooled over classes (Delisle et al., eq. 2): 1 - (ε + 2 Σc wc Σv s y) / (ε + Σc wc Σv (s + y)), in
     * [0, 1]: 0 for a perfect prediction whatever the weights, 1 when nothing overlaps.
     *
     * @param oneHot rows [voxels, classes]
     * @param classWeights wc, one per class
     */
    Operand<TFloat32> pooledDice(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot,
        final List<Double> classWeights) {
        final Operand<TFloat32> weights = weights(classWeights);
        final Operand<TFloat32> overlap = total(m_tf.math.mul(overlap(logits, oneHot), weights));
        final Operand<TFloat32> volume = total(m_tf.math.mul(volume(logits, oneHot), weights));
        return oneMinusRatio(overlap, volume);
    }

    /**
     * Soft Dice loss averaged over classes: 1 - Σc wc (ε + 2 Σv s y) / (ε + Σv (s + y)) / Σc wc, in [0, 1]. Small classes
     * count as much as big ones.
     */
    Operand<TFloat32> meanDice(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot,
        final List<Double> classWeights) {
        final double sum = classWeights.stream().mapToDouble(Double::doubleValue).sum();
        final Operand<TFloat32> perClass = oneMinusRatio(overlap(logits, oneHot), volume(logits, oneHot));
        return m_tf.math.div(total(m_tf.math.mul(perClass, weights(classWeights))), m_tf.constant((float)sum));
    }

    private Operand<TFloat32> overlap(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot) {
        final int classes = Layers.size(oneHot, 1);
        final Operand<TFloat32> s = m_tf.nn.softmax(rows(logits, classes));
        return m_tf.math.mul(m_tf.constant(2f), m_tf.sum(m_tf.math.mul(s, oneHot), m_tf.constant(0)));
    }

    private Operand<TFloat32> volume(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot) {
        final int classes = Layers.size(oneHot, 1);
        final Operand<TFloat32> s = m_tf.nn.softmax(rows(logits, classes));
        return m_tf.math.add(m_tf.sum(s, m_tf.constant(0)), m_tf.sum(oneHot, m_tf.constant(0)));
    }

    private Operand<TFloat32> oneMinusRatio(final Operand<TFloat32> overlap, final Operand<TFloat32> volume) {
        final Operand<TFloat32> epsilon = m_tf.constant(DICE_EPSILON);
        return m_tf.math.sub(m_tf.constant(1f),
            m_tf.math.div(m_tf.math.add(overlap, epsilon), m_tf.math.add(volume, epsilon)));
    }

    /**
     * Cross-entropy in nats, -Σv w(y) log p(y) / Σv w(y): the mean over voxels for equal weights.
     *
     * @param oneHot rows [voxels, classes]
     * @param classWeights one weight per class
     */
    Operand<TFloat32> crossEntropy(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot,
        final List<Double> classWeights) {
        final Operand<TFloat32> each = crossEntropyPerRow(logits, oneHot);
        if (classWeights.stream().distinct().count() == 1) {
            return m_tf.math.mean(each, m_tf.constant(0));
        }
        final Operand<TFloat32> rowWeights = m_tf.sum(m_tf.math.mul(oneHot, weights(classWeights)), m_tf.constant(1));
        return m_tf.math.div(total(m_tf.math.mul(each, rowWeights)),
            m_tf.math.add(total(rowWeights), m_tf.constant(DICE_EPSILON)));
    }

    /** Cross-entropy in nats of every row. */
    Operand<TFloat32> crossEntropyPerRow(final Operand<TFloat32> logits, final Operand<TFloat32> oneHot) {
        return SoftmaxCrossEntropyWithLogits.create(m_tf.scope(), rows(logits, Layers.size(oneHot, 1)), oneHot).loss();
    }

    private Operand<TFloat32> weights(final List<Double> classWeights) {
        final float[] w = new float[classWeights.size()];
        for (int c = 0; c < w.length; c++) {
            w[c] = classWeights.get(c).floatValue();
        }
        return m_tf.constant(w);
    }

    private Operand<TFloat32> total(final Operand<TFloat32> vector) {
        return m_tf.sum(vector, m_tf.constant(0));
    }
}
