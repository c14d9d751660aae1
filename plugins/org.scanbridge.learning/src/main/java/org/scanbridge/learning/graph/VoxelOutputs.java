package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Optional;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * What a network says of voxels beside what the labels say of them, one row per output: TensorFlow works along long rows
 * several times as fast as across the few neighboring numbers of a voxel, and its own softmax and cross-entropy take a
 * seventh of a small network's training step.
 * <p>
 * For regions, softmax and cross-entropy are those of the pair (x, 0) of every voxel and region x, whose softmax is (σ(x), 1 -
 * σ(x)): TensorFlow's own sigmoid and softplus have no second derivatives, which the inner step of MASF takes.
 */
final class VoxelOutputs {

    private final Ops m_tf;

    private final Truth m_truth;

    /** [outputs, voxels]. */
    private final Operand<TFloat32> m_targets;

    /** Logits less the largest, [outputs, voxels] or [2, regions · voxels]. */
    private final Operand<TFloat32> m_shifted;

    /** Their exponentials. */
    private final Operand<TFloat32> m_exponentials;

    /** The sum of these of every voxel, [1, voxels] or [1, regions · voxels]. */
    private final Operand<TFloat32> m_sum;

    /**
     * @param logits [n, …, outputs]
     * @param truth of the same voxels
     */
    VoxelOutputs(final Ops tf, final Operand<TFloat32> logits, final Truth truth) {
        m_tf = tf;
        m_truth = truth;
        m_targets = transposed(truth.targets());
        final Operand<TFloat32> rows = transposed(tf.reshape(logits, tf.constant(new int[]{-1, truth.outputs()})));
        final Operand<TFloat32> compared = truth.exclusive() ? rows : paired(rows, tf.zerosLike(inOneRow(rows)));
        // Any number less leaves softmax and cross-entropy what they are, so this one is no part of their derivatives.
        m_shifted = tf.math.sub(compared, tf.stopGradient(tf.reduceMax(compared, tf.constant(0), ReduceMax.keepDims(true))));
        m_exponentials = tf.math.exp(m_shifted);
        m_sum = tf.sum(m_exponentials, tf.constant(0), Sum.keepDims(true));
    }

    private Operand<TFloat32> transposed(final Operand<TFloat32> x) {
        return m_tf.linalg.transpose(x, m_tf.constant(new int[]{1, 0}));
    }

    private Operand<TFloat32> inOneRow(final Operand<TFloat32> rows) {
        return m_tf.reshape(rows, m_tf.constant(new int[]{1, -1}));
    }

    private Operand<TFloat32> paired(final Operand<TFloat32> rows, final Operand<TFloat32> other) {
        return m_tf.concat(List.of(inOneRow(rows), other), m_tf.constant(0));
    }

    private Operand<TFloat32> inRows(final Operand<TFloat32> x) {
        return m_tf.reshape(x, m_tf.constant(new int[]{m_truth.outputs(), -1}));
    }

    /** Whether outputs are classes, of which a voxel has one. */
    boolean exclusive() {
        return m_truth.exclusive();
    }

    /** 1 for voxels that are annotated and 0 for others, [voxels]; empty if all are. */
    Optional<Operand<TFloat32>> annotated() {
        return m_truth.annotated();
    }

    /** Rows [outputs, voxels] with zeros where nothing is annotated. */
    Operand<TFloat32> annotated(final Operand<TFloat32> rows) {
        return annotated().map(a -> (Operand<TFloat32>)m_tf.math.mul(rows, a)).orElse(rows);
    }

    /** What the labels say, [outputs, voxels]. */
    Operand<TFloat32> targets() {
        return m_targets;
    }

    /** Softmax of the logits where outputs are classes, sigmoid where they are regions, [outputs, voxels]. */
    Operand<TFloat32> probabilities() {
        if (exclusive()) {
            return m_tf.math.div(m_exponentials, m_sum);
        }
        final Operand<TFloat32> inside =
            m_tf.slice(m_exponentials, m_tf.constant(new int[2]), m_tf.constant(new int[]{1, -1}));
        return inRows(m_tf.math.div(inside, m_sum));
    }

    /**
     * Cross-entropy in nats where outputs are classes, [voxels]; the binary one of each region where they are regions, [regions,
     * voxels]. Any finite number where a voxel is not annotated.
     */
    Operand<TFloat32> crossEntropy() {
        final Operand<TFloat32> targets = exclusive() ? m_targets
            : paired(m_targets, m_tf.math.sub(m_tf.constant(1f), inOneRow(m_targets)));
        final Operand<TFloat32> each = m_tf.math.sub(m_tf.reshape(logarithmOfSum(), m_tf.constant(new int[]{-1})),
            m_tf.sum(m_tf.math.mul(m_shifted, targets), m_tf.constant(0)));
        return exclusive() ? each : inRows(each);
    }

    /**
     * ln S of the sums S, whose first and second derivatives are made of exact divisions: TensorFlow's own begin with the
     * processor's approximate reciprocal, see {@link PortableOperations}. With a constant S' of the value of S and r = S / S' -
     * 1, which is 0, ln S = ln S' + r - r² / 2 + …, and the terms left out have no first or second derivative at 0.
     */
    private Operand<TFloat32> logarithmOfSum() {
        final Operand<TFloat32> constant = m_tf.stopGradient(m_sum);
        final Operand<TFloat32> r = m_tf.math.sub(m_tf.math.div(m_sum, constant), m_tf.constant(1f));
        return m_tf.math.add(m_tf.stopGradient(m_tf.math.log(constant)),
            m_tf.math.sub(r, m_tf.math.mul(m_tf.constant(0.5f), m_tf.math.mul(r, r))));
    }
}
