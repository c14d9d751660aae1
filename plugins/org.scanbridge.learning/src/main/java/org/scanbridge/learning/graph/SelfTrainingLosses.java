package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.Parameter;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** What {@link SelfTrainingTerm} and {@link AnchorTerm} are made of. Rows are [voxels, classes]. */
final class SelfTrainingLosses {

    /** Keeps quotients of nothing finite. */
    private static final float EPSILON = 1e-6f;

    private final Ops m_tf;

    SelfTrainingLosses(final Ops tf) {
        m_tf = tf;
    }

    /**
     * Given probabilities as rows that add up to 1, or to 0 where nothing is known.
     *
     * @param given [n, k, j, i, classes], in 1/255
     */
    Operand<TFloat32> probabilities(final Operand<? extends TNumber> given) {
        final int classes = Layers.size(given, 4);
        final Operand<TFloat32> rows =
            m_tf.reshape(m_tf.dtypes.cast(given, TFloat32.class), m_tf.constant(new int[]{-1, classes}));
        return m_tf.math.div(rows, m_tf.math.maximum(column(sum(rows, 1)), m_tf.constant(1f)));
    }

    /**
     * What two teachers say together: ((1 - r) k(a) a + r k(b) b) / ((1 - r) k(a) + r k(b)) with k(q) = (max q - 1/C) / (1 -
     * 1/C), 0 for a row of zeros.
     *
     * @param share r in [0, 1]
     */
    Operand<TFloat32> together(final Operand<TFloat32> a, final Operand<TFloat32> b, final Operand<TFloat32> share) {
        final Operand<TFloat32> ofA = m_tf.math.mul(m_tf.math.sub(m_tf.constant(1f), share), certainty(a));
        final Operand<TFloat32> ofB = m_tf.math.mul(share, certainty(b));
        final Operand<TFloat32> both = m_tf.math.add(m_tf.math.mul(a, column(ofA)), m_tf.math.mul(b, column(ofB)));
        return m_tf.math.div(both, column(m_tf.math.maximum(m_tf.math.add(ofA, ofB), m_tf.constant(EPSILON))));
    }

    private Operand<TFloat32> certainty(final Operand<TFloat32> q) {
        final float chance = 1f / Layers.size(q, 1);
        return m_tf.nn.relu(m_tf.math.div(m_tf.math.sub(largest(q), m_tf.constant(chance)), m_tf.constant(1 - chance)));
    }

    /**
     * How much each voxel counts, [voxels]: m where m ≥ τ M(ĉ) / max M, else 0, as in {@link SelfTrainingTerm}.
     *
     * @param q rows that add up to 1 or 0
     * @param threshold τ
     */
    Operand<TFloat32> weights(final Operand<TFloat32> q, final double threshold) {
        final Operand<TFloat32> m = largest(q);
        final Operand<TFloat32> chosen = m_tf.oneHot(m_tf.math.argMax(q, m_tf.constant(1)),
            m_tf.constant(Layers.size(q, 1)), m_tf.constant(1f), m_tf.constant(0f));
        final Operand<TFloat32> known = m_tf.dtypes.cast(m_tf.math.greater(m, m_tf.constant(0f)), TFloat32.class);
        final Operand<TFloat32> counts = sum(m_tf.math.mul(chosen, column(known)), 0);
        final Operand<TFloat32> means = m_tf.math.div(sum(m_tf.math.mul(chosen, column(m)), 0),
            m_tf.math.maximum(counts, m_tf.constant(1f)));
        final Operand<TFloat32> relative =
            m_tf.math.div(means, m_tf.math.maximum(m_tf.max(means, m_tf.constant(0)), m_tf.constant(EPSILON)));
        final Operand<TFloat32> least = m_tf.math.mul(m_tf.constant((float)threshold),
            sum(m_tf.math.mul(chosen, m_tf.reshape(relative, m_tf.constant(new int[]{1, -1}))), 1));
        return m_tf.math.mul(m, m_tf.dtypes.cast(m_tf.math.greaterEqual(m, least), TFloat32.class));
    }

    /**
     * Dice loss plus cross-entropy of the network's rows of logits against a teacher's, as in {@link SelfTrainingTerm}; q and
     * weights are constants for differentiation.
     *
     * @param q rows that add up to 1 where the weight is positive
     * @param weights [voxels]
     */
    Operand<TFloat32> loss(final Operand<TFloat32> logits, final Operand<TFloat32> q, final Operand<TFloat32> weights) {
        final Operand<TFloat32> target = m_tf.stopGradient(q);
        final Operand<TFloat32> a = m_tf.stopGradient(weights);
        final int classes = Layers.size(logits, 1);
        final Operand<TFloat32> weighted = m_tf.math.mul(m_tf.nn.softmax(logits), column(a));
        final Operand<TFloat32> overlap = sum(m_tf.math.mul(weighted, target), 0);
        final Operand<TFloat32> volume =
            m_tf.math.add(sum(weighted, 0), sum(m_tf.math.mul(target, column(a)), 0));
        final Operand<TFloat32> epsilon = m_tf.constant(Losses.DICE_EPSILON);
        final Operand<TFloat32> ratios = m_tf.math.div(
            m_tf.math.add(m_tf.math.mul(m_tf.constant(2f), overlap), epsilon), m_tf.math.add(volume, epsilon));
        final Operand<TFloat32> foreground =
            m_tf.slice(ratios, m_tf.constant(new int[]{1}), m_tf.constant(new int[]{classes - 1}));
        final Operand<TFloat32> dice =
            m_tf.math.sub(m_tf.constant(1f), m_tf.math.mean(foreground, m_tf.constant(0)));
        final Operand<TFloat32> each = m_tf.math.neg(sum(m_tf.math.mul(target, m_tf.nn.logSoftmax(logits)), 1));
        final Operand<TFloat32> crossEntropy =
            m_tf.math.div(sum(m_tf.math.mul(each, a), 0), m_tf.math.maximum(sum(a, 0), m_tf.constant(1f)));
        return m_tf.math.add(dice, crossEntropy);
    }

    /**
     * ½ Σ (θ - θ₀)² over variables, with θ₀ in variables of the same names behind a prefix.
     *
     * @param trained the variables
     * @param anchors has the θ₀
     */
    Operand<TFloat32> anchor(final List<VariableStore.Entry> trained, final VariableStore anchors) {
        final List<Operand<TFloat32>> parts = new ArrayList<>();
        for (final VariableStore.Entry entry : trained) {
            final Parameter p = entry.parameter();
            final Operand<TFloat32> moved =
                m_tf.math.sub(entry.value(), m_tf.stopGradient(anchors.get(p.name()).value()));
            parts.add(sum(m_tf.reshape(m_tf.math.square(moved), m_tf.constant(new int[]{-1})), 0));
        }
        return m_tf.math.mul(m_tf.constant(0.5f), Sums.of(m_tf, parts));
    }

    private Operand<TFloat32> largest(final Operand<TFloat32> rows) {
        return m_tf.max(rows, m_tf.constant(1));
    }

    private Operand<TFloat32> sum(final Operand<TFloat32> x, final int axis) {
        return m_tf.sum(x, m_tf.constant(axis));
    }

    private Operand<TFloat32> column(final Operand<TFloat32> vector) {
        return m_tf.reshape(vector, m_tf.constant(new int[]{-1, 1}));
    }
}
